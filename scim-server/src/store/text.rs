use std::{fmt, sync::Arc};

use scim_core::{Resource, ResourceVersion};
use serde_json::{Map, Value};

use super::StoreError;

/// The document of a resource as text that an answer can be made of without reading it: JSON with
/// `meta` as its last member.
///
/// ```
/// use scim_core::Resource;
/// use scim_server::store::CanonicalText;
/// use serde_json::json;
///
/// let user = json!({"id": "1", "meta": {"resourceType": "User"}, "userName": "bjensen"});
/// let user = Resource::from_canonical(user.as_object().ok_or("no object")?.clone());
/// let text = CanonicalText::of(&user)?;
/// let expected = r#"{"id":"1","userName":"bjensen","meta":{"resourceType":"User"}}"#;
/// assert_eq!(text.as_str(), expected);
/// assert_eq!(CanonicalText::from_stored(expected.to_owned())?.to_resource()?, user);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Eq, PartialEq)]
pub struct CanonicalText(Arc<str>);

/// What ends a document: the object `meta`, and the document itself.
const END: &str = "}}";

/// A stored document that is not what was written.
#[derive(Debug, thiserror::Error)]
#[error("a stored document is damaged")]
struct DamagedDocument;

impl CanonicalText {
    /// The text of a document.
    ///
    /// # Errors
    /// If it cannot be written as JSON, which no resource that was read from JSON can bring about.
    pub fn of(resource: &Resource) -> Result<Self, StoreError> {
        let mut text = vec![b'{'];
        for (name, value) in resource.attributes().iter().filter(|(name, _)| *name != "meta") {
            write(&mut text, name)?;
            text.push(b':');
            write(&mut text, value)?;
            text.push(b',');
        }
        text.extend_from_slice(b"\"meta\":");
        match resource.attributes().get("meta") {
            Some(meta @ Value::Object(_)) => write(&mut text, meta)?,
            _ => text.extend_from_slice(b"{}"),
        }
        text.push(b'}');
        let text = String::from_utf8(text).map_err(StoreError::internal)?;
        Ok(Self(Arc::from(text)))
    }

    /// What [`CanonicalText::of`] made, from where it was kept.
    ///
    /// # Errors
    /// If the text does not end as such a text does; nothing else is looked at.
    pub fn from_stored(text: String) -> Result<Self, StoreError> {
        if text.ends_with(END) {
            Ok(Self(Arc::from(text)))
        } else {
            Err(StoreError::internal(DamagedDocument))
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The document.
    ///
    /// # Errors
    /// If the text is not JSON, because it was damaged where it was kept.
    pub fn to_resource(&self) -> Result<Resource, StoreError> {
        // What serde has to say may hold a value of the document.
        let mut attributes: Map<String, Value> =
            serde_json::from_str(&self.0).map_err(|_| StoreError::internal(DamagedDocument))?;
        if attributes.get("meta").and_then(Value::as_object).is_some_and(Map::is_empty) {
            attributes.remove("meta");
        }
        Ok(Resource::from_canonical(attributes))
    }

    /// Writes the document with what `meta` has for clients alone.
    pub(crate) fn write_with(
        &self,
        location: &str,
        version: &ResourceVersion,
        out: &mut Vec<u8>,
    ) -> Result<(), StoreError> {
        let inner = self.0.strip_suffix(END).unwrap_or_default();
        out.extend_from_slice(inner.as_bytes());
        let separator: &[u8] = if inner.ends_with('{') { b"" } else { b"," };
        out.extend_from_slice(separator);
        out.extend_from_slice(b"\"location\":");
        write(out, location)?;
        out.extend_from_slice(b",\"version\":");
        write(out, version.as_str())?;
        out.extend_from_slice(END.as_bytes());
        Ok(())
    }
}

fn write(out: &mut Vec<u8>, value: &(impl serde::Serialize + ?Sized)) -> Result<(), StoreError> {
    serde_json::to_writer(out, value).map_err(StoreError::internal)
}

impl fmt::Debug for CanonicalText {
    /// Its length; the values, which are personal, it keeps to itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CanonicalText").field("length", &self.0.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn resource(value: Value) -> Resource {
        let Value::Object(attributes) = value else { panic!("a resource is an object") };
        Resource::from_canonical(attributes)
    }

    #[test]
    fn a_document_comes_back_whole() {
        for document in [
            json!({}),
            json!({"meta": {"created": "2020-01-01T00:00:00Z"}}),
            json!({"id": "1", "zz": [{"meta": {}}], "meta": {"resourceType": "User"}}),
            json!({"id": "\"}}\\", "n": 9_007_199_254_740_993_i64, "x": 0.1}),
        ] {
            let document = resource(document);
            let text = CanonicalText::of(&document).unwrap();
            assert_eq!(text.to_resource().unwrap(), document, "{}", text.as_str());
            let again = CanonicalText::from_stored(text.as_str().to_owned()).unwrap();
            assert_eq!(again, text);
        }
    }

    #[test]
    fn location_and_version_become_part_of_meta() {
        let version = ResourceVersion::from_counter(3);
        for meta in [json!({}), json!({"resourceType": "User"})] {
            let document = resource(json!({"id": "1", "meta": meta}));
            let text = CanonicalText::of(&document).unwrap();
            let mut out = Vec::new();
            text.write_with("https://host/Users/\"1", &version, &mut out).unwrap();
            let mut written: Value = serde_json::from_slice(&out).unwrap();
            let shown = written["meta"].as_object_mut().unwrap();
            assert_eq!(shown.remove("location").unwrap(), "https://host/Users/\"1");
            assert_eq!(shown.remove("version").unwrap(), "W/\"3\"");
            assert_eq!(written["meta"], meta);
            assert_eq!(written["id"], "1");
        }
    }

    #[test]
    fn a_damaged_text_is_an_error_without_its_words() {
        assert!(CanonicalText::from_stored("{\"id\":\"secret".to_owned()).is_err());
        let text = CanonicalText::from_stored("{\"id\":secret}}".to_owned()).unwrap();
        assert!(!format!("{:?}", text.to_resource().unwrap_err()).contains("secret"));
        assert!(!format!("{text:?}").contains("secret"));
    }
}
