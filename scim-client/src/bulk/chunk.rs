use scim_core::bulk::{BulkId, BulkOperation, BulkRequest};
use serde_json::json;

use crate::target::BulkLimits;

/// The operations of one request that is being put together.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    /// The operations with their places in the whole.
    operations: Vec<(usize, BulkOperation)>,
    bytes: usize,
}

impl Chunk {
    /// Room for the message around the operations.
    const ENVELOPE: usize = 128;

    pub(super) fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// Whether one more operation goes in.
    pub(super) fn has_room_for(&self, operation: &BulkOperation, limits: BulkLimits) -> bool {
        let bytes = self.bytes.saturating_add(length(operation)).saturating_add(Self::ENVELOPE);
        self.operations.len() < limits.max_operations && bytes <= limits.max_payload_size
    }

    pub(super) fn push(&mut self, index: usize, operation: BulkOperation) {
        self.bytes = self.bytes.saturating_add(length(&operation));
        self.operations.push((index, operation));
    }

    /// Whether the resource of that name is created by this request.
    pub(super) fn creates(&self, bulk_id: &BulkId) -> bool {
        self.operations.iter().any(|(_, operation)| operation.bulk_id() == Some(bulk_id))
    }

    /// The places of the operations, and the operations.
    pub(super) fn into_parts(self) -> (Vec<usize>, Vec<BulkOperation>) {
        self.operations.into_iter().unzip()
    }
}

/// The message with those operations.
pub(super) fn message(operations: &[BulkOperation], fail_on_errors: Option<u64>) -> BulkRequest {
    let mut request = BulkRequest::new();
    if let Some(errors) = fail_on_errors {
        request = request.with_fail_on_errors(errors);
    }
    operations.iter().cloned().fold(request, BulkRequest::with_operation)
}

/// How long the operation is on the wire, with the comma behind it.
fn length(operation: &BulkOperation) -> usize {
    json!(operation).to_string().len().saturating_add(1)
}
