use serde_json::{Map, Value};

use super::{
    CompareOp, CompareValue, Comparison, Filter,
    compare::{Operand, comparable},
};
use crate::{
    attribute::AttributePath,
    schema::{
        AttributeDefinition, AttributeType, ResolvedAttribute, ResourceSchema, Returned,
        UnknownAttribute,
    },
    scim_type::ScimType,
};

/// A filter with its paths resolved and its literals coerced, ready to match many resources.
///
/// # Meaning
/// - An attribute that is absent, `null` or `[]` is unassigned. It matches `ne`, and no other
///   operator; `eq null` asks whether it is unassigned, `ne null` and `pr` whether it is not. The
///   empty string is no value for `pr`.
/// - On a multi-valued attribute an operator matches if it matches one value; `ne` is the
///   opposite of `eq`, and matches if no value is equal.
/// - A comparison with a complex attribute is one with its `value` sub-attribute.
/// - A value path matches if one element matches all of it.
#[derive(Clone, Debug)]
pub struct BoundFilter {
    node: Node,
}

#[derive(Clone, Debug)]
pub(crate) enum Node {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Present(Location),
    Compare { location: Location, op: CompareOp, operand: Operand },
    Elements { location: Location, filter: Box<Self> },
}

/// Where an attribute lies in a resource, in the schema's spelling.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Location {
    pub(crate) extension: Option<Box<str>>,
    pub(crate) attribute: Box<str>,
    pub(crate) sub_attribute: Option<Box<str>>,
}

/// A filter that is in the grammar and yet means nothing for the resource type.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BindError {
    /// A path leads to no attribute.
    #[error(transparent)]
    UnknownAttribute(#[from] UnknownAttribute),
    /// The operator does not apply to the attribute's type (RFC 7644 §3.4.2.2, Table 3).
    #[error("operator `{op}` does not apply to `{path}`")]
    Operator {
        /// The attribute.
        path: String,
        /// The operator.
        op: &'static str,
    },
    /// The literal is of another type than the attribute.
    #[error("the value compared with `{path}` is of another type")]
    Value {
        /// The attribute.
        path: String,
    },
    /// The attribute is never returned, and must not be found out by asking.
    #[error("`{path}` cannot be used in a filter")]
    NeverReturned {
        /// The attribute.
        path: String,
    },
    /// The attribute cannot have elements.
    #[error("`{path}` takes no filter in brackets")]
    NoElements {
        /// The attribute.
        path: String,
    },
}

impl BindError {
    /// The detail code for the answer: always `invalidFilter`.
    pub fn scim_type(&self) -> ScimType {
        ScimType::InvalidFilter
    }
}

impl Filter {
    /// Brings a resource type in: resolves the paths and coerces the literals.
    ///
    /// # Errors
    /// If a path leads nowhere, an operator does not apply to its attribute, a literal is of
    /// another type, or an attribute is never returned.
    pub fn bind(&self, schema: &ResourceSchema) -> Result<BoundFilter, BindError> {
        let node = bind_node(self, &|path| {
            let resolved = schema.resolve(path)?;
            Ok((Location::of(&resolved), resolved))
        })?;
        Ok(BoundFilter { node })
    }

    /// Binds the filter of a value path: its paths start at an element of `attribute`.
    pub(crate) fn bind_elements(
        &self,
        attribute: &AttributeDefinition,
    ) -> Result<BoundFilter, BindError> {
        Ok(BoundFilter { node: bind_elements(self, attribute)? })
    }
}

impl BoundFilter {
    /// Whether a resource, in the schema's spelling, matches.
    pub fn matches(&self, resource: &Map<String, Value>) -> bool {
        self.node.matches(resource)
    }

    /// The text that an attribute outside any extension must equal for the filter to match, in
    /// the form of [`crate::fold`] where case does not count; for stores that have an index.
    ///
    /// ```
    /// use scim_core::{Filter, SchemaRegistry};
    ///
    /// let registry = SchemaRegistry::standard();
    /// let users = registry.resource_type("User").ok_or("no such resource type")?;
    /// let filter: Filter = r#"active eq true and userName eq "BJensen""#.parse()?;
    /// assert_eq!(filter.bind(users)?.required_text("userName"), Some("bjensen"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn required_text(&self, attribute: &str) -> Option<&str> {
        self.node.required_text(attribute)
    }

    pub(crate) fn matches_element(&self, element: &Value) -> bool {
        self.node.matches_element(element)
    }
}

impl Node {
    fn required_text(&self, name: &str) -> Option<&str> {
        match self {
            Self::And(nodes) => nodes.iter().find_map(|node| node.required_text(name)),
            Self::Compare {
                location,
                op: CompareOp::Equal,
                operand: Operand::Text { text, .. },
            } => {
                let is_it = location.extension.is_none()
                    && location.sub_attribute.is_none()
                    && *location.attribute == *name;
                is_it.then_some(text)
            }
            _ => None,
        }
    }
}

impl Location {
    pub(crate) fn of(resolved: &ResolvedAttribute<'_>) -> Self {
        Self {
            extension: resolved.extension().map(|uri| uri.as_str().into()),
            attribute: resolved.attribute().name.as_str().into(),
            sub_attribute: resolved.sub_attribute().map(|sub| sub.name.as_str().into()),
        }
    }

    fn in_element(sub_attribute: &AttributeDefinition) -> Self {
        let attribute = sub_attribute.name.as_str().into();
        Self { extension: None, attribute, sub_attribute: None }
    }
}

/// What a resolver gives for a path of the filter.
trait Resolved<'s> {
    fn definition(&self) -> &'s AttributeDefinition;
    fn is_hidden(&self) -> bool;
}

impl<'s> Resolved<'s> for ResolvedAttribute<'s> {
    fn definition(&self) -> &'s AttributeDefinition {
        ResolvedAttribute::definition(self)
    }

    fn is_hidden(&self) -> bool {
        let hidden = |definition: &AttributeDefinition| definition.returned == Returned::Never;
        hidden(self.attribute()) || self.sub_attribute().is_some_and(hidden)
    }
}

impl<'s> Resolved<'s> for &'s AttributeDefinition {
    fn definition(&self) -> &'s AttributeDefinition {
        self
    }

    fn is_hidden(&self) -> bool {
        self.returned == Returned::Never
    }
}

fn bind_elements(filter: &Filter, attribute: &AttributeDefinition) -> Result<Node, BindError> {
    // A multi-valued attribute of plain values has elements that are the value themselves.
    let scalar = AttributeDefinition { multi_valued: false, ..attribute.clone() };
    bind_node(filter, &|path| {
        let plain_value = !attribute.is_complex() && *path.name() == "value";
        let found =
            if plain_value { Some(&scalar) } else { attribute.sub_attribute(path.name().as_str()) };
        let found = found.filter(|_| path.schema().is_none() && path.sub_attribute().is_none());
        let found = found.ok_or_else(|| UnknownAttribute {
            path: path.to_string(),
            resource_type: attribute.name.to_string(),
        })?;
        let location = if plain_value {
            Location { extension: None, attribute: "value".into(), sub_attribute: None }
        } else {
            Location::in_element(found)
        };
        Ok((location, found))
    })
}

fn bind_node<'s, R: Resolved<'s>>(
    filter: &Filter,
    resolve: &impl Fn(&AttributePath) -> Result<(Location, R), BindError>,
) -> Result<Node, BindError> {
    let bind_all = |filters: &[Filter]| {
        filters.iter().map(|filter| bind_node(filter, resolve)).collect::<Result<Vec<_>, _>>()
    };
    match filter {
        Filter::And(filters) => Ok(Node::And(bind_all(filters)?)),
        Filter::Or(filters) => Ok(Node::Or(bind_all(filters)?)),
        Filter::Not(inner) => Ok(Node::Not(Box::new(bind_node(inner, resolve)?))),
        Filter::Present(path) => {
            let (location, resolved) = resolve(path)?;
            refuse_hidden(path, &resolved)?;
            Ok(Node::Present(location))
        }
        Filter::Compare(comparison) => {
            let (location, resolved) = resolve(&comparison.path)?;
            refuse_hidden(&comparison.path, &resolved)?;
            bind_comparison(comparison, location, resolved.definition())
        }
        Filter::ValuePath(value_path) => {
            let (location, resolved) = resolve(&value_path.path)?;
            refuse_hidden(&value_path.path, &resolved)?;
            let attribute = resolved.definition();
            if !attribute.is_complex() && !attribute.multi_valued {
                return Err(BindError::NoElements { path: value_path.path.to_string() });
            }
            let filter = Box::new(bind_elements(&value_path.filter, attribute)?);
            Ok(Node::Elements { location, filter })
        }
    }
}

fn refuse_hidden<'s>(path: &AttributePath, resolved: &impl Resolved<'s>) -> Result<(), BindError> {
    if resolved.is_hidden() {
        return Err(BindError::NeverReturned { path: path.to_string() });
    }
    Ok(())
}

fn bind_comparison(
    comparison: &Comparison,
    mut location: Location,
    mut definition: &AttributeDefinition,
) -> Result<Node, BindError> {
    let path = || comparison.path.to_string();
    if definition.is_complex() && comparison.value != CompareValue::Null {
        // RFC 7644 §3.4.2.2 writes `emails co "example.com"`: the default sub-attribute.
        definition = definition
            .sub_attribute("value")
            .ok_or_else(|| BindError::Operator { path: path(), op: comparison.op.as_str() })?;
        location.sub_attribute = Some(definition.name.as_str().into());
    }
    let op = comparison.op;
    match (&comparison.value, op) {
        (CompareValue::Null, CompareOp::Equal) => {
            return Ok(Node::Not(Box::new(Node::Present(location))));
        }
        (CompareValue::Null, CompareOp::NotEqual) => return Ok(Node::Present(location)),
        (CompareValue::Null, _) => return Err(BindError::Value { path: path() }),
        _ => {}
    }
    if !applies(op, definition.attribute_type) {
        return Err(BindError::Operator { path: path(), op: op.as_str() });
    }
    let operand = coerce(&comparison.value, op, definition)
        .ok_or_else(|| BindError::Value { path: path() })?;
    if op == CompareOp::NotEqual {
        let equal = Node::Compare { location, op: CompareOp::Equal, operand };
        return Ok(Node::Not(Box::new(equal)));
    }
    Ok(Node::Compare { location, op, operand })
}

/// RFC 7644 §3.4.2.2, Table 3: booleans and binary values have no order, and only text has parts.
fn applies(op: CompareOp, attribute_type: AttributeType) -> bool {
    match op {
        CompareOp::Equal | CompareOp::NotEqual => true,
        CompareOp::Contains | CompareOp::StartsWith | CompareOp::EndsWith => matches!(
            attribute_type,
            AttributeType::String
                | AttributeType::Reference
                | AttributeType::DateTime
                | AttributeType::Binary
        ),
        _ => !matches!(attribute_type, AttributeType::Boolean | AttributeType::Binary),
    }
}

fn coerce(
    value: &CompareValue,
    op: CompareOp,
    definition: &AttributeDefinition,
) -> Option<Operand> {
    let case_exact = definition.is_case_exact();
    let text =
        |text: &str| Operand::Text { text: comparable(text, case_exact).into_owned(), case_exact };
    let is_part = matches!(op, CompareOp::Contains | CompareOp::StartsWith | CompareOp::EndsWith);
    match (definition.attribute_type, value) {
        (
            AttributeType::String | AttributeType::Reference | AttributeType::Binary,
            CompareValue::String(string),
        ) => Some(text(string.as_str())),
        (AttributeType::DateTime, CompareValue::String(string)) if is_part => {
            Some(text(string.as_str()))
        }
        (AttributeType::DateTime, CompareValue::String(string)) => {
            string.as_str().parse().ok().map(Operand::Instant)
        }
        (AttributeType::Integer | AttributeType::Decimal, CompareValue::Number(number)) => {
            Some(Operand::Number(number.clone()))
        }
        (AttributeType::Boolean, CompareValue::Boolean(boolean)) => {
            Some(Operand::Boolean(*boolean))
        }
        // Entra ID writes `roles[primary eq "True"]`.
        (AttributeType::Boolean, CompareValue::String(string)) => {
            string.as_str().to_ascii_lowercase().parse().ok().map(Operand::Boolean)
        }
        _ => None,
    }
}
