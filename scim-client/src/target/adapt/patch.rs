use std::collections::HashSet;

use scim_core::{
    Filter, PatchOp, Resource,
    filter::{CompareOp, CompareValue, Expression},
    patch::{PatchOperation, PatchOperationKind, PatchPath},
};
use serde_json::{Value, json};

use super::Unadaptable;
use crate::target::{MemberForm, Profile};

/// Brings a PATCH into the form that the service provider takes: one or more, to be sent one after
/// the other.
pub(crate) fn adapt_patch(profile: &Profile, patch: &PatchOp) -> Result<Vec<PatchOp>, Unadaptable> {
    let mut requests = Requests { profile, done: Vec::new(), open: PatchOp::new(), members: 0 };
    for (index, operation) in patch.operations().iter().enumerate() {
        let rest = patch.operations().get(index + 1..).unwrap_or_default();
        if !profile.repeats_attributes && is_overtaken(operation, rest) {
            continue;
        }
        match change(operation) {
            None => requests.push(operation.clone()),
            Some(Change::Replace(members)) if profile.replaces_members => {
                requests.replace(operation, &members);
            }
            Some(Change::Clear) if profile.replaces_members => requests.push(operation.clone()),
            Some(Change::Replace(_) | Change::Clear) => return Err(Unadaptable::ReplacesMembers),
            Some(Change::Add(members)) => requests.add(&members),
            Some(Change::Remove(members)) => requests.remove(&members),
        }
    }
    Ok(requests.finish())
}

/// The PATCH with additions and removals in the place of what replaces the members of a group,
/// which were those of `old`.
pub(crate) fn without_replacement(patch: &PatchOp, old: &Resource) -> PatchOp {
    let old = old.attributes().get("members").and_then(Value::as_array);
    let old: &[Value] = old.map(Vec::as_slice).unwrap_or_default();
    patch.operations().iter().fold(PatchOp::new(), |patch, operation| {
        let new = match change(operation) {
            Some(Change::Replace(new)) => new,
            Some(Change::Clear) => Vec::new(),
            _ => return patch.with_operation(operation.clone()),
        };
        let changes = [
            (PatchOperationKind::Remove, missing(old, &new)),
            (PatchOperationKind::Add, missing(&new, old)),
        ];
        let changes = changes.into_iter().filter(|(_, members)| !members.is_empty());
        let operations =
            changes.filter_map(|(op, members)| members_operation(op, Some(Value::Array(members))));
        operations.fold(patch, PatchOp::with_operation)
    })
}

/// Those of some members that are not among others.
fn missing(members: &[Value], others: &[Value]) -> Vec<Value> {
    let others: HashSet<&str> = others.iter().filter_map(id_of).collect();
    let is_missing = |member: &&Value| id_of(member).is_some_and(|id| !others.contains(id));
    members.iter().filter(is_missing).cloned().collect()
}

/// What an operation does to `members`.
enum Change {
    Add(Vec<Value>),
    Remove(Vec<Value>),
    Replace(Vec<Value>),
    Clear,
}

/// The requests that come of one PATCH.
struct Requests<'p> {
    profile: &'p Profile,
    done: Vec<PatchOp>,
    open: PatchOp,
    /// How many members the open one brings or takes.
    members: usize,
}

impl Requests<'_> {
    fn push(&mut self, operation: PatchOperation) {
        let open = std::mem::take(&mut self.open);
        self.open = open.with_operation(operation);
    }

    /// Adds members, as many to a request as it may have.
    fn add(&mut self, members: &[Value]) {
        self.in_chunks(members, |profile, chunk| {
            let value = Value::Array(chunk.to_vec());
            let value = match profile.members {
                MemberForm::Wrapped => json!({"members": value}),
                _ => value,
            };
            members_operation(PatchOperationKind::Add, Some(value)).into_iter().collect()
        });
    }

    fn remove(&mut self, members: &[Value]) {
        self.in_chunks(members, |profile, chunk| match profile.members {
            MemberForm::RemoveByFilter => chunk.iter().filter_map(removal_by_filter).collect(),
            MemberForm::RemoveByValue => {
                let value = Value::Array(chunk.to_vec());
                members_operation(PatchOperationKind::Remove, Some(value)).into_iter().collect()
            }
            MemberForm::Wrapped => {
                let value = json!({"members": chunk});
                members_operation(PatchOperationKind::Remove, Some(value)).into_iter().collect()
            }
        });
    }

    /// Replaces all members by the first ones, and adds the others.
    fn replace(&mut self, operation: &PatchOperation, members: &[Value]) {
        let most = self.profile.max_members.unwrap_or(usize::MAX).max(1);
        if members.len() <= most {
            return self.push(operation.clone());
        }
        let (first, rest) = members.split_at(most);
        self.next_request();
        let value = Value::Array(first.to_vec());
        let replace = members_operation(PatchOperationKind::Replace, Some(value));
        if let Some(operation) = replace {
            self.push(operation);
        }
        self.members = most;
        self.add(rest);
    }

    fn in_chunks(
        &mut self,
        mut members: &[Value],
        operations: impl Fn(&Profile, &[Value]) -> Vec<PatchOperation>,
    ) {
        let most = self.profile.max_members.unwrap_or(usize::MAX).max(1);
        while !members.is_empty() {
            if self.members >= most {
                self.next_request();
            }
            let room = members.len().min(most - self.members);
            let (chunk, rest) = members.split_at(room);
            for operation in operations(self.profile, chunk) {
                self.push(operation);
            }
            self.members += room;
            members = rest;
        }
    }

    fn next_request(&mut self) {
        let open = std::mem::take(&mut self.open);
        if !open.operations().is_empty() {
            self.done.push(open);
        }
        self.members = 0;
    }

    fn finish(mut self) -> Vec<PatchOp> {
        self.next_request();
        self.done
    }
}

/// What the operation does to `members`, if it is about them alone.
fn change(operation: &PatchOperation) -> Option<Change> {
    let path = operation.path.as_ref()?;
    let is_members = path.attribute()?.as_str().eq_ignore_ascii_case("members");
    if !is_members || path.sub_attribute().is_some() {
        return None;
    }
    let values = || match &operation.value {
        Some(Value::Array(values)) => values.clone(),
        Some(value) => vec![value.clone()],
        None => Vec::new(),
    };
    match (operation.op, path.filter()) {
        (PatchOperationKind::Remove, Some(filter)) => {
            Some(Change::Remove(vec![json!({"value": value_of(filter)?})]))
        }
        (_, Some(_)) => None,
        (PatchOperationKind::Add, None) => Some(Change::Add(values())),
        (_, None) if values().is_empty() => Some(Change::Clear),
        (PatchOperationKind::Replace, None) => Some(Change::Replace(values())),
        // Who cannot be named stays in the form that the caller has given.
        (PatchOperationKind::Remove, None) => {
            let members = values();
            members.iter().all(|member| id_of(member).is_some()).then_some(Change::Remove(members))
        }
    }
}

/// The one value that `value eq "…"` asks for.
fn value_of(filter: &Filter) -> Option<String> {
    match filter.expression() {
        Expression::Compare(compare)
            if compare.op == CompareOp::Equal
                && compare.path.as_str().eq_ignore_ascii_case("value") =>
        {
            match &compare.value {
                CompareValue::String(text) => Some(text.as_str().to_owned()),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The identifier of a member.
fn id_of(member: &Value) -> Option<&str> {
    member.get("value").unwrap_or(member).as_str()
}

fn removal_by_filter(member: &Value) -> Option<PatchOperation> {
    let value = id_of(member)?;
    let filter = Filter::eq("value", value).ok()?;
    let path = PatchPath::value_path("members", filter).ok()?;
    Some(PatchOperation::new(PatchOperationKind::Remove).with_path(path))
}

fn members_operation(op: PatchOperationKind, value: Option<Value>) -> Option<PatchOperation> {
    let operation = PatchOperation::new(op).with_path("members".parse().ok()?);
    Some(match value {
        Some(value) => operation.with_value(value),
        None => operation,
    })
}

/// Whether a later operation says all that this one says: it replaces the value at the same path,
/// which is no object whose parts would add up.
fn is_overtaken(operation: &PatchOperation, rest: &[PatchOperation]) -> bool {
    let Some(path) = &operation.path else { return false };
    rest.iter().any(|later| {
        later.op == PatchOperationKind::Replace
            && later.path.as_ref() == Some(path)
            && !later.value.as_ref().is_some_and(Value::is_object)
    })
}
