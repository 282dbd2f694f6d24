use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use super::{AuditEvent, AuditOutcome, AuditSink, Changes};
use crate::{
    auth::OperationKind,
    error::{Error, to_response},
    request_id::RequestId,
    tenant::Tenant,
};

/// What is known of a request so far, and where its writes are taken down.
#[derive(Clone)]
pub(crate) struct Trail(Arc<Inner>);

struct Inner {
    sink: Option<Arc<dyn AuditSink>>,
    request_id: RequestId,
    tenant: OnceLock<Tenant>,
    principal: OnceLock<String>,
    has_recorded: AtomicBool,
}

/// A write, as far as it is known.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Write<'w> {
    pub(crate) operation: Option<OperationKind>,
    pub(crate) resource_type: Option<&'w str>,
    pub(crate) id: Option<&'w str>,
}

impl Trail {
    pub(crate) fn new(request_id: RequestId, sink: Option<Arc<dyn AuditSink>>) -> Self {
        Self(Arc::new(Inner {
            sink,
            request_id,
            tenant: OnceLock::new(),
            principal: OnceLock::new(),
            has_recorded: AtomicBool::new(false),
        }))
    }

    pub(crate) fn request_id(&self) -> &RequestId {
        &self.0.request_id
    }

    pub(crate) fn note_principal(&self, name: &str) {
        // A request has one.
        let _ = self.0.principal.set(name.to_owned());
    }

    pub(crate) fn note_tenant(&self, tenant: &Tenant) {
        let _ = self.0.tenant.set(tenant.clone());
    }

    /// Whether somebody takes down what changes.
    pub(crate) fn is_audited(&self) -> bool {
        self.0.sink.is_some()
    }

    /// What changed, if anybody wants to know.
    pub(crate) fn changes(&self, changes: impl FnOnce() -> Changes) -> Changes {
        self.0.sink.as_ref().map(|_| changes()).unwrap_or_default()
    }

    /// Whether a write of the request has been taken down.
    pub(crate) fn has_recorded(&self) -> bool {
        self.0.has_recorded.load(Ordering::Relaxed)
    }

    /// Takes down a write: what it changed (nothing, if it was as it should be), or why it was
    /// not done.
    pub(crate) fn record(&self, write: Write<'_>, outcome: Result<Option<&Changes>, &Error>) {
        self.0.has_recorded.store(true, Ordering::Relaxed);
        let Some(sink) = &self.0.sink else { return };
        let nothing = Changes::default();
        let changes = outcome.ok().flatten().unwrap_or(&nothing);
        let event = AuditEvent {
            request_id: &self.0.request_id,
            tenant: self.0.tenant.get(),
            principal: self.0.principal.get().map(String::as_str),
            operation: write.operation,
            resource_type: write.resource_type,
            id: write.id,
            outcome: match outcome {
                Ok(Some(_)) => AuditOutcome::Changed,
                Ok(None) => AuditOutcome::Unchanged,
                Err(error) => refused(error),
            },
            changed: &changes.attributes,
            members_added: &changes.members_added,
            members_removed: &changes.members_removed,
        };
        if catch_unwind(AssertUnwindSafe(|| sink.record(&event))).is_err() {
            tracing::error!("the audit sink panicked");
        }
    }
}

fn refused(error: &Error) -> AuditOutcome {
    let (status, response) = to_response(error);
    AuditOutcome::Refused { status: status.as_u16(), scim_type: response.scim_type().cloned() }
}

impl fmt::Debug for Trail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trail").field("request_id", &self.0.request_id).finish_non_exhaustive()
    }
}
