//! First stage: from operations as they came to instructions that speak the schema's language.

use serde_json::{Map, Value};

use super::{
    PatchError, PatchErrorKind, PatchOp, PatchOperation, PatchOperationKind, PatchPath,
    instruction::{Action, Instruction, Selection, Target},
};
use crate::{
    attribute::AttributePath,
    filter::{CompareOp, CompareValue, Comparison, Expression, Filter, FilterRef},
    resource::{Conform, Tolerance, Tolerances, Violation, ViolationKind},
    schema::{AttributeDefinition, Mutability, ResourceSchema, SchemaDefinition, UnknownAttribute},
};

/// Normalises all operations; also gives the tolerances that were needed.
pub(super) fn normalise<'s>(
    patch: &PatchOp,
    schema: &'s ResourceSchema,
    tolerances: Tolerances,
) -> Result<(Vec<Instruction<'s>>, Tolerances), PatchError> {
    let mut normaliser = Normaliser {
        schema,
        conform: Conform::new(tolerances),
        operation: 0,
        given: Vec::new(),
        instructions: Vec::new(),
        deltas: Vec::new(),
    };
    for (index, operation) in patch.operations().iter().enumerate() {
        normaliser.operation = index;
        normaliser.given.clear();
        normaliser.operation(operation).map_err(|kind| PatchError::in_operation(index, kind))?;
    }
    Ok((normaliser.instructions, normaliser.conform.used()))
}

type Outcome<T = ()> = Result<T, PatchErrorKind>;

struct Normaliser<'s> {
    schema: &'s ResourceSchema,
    conform: Conform,
    operation: usize,
    /// What the keys of the operation's value have named so far.
    given: Vec<(&'s AttributeDefinition, Option<&'s AttributeDefinition>)>,
    instructions: Vec<Instruction<'s>>,
    /// Where the deltas stand that still take up what comes.
    deltas: Vec<usize>,
}

impl<'s> Normaliser<'s> {
    fn operation(&mut self, operation: &PatchOperation) -> Outcome {
        let op = operation.op;
        let value = operation.value.clone();
        let Some(path) = &operation.path else {
            if op == PatchOperationKind::Remove {
                // RFC 7644 §3.5.2.2: a `remove` needs a path.
                return Err(PatchErrorKind::NoTarget { path: "path".to_owned() });
            }
            return self.members(op, value);
        };
        let text = path.to_string();
        if *self.schema.core_uri() == *text.as_str() && op != PatchOperationKind::Remove {
            return self.members(op, value);
        }
        if let Some(extension) = self.schema.extension(&text) {
            return self.extension(op, extension, value);
        }
        let target = self.target(path)?;
        self.instruct(op, target, value, false)
    }

    /// A value without path: its members are attributes.
    fn members(&mut self, op: PatchOperationKind, value: Option<Value>) -> Outcome {
        let Some(Value::Object(members)) = value else {
            return Err(PatchErrorKind::Value("must be an object where there is no `path`"));
        };
        for (key, value) in members {
            self.member(op, &key, value)?;
        }
        Ok(())
    }

    fn member(&mut self, op: PatchOperationKind, key: &str, value: Value) -> Outcome {
        let schema = self.schema;
        if key.eq_ignore_ascii_case("schemas") {
            // `schemas` follows from what the resource holds.
            return Ok(());
        }
        if let Some(attribute) = schema.attribute(key) {
            return self.instruct(op, Target::of_attribute(None, attribute), Some(value), true);
        }
        if let Some(extension) = schema.extension(key) {
            return self.extension(op, extension, Some(value));
        }
        let tolerance = match key {
            key if key.contains('[') => Tolerance::FilteredKeys,
            key if key.contains(':') => Tolerance::UrnKeys,
            _ => Tolerance::DottedKeys,
        };
        let path = key.parse::<PatchPath>().ok();
        let target = path.and_then(|path| self.target(&path).ok());
        match target {
            Some(target) if self.conform.tolerates(tolerance) => {
                self.instruct(op, target, Some(value), true)
            }
            _ => self.unknown(key, &value),
        }
    }

    /// The whole of an extension: its attributes one by one.
    fn extension(
        &mut self,
        op: PatchOperationKind,
        extension: &'s SchemaDefinition,
        value: Option<Value>,
    ) -> Outcome {
        let uri = Some(&extension.id);
        let removes = op == PatchOperationKind::Remove
            || (op == PatchOperationKind::Replace && value == Some(Value::Null));
        if removes {
            let read_only =
                |attribute: &AttributeDefinition| attribute.mutability == Mutability::ReadOnly;
            for attribute in extension.attributes.iter().filter(|attribute| !read_only(attribute)) {
                let target = Target::of_attribute(uri, attribute);
                self.instruct(PatchOperationKind::Remove, target, None, true)?;
            }
            return Ok(());
        }
        let Some(Value::Object(members)) = value else {
            return Err(PatchErrorKind::Value("must be an object for an extension"));
        };
        for (key, value) in members {
            match extension.attribute(&key) {
                Some(attribute) => {
                    self.instruct(op, Target::of_attribute(uri, attribute), Some(value), true)?;
                }
                // Some clients repeat `schemas` here; it follows from what the resource holds.
                None if key.eq_ignore_ascii_case("schemas") => {}
                None => self.unknown(&format!("{}:{key}", extension.id), &value)?,
            }
        }
        Ok(())
    }

    fn unknown(&mut self, path: &str, value: &Value) -> Outcome {
        self.conform.unknown(path, value).map_err(PatchErrorKind::Violation)
    }

    fn target(&mut self, path: &PatchPath) -> Outcome<Target<'s>> {
        let unknown = || {
            let resource_type = self.schema.name().to_owned();
            // The filter stays out of the message: it may hold a value.
            let path = path.attribute().map_or_else(|| path.to_string(), ToString::to_string);
            PatchErrorKind::UnknownAttribute(UnknownAttribute { path, resource_type })
        };
        let attribute_path: &AttributePath = path.attribute().ok_or_else(unknown)?;
        let resolved =
            self.schema.resolve(attribute_path).map_err(PatchErrorKind::UnknownAttribute)?;
        let Some(filter) = path.filter() else { return Ok(Target::of(&resolved)) };
        let mut target = Target::of(&resolved);
        if target.sub_attribute.take().is_some() {
            return Err(unknown());
        }
        if let Some(name) = path.sub_attribute() {
            let sub = target.attribute.sub_attribute(name).ok_or_else(unknown)?;
            target.sub_attribute = Some(sub);
        }
        target.selection = Some(self.selection(filter, target.attribute)?);
        Ok(target)
    }

    fn selection(
        &mut self,
        filter: &Filter,
        attribute: &AttributeDefinition,
    ) -> Outcome<Selection> {
        let bound = filter.bind_elements(attribute).map_err(PatchErrorKind::Filter)?;
        let template = self.template(filter, attribute);
        let values = values(filter);
        Ok(Selection { filter: bound, template, values })
    }

    /// The element that a filter describes, if it consists of `eq` terms alone.
    fn template(
        &mut self,
        filter: &Filter,
        attribute: &AttributeDefinition,
    ) -> Option<Map<String, Value>> {
        let whole = filter.as_filter_ref();
        let terms = match filter.expression() {
            Expression::And(terms) => terms.collect(),
            _ => vec![whole],
        };
        let mut template = Map::new();
        for term in terms {
            let Expression::Compare(comparison) = term.expression() else { return None };
            if comparison.op != CompareOp::Equal {
                return None;
            }
            let sub = attribute.sub_attribute(comparison.path.name())?;
            let literal = serde_json::from_str(&comparison.value.to_string()).ok()?;
            let value = self.conform.attribute(sub, sub.name.as_str(), literal).ok()??;
            template.insert(sub.name.to_string(), value);
        }
        self.conform.tolerates(Tolerance::FilteredPathUpsert).then_some(template)
    }

    /// Brings a value into shape and adds the instruction.
    fn instruct(
        &mut self,
        op: PatchOperationKind,
        target: Target<'s>,
        value: Option<Value>,
        in_value: bool,
    ) -> Outcome {
        if in_value {
            self.note_given(&target)?;
        }
        if target.is_read_only() {
            return self.read_only(target, value, in_value);
        }
        if op == PatchOperationKind::Remove {
            return self.removal(target, value);
        }
        let Some(value) = value else { return Err(PatchErrorKind::Value("is required")) };
        if target.merges() && !value.is_null() {
            return self.merge(op, &target, value);
        }
        let path = target.path();
        let shaped = match (&target.selection, target.sub_attribute) {
            (_, Some(sub)) => self.conform.attribute(sub, &path, value),
            (Some(_), None) => self.conform.element(target.attribute, &path, single(value)),
            (None, None) => self.conform.attribute(target.attribute, &path, value),
        };
        match (op, shaped.map_err(PatchErrorKind::Violation)?) {
            (PatchOperationKind::Add, Some(value)) => self.push(target, Action::Add(value)),
            (_, Some(value)) => self.push(target, Action::Replace(value)),
            // Nothing to add.
            (PatchOperationKind::Add, None) => {}
            // RFC 7643 §2.5: null and `[]` unassign.
            (_, None) => self.push(target, Action::Remove),
        }
        Ok(())
    }

    /// Keys that lead to one place, such as `title` and `urn:…:User:title`, contradict each other.
    fn note_given(&mut self, target: &Target<'s>) -> Outcome {
        if target.selection.is_some() {
            return Ok(());
        }
        let is_it = |other: Option<&AttributeDefinition>, sub: Option<&AttributeDefinition>| match (
            other, sub,
        ) {
            (Some(other), Some(sub)) => std::ptr::eq(other, sub),
            (None, None) => true,
            _ => false,
        };
        let is_repeated = self.given.iter().any(|(attribute, sub)| {
            std::ptr::eq(*attribute, target.attribute) && is_it(*sub, target.sub_attribute)
        });
        if is_repeated {
            let violation = Violation::new(target.path(), ViolationKind::GivenTwice);
            return Err(PatchErrorKind::Violation(violation));
        }
        self.given.push((target.attribute, target.sub_attribute));
        Ok(())
    }

    /// RFC 7644 §3.5.2.3: sub-attributes that are not named are left unchanged.
    fn merge(&mut self, op: PatchOperationKind, target: &Target<'s>, value: Value) -> Outcome {
        let path = target.path();
        let Value::Object(members) = single(value) else {
            // A scalar can only be what the schema calls an object; the shape says so.
            let kind = ViolationKind::Type("an object");
            return Err(PatchErrorKind::Violation(Violation::new(path, kind)));
        };
        for (key, value) in members {
            let Some(sub) = target.attribute.sub_attribute(&key) else {
                self.unknown(&format!("{path}.{key}"), &value)?;
                continue;
            };
            if sub.mutability == Mutability::ReadOnly {
                continue;
            }
            let part = Target {
                extension: target.extension,
                attribute: target.attribute,
                selection: None,
                sub_attribute: Some(sub),
            };
            self.instruct(op, part, Some(value), true)?;
        }
        Ok(())
    }

    fn removal(&mut self, target: Target<'s>, value: Option<Value>) -> Outcome {
        let is_whole = target.selection.is_none() && target.sub_attribute.is_none();
        let names_elements = is_whole && target.attribute.multi_valued;
        let required = match target.sub_attribute {
            Some(sub) => sub.required,
            None => is_whole && target.attribute.required,
        };
        match value {
            None | Some(Value::Null) if required => Err(target.refused("is required")),
            None | Some(Value::Null) => {
                self.push(target, Action::Remove);
                Ok(())
            }
            // Whoever ignores the value here empties the group.
            Some(_) if !self.conform.tolerates(Tolerance::RemoveWithValue) => {
                Err(PatchErrorKind::Value("must not be given with `remove`"))
            }
            Some(value) if names_elements => {
                let values = if let Value::Array(values) = value { values } else { vec![value] };
                let path = target.path();
                let elements = values.into_iter().filter_map(|value| {
                    self.conform.element(target.attribute, &path, value).transpose()
                });
                let elements = elements.collect::<Result<_, _>>();
                let elements = elements.map_err(PatchErrorKind::Violation)?;
                self.push(target, Action::RemoveValues(elements));
                Ok(())
            }
            Some(_) if required => Err(target.refused("is required")),
            Some(_) => {
                self.push(target, Action::Remove);
                Ok(())
            }
        }
    }

    fn read_only(&mut self, target: Target<'s>, value: Option<Value>, in_value: bool) -> Outcome {
        match value {
            Some(value)
                if in_value && self.conform.tolerates(Tolerance::UnchangedReadOnlyInValue) =>
            {
                self.push(target, Action::ExpectUnchanged(value));
                Ok(())
            }
            _ => Err(target.refused("is read-only")),
        }
    }

    /// Adds an instruction; what happens to members goes into one, however it is told.
    fn push(&mut self, target: Target<'s>, action: Action) {
        let operation = self.operation;
        let instructions = &self.instructions;
        let open = self.deltas.iter().position(|place| {
            instructions.get(*place).is_some_and(|delta| delta.target.is_beside(&target))
        });
        let action = match target.delta(action) {
            Ok(delta) => {
                let place = open.and_then(|open| self.deltas.get(open).copied());
                let known = place.and_then(|place| self.instructions.get_mut(place));
                if let Some(Instruction { action: Action::Delta(known), .. }) = known {
                    return known.append(target.attribute, delta);
                }
                self.deltas.push(self.instructions.len());
                let target = Target { selection: None, ..target };
                let action = Action::Delta(delta);
                return self.instructions.push(Instruction { operation, target, action });
            }
            Err(action) => action,
        };
        if let Some(open) = open {
            self.deltas.swap_remove(open);
        }
        self.instructions.push(Instruction { operation, target, action });
    }
}

/// The `value` of each element that a filter asks for, if it asks for nothing else.
fn values(filter: &Filter) -> Option<Vec<String>> {
    let whole = filter.as_filter_ref();
    let terms = match filter.expression() {
        Expression::Or(terms) => terms.collect(),
        _ => vec![whole],
    };
    let value = |term: FilterRef<'_>| match term.expression() {
        Expression::Compare(Comparison {
            path,
            op: CompareOp::Equal,
            value: CompareValue::String(text),
            ..
        }) if path.name().eq_ignore_ascii_case("value") => Some(text.as_str().to_owned()),
        _ => None,
    };
    terms.into_iter().map(value).collect()
}

/// A list of one is its element.
fn single(value: Value) -> Value {
    match value {
        Value::Array(mut values) if values.len() == 1 => values.swap_remove(0),
        other => other,
    }
}
