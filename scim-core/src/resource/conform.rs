use serde_json::{Map, Value};

use super::{
    Tolerance, Tolerances, Violation, ViolationKind, Violations, elements::Elements, place::Place,
    required::missing, scalar,
};
use crate::schema::{AttributeDefinition, AttributeType, Mutability};

/// Gives values the shape and the spelling of their definitions, and notes what it had to tolerate.
///
/// Read-only sub-attributes are left out, and so are nulls: both mean nothing in a request. A value
/// that does not fit is noted and gives way to null, so that it does not count as missing, too.
#[derive(Debug)]
pub(crate) struct Conform {
    allowed: Tolerances,
    used: Tolerances,
    /// Whether a complex value is whole, so that it must have what is required of it.
    whole: bool,
    pub(super) violations: Violations,
}

impl Conform {
    /// Of parts of a resource, as a PATCH has them.
    pub(crate) fn new(allowed: Tolerances) -> Self {
        Self { allowed, used: Tolerances::none(), whole: false, violations: Violations::default() }
    }

    /// Of a whole resource.
    pub(super) fn of_resource(allowed: Tolerances) -> Self {
        Self { whole: true, ..Self::new(allowed) }
    }

    /// The tolerances that were needed so far.
    pub(crate) fn used(&self) -> Tolerances {
        self.used
    }

    /// Whether the tolerance is allowed; if so, it counts as used.
    pub(crate) fn tolerates(&mut self, tolerance: Tolerance) -> bool {
        let allowed = self.allowed.allows(tolerance);
        if allowed {
            self.used = self.used.with(tolerance);
        }
        allowed
    }

    /// The whole value of an attribute; `None` if it is unassigned (RFC 7643 §2.5).
    pub(crate) fn attribute(
        &mut self,
        definition: &AttributeDefinition,
        path: &str,
        value: Value,
    ) -> Result<Option<Value>, Violation> {
        let value = self.shape(definition, Place::Path(path), value);
        self.violations.take_first().map_or(Ok(value), Err)
    }

    /// One value of an attribute; `None` if it is unassigned.
    pub(crate) fn element(
        &mut self,
        definition: &AttributeDefinition,
        path: &str,
        value: Value,
    ) -> Result<Option<Value>, Violation> {
        let value = self.shape_element(definition, Place::Path(path), value);
        self.violations.take_first().map_or(Ok(value), Err)
    }

    /// An attribute that the schema lacks: let through if it is unassigned or to be ignored.
    pub(crate) fn unknown(&mut self, path: &str, value: &Value) -> Result<(), Violation> {
        self.note_unknown(Place::Path(path), value);
        self.violations.take_first().map_or(Ok(()), Err)
    }

    /// [`attribute`](Self::attribute), with all that does not fit among the violations.
    pub(super) fn shape(
        &mut self,
        definition: &AttributeDefinition,
        place: Place<'_>,
        value: Value,
    ) -> Option<Value> {
        match (definition.multi_valued, value) {
            (_, Value::Null) => None,
            (true, Value::Array(values)) => self.shape_elements(definition, place, values),
            (true, single) => {
                if !self.tolerates(Tolerance::ArrayFromSingle) {
                    return Some(self.wrong(place, ViolationKind::Type("an array")));
                }
                self.shape_elements(definition, place, vec![single])
            }
            (false, Value::Array(mut values)) => {
                let single = if values.len() == 1 { values.pop() } else { None };
                match single {
                    Some(single) if self.tolerates(Tolerance::SingleFromArray) => {
                        self.shape_element(definition, place, single)
                    }
                    _ => Some(self.wrong(place, ViolationKind::Type("a single value"))),
                }
            }
            (false, single) => self.shape_element(definition, place, single),
        }
    }

    fn shape_element(
        &mut self,
        definition: &AttributeDefinition,
        place: Place<'_>,
        value: Value,
    ) -> Option<Value> {
        let value = match (definition.attribute_type, value) {
            (_, Value::Null) => return None,
            (AttributeType::Complex, value) => return self.complex(definition, place, value),
            (AttributeType::Boolean, Value::String(text)) => self.boolean(text),
            (_, value) => value,
        };
        Some(match scalar::fault(definition.attribute_type, &value) {
            None => value,
            Some(kind) => self.wrong(place, kind),
        })
    }

    fn boolean(&mut self, text: String) -> Value {
        match scalar::boolean(&text) {
            Some(value) if self.tolerates(Tolerance::BooleanFromString) => Value::Bool(value),
            _ => Value::String(text),
        }
    }

    fn complex(
        &mut self,
        definition: &AttributeDefinition,
        place: Place<'_>,
        value: Value,
    ) -> Option<Value> {
        let members = match value {
            Value::Object(members) => members,
            scalar if self.stands_for_object(definition, &scalar) => {
                Map::from_iter([("value".to_owned(), scalar)])
            }
            _ => return Some(self.wrong(place, ViolationKind::Type("an object"))),
        };
        let mut object = Map::new();
        for (key, value) in members {
            let Some(sub) = definition.sub_attribute(&key) else {
                self.note_unknown(Place::Below(&place, &key), &value);
                continue;
            };
            if sub.mutability == Mutability::ReadOnly {
                continue;
            }
            let below = Place::Below(&place, sub.name.as_str());
            let Some(value) = self.shape(sub, below, value) else { continue };
            if object.insert(spelt(sub, key), value).is_some() {
                self.violations.push(below, ViolationKind::GivenTwice);
            }
        }
        if object.is_empty() {
            return None;
        }
        if self.whole {
            let below = |name| Place::Below(&place, name);
            missing(&object, &definition.sub_attributes, below, &mut self.violations);
        }
        Some(Value::Object(object))
    }

    fn stands_for_object(&mut self, definition: &AttributeDefinition, value: &Value) -> bool {
        !value.is_array()
            && definition.sub_attribute("value").is_some()
            && self.tolerates(Tolerance::ComplexFromScalar)
    }

    fn shape_elements(
        &mut self,
        definition: &AttributeDefinition,
        place: Place<'_>,
        values: Vec<Value>,
    ) -> Option<Value> {
        let mut elements = Elements::new(definition, values.len());
        for (index, value) in values.into_iter().enumerate() {
            let element = Place::Element(&place, index);
            if let Some(value) = self.shape_element(definition, element, value) {
                elements.push(value);
            }
        }
        if elements.primaries() > 1 {
            if self.tolerates(Tolerance::SeveralPrimary) {
                elements.keep_last_primary();
            } else {
                self.violations.push(place, ViolationKind::SeveralPrimary);
            }
        }
        elements.into_value()
    }

    /// [`unknown`](Self::unknown), with the attribute among the violations.
    pub(super) fn note_unknown(&mut self, place: Place<'_>, value: &Value) {
        let unassigned = match value {
            Value::Null => true,
            Value::Array(values) => values.is_empty(),
            Value::Object(members) => members.is_empty(),
            _ => false,
        };
        let is_let_through = (unassigned && self.tolerates(Tolerance::UnknownNullAttribute))
            || self.tolerates(Tolerance::UnknownAttributeIgnored);
        if !is_let_through {
            self.violations.push(place, ViolationKind::Unknown);
        }
    }

    fn wrong(&mut self, place: Place<'_>, kind: ViolationKind) -> Value {
        self.violations.push(place, kind);
        Value::Null
    }
}

/// A key in the spelling of its definition.
pub(super) fn spelt(definition: &AttributeDefinition, key: String) -> String {
    if definition.name.as_str() == key { key } else { definition.name.to_string() }
}
