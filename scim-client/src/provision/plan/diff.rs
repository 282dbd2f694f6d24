use scim_core::{
    PatchOp, Resource, ResourceSchema, Tolerances,
    patch::{Effect, PatchOperation, PatchOperationKind},
};
use serde_json::Value;

use crate::provision::{mapping::Mapping, state::Values};

/// The operations that lead from what was sent to what is desired; `None` if there is nothing to do.
pub(in crate::provision) fn changes(
    applied: &Values,
    desired: &Values,
    mapping: &Mapping,
) -> Option<PatchOp> {
    let mut patch = PatchOp::new();
    let is_written = |target: &str| !mapping.is_only_on_creation(target);
    for (target, value) in desired.iter().filter(|(target, _)| is_written(target)) {
        let op = match applied.get(target) {
            Some(old) if old == value => continue,
            Some(_) => PatchOperationKind::Replace,
            None => PatchOperationKind::Add,
        };
        patch = with(patch, op, target, Some(value));
    }
    // What the source has lost is cleared.
    let lost = applied.keys().filter(|target| !desired.contains_key(*target) && is_written(target));
    for target in lost {
        patch = with(patch, PatchOperationKind::Remove, target, None);
    }
    (!patch.operations().is_empty()).then_some(patch)
}

/// The operations that a resource made by somebody else still needs.
pub(in crate::provision) fn adopting(
    candidate: &Resource,
    desired: &Values,
    mapping: &Mapping,
    schema: &ResourceSchema,
) -> Option<PatchOp> {
    let mut patch = PatchOp::new();
    for (target, value) in desired {
        if mapping.is_only_on_creation(target) {
            continue;
        }
        let single = with(PatchOp::new(), PatchOperationKind::Add, target, Some(value));
        let patched = candidate.patched(&single, schema, Tolerances::default());
        let has_it = patched.is_ok_and(|patched| patched.effect() == Effect::Unchanged);
        if !has_it {
            patch = with(patch, PatchOperationKind::Add, target, Some(value));
        }
    }
    (!patch.operations().is_empty()).then_some(patch)
}

/// The patch with one more operation; a target is a path because a mapping printed it.
fn with(patch: PatchOp, op: PatchOperationKind, target: &str, value: Option<&Value>) -> PatchOp {
    let Ok(place) = target.parse() else { return patch };
    let operation = PatchOperation::new(op).with_path(place);
    patch.with_operation(match value {
        Some(value) => operation.with_value(value.clone()),
        None => operation,
    })
}
