use percent_encoding::utf8_percent_encode;
use scim_core::{
    PatchOp, ResourceId,
    bulk::{BulkOperation, BulkPath},
};

use super::{ApplyError, Target, Write, Written, gone_or_done};
use crate::{
    bulk::{Bulk, BulkOutcome},
    error::{Error, ErrorKind},
    protocol::{RESERVED, Request},
    target::adapt::{adapt_patch, adapt_resource},
    transport::Operation,
};

impl Target<'_> {
    /// Sends changes in as few requests as the service provider takes.
    ///
    /// What it finds too long is sent again in halves; nothing of it was done.
    pub(super) async fn write_in_bulk(
        &mut self,
        writes: &[&Write],
    ) -> Vec<Result<Written, ApplyError>> {
        let mut outcomes: Vec<Option<Result<Written, ApplyError>>> = Vec::new();
        outcomes.resize_with(writes.len(), || None);
        let mut operations = Vec::new();
        let mut places = Vec::new();
        for (place, write) in writes.iter().enumerate() {
            match self.operations(write) {
                Ok(mine) => {
                    places.extend(std::iter::repeat_n(place, mine.len()));
                    operations.extend(mine);
                }
                Err(error) => set(&mut outcomes, place, Err(error)),
            }
        }
        let bulk = operations.into_iter().fold(self.client.bulk(), Bulk::operation);
        match bulk.await {
            Ok(report) => {
                for (place, outcome) in places.into_iter().zip(report.into_outcomes()) {
                    add(&mut outcomes, place, written(outcome));
                }
            }
            Err(error) => {
                for place in places {
                    set(&mut outcomes, place, Err(error.of_part().into()));
                }
            }
        }
        let is_too_long = |outcome: &Option<Result<Written, ApplyError>>| {
            matches!(outcome, Some(Err(ApplyError::Request(error)))
                if error.kind() == ErrorKind::TooLarge)
        };
        if writes.len() > 1 && outcomes.iter().all(is_too_long) {
            return Box::pin(self.write_in_halves(writes)).await;
        }
        let unanswered = || Err(ApplyError::NoId);
        outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(unanswered)).collect()
    }

    async fn write_in_halves(&mut self, writes: &[&Write]) -> Vec<Result<Written, ApplyError>> {
        let half = writes.len() / 2;
        self.most = Some(half.max(1));
        let (first, rest) = writes.split_at(half);
        let mut outcomes = self.write_all(first).await;
        outcomes.extend(self.write_all(rest).await);
        outcomes
    }

    /// The operations of a change: one, or several where the service provider takes a PATCH in
    /// parts.
    fn operations(&self, write: &Write) -> Result<Vec<BulkOperation>, ApplyError> {
        let endpoint = self.side(write.kind()).endpoint();
        let request = |operation| Request::new(operation, endpoint);
        let refused = |operation: Operation, source: Box<dyn std::error::Error + Send + Sync>| {
            request(operation).error(ErrorKind::Request).with_source(source)
        };
        match write {
            Write::Create { resource, name, .. } => {
                let mut data = resource.attributes().clone();
                adapt_resource(self.client.profile(), endpoint, &mut data)
                    .map_err(|error| refused(Operation::Create, error.into()))?;
                let name = name.parse().map_err(|_| ApplyError::NoId)?;
                Ok(vec![BulkOperation::post(path(endpoint, None)?, name, data)])
            }
            Write::Patch { id, patch, .. } => {
                let patches = adapt_patch(self.client.profile(), patch)
                    .map_err(|error| refused(Operation::Patch, error.into()))?;
                let path = path(endpoint, Some(id))?;
                let data = |patch: &PatchOp| request(Operation::Patch).attributes(patch, &[]);
                let operations = patches
                    .iter()
                    .map(|patch| Ok(BulkOperation::patch(path.clone(), data(patch)?)));
                operations.collect()
            }
            Write::Delete { id, .. } => Ok(vec![BulkOperation::delete(path(endpoint, Some(id))?)]),
        }
    }
}

fn path(endpoint: &str, id: Option<&ResourceId>) -> Result<BulkPath, ApplyError> {
    let path = match id {
        Some(id) => format!("{endpoint}/{}", utf8_percent_encode(id.as_str(), RESERVED)),
        None => endpoint.to_owned(),
    };
    path.parse().map_err(|_| Error::new(ErrorKind::Request).into())
}

fn written(outcome: BulkOutcome) -> Result<Written, ApplyError> {
    let is_creation = outcome.method() == scim_core::bulk::BulkMethod::Post;
    let id = outcome.id().cloned();
    match (outcome.into_error(), id) {
        (None, Some(id)) if is_creation => Ok(Written::Created(id)),
        (None, None) if is_creation => Err(ApplyError::NoId),
        (Some(_), Some(id)) if is_creation => Ok(Written::Created(id)),
        (Some(error), _) if is_creation => Err(error.into()),
        (None, _) => gone_or_done(Ok(())),
        (Some(error), _) => gone_or_done(Err(error)),
    }
}

fn set(
    outcomes: &mut [Option<Result<Written, ApplyError>>],
    place: usize,
    outcome: Result<Written, ApplyError>,
) {
    if let Some(slot) = outcomes.get_mut(place) {
        *slot = Some(outcome);
    }
}

/// Of several operations of one change, what went wrong counts.
fn add(
    outcomes: &mut [Option<Result<Written, ApplyError>>],
    place: usize,
    outcome: Result<Written, ApplyError>,
) {
    let Some(slot) = outcomes.get_mut(place) else { return };
    if matches!(slot, None | Some(Ok(Written::Done))) {
        *slot = Some(outcome);
    }
}
