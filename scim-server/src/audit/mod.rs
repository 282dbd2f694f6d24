//! What happened to resources, for those who must be able to tell later.

mod changes;
mod trail;

use scim_core::ScimType;

pub(crate) use changes::Changes;
pub(crate) use trail::{Trail, Write};

use crate::{auth::OperationKind, request_id::RequestId, tenant::Tenant};

/// Takes down every write, whether it took effect or was refused.
///
/// It is called once for each write, also for each one of a bulk request, after the store has
/// answered and before the client gets to know. A write that asked for what was there already is
/// taken down as [`AuditOutcome::Unchanged`]; reads are not taken down.
///
/// The call comes from the task that answers the request: a sink that writes to a disk or a
/// network hands the event over to somebody else. If it panics, the answer goes out all the same.
///
/// ```
/// use std::sync::Mutex;
/// use scim_server::audit::{AuditEvent, AuditSink};
///
/// #[derive(Default)]
/// struct Journal(Mutex<Vec<String>>);
///
/// impl AuditSink for Journal {
///     fn record(&self, event: &AuditEvent<'_>) {
///         let who = event.principal.unwrap_or("nobody");
///         let line = format!("{} {who} {:?} {:?}", event.request_id, event.id, event.outcome);
///         self.0.lock().unwrap().push(line);
///     }
/// }
/// ```
pub trait AuditSink: Send + Sync + 'static {
    /// Takes down what happened.
    fn record(&self, event: &AuditEvent<'_>);
}

/// A write, without a value of the resource.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuditEvent<'e> {
    /// The request.
    pub request_id: &'e RequestId,
    /// The tenant, if the request got so far.
    pub tenant: Option<&'e Tenant>,
    /// The name of the principal, if it is known.
    pub principal: Option<&'e str>,
    /// What was asked, if the request got so far.
    pub operation: Option<OperationKind>,
    /// The name of the resource type, if the request got so far.
    pub resource_type: Option<&'e str>,
    /// The resource, if the request got so far and it has an identifier.
    pub id: Option<&'e str>,
    /// What came of it.
    pub outcome: AuditOutcome,
    /// The paths of the attributes that have other values now; of a deleted resource, none.
    pub changed: &'e [String],
    /// The identifiers of the members that came. One that was there already may be among them,
    /// where a store adds members without a look at the others.
    pub members_added: &'e [String],
    /// The identifiers of the members that went, or were not there in the first place.
    pub members_removed: &'e [String],
}

/// What came of a write.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum AuditOutcome {
    /// It took effect.
    Changed,
    /// The resource was as it should be.
    Unchanged,
    /// It was not done.
    Refused {
        /// The HTTP status that tells why.
        status: u16,
        /// The detail code that tells why.
        scim_type: Option<ScimType>,
    },
}
