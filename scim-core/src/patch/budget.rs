//! What carrying out a PATCH may cost.

use serde_json::{Map, Value};

use super::{
    PatchErrorKind, PatchOperation,
    instruction::{Action, Instruction},
};

/// The cost is at most so many times the size of the resource and the request together, in which
/// a byte of text counts as one and a value as [`NODE`].
const TIMES: usize = 16;

/// What any PATCH may cost.
const FREE: usize = 1 << 20;

/// What a value counts besides its text, and what a look at one costs.
const NODE: usize = 16;

/// What is left of what a PATCH may cost.
pub(super) struct Budget(usize);

impl Budget {
    pub(super) fn new(resource: &Map<String, Value>, request: usize) -> Self {
        let size = object_size(resource).saturating_add(request);
        Self(size.saturating_mul(TIMES).saturating_add(FREE))
    }

    /// Pays for an instruction before it is carried out.
    ///
    /// # Errors
    /// If the PATCH would cost more than it may.
    pub(super) fn pay(
        &mut self,
        instruction: &Instruction<'_>,
        old: Option<&Value>,
    ) -> Result<(), PatchErrorKind> {
        self.0 = self.0.checked_sub(cost(instruction, old)).ok_or(PatchErrorKind::TooMuchWork)?;
        Ok(())
    }
}

/// The size of an operation of the request.
pub(super) fn request_size(operation: &PatchOperation) -> usize {
    let path = operation.path.as_ref().map_or(0, |path| path.to_string().len());
    NODE + path + operation.value.as_ref().map_or(0, size)
}

fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => NODE + text.len(),
        Value::Array(elements) => NODE + elements.iter().map(size).sum::<usize>(),
        Value::Object(members) => object_size(members),
        Value::Null | Value::Bool(_) | Value::Number(_) => NODE,
    }
}

fn object_size(members: &Map<String, Value>) -> usize {
    NODE + members.iter().map(|(name, value)| name.len() + size(value)).sum::<usize>()
}

/// Looks at elements times what is done at each.
fn cost(instruction: &Instruction<'_>, old: Option<&Value>) -> usize {
    let elements = count(old);
    let each = match (&instruction.action, &instruction.target.selection) {
        (Action::Add(value) | Action::Replace(value), Some(selection)) => {
            selection.filter.conditions() * NODE + size(value)
        }
        (_, Some(selection)) => selection.filter.conditions() * NODE,
        (Action::Add(value) | Action::Replace(value), None)
            if instruction.target.sub_attribute.is_some() =>
        {
            size(value)
        }
        (Action::RemoveValues(values), None) => (values.len() + 1) * NODE,
        (Action::ExpectUnchanged(value), None) => (count(Some(value)) + 1) * NODE,
        (Action::Add(_) | Action::Replace(_) | Action::Remove | Action::Delta(_), None) => NODE,
    };
    elements.saturating_add(1).saturating_mul(each)
}

fn count(value: Option<&Value>) -> usize {
    match value {
        Some(Value::Array(elements)) => elements.len(),
        Some(_) => 1,
        None => 0,
    }
}
