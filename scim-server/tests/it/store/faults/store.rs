//! A memory store with a fault in its writes.

use std::{
    collections::HashSet,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use scim_core::{Resource, ResourceVersion, patch::MembershipDelta};
use scim_server::{
    Context, ResourceStore,
    store::{
        Expected, Membership, MembershipChange, MembershipOutcome, MemoryStore, NewResource, Page,
        ResourceKey, StoreError, StoreQuery, StoredResource, UniqueKey, Update, Wanted,
    },
};
use serde_json::{Value, json};

use super::Planted;

pub(super) struct Faulty {
    pub(super) inner: MemoryStore,
    pub(super) planted: Planted,
    /// Keys that the wrapper looks after itself.
    keys: Mutex<HashSet<String>>,
    versions: AtomicUsize,
}

impl Faulty {
    pub(super) fn new(planted: Planted) -> Self {
        let (keys, versions) = (Mutex::new(HashSet::new()), AtomicUsize::new(0));
        Self { inner: MemoryStore::new(), planted, keys, versions }
    }

    pub(super) fn has(&self, planted: Planted) -> bool {
        self.planted == planted
    }

    fn key(&self, key: &ResourceKey) -> ResourceKey {
        let together = self.has(Planted::TypesTogether);
        ResourceKey::new(if together { "User" } else { &key.resource_type }, key.id.clone())
    }

    fn unique(&self, resource: &Resource, unique: Vec<UniqueKey>) -> Vec<UniqueKey> {
        let name = resource.text("userName").filter(|_| self.has(Planted::CaseCountsInKeys));
        name.map_or(unique, |name| vec![UniqueKey::new("userName", name)])
    }

    fn kept(&self, resource: Resource) -> Resource {
        let mut value = Value::Object(resource.into_attributes());
        change(&mut value, &|value| match value {
            Value::String(text) if self.has(Planted::TextTrimmed) => {
                *text = text.trim().to_owned();
            }
            Value::Number(number) if self.has(Planted::NumbersRounded) => {
                *value = json!(number.as_f64());
            }
            _ => {}
        });
        Resource::from_canonical(value.as_object().unwrap().clone())
    }

    fn given(&self, stored: StoredResource) -> StoredResource {
        if !self.has(Planted::VersionUsedAgain) {
            return stored;
        }
        let version = self.versions.fetch_add(1, Ordering::SeqCst) as u64 % 3;
        let resource = stored.into_resource().unwrap();
        StoredResource::new(resource, ResourceVersion::from_counter(version))
    }

    /// Whether a key that is looked after here was free.
    async fn take(&self, cx: &Context, unique: &[UniqueKey]) -> bool {
        let own = |key: &UniqueKey| format!("{} {} {}", cx.tenant, key.attribute, key.key);
        let own: Vec<_> = unique.iter().map(own).collect();
        if own.iter().any(|key| self.keys.lock().unwrap().contains(key)) {
            return false;
        }
        tokio::task::yield_now().await;
        self.keys.lock().unwrap().extend(own);
        true
    }

    async fn read(&self, cx: &Context, key: &ResourceKey) -> Option<(Resource, ResourceVersion)> {
        let stored = self.inner.get(cx, key, Wanted::ALL).await.ok()?;
        let version = stored.version().clone();
        Some((stored.into_resource().unwrap(), version))
    }

    fn looks_after_keys(&self) -> bool {
        [Planted::KeyCheckedBefore, Planted::KeyKeptOnDelete, Planted::KeyKeptOnUpdate]
            .contains(&self.planted)
    }
}

#[async_trait]
impl ResourceStore for Faulty {
    async fn create(&self, cx: &Context, new: NewResource) -> Result<StoredResource, StoreError> {
        assert!(!self.has(Planted::Panic), "planted");
        let mut new = new;
        new.unique = self.unique(&new.resource, new.unique);
        new.key = self.key(&new.key);
        new.resource = self.kept(new.resource);
        if self.has(Planted::Upsert) && self.read(cx, &new.key).await.is_some() {
            return self.inner.update(cx, Update::new(new.key, new.resource)).await;
        }
        if self.looks_after_keys() {
            if !self.take(cx, &new.unique).await {
                return Err(StoreError::Uniqueness { attribute: "userName".to_owned() });
            }
            if self.has(Planted::KeyCheckedBefore) {
                new.unique.clear();
            }
        }
        if self.has(Planted::CreateInTwoSteps) {
            let update = Update::new(new.key.clone(), new.resource.clone());
            let update = update.with_unique(std::mem::take(&mut new.unique));
            self.inner.create(cx, new).await?;
            tokio::task::yield_now().await;
            return self.inner.update(cx, update).await;
        }
        let bare = NewResource::new(new.key.clone(), new.resource.clone());
        let outcome = self.inner.create(cx, new).await.map(|stored| self.given(stored));
        if outcome.is_err() && self.has(Planted::HalfOfCreateStays) {
            let _ = self.inner.create(cx, bare).await;
        }
        outcome
    }

    async fn get(
        &self,
        cx: &Context,
        key: &ResourceKey,
        wanted: Wanted,
    ) -> Result<StoredResource, StoreError> {
        let wanted = wanted.with_groups(wanted.groups && !self.has(Planted::GroupsNotTold));
        let found = self.inner.get(cx, &self.key(key), wanted).await;
        if found.is_err() && self.has(Planted::TenantForgottenInGet) {
            let clinic = Context::new("clinic".parse().unwrap());
            return self.inner.get(&clinic, key, wanted).await;
        }
        found
    }

    async fn list(&self, cx: &Context, query: &StoreQuery) -> Result<Page, StoreError> {
        self.faulty_list(cx, query).await
    }

    async fn update(&self, cx: &Context, update: Update) -> Result<StoredResource, StoreError> {
        let mut update = update;
        update.key = self.key(&update.key);
        update.unique = self.unique(&update.resource, update.unique);
        update.resource = self.kept(update.resource);
        let compares_late = self.has(Planted::VersionComparedBefore);
        if compares_late || self.has(Planted::VersionNotCompared) {
            if compares_late && let Some((_, version)) = self.read(cx, &update.key).await {
                if !update.expected.allows(&version) {
                    return Err(StoreError::VersionMismatch);
                }
                tokio::task::yield_now().await;
            }
            update.expected = Expected::Any;
        }
        if self.has(Planted::MembersLostOnUpdate) && update.membership == Membership::Stays {
            update.resource.attributes_mut().remove("members");
            update.membership = Membership::Given(Some("members".to_owned()));
        }
        if self.has(Planted::MembersNotReplaced) {
            update.membership = Membership::Stays;
        }
        if self.looks_after_keys() && self.has(Planted::KeyKeptOnUpdate) {
            let known = self.read(cx, &update.key).await;
            let name = |resource: &Resource| resource.text("userName").map(str::to_lowercase);
            let is_own = known.is_some_and(|(known, _)| name(&known) == name(&update.resource));
            if !is_own && !self.take(cx, &update.unique).await {
                return Err(StoreError::Uniqueness { attribute: "userName".to_owned() });
            }
        }
        let half = Update::new(update.key.clone(), update.resource.clone());
        let outcome = self.inner.update(cx, update).await.map(|stored| self.given(stored));
        match outcome {
            Err(StoreError::VersionMismatch) if self.has(Planted::MismatchIsNotFound) => {
                Err(StoreError::NotFound)
            }
            Err(error) if self.has(Planted::HalfOfUpdateStays) => {
                let _ = self.inner.update(cx, half).await;
                Err(error)
            }
            outcome => outcome,
        }
    }

    async fn delete(
        &self,
        cx: &Context,
        key: &ResourceKey,
        expected: Expected,
    ) -> Result<(), StoreError> {
        let ignores = self.has(Planted::VersionNotComparedOnDelete);
        let expected = if ignores { Expected::Any } else { expected };
        let mut groups = Vec::new();
        if self.has(Planted::DeletedMemberStays) {
            groups = self.inner.list(cx, &StoreQuery::new("Group")).await?.resources;
        }
        self.inner.delete(cx, &self.key(key), expected).await?;
        for group in groups {
            let key = ResourceKey::new("Group", group.id().parse().unwrap());
            let update = Update::new(key, group.into_resource()?)
                .with_membership(Membership::Given(Some("members".to_owned())));
            self.inner.update(cx, update).await?;
        }
        Ok(())
    }

    async fn change_membership(
        &self,
        cx: &Context,
        change: MembershipChange,
    ) -> Result<MembershipOutcome, StoreError> {
        let mut change = change;
        let mut cx = cx.clone();
        match self.planted {
            Planted::ChangesNotOffered => return Ok(MembershipOutcome::NotOffered),
            Planted::TenantForgottenInMembers => cx.tenant = "clinic".parse().unwrap(),
            Planted::ChangeNotCompared => change.expected = Expected::Any,
            Planted::ChangeWithoutTime => cx.now = scim_core::DateTime::unix_epoch(),
            Planted::SubAttributesForgotten => {
                for element in change.delta.added_mut() {
                    element.as_object_mut().unwrap().retain(|name, _| name == "value");
                }
            }
            Planted::DeltaReplaces | Planted::RemovalForgotten | Planted::ChangeByReadAndWrite => {
                return self.by_update(&cx, change).await;
            }
            _ => {}
        }
        let key = change.key.clone();
        let outcome = self.inner.change_membership(&cx, change).await?;
        if let MembershipOutcome::Unchanged(version) = &outcome
            && self.has(Planted::UnchangedIsAWrite)
            && let Some((group, _)) = self.read(&cx, &key).await
        {
            let update = Update::new(key, group).with_membership(Membership::Stays);
            self.inner.update(&cx, update).await?;
            return Ok(MembershipOutcome::Changed(version.clone()));
        }
        Ok(outcome)
    }
}

impl Faulty {
    /// A change as a store makes it that has nothing but whole documents.
    async fn by_update(
        &self,
        cx: &Context,
        change: MembershipChange,
    ) -> Result<MembershipOutcome, StoreError> {
        let Some((mut group, version)) = self.read(cx, &change.key).await else {
            return Err(StoreError::NotFound);
        };
        if !change.expected.allows(&version) {
            return Err(StoreError::VersionMismatch);
        }
        tokio::task::yield_now().await;
        let members = self.after(&change.delta, group.attributes_mut().remove("members"));
        group.attributes_mut().insert("members".to_owned(), members);
        let update = Update::new(change.key, group)
            .with_membership(Membership::Given(Some("members".to_owned())));
        let updated = self.inner.update(cx, update).await?;
        Ok(MembershipOutcome::Changed(updated.version().clone()))
    }

    fn after(&self, delta: &MembershipDelta, before: Option<Value>) -> Value {
        let mut members: Vec<_> = match before {
            Some(Value::Array(members)) if !self.has(Planted::DeltaReplaces) => members,
            _ => Vec::new(),
        };
        if delta.clears() {
            members.clear();
        }
        if !self.has(Planted::RemovalForgotten) {
            members.retain(|member| !delta.removed().any(|value| member["value"] == value));
        }
        for added in delta.added() {
            members.retain(|member| member["value"] != added["value"]);
            members.push(added.clone());
        }
        members.into()
    }
}

/// Changes a value and whatever lies in it.
fn change(value: &mut Value, to: &dyn Fn(&mut Value)) {
    to(value);
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| change(value, to)),
        Value::Object(object) => object.values_mut().for_each(|value| change(value, to)),
        _ => {}
    }
}
