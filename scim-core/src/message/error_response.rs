use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;

use crate::{
    members::{self, Members},
    schema_uri::SchemaUri,
    scim_type::ScimType,
};

/// What a service provider answers when it does not do what was asked ([RFC 7644 §3.12]).
///
/// Reading takes a `status` that is a number, and the envelope of SCIM 1.1.
///
/// ```
/// use scim_core::{ErrorResponse, ScimType};
///
/// let error = ErrorResponse::new(409)
///     .with_scim_type(ScimType::Uniqueness)
///     .with_detail("`userName` is taken");
/// let json = serde_json::to_value(&error)?;
/// assert_eq!(json["status"], "409");
///
/// let old: ErrorResponse =
///     serde_json::from_str(r#"{"Errors": [{"description": "gone", "code": 404}]}"#)?;
/// assert_eq!(old.status(), Some(404));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// [RFC 7644 §3.12]: https://www.rfc-editor.org/rfc/rfc7644#section-3.12
#[derive(Clone, Debug, Default, Eq, PartialEq, Deserialize)]
#[serde(try_from = "Value")]
pub struct ErrorResponse {
    status: Option<u16>,
    scim_type: Option<ScimType>,
    detail: Option<String>,
}

impl ErrorResponse {
    /// An error of that HTTP status.
    pub fn new(status: u16) -> Self {
        Self { status: Some(status), scim_type: None, detail: None }
    }

    /// The error with a detail code.
    #[must_use]
    pub fn with_scim_type(mut self, scim_type: ScimType) -> Self {
        self.scim_type = Some(scim_type);
        self
    }

    /// The error with a text for people.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The HTTP status, as the body tells it.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// The detail code.
    pub fn scim_type(&self) -> Option<&ScimType> {
        self.scim_type.as_ref()
    }

    /// The text for people.
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }
}

/// An object in which nothing tells of an error.
#[derive(Debug, thiserror::Error)]
#[error("not an error of SCIM 2.0 or 1.1")]
struct NotAnError;

impl TryFrom<Value> for ErrorResponse {
    type Error = serde_json::Error;

    fn try_from(json: Value) -> Result<Self, Self::Error> {
        let not_an_error = || serde::de::Error::custom(NotAnError);
        let mut members = Members::of(json).ok_or_else(not_an_error)?;
        if let Some(errors) = members.take("Errors") {
            let first = errors.get(0).cloned().and_then(Members::of).ok_or_else(not_an_error)?;
            return Ok(Self::from_members(first, "code", "description"));
        }
        let error = Self::from_members(members, "status", "detail");
        if error == Self::default() { Err(not_an_error()) } else { Ok(error) }
    }
}

impl ErrorResponse {
    fn from_members(mut members: Members, status: &str, detail: &str) -> Self {
        let status = members.take(status).and_then(|status| members::integer(&status));
        Self {
            status: status.and_then(|status| u16::try_from(status).ok()),
            scim_type: members.nonempty("scimType").map(ScimType::from),
            detail: members.nonempty(detail),
        }
    }
}

impl Serialize for ErrorResponse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schemas", &[SchemaUri::ERROR])?;
        if let Some(scim_type) = &self.scim_type {
            map.serialize_entry("scimType", scim_type)?;
        }
        if let Some(detail) = &self.detail {
            map.serialize_entry("detail", detail)?;
        }
        if let Some(status) = self.status {
            map.serialize_entry("status", &status.to_string())?;
        }
        map.end()
    }
}
