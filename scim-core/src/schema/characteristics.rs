use serde::{Deserialize, Serialize};

/// The data type of an attribute ([RFC 7643 §2.3]).
///
/// [RFC 7643 §2.3]: https://www.rfc-editor.org/rfc/rfc7643#section-2.3
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_enums, reason = "RFC 7643 closes the set")]
pub enum AttributeType {
    /// Text.
    #[default]
    String,
    /// `true` or `false`
    Boolean,
    /// A number with a fraction.
    Decimal,
    /// A whole number.
    Integer,
    /// A date and time.
    DateTime,
    /// Bytes in base 64.
    Binary,
    /// The URI of a resource or of something outside SCIM.
    Reference,
    /// A set of sub-attributes.
    Complex,
}

/// Who may change an attribute, and when ([RFC 7643 §2.2]).
///
/// [RFC 7643 §2.2]: https://www.rfc-editor.org/rfc/rfc7643#section-2.2
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_enums, reason = "RFC 7643 closes the set")]
pub enum Mutability {
    /// The service provider alone.
    ReadOnly,
    /// Anybody at any time.
    #[default]
    ReadWrite,
    /// The client, once.
    Immutable,
    /// The client; nobody reads it.
    WriteOnly,
}

/// When an attribute is part of an answer ([RFC 7643 §2.2]).
///
/// [RFC 7643 §2.2]: https://www.rfc-editor.org/rfc/rfc7643#section-2.2
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_enums, reason = "RFC 7643 closes the set")]
pub enum Returned {
    /// In every answer.
    Always,
    /// In none.
    Never,
    /// Unless the request leaves it out.
    #[default]
    Default,
    /// Only when the request names it.
    Request,
}

/// Among which resources a value must be the only one of its kind ([RFC 7643 §2.2]).
///
/// [RFC 7643 §2.2]: https://www.rfc-editor.org/rfc/rfc7643#section-2.2
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_enums, reason = "RFC 7643 closes the set")]
pub enum Uniqueness {
    /// It need not be.
    #[default]
    None,
    /// Among the resources of one endpoint.
    Server,
    /// Everywhere.
    Global,
}

impl AttributeType {
    /// The words of the RFC.
    pub(super) const WORDS: [&'static str; 8] =
        ["string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"];
}

impl Mutability {
    /// The words of the RFC.
    pub(super) const WORDS: [&'static str; 4] = ["readOnly", "readWrite", "immutable", "writeOnly"];
}

impl Returned {
    /// The words of the RFC.
    pub(super) const WORDS: [&'static str; 4] = ["always", "never", "default", "request"];
}

impl Uniqueness {
    /// The words of the RFC.
    pub(super) const WORDS: [&'static str; 3] = ["none", "server", "global"];
}
