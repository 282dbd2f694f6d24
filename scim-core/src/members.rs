use serde::{
    Deserialize,
    de::{DeserializeOwned, value::StrDeserializer},
};
use serde_json::{Map, Value};

use crate::schema_uri::SchemaUri;

/// The members of a JSON object that a peer sent, read liberally.
///
/// A name is found in any case. A value of another form than asked for is read for what it means
/// where that is plain, and is otherwise none. Members that are not asked for mean nothing.
#[derive(Default, Deserialize)]
pub(crate) struct Members(Map<String, Value>);

impl From<Map<String, Value>> for Members {
    fn from(object: Map<String, Value>) -> Self {
        Self(object)
    }
}

impl Members {
    /// The members of a value that is an object.
    pub(crate) fn of(value: Value) -> Option<Self> {
        match value {
            Value::Object(object) => Some(Self(object)),
            _ => None,
        }
    }

    /// Takes a member out; one that is null is none (RFC 7643 §2.5).
    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        let exact = self.0.remove(name);
        let value = exact.or_else(|| {
            let key = self.0.keys().find(|key| key.eq_ignore_ascii_case(name))?.clone();
            self.0.remove(&key)
        })?;
        (!value.is_null()).then_some(value)
    }

    /// A text; a number is read as its digits.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A text that is not empty.
    pub(crate) fn nonempty(&mut self, name: &str) -> Option<String> {
        self.text(name).filter(|text| !text.is_empty())
    }

    /// A count, as a number or as text.
    pub(crate) fn count(&mut self, name: &str) -> Option<u64> {
        let count = integer(&self.take(name)?)?;
        u64::try_from(count).ok()
    }

    /// `true` or `false`, as a boolean or as text in any case.
    pub(crate) fn boolean(&mut self, name: &str) -> Option<bool> {
        boolean(&self.take(name)?)
    }

    /// The values of a list; a single value is a list of one.
    pub(crate) fn list(&mut self, name: &str) -> Vec<Value> {
        match self.take(name) {
            None => Vec::new(),
            Some(Value::Array(values)) => values,
            Some(single) => vec![single],
        }
    }

    /// The texts of a list.
    pub(crate) fn texts(&mut self, name: &str) -> Vec<String> {
        let as_text = |value| match value {
            Value::String(text) => Some(text),
            _ => None,
        };
        self.list(name).into_iter().filter_map(as_text).collect()
    }

    /// Those values of a list that can be read.
    pub(crate) fn read_list<T: DeserializeOwned>(&mut self, name: &str) -> Vec<T> {
        self.list(name).into_iter().filter_map(|value| T::deserialize(value).ok()).collect()
    }

    /// A value that can be read, or else its default.
    pub(crate) fn read<T: DeserializeOwned + Default>(&mut self, name: &str) -> T {
        self.take(name).and_then(|value| T::deserialize(value).ok()).unwrap_or_default()
    }

    /// One of the words of a set, in any case, or else the default.
    pub(crate) fn word<T: DeserializeOwned + Default>(&mut self, name: &str, words: &[&str]) -> T {
        let given = self.text(name).unwrap_or_default();
        let word = words.iter().find(|word| word.eq_ignore_ascii_case(&given));
        let read = |word: &&str| {
            let word: StrDeserializer<'_, serde::de::value::Error> = StrDeserializer::new(word);
            T::deserialize(word).ok()
        };
        word.and_then(read).unwrap_or_default()
    }

    /// `schemas` of a document, or else the URI that such a document has.
    pub(crate) fn schemas(&mut self, usual: &'static str) -> Vec<SchemaUri> {
        let schemas = self.read_list("schemas");
        if schemas.is_empty() { vec![SchemaUri::literal(usual)] } else { schemas }
    }
}

/// A whole number, as a number or as text; one beyond 64 bits is the largest or smallest of them.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) if number.is_f64() => {
            integer_of_text(number.to_string().strip_suffix(".0")?)
        }
        Value::Number(number) => integer_of_text(&number.to_string()),
        Value::String(text) => integer_of_text(text.trim()),
        _ => None,
    }
}

/// `[ "-" / "+" ] 1*DIGIT`; one beyond 64 bits is the largest or smallest of them.
pub(crate) fn integer_of_text(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let limit = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    Some(text.parse().unwrap_or(limit))
}

/// `true` or `false`, as a boolean or as text in any case.
pub(crate) fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(boolean) => Some(*boolean),
        Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn integers_are_read_for_what_they_mean() {
        let cases = [
            (json!(7), Some(7)),
            (json!(-7), Some(-7)),
            (json!(7.0), Some(7)),
            (json!(7.5), None),
            (json!(u64::MAX), Some(i64::MAX)),
            (json!(" 7 "), Some(7)),
            (json!("+7"), Some(7)),
            (json!("-99999999999999999999"), Some(i64::MIN)),
            (json!(""), None),
            (json!("-"), None),
            (json!("7x"), None),
            (json!(true), None),
        ];
        for (value, expected) in cases {
            assert_eq!(integer(&value), expected, "{value}");
        }
    }

    #[test]
    fn members_are_found_in_any_case_and_the_exact_name_comes_first() {
        let json = json!({"COUNT": 1, "count": "2", "Name": 3, "gone": null, "on": "TRUE"});
        let mut members = Members::of(json).unwrap();
        assert_eq!(members.count("count"), Some(2));
        assert_eq!(members.count("count"), Some(1));
        assert_eq!(members.text("name").as_deref(), Some("3"));
        assert_eq!(members.take("gone"), None);
        assert_eq!(members.boolean("ON"), Some(true));
    }
}
