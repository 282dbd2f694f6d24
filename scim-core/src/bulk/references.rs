use std::{collections::HashSet, ops::Range};

use serde_json::Value;

use super::{BulkId, BulkMethod, BulkOperation};
use crate::{resource::ResourceId, scim_type::ScimType};

/// An operation that refers to a resource which does not exist.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the operation refers to a `bulkId` that no resource was created for")]
pub struct UnresolvedBulkId {
    bulk_id: BulkId,
}

impl UnresolvedBulkId {
    /// What the operation refers to.
    pub fn bulk_id(&self) -> &BulkId {
        &self.bulk_id
    }

    /// The detail code ([RFC 7644 §3.12], Table 9).
    ///
    /// [RFC 7644 §3.12]: https://www.rfc-editor.org/rfc/rfc7644#section-3.12
    pub fn scim_type(&self) -> ScimType {
        ScimType::InvalidValue
    }
}

impl BulkOperation {
    /// Puts the ids of resources in the place of the references to them ([RFC 7644 §3.7.2]).
    ///
    /// ```
    /// use scim_core::{ResourceId, bulk::{BulkId, BulkRequest}};
    /// use serde_json::json;
    ///
    /// let mut request = BulkRequest::read(json!({"Operations": [{
    ///     "method": "PATCH",
    ///     "path": "/Groups/bulkId:guides",
    ///     "data": {"Operations": [{"op": "remove", "path": "members[value eq \"bulkId:al\"]"}]},
    /// }]}))?;
    /// let [operation] = request.operations_mut() else { return Err("one operation".into()) };
    ///
    /// let (guides, al): (ResourceId, ResourceId) = ("g7".parse()?, "u9".parse()?);
    /// operation.resolve(|bulk_id| match bulk_id.as_str() {
    ///     "guides" => Some(&guides),
    ///     "al" => Some(&al),
    ///     _ => None,
    /// })?;
    /// assert_eq!(operation.path().as_str(), "/Groups/g7");
    /// let data = operation.data().ok_or("no data")?;
    /// assert_eq!(data["Operations"][0]["path"], "members[value eq \"u9\"]");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If `id` knows no id for a reference; nothing is changed then.
    ///
    /// [RFC 7644 §3.7.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.7.2
    pub fn resolve<'i>(
        &mut self,
        id: impl Fn(&BulkId) -> Option<&'i ResourceId>,
    ) -> Result<(), UnresolvedBulkId> {
        if let Some(bulk_id) = self.references().into_iter().find(|bulk_id| id(bulk_id).is_none()) {
            return Err(UnresolvedBulkId { bulk_id });
        }
        if let Some(id) = self.path_reference().as_ref().and_then(&id) {
            self.path.replace_last(id);
        }
        for (place, text) in texts_mut(self) {
            place.resolve(text, &id);
        }
        Ok(())
    }

    /// What the operation refers to, each once, in the order of its path and its data.
    ///
    /// A reference is a whole string `bulkId:…` anywhere in `data`, such a literal in the filter
    /// of a PATCH path, or the last segment of the path of a PUT, PATCH or DELETE.
    pub fn references(&self) -> Vec<BulkId> {
        let mut references: Vec<_> = self.path_reference().into_iter().collect();
        for (place, text) in texts(self) {
            place.references(text, &mut references);
        }
        let mut seen = HashSet::new();
        references.retain(|bulk_id| seen.insert(bulk_id.clone()));
        references
    }

    fn path_reference(&self) -> Option<BulkId> {
        match self.method {
            BulkMethod::Post => None,
            _ => self.path.reference(),
        }
    }
}

/// Where a text stands, which decides what in it is a reference.
#[derive(Clone, Copy)]
enum Place {
    /// The text as a whole may be one.
    Value,
    /// The literals of its filter may be some.
    PatchPath,
}

impl Place {
    fn references(self, text: &str, references: &mut Vec<BulkId>) {
        match self {
            Self::Value => references.extend(BulkId::of_reference(text)),
            Self::PatchPath => {
                references.extend(literal_references(text).into_iter().map(|(_, bulk_id)| bulk_id));
            }
        }
    }

    fn resolve<'i>(self, text: &mut String, id: &impl Fn(&BulkId) -> Option<&'i ResourceId>) {
        match self {
            Self::Value => {
                if let Some(id) = BulkId::of_reference(text).as_ref().and_then(id) {
                    id.as_str().clone_into(text);
                }
            }
            Self::PatchPath => *text = with_literals(text, id),
        }
    }
}

/// What a walk through the data of an operation comes by.
#[derive(Clone, Copy)]
enum Level {
    Body,
    Operations,
    Operation,
    Value,
}

impl Level {
    fn of(method: BulkMethod) -> Self {
        if method == BulkMethod::Patch { Self::Body } else { Self::Value }
    }

    /// What a member stands for.
    fn member(self, name: &str) -> Self {
        match self {
            Self::Body if name.eq_ignore_ascii_case("Operations") => Self::Operations,
            _ => Self::Value,
        }
    }

    fn element(self) -> Self {
        match self {
            Self::Operations => Self::Operation,
            _ => Self::Value,
        }
    }

    /// Where the text of a member stands.
    fn place(self, name: &str) -> Place {
        match self {
            Self::Operation if name.eq_ignore_ascii_case("path") => Place::PatchPath,
            _ => Place::Value,
        }
    }
}

/// The texts of the data in their order.
fn texts(operation: &BulkOperation) -> Vec<(Place, &str)> {
    let mut texts = Vec::new();
    let mut waiting = Vec::new();
    let level = Level::of(operation.method);
    let data = operation.data.iter().flatten().rev();
    waiting.extend(data.map(|(name, value)| (level.member(name), level.place(name), value)));
    while let Some((level, place, value)) = waiting.pop() {
        match value {
            Value::String(text) => texts.push((place, text.as_str())),
            Value::Array(values) => {
                let values = values.iter().rev();
                waiting.extend(values.map(|value| (level.element(), Place::Value, value)));
            }
            Value::Object(object) => {
                let members = object.iter().rev();
                waiting.extend(
                    members.map(|(name, value)| (level.member(name), level.place(name), value)),
                );
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    texts
}

/// The same texts, to be changed.
fn texts_mut(operation: &mut BulkOperation) -> Vec<(Place, &mut String)> {
    let mut texts = Vec::new();
    let mut waiting = Vec::new();
    let level = Level::of(operation.method);
    let data = operation.data.iter_mut().flatten();
    waiting.extend(data.map(|(name, value)| (level.member(name), level.place(name), value)));
    while let Some((level, place, value)) = waiting.pop() {
        match value {
            Value::String(text) => texts.push((place, text)),
            Value::Array(values) => {
                waiting
                    .extend(values.iter_mut().map(|value| (level.element(), Place::Value, value)));
            }
            Value::Object(object) => {
                waiting.extend(
                    object
                        .iter_mut()
                        .map(|(name, value)| (level.member(name), level.place(name), value)),
                );
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    texts
}

/// The string literals of a PATCH path that are references, and where they stand.
fn literal_references(path: &str) -> Vec<(Range<usize>, BulkId)> {
    let mut references = Vec::new();
    let mut begin = None;
    let mut escaped = false;
    for (index, byte) in path.bytes().enumerate() {
        match (begin, byte) {
            (None, b'"') => begin = Some(index),
            (Some(_), _) if escaped => escaped = false,
            (Some(_), b'\\') => escaped = true,
            (Some(start), b'"') => {
                begin = None;
                let literal: Option<String> =
                    path.get(start..=index).and_then(|text| serde_json::from_str(text).ok());
                let reference = literal.and_then(|text| BulkId::of_reference(&text));
                references.extend(reference.map(|bulk_id| (start..index + 1, bulk_id)));
            }
            _ => {}
        }
    }
    references
}

/// The PATCH path with ids in the place of the literals that are references.
fn with_literals<'i>(path: &str, id: &impl Fn(&BulkId) -> Option<&'i ResourceId>) -> String {
    let mut text = String::with_capacity(path.len());
    let mut copied = 0;
    for (literal, bulk_id) in literal_references(path) {
        if let Some(id) = id(&bulk_id) {
            text.push_str(path.get(copied..literal.start).unwrap_or_default());
            text.push_str(&Value::from(id.as_str()).to_string());
            copied = literal.end;
        }
    }
    text.push_str(path.get(copied..).unwrap_or_default());
    text
}

/// Whether a value refers to one of these resources.
pub(super) fn refers(value: &Value, to: &HashSet<&str>) -> bool {
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        match value {
            Value::String(text) => {
                let reference = BulkId::of_reference(text);
                if reference.is_some_and(|bulk_id| to.contains(bulk_id.as_str())) {
                    return true;
                }
            }
            Value::Array(values) => waiting.extend(values),
            Value::Object(object) => waiting.extend(object.values()),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    false
}
