use std::fmt;

/// A document or a value that defines no schema and no resource type: where, and why.
///
/// ```
/// use scim_core::schema::SchemaDefinition;
/// use serde_json::json;
///
/// let document = json!({"id": "urn:example:Badge", "attributes": [{"name": "size", "type": "int"}]});
/// let error = SchemaDefinition::read(document).unwrap_err();
/// assert_eq!(error.path(), "size");
/// assert!(error.to_string().starts_with("`size`: `type` must be `string`, `boolean`"));
/// ```
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}{kind}", place(.path))]
pub struct InvalidDefinition {
    path: String,
    kind: InvalidDefinitionKind,
}

/// Why a document or a value defines nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum InvalidDefinitionKind {
    /// It is not a JSON object.
    NotAnObject,
    /// A member that must be there is missing.
    Missing(&'static str),
    /// A member has another form, or another word, than it may have.
    Form {
        /// The member.
        member: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// A member that RFC 7643 does not define, such as a misspelt characteristic.
    UnknownMember(String),
    /// Another attribute beside it has the same name.
    DuplicateName,
    /// It has sub-attributes and is not complex.
    SubAttributes,
    /// It is complex and has no sub-attributes.
    NoSubAttributes,
    /// It is complex inside a complex attribute.
    Nested,
    /// It has reference types and is no reference.
    ReferenceTypes,
    /// An extension is named twice, or is the core schema.
    DuplicateExtension,
}

impl InvalidDefinition {
    pub(super) fn new(path: impl Into<String>, kind: InvalidDefinitionKind) -> Self {
        Self { path: path.into(), kind }
    }

    /// The attribute, or its place where it has no name; empty for the document as a whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Why it defines nothing.
    pub fn kind(&self) -> &InvalidDefinitionKind {
        &self.kind
    }
}

impl fmt::Display for InvalidDefinitionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnObject => f.write_str("a definition is a JSON object"),
            Self::Missing(member) => write!(f, "`{member}` is missing"),
            Self::Form { member, expected } => write!(f, "`{member}` must be {expected}"),
            Self::UnknownMember(member) => write!(f, "`{member}` is not a member of a definition"),
            Self::DuplicateName => f.write_str("another attribute has the same name"),
            Self::SubAttributes => f.write_str("only a complex attribute has sub-attributes"),
            Self::NoSubAttributes => f.write_str("a complex attribute has sub-attributes"),
            Self::Nested => f.write_str("a sub-attribute cannot be complex"),
            Self::ReferenceTypes => f.write_str("only a reference has reference types"),
            Self::DuplicateExtension => f.write_str("a schema is named more than once"),
        }
    }
}

fn place(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("`{path}`: ") }
}
