use http::StatusCode;
use scim_core::{
    ResourceId, ResourceVersion,
    bulk::{BulkId, BulkMethod, BulkOperation},
};

use crate::error::Error;

/// What became of the operations of a bulk request.
#[derive(Debug)]
pub struct BulkReport {
    pub(super) outcomes: Vec<BulkOutcome>,
    pub(super) requests: u64,
}

/// What became of one operation.
#[derive(Debug)]
pub struct BulkOutcome {
    method: BulkMethod,
    bulk_id: Option<BulkId>,
    pub(super) id: Option<ResourceId>,
    pub(super) location: Option<String>,
    pub(super) version: Option<ResourceVersion>,
    pub(super) status: Option<StatusCode>,
    pub(super) error: Option<Error>,
}

impl BulkReport {
    /// What became of the operations, in the order in which they were given.
    pub fn outcomes(&self) -> &[BulkOutcome] {
        &self.outcomes
    }

    /// The same, without a copy.
    pub fn into_outcomes(self) -> Vec<BulkOutcome> {
        self.outcomes
    }

    /// Whether all operations were done.
    pub fn is_success(&self) -> bool {
        self.outcomes.iter().all(BulkOutcome::is_success)
    }

    /// How many requests it took; that of [`Client::discover`](crate::Client::discover) not counted.
    pub fn requests(&self) -> u64 {
        self.requests
    }
}

impl BulkOutcome {
    /// An operation that nothing is known of yet.
    pub(super) fn of(operation: &BulkOperation) -> Self {
        Self {
            method: operation.method(),
            bulk_id: operation.bulk_id().cloned(),
            id: None,
            location: None,
            version: None,
            status: None,
            error: None,
        }
    }

    /// What was to be done.
    pub fn method(&self) -> BulkMethod {
        self.method
    }

    /// The name that the operation was given.
    pub fn bulk_id(&self) -> Option<&BulkId> {
        self.bulk_id.as_ref()
    }

    /// The resource.
    pub fn id(&self) -> Option<&ResourceId> {
        self.id.as_ref()
    }

    /// The URI of the resource.
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    /// The version of the resource.
    pub fn version(&self) -> Option<&ResourceVersion> {
        self.version.as_ref()
    }

    /// The status that the operation was answered with; none if it was not answered.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// Whether it was done.
    pub fn is_success(&self) -> bool {
        self.error.is_none()
    }

    /// Why it was not done; [`ErrorKind::NotDone`](crate::ErrorKind::NotDone) if it was not tried.
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// The same, without a copy.
    pub fn into_error(self) -> Option<Error> {
        self.error
    }
}
