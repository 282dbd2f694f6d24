//! The service provider as a cycle uses it.

mod bulk;
mod difference;
mod find;

use scim_core::{PatchOp, Resource, ResourceId};

use super::{provisioner::Side, report::ErrorCode, source::ObjectKind};
use crate::{
    client::Client,
    error::{Error, ErrorKind},
    transport::{Meter, TransportError, TransportErrorKind},
};

/// The service provider, with a count of the requests.
pub(super) struct Target<'p> {
    pub(super) client: Client,
    pub(super) meter: Meter,
    users: &'p Side,
    groups: Option<&'p Side>,
    /// How many operations go into one request, as far as it is known.
    most: Option<usize>,
}

/// A change to be sent.
#[derive(Debug)]
pub(super) enum Write {
    /// A new resource, to which others in the same batch refer by the name.
    Create {
        kind: ObjectKind,
        resource: Resource,
        name: String,
    },
    Patch {
        kind: ObjectKind,
        id: ResourceId,
        patch: PatchOp,
    },
    Delete {
        kind: ObjectKind,
        id: ResourceId,
    },
}

/// What became of a change that was sent.
#[derive(Debug)]
pub(super) enum Written {
    Created(ResourceId),
    Done,
    /// There is no such resource any more.
    Gone,
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub(super) enum ApplyError {
    #[error(transparent)]
    Request(#[from] Error),
    #[error("the mapped values do not make a resource: {0}")]
    Values(#[from] scim_core::patch::PatchError),
    #[error("the service provider gave the new resource no id")]
    NoId,
}

impl ApplyError {
    /// Whether the service provider has said that it refuses, or was not even asked.
    pub(super) fn rules_out_that_it_was_done(&self) -> bool {
        match self {
            Self::Request(error) => {
                let is_refusal = error.status().is_some_and(|status| status.is_client_error());
                let is_unsent = matches!(error.kind(), ErrorKind::Request | ErrorKind::NotDone);
                !error.is_in_doubt()
                    && (is_refusal && error.kind() != ErrorKind::Server || is_unsent)
            }
            Self::Values(_) => true,
            Self::NoId => false,
        }
    }

    pub(super) fn is_conflict(&self) -> bool {
        matches!(self, Self::Request(error) if error.is_conflict())
    }

    pub(super) fn code(&self) -> ErrorCode {
        match self {
            Self::Request(error) => ErrorCode::of(error),
            Self::Values(_) => ErrorCode::SchemaPropertyCanOnlyAcceptValue,
            Self::NoId => ErrorCode::SystemForCrossDomainIdentityManagementServiceIncompatible,
        }
    }
}

/// Whether the same is to be expected for every object: nobody can be reached, or the credentials
/// are refused.
pub(super) fn is_everyones(error: &Error) -> bool {
    error.is_unauthorized() || is_unreachable(error)
}

/// Whether there is no answer, other than one that is too long: that is one object's matter.
fn is_unreachable(error: &Error) -> bool {
    let is_too_long = |error: &TransportError| error.kind() == TransportErrorKind::BodyTooLarge;
    error.kind() == ErrorKind::Transport && !error.transport_error().is_some_and(is_too_long)
}

impl Write {
    fn kind(&self) -> ObjectKind {
        match self {
            Self::Create { kind, .. } | Self::Patch { kind, .. } | Self::Delete { kind, .. } => {
                *kind
            }
        }
    }
}

impl<'p> Target<'p> {
    pub(super) fn new(client: &Client, users: &'p Side, groups: Option<&'p Side>) -> Self {
        let meter = Meter::new();
        let client = client.with_meter(meter.clone());
        Self { client, meter, users, groups, most: None }
    }

    /// Asks what the service provider is able to do, if that could save requests.
    pub(super) async fn discover(&mut self, writes: usize) -> Result<(), Error> {
        let target = self.client.target();
        let is_unknown = target.discovery().is_none();
        if writes > 1 && is_unknown && target.offers(crate::transport::Operation::Bulk, "/Bulk") {
            match self.client.discover().await {
                Err(error) if is_everyones(&error) => {
                    return Err(error);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// How many changes go out together.
    pub(super) fn batch(&self) -> usize {
        let limits = self.client.target().bulk_limits();
        let most = limits.map_or(1, |limits| limits.max_operations.clamp(1, MOST_IN_BATCH));
        self.most.map_or(most, |learned| most.min(learned))
    }

    /// Sends changes, together if there are several; gives what became of each.
    pub(super) async fn write_all(
        &mut self,
        writes: &[&Write],
    ) -> Vec<Result<Written, ApplyError>> {
        let mut outcomes = Vec::with_capacity(writes.len());
        if writes.len() > 1 && self.client.target().bulk_limits().is_some() {
            outcomes = self.write_in_bulk(writes).await;
        } else {
            for write in writes {
                outcomes.push(self.write(write).await);
            }
        }
        for (write, outcome) in writes.iter().zip(&mut outcomes) {
            self.write_difference(write, outcome).await;
        }
        outcomes
    }

    async fn write(&self, write: &Write) -> Result<Written, ApplyError> {
        let api = self.client.dynamic(self.side(write.kind()).endpoint())?;
        match write {
            Write::Create { resource, .. } => {
                let created = match api.create(resource).await {
                    Ok(created) => created.resource.id().and_then(|id| id.parse().ok()),
                    // It is there, though what comes after the creation was not done.
                    Err(error) => match error.created().cloned() {
                        Some(id) => Some(id),
                        None => return Err(error.into()),
                    },
                };
                created.map(Written::Created).ok_or(ApplyError::NoId)
            }
            Write::Patch { id, patch, .. } => {
                gone_or_done(api.patch(id).operations(patch).await.map(|_| ()))
            }
            Write::Delete { id, .. } => gone_or_done(api.delete(id).await),
        }
    }

    pub(super) fn side(&self, kind: ObjectKind) -> &'p Side {
        match (kind, self.groups) {
            (ObjectKind::Group, Some(groups)) => groups,
            _ => self.users,
        }
    }
}

/// More than this are not kept in mind at once, whatever the service provider takes.
const MOST_IN_BATCH: usize = 1000;

fn gone_or_done(outcome: Result<(), Error>) -> Result<Written, ApplyError> {
    match outcome {
        Ok(()) => Ok(Written::Done),
        Err(error) if error.is_not_found() => Ok(Written::Gone),
        Err(error) => Err(error.into()),
    }
}
