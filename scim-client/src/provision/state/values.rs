use std::{fmt, sync::Arc};

use scim_core::SchemaUri;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
    ser::SerializeMap,
};
use serde_json::Value;

/// Values by the path of the target attribute, in the order of the paths.
///
/// `Debug` names the attributes and keeps their values, which are personal, to itself.
///
/// ```
/// use scim_client::provision::state::Values;
///
/// let mut values = Values::new();
/// values.insert("userName", "bjensen");
/// values.insert("active", true);
/// assert_eq!(serde_json::to_string(&values)?, r#"{"active":true,"userName":"bjensen"}"#);
/// assert_eq!(format!("{values:?}"), r#"["active", "userName"]"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Values(Vec<(Arc<str>, Value)>);

/// Values as the compact text that a link keeps.
///
/// There are as many as there are links, and mostly they are only compared.
///
/// ```
/// use scim_client::provision::state::{Applied, Values};
///
/// let mut values = Values::new();
/// values.insert("userName", "bjensen");
/// let applied = Applied::new(&values);
/// assert!(applied.holds(&values));
/// values.insert("title", "Nurse");
/// assert!(!applied.holds(&values));
/// assert_eq!(applied.values().targets().collect::<Vec<_>>(), ["userName"]);
/// ```
#[derive(Clone, Eq, PartialEq)]
pub struct Applied(Box<str>);

/// Values as they are written in the text: a target of the enterprise extension, whose names are
/// the longest, with a colon in the place of the URI. No target begins with one.
struct Compact<'v>(&'v Values);

const ENTERPRISE: &str = SchemaUri::ENTERPRISE_USER;

impl Values {
    /// No values.
    pub fn new() -> Self {
        Self::default()
    }

    /// No values yet, and room for some.
    pub(in crate::provision) fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    /// Puts a value in, in the place of the one that was there.
    pub fn insert(&mut self, target: impl Into<Arc<str>>, value: impl Into<Value>) {
        let (target, value) = (target.into(), value.into());
        match self.place(&target) {
            Ok(place) => {
                if let Some((_, old)) = self.0.get_mut(place) {
                    *old = value;
                }
            }
            Err(place) => self.0.insert(place, (target, value)),
        }
    }

    /// Takes a value out.
    pub fn remove(&mut self, target: &str) -> Option<Value> {
        self.place(target).ok().map(|place| self.0.remove(place).1)
    }

    /// The value of an attribute.
    pub fn get(&self, target: &str) -> Option<&Value> {
        let place = self.place(target).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values with their targets.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Value)> {
        self.0.iter().map(|(target, value)| (target, value))
    }

    /// The targets.
    pub fn targets(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(target, _)| &**target)
    }

    /// Where the target is, or belongs; mostly they come in their order.
    fn place(&self, target: &str) -> Result<usize, usize> {
        match self.0.last() {
            Some((last, _)) if **last < *target => Err(self.0.len()),
            _ => self.0.binary_search_by(|(other, _)| (**other).cmp(target)),
        }
    }
}

impl Applied {
    /// The text of the values.
    pub fn new(values: &Values) -> Self {
        // A map with text for keys can always be written.
        Self(serde_json::to_string(&Compact(values)).unwrap_or_default().into_boxed_str())
    }

    /// The values.
    pub fn values(&self) -> Values {
        // It was written by `new`.
        serde_json::from_str(&self.0).unwrap_or_default()
    }

    /// Whether it is those values, and no others.
    pub fn holds(&self, values: &Values) -> bool {
        let mut text = Vec::with_capacity(self.0.len());
        serde_json::to_writer(&mut text, &Compact(values)).is_ok() && text == self.0.as_bytes()
    }

    /// Whether the text may have a member of that name in a value.
    pub(in crate::provision) fn may_have(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (target, value) in &self.0 {
            map.serialize_entry(&**target, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ValuesVisitor)
    }
}

struct ValuesVisitor;

impl<'de> Visitor<'de> for ValuesVisitor {
    type Value = Values;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("values by the path of their attribute")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Values, A::Error> {
        let mut values = Values::new();
        while let Some((target, value)) = map.next_entry::<String, Value>()? {
            if target.starts_with(':') {
                values.insert(format!("{ENTERPRISE}{target}"), value);
            } else {
                values.insert(target, value);
            }
        }
        Ok(values)
    }
}

impl Serialize for Compact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.0.len()))?;
        for (target, value) in &self.0.0 {
            match target.strip_prefix(ENTERPRISE) {
                Some(name) if name.starts_with(':') => map.serialize_entry(name, value)?,
                _ => map.serialize_entry(&**target, value)?,
            }
        }
        map.end()
    }
}

impl Serialize for Applied {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.values().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Applied {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Values::deserialize(deserializer).map(|values| Self::new(&values))
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.targets()).finish()
    }
}

impl fmt::Debug for Applied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.values().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_short_and_gives_every_value_back() {
        let mut values = Values::new();
        let targets = [
            "active".to_owned(),
            format!("{ENTERPRISE}:department"),
            format!("{ENTERPRISE}:manager.displayName"),
            ENTERPRISE.to_owned(),
            format!("{ENTERPRISE}s:department"),
            "urn:example:department".to_owned(),
            "userName".to_owned(),
        ];
        for (place, target) in targets.iter().enumerate() {
            values.insert(target.as_str(), format!(":{ENTERPRISE}: \u{1}\"{place}"));
        }
        let applied = Applied::new(&values);
        assert!(applied.values() == values && applied.holds(&values));
        let text = serde_json::to_string(&values).unwrap();
        assert_eq!(serde_json::to_string(&applied).unwrap(), text);
        assert_eq!(applied.0.len(), text.len() - 2 * ENTERPRISE.len());
        assert!(serde_json::from_str::<Applied>(&text).unwrap() == applied);
    }
}
