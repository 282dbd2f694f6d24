use std::cmp::Ordering;

use serde_json::{Map, Value};

use crate::{
    attribute::AttributePath,
    date_time::DateTime,
    filter::{BindError, comparable},
    resource::is_primary,
    schema::{AttributeDefinition, AttributeType, ResourceSchema, Returned},
};

/// The order of the resources in an answer ([RFC 7644 §3.4.2.3]).
///
/// [RFC 7644 §3.4.2.3]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.3
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Sort {
    /// The attribute to sort by.
    pub by: AttributePath,
    /// The direction.
    pub order: SortOrder,
}

/// The direction of an order.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "RFC 7644 closes the set")]
pub enum SortOrder {
    /// Small values first; resources without a value last.
    #[default]
    Ascending,
    /// Large values first; resources without a value first.
    Descending,
}

/// A [`Sort`] with its path resolved.
#[derive(Clone, Debug)]
pub struct BoundSort {
    extension: Option<String>,
    attribute: String,
    sub_attribute: Option<String>,
    attribute_type: AttributeType,
    case_exact: bool,
    order: SortOrder,
}

impl Sort {
    /// An ascending order.
    pub fn by(path: AttributePath) -> Self {
        Self { by: path, order: SortOrder::Ascending }
    }

    /// The sort in the other direction, or not.
    #[must_use]
    pub fn with_order(mut self, order: SortOrder) -> Self {
        self.order = order;
        self
    }

    /// Brings a resource type in.
    ///
    /// # Errors
    /// If the path leads to no attribute, to a complex one without `value`, or to one that is
    /// never returned.
    pub fn bind(&self, schema: &ResourceSchema) -> Result<BoundSort, BindError> {
        let resolved = schema.resolve(&self.by)?;
        let path = || self.by.to_string();
        let hidden = |definition: &AttributeDefinition| definition.returned == Returned::Never;
        if hidden(resolved.attribute()) || resolved.sub_attribute().is_some_and(hidden) {
            return Err(BindError::NeverReturned { path: path() });
        }
        let mut sub_attribute = resolved.sub_attribute();
        if resolved.attribute().is_complex() && sub_attribute.is_none() {
            let value = resolved.attribute().sub_attribute("value");
            sub_attribute =
                Some(value.ok_or_else(|| BindError::Operator { path: path(), op: "sortBy" })?);
        }
        let definition = sub_attribute.unwrap_or_else(|| resolved.attribute());
        Ok(BoundSort {
            extension: resolved.extension().map(ToString::to_string),
            attribute: resolved.attribute().name.to_string(),
            sub_attribute: sub_attribute.map(|sub| sub.name.to_string()),
            attribute_type: definition.attribute_type,
            case_exact: definition.is_case_exact(),
            order: self.order,
        })
    }
}

impl Sort {
    /// Brings one of several resource types in that are queried together ([RFC 7644 §3.4.2.1]);
    /// `None` if only others have the attribute, so that no resource of the type has a value.
    ///
    /// # Errors
    /// As those of [`bind`](Self::bind), but for a path that leads somewhere in one of them.
    ///
    /// [RFC 7644 §3.4.2.1]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.1
    pub fn bind_among(
        &self,
        schema: &ResourceSchema,
        all: &[&ResourceSchema],
    ) -> Result<Option<BoundSort>, BindError> {
        match self.bind(schema) {
            Err(BindError::UnknownAttribute(_))
                if all.iter().any(|other| other.resolve(&self.by).is_ok()) =>
            {
                Ok(None)
            }
            bound => bound.map(Some),
        }
    }
}

impl BoundSort {
    /// Compares two resources; equal ones need a further key to stand in a stable order.
    pub fn compare(&self, a: &Map<String, Value>, b: &Map<String, Value>) -> Ordering {
        let ordering = match (self.value(a), self.value(b)) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) => self.compare_values(a, b),
        };
        match self.order {
            SortOrder::Ascending => ordering,
            SortOrder::Descending => ordering.reverse(),
        }
    }

    /// Whether it is by an attribute outside any extension, or by a part of it.
    pub fn asks_for(&self, attribute: &str) -> bool {
        self.extension.is_none() && self.attribute == attribute
    }

    /// What of a resource its place in the order comes from: enough to compare others with.
    pub fn key(&self, resource: &Map<String, Value>) -> Map<String, Value> {
        let mut key = Map::new();
        let Some(value) = self.value(resource) else { return key };
        let mut value = value.clone();
        let around =
            self.sub_attribute.iter().chain(self.extension.iter().map(|_| &self.attribute));
        for name in around {
            value = Value::Object(Map::from_iter([(name.clone(), value)]));
        }
        key.insert(self.extension.as_ref().unwrap_or(&self.attribute).clone(), value);
        key
    }

    /// The value that counts: of several the primary one, or else the first.
    fn value<'r>(&self, resource: &'r Map<String, Value>) -> Option<&'r Value> {
        let container = match &self.extension {
            Some(uri) => resource.get(uri)?.as_object()?,
            None => resource,
        };
        let value = match container.get(&self.attribute)? {
            Value::Array(values) => {
                values.iter().find(|value| is_primary(value)).or_else(|| values.first())?
            }
            single => single,
        };
        match &self.sub_attribute {
            Some(name) => value.get(name),
            None => Some(value),
        }
    }

    fn compare_values(&self, a: &Value, b: &Value) -> Ordering {
        match (a, b) {
            (Value::String(a), Value::String(b))
                if self.attribute_type == AttributeType::DateTime =>
            {
                let instant = |text: &str| text.parse::<DateTime>().ok();
                instant(a).cmp(&instant(b))
            }
            (Value::String(a), Value::String(b)) => {
                comparable(a, self.case_exact).cmp(&comparable(b, self.case_exact))
            }
            (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
            (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
                (Some(a), Some(b)) => a.cmp(&b),
                _ => a.as_f64().unwrap_or_default().total_cmp(&b.as_f64().unwrap_or_default()),
            },
            _ => Ordering::Equal,
        }
    }
}
