use std::{fmt, sync::Arc};

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
#[derive(Clone, Eq, PartialEq)]
pub struct Applied(Box<str>);

impl Values {
    /// No values.
    pub fn new() -> Self {
        Self::default()
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
        Self(serde_json::to_string(values).unwrap_or_default().into_boxed_str())
    }

    /// The values.
    pub fn values(&self) -> Values {
        // It was written by `new`.
        serde_json::from_str(&self.0).unwrap_or_default()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
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
            values.insert(target, value);
        }
        Ok(values)
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
