use std::{collections::BTreeMap, fmt};

use serde_json::{Value, json};

use super::{Mapping, MappingSource};
use crate::provision::{
    source::{SourceId, SourceObject},
    state::Values,
};

/// What the service provider should hold of a person.
///
/// `Debug` names the attributes and keeps their values, which are personal, to itself.
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Desired {
    /// Values by target path.
    pub values: Values,
    /// References by target path, still in the source's words.
    pub references: BTreeMap<String, SourceId>,
}

impl Mapping {
    /// Renders a person who is in scope.
    pub fn render(&self, object: &SourceObject) -> Desired {
        let mut desired = Desired::default();
        for mapping in &self.attributes {
            let target = mapping.target.to_string();
            let value = match &mapping.source {
                MappingSource::Direct(name) => object.value(name).cloned(),
                MappingSource::Constant(value) => Some(value.clone()),
                MappingSource::NotSoftDeleted => Some(Value::Bool(true)),
                MappingSource::Function(function) => function(object),
                MappingSource::Reference(name) => {
                    let wanted = object.value(name).and_then(Value::as_str).map(SourceId::from);
                    desired.references.extend(wanted.map(|wanted| (target.clone(), wanted)));
                    None
                }
            };
            if let Some(value) = value.filter(|value| !value.is_null()) {
                desired.values.insert(target, value);
            }
        }
        desired
    }

    /// The objects that a person refers to.
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
    /// Puts the identifiers of the target in the place of references; gives what is not known yet.
    pub(in crate::provision) fn resolve(
        self,
        target_id: impl Fn(&SourceId) -> Option<String>,
    ) -> (Values, BTreeMap<String, SourceId>) {
        let mut values = self.values;
        let mut pending = BTreeMap::new();
        for (target, wanted) in self.references {
            match target_id(&wanted) {
                Some(id) => {
                    values.insert(target, reference(&id));
                }
                None => {
                    pending.insert(target, wanted);
                }
            }
        }
        (values, pending)
    }
}

impl fmt::Debug for Desired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desired")
            .field("values", &self.values.keys().collect::<Vec<_>>())
            .field("references", &self.references)
            .finish()
    }
}

/// The value of an attribute that refers to a resource.
pub(in crate::provision) fn reference(target_id: &str) -> Value {
    json!({"value": target_id})
}
