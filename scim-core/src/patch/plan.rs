use super::{
    MembershipDelta, PatchError, PatchOp,
    instruction::{Action, Instruction},
    normalise::normalise,
};
use crate::{resource::Tolerances, schema::ResourceSchema};

/// A PATCH request in the language of a resource type: names resolved, values in shape.
///
/// It is made once and can be carried out on many resources, such as the fresh one after another
/// write came first. What it does to members can be taken out, for a store that keeps them apart.
///
/// ```
/// use scim_core::{PatchOp, Resource, SchemaRegistry, Tolerances};
/// use serde_json::{Map, Value, json};
///
/// let registry = SchemaRegistry::standard();
/// let groups = registry.resource_type("Group").ok_or("no such resource type")?;
/// let patch = PatchOp::new()
///     .add("members", json!([{"value": "1"}]))?
///     .remove(r#"members[value eq "2"]"#)?
///     .replace("displayName", "Guides")?;
///
/// let mut plan = patch.plan(groups, Tolerances::default())?;
/// let delta = plan.take_delta("members").ok_or("the members are needed")?;
/// assert_eq!(delta.added().collect::<Vec<_>>(), [&json!({"value": "1"})]);
/// assert_eq!(delta.removed().collect::<Vec<_>>(), ["2"]);
///
/// // What is left needs no members.
/// let group: Map<String, Value> = [("displayName".to_owned(), json!("Tours"))].into_iter().collect();
/// let patched = plan.apply(&Resource::from_canonical(group))?;
/// assert_eq!(patched.resource().text("displayName"), Some("Guides"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct PatchPlan<'s> {
    pub(super) schema: &'s ResourceSchema,
    pub(super) instructions: Vec<Instruction<'s>>,
    pub(super) tolerances: Tolerances,
    /// The size of the request, as the budget counts.
    pub(super) size: usize,
}

impl PatchOp {
    /// Brings a resource type in: resolves the paths and gives the values their shape.
    ///
    /// # Errors
    /// If a path leads to no attribute, a value does not fit its attribute, or an attribute cannot
    /// be changed.
    pub fn plan<'s>(
        &self,
        schema: &'s ResourceSchema,
        tolerances: Tolerances,
    ) -> Result<PatchPlan<'s>, PatchError> {
        let (instructions, tolerances) = normalise(self, schema, tolerances)?;
        let size = self.operations().iter().map(super::budget::request_size).sum();
        Ok(PatchPlan { schema, instructions, tolerances, size })
    }
}

impl PatchPlan<'_> {
    /// The tolerances that the operations needed.
    pub fn tolerances(&self) -> Tolerances {
        self.tolerances
    }

    /// Whether nothing is left to do.
    pub fn is_empty(&self) -> bool {
        self.instructions.is_empty()
    }

    /// Takes out what the plan does to the elements of an attribute that refers to resources.
    ///
    /// `None`, and nothing is taken out, where that cannot be told without looking at the elements:
    /// a filter asks for something else than their `value`, only a part of them changes, or the
    /// attribute is of another kind.
    pub fn take_delta(&mut self, attribute: &str) -> Option<MembershipDelta> {
        let definition = self.schema.attribute(attribute)?;
        if !definition.is_membership() || definition.required {
            return None;
        }
        let is_about =
            |instruction: &Instruction<'_>| std::ptr::eq(instruction.target.attribute, definition);
        let is_delta =
            |instruction: &Instruction<'_>| matches!(instruction.action, Action::Delta(_));
        if self.instructions.iter().any(|each| is_about(each) && !is_delta(each)) {
            return None;
        }
        let (taken, left) = self.instructions.drain(..).partition(is_about);
        self.instructions = left;
        let mut delta = MembershipDelta::default();
        for instruction in Vec::<Instruction<'_>>::into_iter(taken) {
            if let Action::Delta(next) = instruction.action {
                delta.append(definition, next);
            }
        }
        Some(delta)
    }
}
