use std::ops::Deref;

use crate::fold::hash;

/// The name of a member of a resource, with the key that finds it in a compact one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct MemberName {
    text: Box<str>,
    key: MemberKey,
}

/// A name in a byte: which of the standard ones it is, or a hash of it.
///
/// A standard name is known by its key alone; two others can have the same one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct MemberKey(u8);

impl MemberName {
    /// The key of the name.
    #[inline]
    pub(crate) fn key(&self) -> MemberKey {
        self.key
    }
}

impl Deref for MemberName {
    type Target = str;

    /// The name itself.
    fn deref(&self) -> &str {
        &self.text
    }
}

impl From<&str> for MemberName {
    fn from(name: &str) -> Self {
        Self { text: name.into(), key: MemberKey::of(name) }
    }
}

/// The bit that tells a hash from a place among the standard names.
const HASH: u8 = 0x80;

impl MemberKey {
    /// The key of what has no name, and of no name.
    pub(crate) const NONE: Self = Self(0x7f);

    /// The key of a name.
    pub(crate) fn of(name: &str) -> Self {
        let place = STANDARD.binary_search(&name).ok();
        if let Some(place) = place.and_then(|place| u8::try_from(place).ok()) {
            return Self(place);
        }
        let [low, ..] = hash(name).to_le_bytes();
        Self(low | HASH)
    }

    /// The key that a byte is.
    #[inline]
    pub(crate) fn from_byte(byte: u8) -> Self {
        Self(byte)
    }

    /// The byte.
    #[inline]
    pub(crate) fn byte(self) -> u8 {
        self.0
    }

    /// The place among the standard names of one that is.
    #[inline]
    pub(crate) fn place(self) -> Option<usize> {
        (self.0 < Self::NONE.0).then_some(usize::from(self.0))
    }

    /// The name, if it is a standard one.
    pub(crate) fn standard(self) -> Option<&'static str> {
        STANDARD.get(self.place()?).copied()
    }
}

/// How many standard names there are.
pub(crate) const STANDARD_NAMES: usize = 56;

/// The names of the attributes and extensions of users and groups, in order (RFC 7643 §8.7.1).
static STANDARD: [&str; STANDARD_NAMES] = [
    "$ref",
    "active",
    "addresses",
    "costCenter",
    "country",
    "created",
    "department",
    "display",
    "displayName",
    "division",
    "emails",
    "employeeNumber",
    "entitlements",
    "externalId",
    "familyName",
    "formatted",
    "givenName",
    "groups",
    "honorificPrefix",
    "honorificSuffix",
    "id",
    "ims",
    "lastModified",
    "locale",
    "locality",
    "location",
    "manager",
    "members",
    "meta",
    "middleName",
    "name",
    "nickName",
    "organization",
    "password",
    "phoneNumbers",
    "photos",
    "postalCode",
    "preferredLanguage",
    "primary",
    "profileUrl",
    "region",
    "resourceType",
    "roles",
    "schemas",
    "streetAddress",
    "timezone",
    "title",
    "type",
    "urn:ietf:params:scim:schemas:core:2.0:Group",
    "urn:ietf:params:scim:schemas:core:2.0:User",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    "userName",
    "userType",
    "value",
    "version",
    "x509Certificates",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::schema::{AttributeDefinition, SchemaRegistry};

    fn collect<'s>(
        attributes: impl IntoIterator<Item = &'s AttributeDefinition>,
        names: &mut BTreeSet<String>,
    ) {
        for attribute in attributes {
            names.insert(attribute.name.to_string());
            collect(&attribute.sub_attributes, names);
        }
    }

    #[test]
    fn the_standard_names_are_those_of_users_and_groups_in_order() {
        let registry = SchemaRegistry::standard();
        let mut names = BTreeSet::new();
        for schema in registry.resource_types() {
            names.insert(schema.core_uri().to_string());
            collect(schema.attributes(), &mut names);
            for extension in schema.extensions() {
                names.insert(extension.id.to_string());
                collect(&extension.attributes, &mut names);
            }
        }
        assert_eq!(names.iter().map(String::as_str).collect::<Vec<_>>(), STANDARD);
    }

    #[test]
    fn a_key_leads_back_to_a_standard_name_and_to_no_other() {
        for name in STANDARD {
            assert_eq!(MemberKey::of(name).standard(), Some(name));
        }
        for name in ["", "username", "Users", "urn:example:Door"] {
            assert_eq!(MemberKey::of(name).standard(), None, "{name}");
        }
        assert_eq!(MemberKey::NONE.standard(), None);
    }
}
