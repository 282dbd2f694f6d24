use std::{collections::HashSet, fmt};

use serde_json::{Map, Value};

use super::{PatchOp, PatchOperation, PatchOperationKind};
use crate::{
    filter::same_value,
    resource::{Resource, Tolerances, refers},
    schema::{AttributeDefinition, AttributeType, Mutability, ResourceSchema},
};

impl PatchOp {
    /// The operations that lead from one resource to another: what a client sends that knows both
    /// ([RFC 7644 §3.5.2]).
    ///
    /// It has at most one operation for each attribute that comes or changes, and for each that
    /// goes, the elements of multi-valued ones taken for themselves where that is shorter. Elements
    /// have no order. What clients cannot set is passed over; an immutable attribute that differs
    /// is not, so that the service provider may say no.
    ///
    /// ```
    /// use scim_core::{PatchOp, Resource, SchemaRegistry};
    /// use serde_json::{json, to_value};
    ///
    /// let registry = SchemaRegistry::standard();
    /// let users = registry.resource_type("User").ok_or("no such resource type")?;
    /// let resource = |value: serde_json::Value| {
    ///     Resource::from_canonical(value.as_object().cloned().unwrap_or_default())
    /// };
    /// let old = resource(json!({
    ///     "userName": "bjensen", "title": "Guide", "name": {"givenName": "B", "familyName": "Jensen"},
    /// }));
    /// let new = resource(json!({
    ///     "userName": "bjensen", "name": {"givenName": "Barbara", "familyName": "Jensen"},
    /// }));
    /// let patch = PatchOp::between(&old, &new, users);
    /// assert_eq!(to_value(patch.operations())?, json!([
    ///     {"op": "replace", "path": "name.givenName", "value": "Barbara"},
    ///     {"op": "remove", "path": "title"},
    /// ]));
    /// assert!(PatchOp::between(&new, &new, users).operations().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// [RFC 7644 §3.5.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2
    #[must_use]
    pub fn between(old: &Resource, new: &Resource, schema: &ResourceSchema) -> Self {
        let own = schema.attributes().map(|attribute| (None, attribute));
        let extended = schema.extensions().flat_map(|extension| {
            let uri = Some(extension.id.as_str());
            extension.attributes.iter().map(move |attribute| (uri, attribute))
        });
        // `schemas` follows from the others.
        let attributes = own.chain(extended).filter(|(_, attribute)| {
            attribute.mutability != Mutability::ReadOnly && attribute.name.as_str() != "schemas"
        });
        let operations = attributes.flat_map(|(uri, definition)| {
            let place = Place { uri, name: definition.name.as_str() };
            let change = Change { place, definition, old: place.of(old), new: place.of(new) };
            change.operations(old, schema)
        });
        operations.fold(Self::new(), Self::with_operation)
    }
}

/// Where an attribute stands.
#[derive(Clone, Copy)]
struct Place<'d> {
    /// The extension.
    uri: Option<&'d str>,
    name: &'d str,
}

/// An attribute with its values before and after.
struct Change<'d> {
    place: Place<'d>,
    definition: &'d AttributeDefinition,
    old: Option<&'d Value>,
    new: Option<&'d Value>,
}

impl Place<'_> {
    fn of<'r>(&self, resource: &'r Resource) -> Option<&'r Value> {
        let attributes = resource.attributes();
        match self.uri {
            Some(uri) => attributes.get(uri)?.get(self.name),
            None => attributes.get(self.name),
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uri.map_or(Ok(()), |uri| write!(f, "{uri}:"))?;
        f.write_str(self.name)
    }
}

impl Change<'_> {
    fn operations(&self, resource: &Resource, schema: &ResourceSchema) -> Vec<PatchOperation> {
        match (self.old, self.new) {
            (Some(old), Some(new)) if same(old, new) => Vec::new(),
            (Some(Value::Array(old)), Some(Value::Array(new))) => {
                let whole = self.whole();
                let single = self.of_elements(old, new).filter(|single| {
                    length(single) < length(&whole) && self.is_done_by(single, resource, schema)
                });
                single.unwrap_or(whole)
            }
            (Some(Value::Object(old)), Some(Value::Object(new))) if !refers(self.definition) => {
                self.of_sub_attributes(old, new)
            }
            _ => self.whole(),
        }
    }

    /// Whether the operations make the new values of the old ones: an element may find others that
    /// it is the same as, such as one that differs in its case, or take the mark of `primary`.
    fn is_done_by(
        &self,
        operations: &[PatchOperation],
        resource: &Resource,
        schema: &ResourceSchema,
    ) -> bool {
        if refers(self.definition) {
            return true;
        }
        let patch = operations.iter().cloned().fold(PatchOp::new(), PatchOp::with_operation);
        let patched = resource.patched(&patch, schema, Tolerances::strict());
        patched.is_ok_and(|patched| {
            let found = self.place.of(patched.resource());
            found.zip(self.new).is_some_and(|(found, new)| same(found, new))
        })
    }

    /// The one operation that leaves nothing of what was there.
    fn whole(&self) -> Vec<PatchOperation> {
        let (op, value) = match (self.old, self.new) {
            (None, None) => return Vec::new(),
            (Some(_), None) => (PatchOperationKind::Remove, None),
            (None, new) => (PatchOperationKind::Add, new.cloned()),
            (Some(_), new) => (PatchOperationKind::Replace, new.cloned()),
        };
        operation(op, &self.place.to_string(), value).into_iter().collect()
    }

    /// One for the sub-attributes that come or change, and one for each that goes.
    fn of_sub_attributes(
        &self,
        old: &Map<String, Value>,
        new: &Map<String, Value>,
    ) -> Vec<PatchOperation> {
        let subs = self.definition.sub_attributes.iter();
        let names = subs.filter(|sub| sub.mutability != Mutability::ReadOnly);
        let (mut changed, mut operations) = (Map::new(), Vec::new());
        for name in names.map(|sub| sub.name.as_str()) {
            match (old.get(name), new.get(name)) {
                (Some(_), None) => {
                    let path = format!("{}.{name}", self.place);
                    operations.extend(operation(PatchOperationKind::Remove, &path, None));
                }
                (old, Some(new)) if !old.is_some_and(|old| same(old, new)) => {
                    changed.insert(name.to_owned(), new.clone());
                }
                _ => {}
            }
        }
        let (path, value) = match changed.iter().next() {
            None => return operations,
            Some((name, value)) if changed.len() == 1 => {
                (format!("{}.{name}", self.place), value.clone())
            }
            Some(_) => (self.place.to_string(), Value::Object(changed)),
        };
        operations.extend(operation(PatchOperationKind::Replace, &path, Some(value)));
        operations
    }

    /// One for each element that goes, and one for all that come; `None` if one cannot be told
    /// from the others.
    fn of_elements(&self, old: &[Value], new: &[Value]) -> Option<Vec<PatchOperation>> {
        let (before, after) = (texts(old), texts(new));
        let mut operations = Vec::new();
        for element in old.iter().filter(|element| !after.contains(&element.to_string())) {
            let path = format!("{}[{}]", self.place, self.selection(element, old)?);
            operations.push(operation(PatchOperationKind::Remove, &path, None)?);
        }
        let comes = |element: &&Value| !before.contains(&element.to_string());
        let coming: Vec<Value> = new.iter().filter(comes).cloned().collect();
        if !coming.is_empty() {
            let path = self.place.to_string();
            operations.push(operation(PatchOperationKind::Add, &path, Some(coming.into()))?);
        }
        Some(operations)
    }

    /// A filter that only this one of the elements matches.
    fn selection(&self, element: &Value, all: &[Value]) -> Option<String> {
        let Value::Object(members) = element else {
            return Some(format!("value eq {element}"));
        };
        if let (true, Some(value)) = (refers(self.definition), members.get("value")) {
            // Nothing else is of that value.
            return Some(format!("value eq {value}"));
        }
        let subs = self.definition.sub_attributes.iter();
        let mut subs: Vec<_> =
            subs.filter(|sub| sub.attribute_type != AttributeType::Complex).collect();
        // `value` tells most, and `type` most of the rest.
        subs.sort_by_key(|sub| match sub.name.as_str() {
            "value" => 0,
            "type" => 1,
            _ => 2,
        });
        let (mut terms, mut left) = (Vec::new(), all.iter().collect::<Vec<_>>());
        for sub in subs {
            let name = sub.name.as_str();
            let Some(value) = members.get(name) else { continue };
            terms.push(format!("{name} eq {value}"));
            let is_equal = |other: &Value| same_value(sub, other, value);
            left.retain(|other| other.get(name).is_some_and(is_equal));
            if left.len() == 1 {
                return Some(terms.join(" and "));
            }
        }
        None
    }
}

/// An operation at a path that is made of the schema's names.
fn operation(op: PatchOperationKind, path: &str, value: Option<Value>) -> Option<PatchOperation> {
    let operation = PatchOperation::new(op).with_path(path.parse().ok()?);
    Some(match value {
        Some(value) => operation.with_value(value),
        None => operation,
    })
}

/// Whether two values are the same, the order of elements aside.
fn same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Array(old), Value::Array(new)) => {
            old.len() == new.len() && texts(old) == texts(new)
        }
        (old, new) => old == new,
    }
}

/// The elements as text, which can be looked up.
fn texts(elements: &[Value]) -> HashSet<String> {
    elements.iter().map(Value::to_string).collect()
}

/// How long the operations are on the wire.
fn length(operations: &[PatchOperation]) -> usize {
    serde_json::to_string(operations).map_or(usize::MAX, |text| text.len())
}
