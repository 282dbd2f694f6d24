use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One value of a multi-valued attribute with the default sub-attributes ([RFC 7643 §2.4]).
///
/// [RFC 7643 §2.4]: https://www.rfc-editor.org/rfc/rfc7643#section-2.4
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MultiValued {
    /// The value itself, such as the e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// A text to show instead of the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    /// What the value is for, such as `work`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub value_type: Option<String>,
    /// Whether it is the preferred value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary: Option<bool>,
    /// The URI of what the value refers to.
    #[serde(rename = "$ref", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Sub-attributes that this type does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl MultiValued {
    /// A value with nothing but the value.
    ///
    /// ```
    /// use scim_core::MultiValued;
    ///
    /// let email = MultiValued::new("bjensen@example.com").with_type("work").with_primary(true);
    /// assert_eq!(email.value_type.as_deref(), Some("work"));
    /// ```
    pub fn new(value: impl Into<String>) -> Self {
        Self { value: Some(value.into()), ..Self::default() }
    }

    /// The value with a type.
    #[must_use]
    pub fn with_type(mut self, value_type: impl Into<String>) -> Self {
        self.value_type = Some(value_type.into());
        self
    }

    /// The value marked as the preferred one, or not.
    #[must_use]
    pub fn with_primary(mut self, primary: bool) -> Self {
        self.primary = Some(primary);
        self
    }
}
