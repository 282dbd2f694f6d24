use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use async_trait::async_trait;
use http::{header::AUTHORIZATION, request::Parts};
use scim_core::DateTime;
use subtle::ConstantTimeEq;

use super::{Access, AuthenticationError, Authenticator, Principal, Token, token::TokenHash};
use crate::clock::{Clock, SystemClock};

/// System accounts with bearer tokens ([RFC 6750]), of which only a hash is kept.
///
/// An account may have several valid tokens at a time, so that one can be replaced by the next
/// without a gap. Clones share the accounts.
///
/// ```
/// use scim_server::{Access, SystemAccounts};
///
/// let accounts = SystemAccounts::new();
/// let token = accounts.add("entra", Access::to_all_tenants())?;
/// assert!(token.reveal().len() > 32);
/// assert!(!format!("{accounts:?} {token:?}").contains(token.reveal()));
/// # Ok::<(), scim_server::auth::AddTokenError>(())
/// ```
///
/// [RFC 6750]: https://www.rfc-editor.org/rfc/rfc6750
#[derive(Clone)]
pub struct SystemAccounts {
    tokens: Arc<RwLock<HashMap<TokenHash, Entry>>>,
    clock: Arc<dyn Clock>,
}

#[derive(Clone)]
struct Entry {
    principal: Principal,
    expires: Option<DateTime>,
}

/// A token that could not be added.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AddTokenError {
    /// Another account has the token.
    #[error("the token is in use")]
    InUse,
    /// The operating system gave no random numbers.
    #[error("no random numbers for a token")]
    Random(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A token that could not be replaced.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RotateTokenError {
    /// No account of that name has a valid token.
    #[error("no such account")]
    Unknown,
    /// The operating system gave no random numbers.
    #[error("no random numbers for a token")]
    Random(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Entry {
    fn is_valid(&self, now: DateTime) -> bool {
        self.expires.is_none_or(|expires| now < expires)
    }
}

impl SystemAccounts {
    /// No accounts yet.
    pub fn new() -> Self {
        Self { tokens: Arc::default(), clock: Arc::new(SystemClock) }
    }

    /// The accounts with another clock to tell whether a token has expired.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Adds an account, or a further token to one, and gives the new token.
    ///
    /// # Errors
    /// If the operating system gives no random numbers.
    pub fn add(&self, name: &str, access: Access) -> Result<Token, AddTokenError> {
        let token = Token::generate().map_err(|error| AddTokenError::Random(Box::new(error)))?;
        self.add_token(name, access, &token, None)?;
        Ok(token)
    }

    /// Adds an account, or a further token to one, with a token of one's own.
    ///
    /// # Errors
    /// [`AddTokenError::InUse`] if an account has the token already.
    pub fn add_token(
        &self,
        name: &str,
        access: Access,
        token: &Token,
        expires: Option<DateTime>,
    ) -> Result<(), AddTokenError> {
        let entry = Entry { principal: Principal::new(name, access), expires };
        let mut tokens = self.tokens.write().unwrap_or_else(PoisonError::into_inner);
        let hash = Token::hash(token.reveal());
        if tokens.contains_key(&hash) {
            return Err(AddTokenError::InUse);
        }
        tokens.insert(hash, entry);
        Ok(())
    }

    /// Gives an account a new token, with the same access, and lets its others expire.
    ///
    /// Until `overlap` has passed both the new and the old ones are valid, so that the client can
    /// go over to the new one without a gap; those that expire sooner still do.
    ///
    /// ```
    /// use std::time::Duration;
    /// use scim_server::{Access, SystemAccounts};
    ///
    /// let accounts = SystemAccounts::new();
    /// let old = accounts.add("entra", Access::to_all_tenants())?;
    /// let new = accounts.rotate("entra", Duration::from_secs(24 * 60 * 60))?;
    /// assert_ne!(old.reveal(), new.reveal());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`RotateTokenError::Unknown`] if the account has no valid token, and if the operating
    /// system gives no random numbers. Then nothing has changed.
    pub fn rotate(&self, name: &str, overlap: Duration) -> Result<Token, RotateTokenError> {
        let token = Token::generate().map_err(|error| RotateTokenError::Random(Box::new(error)))?;
        let now = self.clock.now();
        let overlap = i64::try_from(overlap.as_micros()).unwrap_or(i64::MAX);
        let end = DateTime::from_unix_micros(now.unix_micros().saturating_add(overlap));
        let mut tokens = self.tokens.write().unwrap_or_else(PoisonError::into_inner);
        // Whatever has expired is of no more use to anybody.
        tokens.retain(|_, entry| entry.principal.name != name || entry.is_valid(now));
        let old = || tokens.values().filter(|entry| entry.principal.name == name);
        // Of several tokens the one that lives longest tells what the account may reach.
        let longest = old().max_by_key(|entry| entry.expires.map_or(i64::MAX, |e| e.unix_micros()));
        let principal = longest.ok_or(RotateTokenError::Unknown)?.principal.clone();
        for entry in tokens.values_mut().filter(|entry| entry.principal.name == name) {
            entry.expires = match (entry.expires, end) {
                (Some(expires), Some(end)) if end < expires => Some(end),
                (None, end) => end,
                (expires, _) => expires,
            };
        }
        tokens.insert(Token::hash(token.reveal()), Entry { principal, expires: None });
        Ok(token)
    }

    /// Revokes a token; `false` if no account had it.
    pub fn revoke(&self, token: &Token) -> bool {
        let mut tokens = self.tokens.write().unwrap_or_else(PoisonError::into_inner);
        tokens.remove(&Token::hash(token.reveal())).is_some()
    }

    /// Revokes all tokens of an account; `false` if it had none.
    pub fn remove(&self, name: &str) -> bool {
        let mut tokens = self.tokens.write().unwrap_or_else(PoisonError::into_inner);
        let before = tokens.len();
        tokens.retain(|_, entry| entry.principal.name != name);
        tokens.len() < before
    }

    fn find(&self, token: &str) -> Option<Entry> {
        let hash = Token::hash(token);
        let tokens = self.tokens.read().unwrap_or_else(PoisonError::into_inner);
        let (known, entry) = tokens.get_key_value(&hash)?;
        // The map compares hashes byte by byte; this comparison takes the same time for all.
        bool::from(known.0.ct_eq(&hash.0)).then(|| entry.clone())
    }
}

#[async_trait]
impl Authenticator for SystemAccounts {
    async fn authenticate(&self, request: &Parts) -> Result<Principal, AuthenticationError> {
        let mut headers = request.headers.get_all(AUTHORIZATION).iter();
        let header = headers.next().ok_or(AuthenticationError::Missing)?;
        if headers.next().is_some() {
            return Err(AuthenticationError::Invalid);
        }
        let token = header.to_str().ok().and_then(bearer).ok_or(AuthenticationError::Invalid)?;
        let entry = self.find(token).ok_or(AuthenticationError::Invalid)?;
        if entry.is_valid(self.clock.now()) {
            Ok(entry.principal)
        } else {
            Err(AuthenticationError::Invalid)
        }
    }
}

/// `credentials = "Bearer" 1*SP b64token`, the scheme in any case.
///
/// What cannot be a token is not looked for: a long one would cost a long time to hash.
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && Token::allows(token)).then_some(token)
}

impl Default for SystemAccounts {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for SystemAccounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tokens = self.tokens.read().unwrap_or_else(PoisonError::into_inner);
        let mut names: Vec<_> = tokens.values().map(|entry| &entry.principal.name).collect();
        names.sort();
        f.debug_struct("SystemAccounts").field("names", &names).finish_non_exhaustive()
    }
}
