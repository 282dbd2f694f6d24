use serde_json::Value;

use super::{
    PatchPlan,
    instruction::{Action, Instruction, Target},
};
use crate::{query::HiddenAttributes, schema_uri::SchemaUri};

impl PatchPlan<'_> {
    /// Whether carrying it out could change what is hidden, or tell something of it.
    ///
    /// ```
    /// use scim_core::{PatchOp, SchemaRegistry, Tolerances, query::HiddenAttributes};
    ///
    /// let registry = SchemaRegistry::standard();
    /// let users = registry.resource_type("User").ok_or("no such resource type")?;
    /// let hidden = HiddenAttributes::parse("emails.display")?;
    ///
    /// let patch = PatchOp::new().remove(r#"emails[display sw "B"]"#)?;
    /// assert!(patch.plan(users, Tolerances::default())?.concerns(&hidden));
    /// let patch = PatchOp::new().replace(r#"emails[type eq "work"].value"#, "b@example.com")?;
    /// assert!(!patch.plan(users, Tolerances::default())?.concerns(&hidden));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn concerns(&self, hidden: &HiddenAttributes) -> bool {
        let hidden = hidden.selected(self.schema);
        self.instructions.iter().any(|instruction| {
            let target = &instruction.target;
            let extension = target.extension.map(SchemaUri::as_str);
            let name = target.attribute.name.as_str();
            hidden.iter().any(|hidden| {
                let is_beside = hidden.extension.as_deref() == extension
                    && hidden.attribute.as_deref().is_none_or(|hidden| hidden == name);
                let part = hidden.sub_attribute.as_deref();
                is_beside && part.is_none_or(|part| instruction.concerns_part(part))
            })
        })
    }
}

impl Instruction<'_> {
    /// Whether it could change or tell a sub-attribute of the attribute that it is about.
    fn concerns_part(&self, part: &str) -> bool {
        let Target { attribute, selection, sub_attribute, .. } = &self.target;
        if selection.as_ref().is_some_and(|selection| selection.filter.asks_about(part)) {
            return true;
        }
        if let Some(sub) = sub_attribute {
            return sub.name == part;
        }
        match &self.action {
            // An element that is added leaves the others as they are, but for what it names.
            Action::Add(value) => !attribute.multi_valued || has(value, part),
            Action::Delta(delta) => {
                delta.clears()
                    || delta.removed().next().is_some()
                    || delta.added().any(|element| has(element, part))
            }
            Action::Replace(_)
            | Action::Remove
            | Action::RemoveValues(_)
            | Action::ExpectUnchanged(_) => true,
        }
    }
}

fn has(value: &Value, part: &str) -> bool {
    match value {
        Value::Array(elements) => elements.iter().any(|element| has(element, part)),
        Value::Object(object) => object.contains_key(part),
        _ => false,
    }
}
