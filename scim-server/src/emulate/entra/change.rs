//! The operations of a PATCH, in both dialects.

use scim_core::SchemaUri;
use serde_json::{Map, Value, json};

use super::Dialect;
use crate::emulate::target::Target;

/// A mapped attribute that is set for the first time or has changed.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) target: Target,
    pub(super) value: String,
    pub(super) is_new: bool,
}

impl Dialect {
    pub(super) fn active(self, active: bool) -> Value {
        match self {
            Self::Default => {
                let text = if active { "True" } else { "False" };
                json!({ "op": "Replace", "path": "active", "value": text })
            }
            Self::AadOptscim062020 => json!({ "op": "replace", "path": "active", "value": active }),
        }
    }

    pub(super) fn changes(self, changes: &[Change]) -> Vec<Value> {
        match self {
            Self::Default => changes
                .iter()
                .map(|Change { target, value, is_new }| {
                    let op = if *is_new { "Add" } else { "Replace" };
                    json!({ "op": op, "path": target.path(), "value": value })
                })
                .collect(),
            Self::AadOptscim062020 => Self::flagged(changes),
        }
    }

    /// One `replace` for what needs no filter, and an operation for each of the others.
    fn flagged(changes: &[Change]) -> Vec<Value> {
        let (filtered, plain): (Vec<_>, Vec<_>) =
            changes.iter().partition(|change| matches!(change.target, Target::Work(_)));
        let together: Map<String, Value> = plain
            .into_iter()
            .map(|change| (change.target.path(), change.value.clone().into()))
            .collect();
        let together =
            (!together.is_empty()).then(|| json!({ "op": "replace", "value": together }));
        let alone = filtered.into_iter().map(|Change { target, value, is_new }| {
            let op = if *is_new { "add" } else { "replace" };
            json!({ "op": op, "path": target.path(), "value": value })
        });
        together.into_iter().chain(alone).collect()
    }

    /// On the wire a manager is a plain `id`, in either dialect.
    pub(super) fn manager(self, id: Option<&str>) -> Value {
        let path = format!("{}:manager", SchemaUri::ENTERPRISE_USER);
        match id {
            Some(id) => json!({ "op": self.op("Add", "add"), "path": path, "value": id }),
            None => json!({ "op": self.op("Remove", "remove"), "path": path }),
        }
    }

    pub(super) fn add_member(self, id: &str) -> Value {
        match self {
            Self::Default => {
                json!({ "op": "Add", "path": "members", "value": [{ "$ref": null, "value": id }] })
            }
            Self::AadOptscim062020 => {
                json!({ "op": "add", "path": "members", "value": [{ "value": id }] })
            }
        }
    }

    pub(super) fn remove_member(self, id: &str) -> Value {
        match self {
            Self::Default => {
                let value = json!([{ "$ref": null, "value": id }]);
                json!({ "op": "Remove", "path": "members", "value": value })
            }
            Self::AadOptscim062020 => {
                json!({ "op": "remove", "path": format!("members[value eq {}]", json!(id)) })
            }
        }
    }

    pub(super) fn group_name(self, name: &str) -> Value {
        match self {
            Self::Default => json!({ "op": "Replace", "path": "displayName", "value": name }),
            Self::AadOptscim062020 => json!({ "op": "replace", "value": { "displayName": name } }),
        }
    }

    fn op(self, default: &'static str, flagged: &'static str) -> &'static str {
        match self {
            Self::Default => default,
            Self::AadOptscim062020 => flagged,
        }
    }
}
