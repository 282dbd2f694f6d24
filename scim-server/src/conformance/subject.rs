use std::{
    future::poll_fn,
    sync::Arc,
    task::{Context as TaskContext, Poll},
};

use futures_util::future::{BoxFuture, FutureExt as _, join_all};
use scim_core::{
    BoundFilter, DateTime, Filter, Resource,
    patch::MembershipDelta,
    query::{BoundSort, Sort, SortOrder},
};

use super::{
    documents::{self, document_of, key, last_modified, membership_of, new, schema, update},
    fault::{Fault, done, ensure},
    naive::carried_out,
    offers::Offers,
};
use crate::{
    context::Context,
    store::touch::touched,
    store::{
        Expected, MembershipChange, MembershipOutcome, Page, ResourceStore, StoreError, StoreQuery,
        StoredResource, Wanted,
    },
    tenant::Tenant,
};

pub(super) type Spawn = Arc<dyn Fn(BoxFuture<'static, ()>) + Send + Sync>;

/// A store that is held to a rule, in one tenant; a clone is the same store.
#[derive(Clone)]
pub(super) struct Subject {
    pub(super) store: Arc<dyn ResourceStore>,
    pub(super) cx: Context,
    pub(super) seed: u64,
    offers: Arc<Offers>,
    spawn: Option<Spawn>,
}

impl Subject {
    pub(super) fn new(
        store: Arc<dyn ResourceStore>,
        offers: Arc<Offers>,
        spawn: Option<Spawn>,
        seed: u64,
    ) -> Result<Self, Fault> {
        Ok(Self { store, cx: context("clinic")?, seed, offers, spawn })
    }

    /// The same store in another tenant.
    pub(super) fn in_tenant(&self, tenant: &str) -> Result<Self, Fault> {
        Ok(Self { cx: context(tenant)?, ..self.clone() })
    }

    /// The same store at another time.
    pub(super) fn at(mut self, now: DateTime) -> Self {
        self.cx.now = now;
        self
    }

    pub(super) fn offers(&self) -> &Offers {
        &self.offers
    }

    /// The document without what the store does not keep.
    pub(super) fn kept(&self, mut resource: Resource) -> Resource {
        resource.attributes_mut().retain(|name, _| self.offers.keeps(name));
        let schemas = resource.attributes_mut().get_mut("schemas").and_then(|s| s.as_array_mut());
        if let Some(schemas) = schemas {
            let is_kept = |uri: &str| uri.contains(":core:") || self.offers.keeps(uri);
            schemas.retain(|uri| uri.as_str().is_some_and(is_kept));
        }
        resource
    }

    pub(super) async fn create(&self, resource: &Resource) -> Result<StoredResource, Fault> {
        let created = self.try_create(resource).await?;
        done(created, format!("create of `{}`", resource.id().unwrap_or_default()))
    }

    pub(super) async fn try_create(
        &self,
        resource: &Resource,
    ) -> Result<Result<StoredResource, StoreError>, Fault> {
        Ok(self.store.create(&self.cx, new(resource)?).await)
    }

    pub(super) async fn update(&self, resource: &Resource) -> Result<StoredResource, Fault> {
        let updated = self.try_update(resource).await?;
        done(updated, format!("update of `{}`", resource.id().unwrap_or_default()))
    }

    pub(super) async fn try_update(
        &self,
        resource: &Resource,
    ) -> Result<Result<StoredResource, StoreError>, Fault> {
        Ok(self.store.update(&self.cx, update(resource)?).await)
    }

    pub(super) async fn get(&self, resource_type: &str, id: &str) -> Result<StoredResource, Fault> {
        done(self.try_get(resource_type, id, Wanted::ALL).await?, format!("get of `{id}`"))
    }

    pub(super) async fn try_get(
        &self,
        resource_type: &str,
        id: &str,
        wanted: Wanted,
    ) -> Result<Result<StoredResource, StoreError>, Fault> {
        Ok(self.store.get(&self.cx, &key(resource_type, id)?, wanted).await)
    }

    /// The document as it is now, with all that is wanted.
    pub(super) async fn read(&self, resource_type: &str, id: &str) -> Result<Resource, Fault> {
        document_of(&self.get(resource_type, id).await?)
    }

    pub(super) async fn delete(&self, resource_type: &str, id: &str) -> Result<(), Fault> {
        let outcome = self.try_delete(resource_type, id, Expected::Any).await?;
        done(outcome, format!("delete of `{id}`"))
    }

    pub(super) async fn try_delete(
        &self,
        resource_type: &str,
        id: &str,
        expected: Expected,
    ) -> Result<Result<(), StoreError>, Fault> {
        Ok(self.store.delete(&self.cx, &key(resource_type, id)?, expected).await)
    }

    pub(super) async fn list(&self, query: &StoreQuery) -> Result<Page, Fault> {
        done(self.store.list(&self.cx, query).await, "list")
    }

    /// Everything of a type, in the store's order.
    pub(super) async fn all(&self, resource_type: &str) -> Result<Page, Fault> {
        self.list(&query(resource_type)).await
    }

    /// The ids of all that match a filter, as with all hints so without any.
    pub(super) async fn found(
        &self,
        resource_type: &str,
        filter: &str,
    ) -> Result<Vec<String>, Fault> {
        let mut query = query(resource_type);
        query.filter = Some(bound(resource_type, filter)?);
        let hinted = self.list(&query).await?;
        (query.unique, query.membership) = (Vec::new(), None);
        let plain = self.list(&query).await?;
        if ids(&hinted) != ids(&plain) {
            return Err(Fault::new(format!("`{filter}` finds other resources with hints")));
        }
        for page in [&hinted, &plain] {
            ensure(page.total == u64::try_from(page.resources.len()).ok(), || {
                format!("`{filter}` has a total of {:?}", page.total)
            })?;
            ensure(page.next.is_none(), || "a page by offset tells a next position".to_owned())?;
        }
        Ok(ids(&plain))
    }

    /// Changes members alone, or else reads the group and updates it, as the service does.
    pub(super) async fn change_members(
        &self,
        id: &str,
        delta: &MembershipDelta,
        expected: Expected,
    ) -> Result<Result<MembershipOutcome, StoreError>, Fault> {
        let key = key(documents::GROUP, id)?;
        let change = MembershipChange::new(key.clone(), "members", delta.clone());
        let change = change.with_expected(expected.clone());
        match self.store.change_membership(&self.cx, change).await {
            Ok(MembershipOutcome::NotOffered) => {}
            outcome => return Ok(outcome),
        }
        loop {
            let stored = match self.store.get(&self.cx, &key, Wanted::ALL).await {
                Ok(stored) => stored,
                Err(error) => return Ok(Err(error)),
            };
            if !expected.allows(stored.version()) {
                return Ok(Err(StoreError::VersionMismatch));
            }
            let before = document_of(&stored)?;
            let after = carried_out(delta, &before);
            if after == before {
                return Ok(Ok(MembershipOutcome::Unchanged(stored.version().clone())));
            }
            let after = touched(after, last_modified(&before).ok(), self.cx.now);
            let update = update(&after)?.with_expected(Expected::Version(stored.version().clone()));
            match self.store.update(&self.cx, update).await {
                Err(StoreError::VersionMismatch) if expected == Expected::Any => give_way().await,
                outcome => {
                    let changed = |stored: StoredResource| stored.version().clone();
                    return Ok(outcome.map(|stored| MembershipOutcome::Changed(changed(stored))));
                }
            }
        }
    }

    /// Does things at once: on the caller's executor if there is one, and else in turns.
    pub(super) async fn at_once<T: Send + 'static>(
        &self,
        tasks: Vec<BoxFuture<'static, Result<T, Fault>>>,
    ) -> Result<Vec<T>, Fault> {
        let Some(spawn) = &self.spawn else {
            return join_all(tasks).await.into_iter().collect();
        };
        let handles: Vec<_> = tasks
            .into_iter()
            .map(|task| {
                let (remote, handle) = task.remote_handle();
                spawn(remote.boxed());
                handle
            })
            .collect();
        join_all(handles).await.into_iter().collect()
    }
}

/// Everything of a type, with the hints that the service gives.
pub(super) fn query(resource_type: &str) -> StoreQuery {
    let mut query = StoreQuery::new(resource_type);
    query.membership = membership_of(resource_type);
    if resource_type == documents::USER {
        query.unique = vec!["userName".to_owned()];
    }
    query
}

pub(super) fn bound(resource_type: &str, filter: &str) -> Result<BoundFilter, Fault> {
    let fault = |error: &dyn std::error::Error| Fault::new(format!("`{filter}`: {error}"));
    let filter: Filter = filter.parse().map_err(|error| fault(&error))?;
    let schema = schema(resource_type)?;
    filter.bind(&schema).map_err(|error| fault(&error))
}

pub(super) fn sorted_by(
    resource_type: &str,
    path: &str,
    order: SortOrder,
) -> Result<BoundSort, Fault> {
    let fault = |error: &dyn std::error::Error| Fault::new(format!("`{path}`: {error}"));
    let path = path.parse().map_err(|error| fault(&error))?;
    let schema = schema(resource_type)?;
    Sort::by(path).with_order(order).bind(&schema).map_err(|error| fault(&error))
}

pub(super) fn ids(page: &Page) -> Vec<String> {
    page.resources.iter().map(|stored| stored.id().to_owned()).collect()
}

/// Polls a future so many times, or until it is done, and drops it.
pub(super) async fn drop_after<T>(polls: usize, mut call: BoxFuture<'_, T>) {
    for _ in 0..polls {
        let poll = |cx: &mut TaskContext<'_>| Poll::Ready(call.as_mut().poll(cx).is_ready());
        if poll_fn(poll).await {
            return;
        }
        give_way().await;
    }
}

/// Lets others go first.
pub(super) async fn give_way() {
    let mut has_given = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut has_given, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

fn context(tenant: &str) -> Result<Context, Fault> {
    let tenant: Tenant = tenant.parse().map_err(|_| Fault::new("no name of a tenant"))?;
    Ok(Context::new(tenant))
}
