use std::sync::Arc;

use chrono::{DateTime, Utc};
use scim_core::schema::AttributeType;
use serde_json::Value;

use super::{
    AttributeMapping, Mapping, WhenNull,
    attribute::{Apply, MappingSource},
    expression::{EvaluateError, ExpressionContext, Outcome},
    reference,
};
use crate::provision::{
    source::{SourceId, SourceObject},
    state::Values,
};

/// What the service provider should hold of an object.
///
/// A reference still names the object of the source.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Desired {
    /// Values that are kept up to date.
    pub values: Values,
    /// Values for a resource that is created, besides.
    pub on_creation: Values,
    /// Targets that stay as they are.
    pub kept: Vec<Arc<str>>,
    /// Values for a resource that is created, of which the first counts that no resource has.
    pub unique: Vec<(Arc<str>, Vec<Value>)>,
    /// The members of a group; none if nothing is said about members.
    pub members: Option<Vec<SourceId>>,
}

/// An object that cannot be rendered.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the value for `{target}` cannot be made")]
pub struct RenderError {
    target: Arc<str>,
    #[source]
    source: Option<EvaluateError>,
}

/// What an attribute gets.
enum Rendered {
    Value(Value),
    Unique(Vec<Value>),
    Null,
    Kept,
}

impl Mapping {
    /// Renders an object that is in scope.
    ///
    /// # Errors
    /// If an expression cannot be evaluated for it.
    pub fn render(
        &self,
        object: &SourceObject,
        now: DateTime<Utc>,
    ) -> Result<Desired, RenderError> {
        let context = ExpressionContext::new(now, self.seed()?);
        let values = Values::with_capacity(self.attributes.len());
        let mut desired = Desired { values, ..Desired::default() };
        for mapping in &self.attributes {
            if matches!(mapping.source, MappingSource::Members) {
                desired.members = Some(object.members.clone());
                continue;
            }
            let rendered = mapping.render(object, &context)?;
            desired.take(mapping, rendered);
        }
        Ok(desired)
    }

    /// The values of who has left, those that tell it; of the object nothing else may be known.
    ///
    /// # Errors
    /// If an expression cannot be evaluated.
    pub(in crate::provision) fn render_left(
        &self,
        object: Option<&SourceObject>,
        id: &SourceId,
        now: DateTime<Utc>,
    ) -> Result<Values, RenderError> {
        let context = ExpressionContext::new(now, self.seed()?).with_soft_deleted(true);
        let unknown = SourceObject::new(id.clone());
        let object = object.unwrap_or(&unknown);
        let mut values = Values::new();
        for mapping in self.targets().filter(|mapping| mapping.reads_soft_deletion()) {
            if let Rendered::Value(value) = mapping.render(object, &context)? {
                values.insert(Arc::clone(&mapping.name), value);
            }
        }
        Ok(values)
    }

    /// What is random for one object, if anything is: passwords are made of it.
    fn seed(&self) -> Result<u128, RenderError> {
        let Some(random) = self.attributes.iter().find(|mapping| mapping.is_random()) else {
            return Ok(0);
        };
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|_| random.error(None))?;
        Ok(u128::from_le_bytes(bytes))
    }

    /// The objects that an object refers to.
    pub(in crate::provision) fn references<'o>(
        &'o self,
        object: &'o SourceObject,
    ) -> impl Iterator<Item = &'o str> {
        self.attributes.iter().filter_map(|mapping| match &mapping.source {
            MappingSource::Reference(name) => object.value(name)?.as_str(),
            _ => None,
        })
    }
}

impl Desired {
    /// The value of a target, also one that is written on creation alone.
    pub fn get(&self, target: &str) -> Option<&Value> {
        self.values.get(target).or_else(|| self.on_creation.get(target))
    }

    fn take(&mut self, mapping: &AttributeMapping, rendered: Rendered) {
        let name = Arc::clone(&mapping.name);
        match (rendered, mapping.apply) {
            (Rendered::Value(value), Apply::Always) => self.values.insert(name, value),
            (Rendered::Value(value), Apply::OnlyOnCreation) => self.on_creation.insert(name, value),
            (Rendered::Unique(values), _) => self.unique.push((name, values)),
            (Rendered::Kept, _) => self.kept.push(name),
            (Rendered::Null, _) => {
                if mapping.when_null == WhenNull::Keep {
                    self.kept.push(Arc::clone(&name));
                }
                if let Some(default) = &mapping.default {
                    self.on_creation.insert(name, default.clone());
                }
            }
        }
    }
}

impl AttributeMapping {
    fn render(
        &self,
        object: &SourceObject,
        context: &ExpressionContext,
    ) -> Result<Rendered, RenderError> {
        let value = match &self.source {
            MappingSource::Direct(name) => object.value(name).cloned(),
            MappingSource::Constant(value) => Some(value.clone()),
            MappingSource::Function(function) => function(object),
            MappingSource::Reference(name) => {
                object.value(name).and_then(Value::as_str).map(reference)
            }
            MappingSource::Members => None,
            MappingSource::Expression(expression) => {
                let failed = |source| self.error(Some(source));
                match expression.evaluate(object, context).map_err(failed)? {
                    Outcome::Value(value) => Some(value),
                    Outcome::Candidates(values) => return Ok(Rendered::Unique(values)),
                    Outcome::Ignore => return Ok(Rendered::Kept),
                    _ => None,
                }
            }
        };
        match value.filter(|value| !is_none(value)) {
            Some(value) => self.typed(value).map(Rendered::Value),
            None => Ok(Rendered::Null),
        }
    }

    /// The value in the type of the target, which is known when the mapping was validated.
    fn typed(&self, value: Value) -> Result<Value, RenderError> {
        let Value::String(text) = &value else { return Ok(value) };
        let typed = match self.target_type {
            Some(AttributeType::Boolean) if text.eq_ignore_ascii_case("true") => Value::Bool(true),
            Some(AttributeType::Boolean) if text.eq_ignore_ascii_case("false") => {
                Value::Bool(false)
            }
            Some(AttributeType::Integer) => {
                Value::from(text.parse::<i64>().map_err(|_| self.error(None))?)
            }
            Some(AttributeType::Boolean) => return Err(self.error(None)),
            _ => value,
        };
        Ok(typed)
    }

    fn error(&self, source: Option<EvaluateError>) -> RenderError {
        RenderError { target: Arc::clone(&self.name), source }
    }
}

impl RenderError {
    /// The target whose value cannot be made.
    pub fn target(&self) -> &str {
        &self.target
    }
}

/// Null, the empty text and the empty list are no values.
fn is_none(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        _ => false,
    }
}
