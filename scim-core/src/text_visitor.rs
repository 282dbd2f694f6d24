//! How text that has a grammar is read without a copy of it.

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{
    Deserializer,
    de::{Error, Visitor},
};

/// Reads a text and parses it where it lies.
///
/// # Errors
/// If it is no text, or the text does not parse.
pub(crate) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err: fmt::Display>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_str(TextVisitor(PhantomData))
}

struct TextVisitor<T>(PhantomData<T>);

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_str, from_value, json};

    use crate::{DateTime, ResourceId, ResourceVersion, SchemaUri};

    #[test]
    fn text_is_read_from_text_and_from_values_alike() {
        let text = r#""urn:example:D\u006for""#;
        let uri: SchemaUri = from_str(text).unwrap();
        assert_eq!(uri.as_str(), "urn:example:Door");
        assert_eq!(from_value::<SchemaUri>(json!("urn:example:Door")).unwrap(), uri);
        assert_eq!(from_str::<ResourceVersion>(r#""W/\"3\"""#).unwrap().as_str(), "W/\"3\"");
        assert_eq!(from_value::<ResourceId>(json!("b1")).unwrap().as_str(), "b1");
    }

    #[test]
    fn what_is_no_such_text_is_refused_without_showing_it() {
        let errors = [
            from_value::<SchemaUri>(json!("bjensen")).unwrap_err(),
            from_value::<ResourceId>(json!("bjensen\n")).unwrap_err(),
            from_value::<DateTime>(json!("bjensen")).unwrap_err(),
        ];
        assert!(errors.iter().all(|error| !error.to_string().contains("bjensen")), "{errors:?}");
        let error = from_value::<ResourceId>(json!([])).unwrap_err();
        assert_eq!(error.to_string(), "invalid type: sequence, expected a string");
    }
}
