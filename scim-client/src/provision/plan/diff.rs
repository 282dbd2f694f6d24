use std::collections::BTreeSet;

use scim_core::{
    PatchOp, Resource, ResourceSchema, Tolerances,
    patch::{Effect, PatchOperation, PatchOperationKind},
};
use serde_json::Value;

use super::Known;
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
            // What is not known may be missing.
            None | Some(Value::Null) => PatchOperationKind::Add,
            Some(_) => PatchOperationKind::Replace,
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

/// The operations that a resource still needs that was found rather than created.
///
/// One that an interrupted create left behind also loses what is not desired any more.
pub(in crate::provision) fn adopting(
    candidate: &Resource,
    known: &Known<'_>,
    desired: &Values,
    schema: &ResourceSchema,
) -> Option<PatchOp> {
    let mut patch = PatchOp::new();
    let needs = |single: PatchOp| {
        let patched = candidate.patched(&single, schema, Tolerances::default());
        !patched.is_ok_and(|patched| patched.effect() == Effect::Unchanged)
    };
    for target in known.mapping.targets().collect::<BTreeSet<_>>() {
        let (op, value) = match desired.get(&target) {
            Some(value) => (PatchOperationKind::Add, Some(value)),
            None if known.has_intent => (PatchOperationKind::Remove, None),
            None => continue,
        };
        if needs(with(PatchOp::new(), op, &target, value)) {
            patch = with(patch, op, &target, value);
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
