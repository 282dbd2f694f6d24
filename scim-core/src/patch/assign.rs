//! One value of one object: set or removed, as its mutability allows.

use serde_json::{Map, Value};

use super::{PatchErrorKind, instruction::Target};
use crate::{
    filter::same_value,
    schema::{AttributeDefinition, Mutability},
};

/// Sets a value, unless it is immutable and has another one.
pub(super) fn set(
    target: &Target<'_>,
    definition: &AttributeDefinition,
    object: &mut Map<String, Value>,
    value: &Value,
) -> Result<(), PatchErrorKind> {
    let name = definition.name.as_str();
    if definition.mutability == Mutability::Immutable
        && object.get(name).is_some_and(|old| !same_value(definition, old, value))
    {
        return Err(target.refused("is immutable and has a value"));
    }
    object.insert(name.to_owned(), value.clone());
    Ok(())
}

/// Removes a value, unless it is immutable.
pub(super) fn remove(
    target: &Target<'_>,
    definition: &AttributeDefinition,
    object: &mut Map<String, Value>,
) -> Result<(), PatchErrorKind> {
    let name = definition.name.as_str();
    if definition.mutability == Mutability::Immutable && object.contains_key(name) {
        return Err(target.refused("is immutable and has a value"));
    }
    object.remove(name);
    Ok(())
}
