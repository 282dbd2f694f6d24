use serde_json::Value;

use super::{
    ast::{CompareOp, CompareValue, Comparison, Filter},
    compare::Operand,
    decide::{self, Way},
    one_of::{self, Texts},
    scope::Scope,
    select::Ahead,
    tree::NodeKind,
    walk::{Place, Step, Walk},
};
use crate::{
    layout::ResourceRef,
    member_name::MemberName,
    schema::{
        AttributeDefinition, AttributeType, ResolvedAttribute, ResourceSchema, UnknownAttribute,
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
    /// In the order of the text, with the test of a value path before those of its inside.
    pub(super) tests: Vec<Test>,
    pub(super) ahead: Ahead,
}

/// One condition of a filter, and where to go on behind it.
#[derive(Clone, Debug)]
pub(super) struct Test {
    pub(super) location: Location,
    pub(super) condition: Condition,
    /// Whether the condition is to fail, as for `ne`.
    pub(super) negated: bool,
    /// Whether nothing matches that fails this test.
    pub(super) required: bool,
    pub(super) way: Way,
}

#[derive(Clone, Debug)]
pub(super) enum Condition {
    Present,
    Compare(CompareOp, Operand),
    /// The value equals one of many texts.
    OneOf(Texts),
    /// One element passes the tests that follow.
    Elements,
    /// No resource of the type has the attribute.
    Never,
}

/// Where an attribute lies in a resource, in the schema's spelling.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Location {
    pub(crate) extension: Option<MemberName>,
    pub(crate) attribute: MemberName,
    pub(crate) sub_attribute: Option<MemberName>,
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
        self.bind_among(schema, &[])
    }

    /// Brings one of several resource types in that are queried together ([RFC 7644 §3.4.2.1]).
    ///
    /// An attribute that the resource type lacks and another one has is unassigned in all of its
    /// resources.
    ///
    /// ```
    /// use scim_core::{Filter, ResourceSchema, SchemaRegistry};
    /// use serde_json::json;
    ///
    /// let registry = SchemaRegistry::standard();
    /// let all: Vec<&ResourceSchema> = registry.resource_types().map(AsRef::as_ref).collect();
    /// let groups = registry.resource_type("Group").ok_or("no such resource type")?;
    /// let filter: Filter = r#"userName eq "guides" or displayName eq "guides""#.parse()?;
    /// let bound = filter.bind_among(groups, &all)?;
    /// assert!(bound.matches(json!({"displayName": "Guides"}).as_object().ok_or("no object")?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As those of [`bind`](Self::bind), but for a path that leads somewhere in one of them.
    ///
    /// [RFC 7644 §3.4.2.1]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.1
    pub fn bind_among(
        &self,
        schema: &ResourceSchema,
        all: &[&ResourceSchema],
    ) -> Result<BoundFilter, BindError> {
        bind(self, Scope::Resource(schema, all))
    }

    /// Binds the filter of a value path: its paths start at an element of `attribute`.
    pub(crate) fn bind_elements(
        &self,
        attribute: &AttributeDefinition,
    ) -> Result<BoundFilter, BindError> {
        bind(self, Scope::Element(attribute))
    }
}

impl BoundFilter {
    /// Whether a resource, in the schema's spelling, matches.
    ///
    /// ```
    /// use scim_core::{Filter, Resource, SchemaRegistry, resource::CompactResource};
    /// use serde_json::json;
    ///
    /// let registry = SchemaRegistry::standard();
    /// let users = registry.resource_type("User").ok_or("no such resource type")?;
    /// let bound = r#"userName sw "BJ""#.parse::<Filter>()?.bind(users)?;
    ///
    /// let user = json!({"userName": "bjensen"});
    /// let user = user.as_object().ok_or("no object")?;
    /// assert!(bound.matches(user));
    /// assert!(bound.matches(&Resource::from_canonical(user.clone())));
    /// assert!(bound.matches(&CompactResource::from(user)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn matches<'r>(&self, resource: impl Into<ResourceRef<'r>>) -> bool {
        resource.into().answer(self)
    }

    /// The text that an attribute outside any extension, or a part of it such as
    /// `meta.resourceType`, must equal for the filter to match, in the form of [`crate::fold`]
    /// where case does not count; for stores that have an index.
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
        self.tests.iter().find_map(|test| match &test.condition {
            Condition::Compare(CompareOp::Equal, Operand::Text { text, .. })
                if test.required && !test.negated && test.location.is_plain(attribute) =>
            {
                Some(text.as_str())
            }
            _ => None,
        })
    }

    /// Whether it asks about the attribute of that name, in the schema's spelling.
    pub(crate) fn asks_about(&self, attribute: &str) -> bool {
        self.tests.iter().any(|test| *test.location.attribute == *attribute)
    }

    /// Whether it asks for an attribute outside any extension, or for a part of it; for stores that
    /// keep some attributes apart.
    ///
    /// ```
    /// use scim_core::{Filter, SchemaRegistry};
    ///
    /// let registry = SchemaRegistry::standard();
    /// let groups = registry.resource_type("Group").ok_or("no such resource type")?;
    /// let filter: Filter = r#"members[value eq "2819"]"#.parse()?;
    /// assert!(filter.bind(groups)?.asks_for("members"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn asks_for(&self, attribute: &str) -> bool {
        self.tests
            .iter()
            .any(|test| test.location.extension.is_none() && *test.location.attribute == *attribute)
    }

    /// How many conditions it has: what looking at one resource costs at most, but for the elements
    /// of multi-valued attributes.
    ///
    /// ```
    /// use scim_core::{Filter, SchemaRegistry};
    ///
    /// let registry = SchemaRegistry::standard();
    /// let users = registry.resource_type("User").ok_or("no such resource type")?;
    /// let filter: Filter = r#"active eq true and not (title pr)"#.parse()?;
    /// assert_eq!(filter.bind(users)?.conditions(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn conditions(&self) -> usize {
        self.tests.len()
    }

    pub(crate) fn matches_element(&self, element: &Value) -> bool {
        self.element_matches(element)
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

    /// `name` below an element or in the core schema.
    pub(super) fn of_name(name: &str) -> Self {
        Self { extension: None, attribute: name.into(), sub_attribute: None }
    }

    fn is_plain(&self, path: &str) -> bool {
        let (name, part) = path.split_once('.').map_or((path, None), |(n, part)| (n, Some(part)));
        self.extension.is_none()
            && self.sub_attribute.as_deref() == part
            && *self.attribute == *name
    }
}

fn bind(filter: &Filter, mut scope: Scope<'_>) -> Result<BoundFilter, BindError> {
    let around = scope;
    let (mut tests, mut ahead) = (Vec::new(), Ahead::default());
    for step in Walk::new(&filter.nodes, filter.nodes.root()) {
        let (is_outside, known) = (matches!(scope, Scope::Resource(..)), tests.len());
        match step {
            Step::Enter(Place { kind: NodeKind::Present(path), .. }) => {
                let found = scope.resolve(path)?;
                tests.push(found.map_or_else(Test::failing, |(location, _)| {
                    Test::new(location, Condition::Present)
                }));
            }
            Step::Enter(Place { kind: NodeKind::Compare(comparison), .. }) => {
                tests.push(match scope.resolve(&comparison.path)? {
                    Some((location, definition)) => {
                        bind_comparison(comparison, location, definition)?
                    }
                    None if matches_unassigned(comparison) => Test::failing().negated(),
                    None => Test::failing(),
                });
            }
            Step::Enter(Place { kind: NodeKind::ValuePath(path), .. }) => {
                let Some((location, attribute)) = scope.resolve(path)? else {
                    tests.push(Test::failing());
                    scope = Scope::Nowhere;
                    continue;
                };
                if !attribute.is_complex() && !attribute.multi_valued {
                    return Err(BindError::NoElements { path: path.to_string() });
                }
                tests.push(Test::new(location, Condition::Elements));
                scope = Scope::Element(attribute);
            }
            Step::Leave(Place { kind: NodeKind::ValuePath(_), .. }) => scope = around,
            Step::Enter(_) | Step::Leave(_) | Step::Between(_) => {}
        }
        if let Some(test) = tests.get(known).filter(|_| is_outside) {
            ahead.note(test);
        }
    }
    decide::link(&filter.nodes, &mut tests);
    Ok(BoundFilter { tests: one_of::join(tests), ahead })
}

impl Test {
    fn new(location: Location, condition: Condition) -> Self {
        Self { location, condition, negated: false, required: false, way: Way::WHOLE }
    }

    /// A test of an attribute that only resources of other types have.
    fn failing() -> Self {
        Self::new(Location::of_name(""), Condition::Never)
    }

    fn negated(self) -> Self {
        Self { negated: !self.negated, ..self }
    }
}

/// Whether a comparison holds for an attribute that is unassigned.
fn matches_unassigned(comparison: &Comparison) -> bool {
    match comparison.op {
        CompareOp::Equal => comparison.value == CompareValue::Null,
        CompareOp::NotEqual => comparison.value != CompareValue::Null,
        _ => false,
    }
}

fn bind_comparison(
    comparison: &Comparison,
    mut location: Location,
    mut definition: &AttributeDefinition,
) -> Result<Test, BindError> {
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
            return Ok(Test::new(location, Condition::Present).negated());
        }
        (CompareValue::Null, CompareOp::NotEqual) => {
            return Ok(Test::new(location, Condition::Present));
        }
        (CompareValue::Null, _) => return Err(BindError::Value { path: path() }),
        _ => {}
    }
    if !applies(op, definition.attribute_type) {
        return Err(BindError::Operator { path: path(), op: op.as_str() });
    }
    let operand = coerce(&comparison.value, op, definition)
        .ok_or_else(|| BindError::Value { path: path() })?;
    if op == CompareOp::NotEqual {
        return Ok(Test::new(location, Condition::Compare(CompareOp::Equal, operand)).negated());
    }
    Ok(Test::new(location, Condition::Compare(op, operand)))
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
    let text = |text: &str| Operand::text(text, case_exact);
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
            string.as_str().parse().ok().map(Operand::instant)
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
