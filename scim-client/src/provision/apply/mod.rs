//! Sends what was planned, and counts the requests.

use scim_core::{
    Filter, PatchOp, Resource, ResourceId, Tolerances, filter::CompareValue, patch::PatchPath,
};
use serde_json::{Map, Value};

use super::{Provisioner, state::Values};
use crate::error::{Error, ErrorKind};

/// The service provider, as a cycle uses it.
pub(super) struct Target<'p> {
    job: &'p Provisioner,
    pub(super) reads: u64,
    pub(super) writes: u64,
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub(super) enum ApplyError {
    #[error(transparent)]
    Request(#[from] Error),
    #[error("the mapped values do not make a resource: {0}")]
    Values(#[from] scim_core::patch::PatchError),
    #[error("no matching attribute has a value")]
    NoMatchingValue,
    #[error("the service provider gave the new resource no id")]
    NoId,
}

impl ApplyError {
    /// Whether the service provider has said that it refuses, or was not even asked.
    pub(super) fn rules_out_that_it_was_done(&self) -> bool {
        match self {
            Self::Request(error) => {
                let is_refusal = error.status().is_some_and(|status| status.is_client_error());
                is_refusal && error.kind() != ErrorKind::Server
            }
            Self::Values(_) | Self::NoMatchingValue => true,
            Self::NoId => false,
        }
    }
}

impl<'p> Target<'p> {
    pub(super) fn new(job: &'p Provisioner) -> Self {
        Self { job, reads: 0, writes: 0 }
    }

    /// The resources that match by the first matching attribute that finds any.
    pub(super) async fn candidates(
        &mut self,
        values: &Values,
    ) -> Result<Vec<Resource>, ApplyError> {
        let mut had_value = false;
        for path in self.job.mapping.matching() {
            let Some(value) = values.get(&path.to_string()).and_then(literal) else { continue };
            let Some(filter) = equals(path, value) else { continue };
            had_value = true;
            let found = self.find(filter).await?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        if had_value { Ok(Vec::new()) } else { Err(ApplyError::NoMatchingValue) }
    }

    /// The resources that match, or the first ones if there are several: one on a page of its own
    /// does not pass for the only one.
    async fn find(&mut self, filter: Filter) -> Result<Vec<Resource>, ApplyError> {
        let list = self.job.api.list().filter(filter);
        self.reads += 1;
        let first = list.clone().first_page().await?;
        let mut found = first.resources;
        if found.len() == 1 && first.total_results.is_some_and(|total| total > 1) {
            self.reads += 1;
            let second = list.start_index(2).first_page().await?.resources;
            let is_new =
                |resource: &Resource| found.iter().all(|first| first.id() != resource.id());
            let second: Vec<Resource> = second.into_iter().filter(is_new).collect();
            found.extend(second);
        }
        Ok(found)
    }

    pub(super) async fn create(&mut self, values: &Values) -> Result<ResourceId, ApplyError> {
        let mut patch = PatchOp::new();
        for (target, value) in values {
            // A target is a path because a mapping printed it.
            if let Ok(next) = patch.clone().add(target, value.clone()) {
                patch = next;
            }
        }
        let empty = Resource::from_canonical(Map::new());
        let resource =
            empty.patched(&patch, &self.job.schema, Tolerances::default())?.into_resource();
        self.writes += 1;
        let created = self.job.api.create(&resource).await?;
        created.resource.id().and_then(|id| id.parse().ok()).ok_or(ApplyError::NoId)
    }

    pub(super) async fn patch(
        &mut self,
        id: &ResourceId,
        patch: PatchOp,
    ) -> Result<(), ApplyError> {
        self.writes += 1;
        self.job.api.patch(id).operations(&patch).await?;
        Ok(())
    }
}

fn literal(value: &Value) -> Option<CompareValue> {
    match value {
        Value::String(text) => Some(CompareValue::from(text.as_str())),
        Value::Bool(boolean) => Some(CompareValue::from(*boolean)),
        Value::Number(number) => number.as_i64().map(CompareValue::from),
        _ => None,
    }
}

/// The filter for a path of a mapping: `userName`, or `emails[type eq "work"].value`.
fn equals(path: &PatchPath, value: CompareValue) -> Option<Filter> {
    let attribute = path.attribute()?;
    match (path.filter(), path.sub_attribute()) {
        (None, _) => Filter::eq(attribute.as_str(), value).ok(),
        (Some(filter), Some(sub)) => {
            let inner = filter.clone().and(Filter::eq(sub, value).ok()?);
            Filter::value_path(attribute.as_str(), inner).ok()
        }
        (Some(_), None) => None,
    }
}
