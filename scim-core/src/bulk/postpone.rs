use std::{collections::HashSet, mem};

use serde_json::{Map, Value};

use super::{BulkId, BulkMethod, BulkOperation, operation::patch_data, references::refers};

impl BulkOperation {
    /// Leaves out of a creation what refers to resources that come later, and gives the operation
    /// that puts it in.
    ///
    /// What is left out are whole values: the elements of a multi-valued attribute that hold such
    /// a reference, or the attribute if it has one value. The operation is a PATCH of the resource,
    /// named by its own `bulkId`; its references are still to be resolved.
    ///
    /// ```
    /// use scim_core::bulk::{BulkId, BulkOperation};
    /// use serde_json::json;
    ///
    /// let data = json!({"displayName": "A", "members": [{"value": "x1"}, {"value": "bulkId:b"}]});
    /// let data = data.as_object().ok_or("no object")?.clone();
    /// let mut group = BulkOperation::post("/Groups".parse()?, "a".parse()?, data);
    ///
    /// let rest = group.postpone(&["b".parse()?]);
    /// assert_eq!(
    ///     serde_json::to_value(group.data())?,
    ///     json!({"displayName": "A", "members": [{"value": "x1"}]}),
    /// );
    /// assert_eq!(rest.path().as_str(), "/Groups/bulkId:a");
    /// assert_eq!(
    ///     rest.data().ok_or("no data")?["Operations"],
    ///     json!([{"op": "add", "value": {"members": [{"value": "bulkId:b"}]}}]),
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use = "what was left out is lost without it"]
    pub fn postpone(&mut self, later: &[BulkId]) -> Self {
        let later: HashSet<&str> = later.iter().map(BulkId::as_str).collect();
        let mut data = self.data.as_mut();
        let mut postponed = data.as_mut().map(|data| take_referring(data, &later));
        for (uri, value) in data.into_iter().flatten().filter(|(name, _)| name.contains(':')) {
            let extension = value.as_object_mut().map(|object| take_referring(object, &later));
            let extension = extension.filter(|values| !values.is_empty()).map(Value::Object);
            let entry = extension.map(|extension| (uri.clone(), extension));
            postponed.get_or_insert_default().extend(entry);
        }
        let path = match (&self.bulk_id, self.method) {
            (Some(bulk_id), BulkMethod::Post) => self.path.with_bulk_id(bulk_id),
            _ => self.path.clone(),
        };
        let add = [
            ("op".to_owned(), "add".into()),
            ("value".to_owned(), postponed.unwrap_or_default().into()),
        ];
        Self::patch(path, patch_data(vec![Value::Object(Map::from_iter(add))]))
    }
}

/// Takes the values with such a reference out of the attributes of a schema; extensions stay.
fn take_referring(
    attributes: &mut Map<String, Value>,
    later: &HashSet<&str>,
) -> Map<String, Value> {
    let mut taken = Map::new();
    attributes.retain(|name, value| match value {
        Value::Array(elements) => {
            let (referring, others): (Vec<_>, Vec<_>) =
                mem::take(elements).into_iter().partition(|element| refers(element, later));
            let keeps = referring.is_empty() || !others.is_empty();
            *elements = others;
            if !referring.is_empty() {
                taken.insert(name.clone(), Value::Array(referring));
            }
            keeps
        }
        Value::Object(_) if name.contains(':') => true,
        single if refers(single, later) => {
            taken.insert(name.clone(), single.take());
            false
        }
        _ => true,
    });
    taken
}
