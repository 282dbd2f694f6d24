use std::cmp::Ordering;

use serde_json::{Map, Value};

use crate::{
    attribute::AttributePath,
    filter::{BindError, Location},
    layout::{JsonObject, JsonValue, Question, ResourceRef, compare_instants, is_primary},
    member_name::MemberName,
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
    location: Location,
    /// The name of the sub-attribute that marks one of several values.
    primary: MemberName,
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
        let sub_attribute = sub_attribute.map(|sub| sub.name.as_str().into());
        Ok(BoundSort {
            location: Location { sub_attribute, ..Location::of(&resolved) },
            primary: "primary".into(),
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
    pub fn compare<'r>(
        &self,
        a: impl Into<ResourceRef<'r>>,
        b: impl Into<ResourceRef<'r>>,
    ) -> Ordering {
        a.into().answer(To { sort: self, other: b.into() })
    }

    fn compare_objects<'a, 'b>(&self, a: impl JsonObject<'a>, b: impl JsonObject<'b>) -> Ordering {
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
        self.location.extension.is_none() && *self.location.attribute == *attribute
    }

    /// What of a resource its place in the order comes from: enough to compare others with.
    pub fn key(&self, resource: &Map<String, Value>) -> Map<String, Value> {
        let Location { extension, attribute, sub_attribute } = &self.location;
        let mut key = Map::new();
        let Some(value) = self.value(resource) else { return key };
        let inner = sub_attribute.iter().chain(extension.iter().map(|_| attribute));
        let value = inner.fold(value.clone(), |value, name| {
            Value::Object(Map::from_iter([(name.to_string(), value)]))
        });
        key.insert(extension.as_ref().unwrap_or(attribute).to_string(), value);
        key
    }

    /// The value that counts: of several the primary one, or else the first.
    fn value<'r, O: JsonObject<'r>>(&self, resource: O) -> Option<O::Value> {
        let value = self.location.attribute_of(resource)?;
        let primary = value.find_element(|element| is_primary(element, &self.primary));
        let value = primary.or_else(|| value.find_element(|_| true))?;
        match &self.location.sub_attribute {
            Some(name) => value.as_object()?.member(name),
            None => Some(value),
        }
    }

    fn compare_values<'a, 'b>(&self, a: impl JsonValue<'a>, b: impl JsonValue<'b>) -> Ordering {
        let comparable = (a.as_comparable(self.case_exact), b.as_comparable(self.case_exact));
        if let (Some(ours), Some(theirs)) = comparable {
            let is_date = self.attribute_type == AttributeType::DateTime;
            return if is_date { compare_instants(a, b) } else { ours.cmp(&theirs) };
        }
        if let (Some(a), Some(b)) = (a.as_boolean(), b.as_boolean()) {
            return a.cmp(&b);
        }
        let (Some(a), Some(b)) = (a.as_number(), b.as_number()) else { return Ordering::Equal };
        match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a.as_f64().unwrap_or_default().total_cmp(&b.as_f64().unwrap_or_default()),
        }
    }
}

/// How an object stands to another resource.
struct To<'s> {
    sort: &'s BoundSort,
    other: ResourceRef<'s>,
}

impl Question for To<'_> {
    type Answer = Ordering;

    fn of<'v>(self, object: impl JsonObject<'v>) -> Ordering {
        self.other.answer(Of { sort: self.sort, object })
    }
}

/// How this object stands to another one.
struct Of<'s, O> {
    sort: &'s BoundSort,
    object: O,
}

impl<'o, O: JsonObject<'o>> Question for Of<'_, O> {
    type Answer = Ordering;

    fn of<'v>(self, other: impl JsonObject<'v>) -> Ordering {
        self.sort.compare_objects(self.object, other)
    }
}
