//! Cursors that nobody else can have made, and that open for the query they were made for alone
//! (RFC 9865 §2).

use std::{fmt, io};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use scim_core::{
    DateTime, ListQuery,
    query::{Cursor, InvalidCursor, SortOrder},
};
use sha2::{Digest, Sha256};

use crate::tenant::Tenant;

/// Bytes of the number that is used once.
const NONCE: usize = 24;

/// Seals the places where pages begin, so that clients can neither read nor make them.
#[derive(Clone)]
pub(crate) struct CursorSeal(XChaCha20Poly1305);

/// What a cursor is good for: a query of some resource types in a tenant.
///
/// What the answer shows of the resources, and how many of them, may change from page to page.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct CursorScope([u8; 32]);

impl CursorSeal {
    /// A seal with a key that every process of the service provider has.
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(&key.into()))
    }

    /// A seal of this process alone.
    ///
    /// # Errors
    /// If the operating system gives no random numbers.
    pub(crate) fn random() -> io::Result<Self> {
        Ok(Self::new(random()?))
    }

    /// A cursor that leads to a place until it expires.
    ///
    /// # Errors
    /// If the operating system gives no random numbers.
    pub(crate) fn seal(
        &self,
        position: &[u8],
        bound_to: &CursorScope,
        expires: DateTime,
    ) -> io::Result<Cursor> {
        let nonce: [u8; NONCE] = random()?;
        let mut message = expires.unix_micros().to_be_bytes().to_vec();
        message.extend_from_slice(position);
        let payload = Payload { msg: &message, aad: &bound_to.0 };
        let sealed = self.0.encrypt(&XNonce::from(nonce), payload).map_err(io::Error::other)?;
        let text = URL_SAFE_NO_PAD.encode([&nonce, sealed.as_slice()].concat());
        text.parse().map_err(io::Error::other)
    }

    /// The place that a cursor leads to.
    ///
    /// # Errors
    /// [`InvalidCursor::Unknown`] if it was not made by this seal for this scope,
    /// [`InvalidCursor::Expired`] if it was, and too long ago.
    pub(crate) fn open(
        &self,
        cursor: &Cursor,
        bound_to: &CursorScope,
        now: DateTime,
    ) -> Result<Vec<u8>, InvalidCursor> {
        let unknown = || InvalidCursor::Unknown;
        let bytes = URL_SAFE_NO_PAD.decode(cursor.as_str()).map_err(|_| unknown())?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>().ok_or_else(unknown)?;
        let payload = Payload { msg: sealed, aad: &bound_to.0 };
        let message = self.0.decrypt(&XNonce::from(*nonce), payload).map_err(|_| unknown())?;
        let (expires, position) = message.split_first_chunk().ok_or_else(unknown)?;
        if now.unix_micros() > i64::from_be_bytes(*expires) {
            return Err(InvalidCursor::Expired);
        }
        Ok(position.to_vec())
    }
}

impl fmt::Debug for CursorSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CursorSeal(…)")
    }
}

impl CursorScope {
    /// A query for resources of those types, by their names.
    pub(crate) fn new<'t>(
        tenant: &Tenant,
        resource_types: impl IntoIterator<Item = &'t str>,
        query: &ListQuery,
    ) -> Self {
        let mut hash = Sha256::new();
        let mut add = |text: &str| {
            hash.update(text.len().to_be_bytes());
            hash.update(text);
        };
        add(tenant.as_str());
        add(&query.filter().map(ToString::to_string).unwrap_or_default());
        add(query.sort().map_or("", |sort| sort.by.as_str()));
        add(match query.sort().map(|sort| sort.order) {
            Some(SortOrder::Descending) => "descending",
            _ => "ascending",
        });
        resource_types.into_iter().for_each(add);
        Self(hash.finalize().into())
    }
}

fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;
    use scim_core::filter::ParseLimits;

    use super::*;

    fn at(seconds: i64) -> DateTime {
        DateTime::from_unix_micros(seconds * 1_000_000).unwrap()
    }

    fn scope(tenant: &str, types: &[&str], parameters: &[(&str, &str)]) -> CursorScope {
        let parameters = parameters.iter().map(|(name, value)| (*name, *value));
        let query = ListQuery::from_parameters(parameters, &ParseLimits::new()).unwrap();
        CursorScope::new(&tenant.parse().unwrap(), types.iter().copied(), &query)
    }

    #[test]
    fn a_cursor_opens_for_what_it_was_made_for_and_nothing_else() {
        let query = [("filter", "title pr"), ("sortBy", "userName")];
        let own = scope("a", &["User"], &query);
        let seal = CursorSeal::new([7; 32]);
        let cursor = seal.seal(b"place", &own, at(10)).unwrap();
        assert_eq!(seal.open(&cursor, &own, at(10)), Ok(b"place".to_vec()));
        // What is shown, how much of it, and how the query is written do not matter.
        let same = [
            ("Filter", "title PR"),
            ("sortby", "userName"),
            ("sortOrder", "ascending"),
            ("count", "7"),
            ("attributes", "id"),
        ];
        assert_eq!(seal.open(&cursor, &scope("a", &["User"], &same), at(1)), Ok(b"place".to_vec()));
        let foreign = [
            scope("b", &["User"], &query),
            scope("a", &["Group"], &query),
            scope("a", &["User", "Group"], &query),
            scope("a", &["User"], &query[..1]),
            scope("a", &["User"], &query[1..]),
            scope("a", &["User"], &[query[0], ("sortBy", "title")]),
            scope("a", &["User"], &[query[0], query[1], ("sortOrder", "descending")]),
            scope("a", &["User"], &[("filter", "not (title pr)"), query[1]]),
        ];
        for other in foreign {
            assert_eq!(seal.open(&cursor, &other, at(1)), Err(InvalidCursor::Unknown));
        }
        for other in [CursorSeal::new([8; 32]), CursorSeal::random().unwrap()] {
            assert_eq!(other.open(&cursor, &own, at(1)), Err(InvalidCursor::Unknown));
        }
    }

    #[test]
    fn a_cursor_expires() {
        let (seal, own) = (CursorSeal::random().unwrap(), scope("a", &["User"], &[]));
        let cursor = seal.seal(b"", &own, at(10)).unwrap();
        assert_eq!(seal.open(&cursor, &own, at(10)), Ok(Vec::new()));
        assert_eq!(seal.open(&cursor, &own, at(11)), Err(InvalidCursor::Expired));
        // Whose cursor it is comes first.
        let other = scope("b", &["User"], &[]);
        assert_eq!(seal.open(&cursor, &other, at(11)), Err(InvalidCursor::Unknown));
    }

    #[test]
    fn a_cursor_tells_nothing_and_cannot_be_changed() {
        let (seal, scope) = (CursorSeal::new([7; 32]), scope("a", &["User"], &[]));
        let seen: HashSet<_> =
            (0..100).map(|_| seal.seal(b"bjensen", &scope, at(10)).unwrap()).collect();
        assert_eq!(seen.len(), 100);
        let cursor = seen.iter().next().unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(cursor.as_str()).unwrap();
        assert!(!bytes.windows(7).any(|window| window == b"bjensen"));
        for index in 0..bytes.len() {
            let mut bent = bytes.clone();
            bent[index] ^= 1;
            let shorter = &bytes[..index];
            for bytes in [bent.as_slice(), shorter].into_iter().filter(|bytes| !bytes.is_empty()) {
                let cursor = URL_SAFE_NO_PAD.encode(bytes).parse().unwrap();
                assert_eq!(seal.open(&cursor, &scope, at(1)), Err(InvalidCursor::Unknown));
            }
        }
        assert_eq!(format!("{seal:?}"), "CursorSeal(…)");
    }

    proptest! {
        #[test]
        fn what_was_sealed_opens(place in prop::collection::vec(any::<u8>(), 0..200), key: [u8; 32]) {
            let (seal, scope) = (CursorSeal::new(key), scope("a", &["User"], &[]));
            let cursor = seal.seal(&place, &scope, at(1)).unwrap();
            prop_assert_eq!(seal.open(&cursor, &scope, at(0)), Ok(place));
        }

        #[test]
        fn no_text_of_others_opens(text in "[A-Za-z0-9._~-]{1,200}") {
            let (seal, scope) = (CursorSeal::new([7; 32]), scope("a", &["User"], &[]));
            let opened = seal.open(&text.parse().unwrap(), &scope, at(0));
            prop_assert_eq!(opened, Err(InvalidCursor::Unknown));
        }
    }
}
