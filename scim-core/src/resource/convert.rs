use serde_json::Value;

use super::{Resource, TypedResource};
use crate::schema_uri::SchemaUri;

/// A resource that does not fit a struct, or a struct that stands for no resource.
///
/// It names the attribute and never its value.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{path}` does not fit the type `{name}`")]
pub struct ConversionError {
    path: String,
    name: &'static str,
}

impl ConversionError {
    /// The place in the JSON object, such as `emails[0].primary`.
    pub fn path(&self) -> &str {
        &self.path
    }

    fn new<T: TypedResource>(error: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        let above = error.path().to_string();
        // Only this one of serde's texts has nothing but a name in it.
        let text = error.inner().to_string();
        let missing = text.strip_prefix("missing field `").and_then(|rest| rest.split_once('`'));
        let path = match (above.as_str(), missing) {
            (_, None) => above,
            (".", Some((name, _))) => name.to_owned(),
            (above, Some((name, _))) => format!("{above}.{name}"),
        };
        Self { path, name: T::RESOURCE_TYPE }
    }
}

impl Resource {
    /// The resource that a struct stands for; `schemas` is filled in where the struct has none.
    ///
    /// ```
    /// use scim_core::{Resource, User};
    ///
    /// let resource = Resource::from_typed(&User::new("bjensen"))?;
    /// assert_eq!(resource.text("userName"), Some("bjensen"));
    /// # Ok::<(), scim_core::resource::ConversionError>(())
    /// ```
    ///
    /// # Errors
    /// If the struct does not become a JSON object.
    pub fn from_typed<T: TypedResource>(typed: &T) -> Result<Self, ConversionError> {
        let whole = || ConversionError { path: ".".to_owned(), name: T::RESOURCE_TYPE };
        let Ok(Value::Object(mut attributes)) = serde_json::to_value(typed) else {
            return Err(whole());
        };
        let is_empty = |value: &Value| value.as_array().is_none_or(Vec::is_empty);
        if attributes.get("schemas").is_none_or(is_empty) {
            let extensions = attributes.keys().filter(|key| SchemaUri::is_uri(key));
            let uris = std::iter::once(T::SCHEMA).chain(extensions.map(String::as_str));
            let uris: Vec<Value> = uris.map(Value::from).collect();
            attributes.insert("schemas".to_owned(), Value::Array(uris));
        }
        Ok(Self { attributes })
    }

    /// The struct that stands for the resource.
    ///
    /// ```
    /// use scim_core::{Resource, User};
    /// use serde_json::json;
    ///
    /// let resource: Resource = serde_json::from_value(json!({"userName": "b", "active": "maybe"}))?;
    /// let error = resource.to_typed::<User>().unwrap_err();
    /// assert_eq!(error.to_string(), "`active` does not fit the type `User`");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// # Errors
    /// If an attribute has another form than the struct expects, or is missing.
    pub fn to_typed<T: TypedResource>(&self) -> Result<T, ConversionError> {
        serde_path_to_error::deserialize(&self.attributes)
            .map_err(|error| ConversionError::new::<T>(&error))
    }
}
