use std::collections::HashMap;

use http::StatusCode;
use percent_encoding::percent_decode_str;
use scim_core::{
    BulkRequest, BulkResponse, PatchOp, Resource, ResourceId,
    bulk::{BulkId, BulkMethod, BulkOperation, BulkOperationResponse, Step},
};
use serde_json::Value;

use super::{
    BulkOutcome, BulkReport,
    answers::matched,
    chunk::{Chunk, message},
};
use crate::{
    client::Client,
    error::{Error, ErrorKind},
    protocol::{Answer, Request},
    target::BulkLimits,
    transport::Operation,
};

/// The endpoint of RFC 7644 §3.7.
pub(super) const ENDPOINT: &str = "/Bulk";

/// Does the operations, in as few requests as there can be.
pub(super) async fn send(client: Client, request: BulkRequest) -> Result<BulkReport, Error> {
    let limits = limits(&client).await?;
    let fail_on_errors = request.fail_on_errors();
    let outcomes = request.operations().iter().map(BulkOutcome::of).collect();
    let mut run = Run {
        client,
        limits,
        fail_on_errors,
        report: BulkReport { outcomes, requests: 0 },
        ids: HashMap::new(),
        chunk: Chunk::default(),
    };
    run.all(request).await;
    Ok(run.report)
}

/// The limits of a request, which are asked for where nobody knows.
async fn limits(client: &Client) -> Result<Option<BulkLimits>, Error> {
    let target = client.target();
    if target.offers(Operation::Bulk, ENDPOINT) && target.discovery().is_none() {
        client.discover().await?;
    }
    Ok(target.bulk_limits())
}

/// The operations on their way.
struct Run {
    client: Client,
    /// The limits of a request; none where there is no bulk.
    limits: Option<BulkLimits>,
    fail_on_errors: Option<u64>,
    report: BulkReport,
    /// The resources that were created, by their names; none where that went wrong.
    ids: HashMap<BulkId, Option<ResourceId>>,
    /// What goes into the next request.
    chunk: Chunk,
}

/// What stands in the way of an operation.
#[derive(Debug, thiserror::Error)]
enum Obstacle {
    #[error("it refers to a `bulkId` that no operation creates")]
    Unknown,
    #[error("the resource that it refers to was not created")]
    NotCreated,
    #[error("there were as many errors before it as `failOnErrors` allows")]
    FailOnErrors,
    #[error("the service provider did not answer it")]
    NotAnswered,
}

impl Run {
    async fn all(&mut self, request: BulkRequest) {
        if self.fits(&request) {
            for (index, operation) in request.into_operations().into_iter().enumerate() {
                self.chunk.push(index, operation);
            }
            return self.flush().await;
        }
        let steps = request.steps();
        let mut operations: Vec<Option<BulkOperation>> =
            request.into_operations().into_iter().map(Some).collect();
        let mut postponed: HashMap<usize, BulkOperation> = HashMap::new();
        for step in steps {
            let (index, operation) = match step {
                Step::Do(index) => (index, take(&mut operations, index)),
                Step::Begin { index, later } => {
                    let mut begun = take(&mut operations, index);
                    let rest = begun.as_mut().map(|begun| begun.postpone(&later));
                    postponed.extend(rest.map(|rest| (index, rest)));
                    (index, begun)
                }
                Step::Complete(index) => (index, postponed.remove(&index)),
                Step::Refuse(index) => {
                    self.fail(index, not_done(Obstacle::Unknown));
                    continue;
                }
                _ => continue,
            };
            if let Some(operation) = operation {
                self.add(index, operation).await;
            }
        }
        self.flush().await;
    }

    /// Whether all goes into one request, as it is.
    fn fits(&self, request: &BulkRequest) -> bool {
        let Some(limits) = self.limits else { return false };
        let mut chunk = Chunk::default();
        request.operations().iter().enumerate().all(|(index, operation)| {
            let fits = chunk.has_room_for(operation, limits);
            chunk.push(index, operation.clone());
            fits
        })
    }

    /// Puts an operation into the next request, which is sent before if there is no room, or if a
    /// resource in the path is to be created by it.
    async fn add(&mut self, index: usize, mut operation: BulkOperation) {
        let needs_id = operation.method() != BulkMethod::Post
            && operation.references().iter().any(|bulk_id| {
                self.chunk.creates(bulk_id) && operation.path().as_str().ends_with(bulk_id.as_str())
            });
        if needs_id {
            self.flush().await;
        }
        if let Err(obstacle) = self.resolve(&mut operation) {
            return self.fail(index, not_done(obstacle));
        }
        let Some(limits) = self.limits else { return self.one(index, operation).await };
        if !self.chunk.has_room_for(&operation, limits) {
            self.flush().await;
            if let Err(obstacle) = self.resolve(&mut operation) {
                return self.fail(index, not_done(obstacle));
            }
            if !self.chunk.has_room_for(&operation, limits) {
                return self.one(index, operation).await;
            }
        }
        self.chunk.push(index, operation);
    }

    /// Puts in the ids that are known; what the same request creates stays a reference.
    fn resolve(&self, operation: &mut BulkOperation) -> Result<(), Obstacle> {
        let mut ids = HashMap::new();
        for bulk_id in operation.references() {
            let id = match self.ids.get(&bulk_id) {
                Some(Some(id)) => id.clone(),
                // The reference itself, as if it were an id.
                None if self.chunk.creates(&bulk_id) => {
                    bulk_id.to_reference().parse().map_err(|_| Obstacle::NotCreated)?
                }
                Some(None) | None => return Err(Obstacle::NotCreated),
            };
            ids.insert(bulk_id, id);
        }
        operation.resolve(|bulk_id| ids.get(bulk_id)).map_err(|_| Obstacle::Unknown)
    }

    /// Sends what is in the request.
    async fn flush(&mut self) {
        let chunk = std::mem::take(&mut self.chunk);
        if chunk.is_empty() {
            return;
        }
        let (places, operations) = chunk.into_parts();
        let Ok(left) = self.errors_left() else {
            for place in places {
                self.fail(place, not_done(Obstacle::FailOnErrors));
            }
            return;
        };
        self.report.requests += 1;
        let answers = match self.request(&operations, left).await {
            Ok(answers) => matched(&operations, answers.into_operations()),
            Err(error) => return self.failed(&places, &error),
        };
        let stopped = left.is_some() && answers.iter().flatten().any(|answer| !answer.is_success());
        for ((place, operation), answer) in places.into_iter().zip(&operations).zip(answers) {
            match answer {
                Some(answer) => self.answered(place, operation, &answer),
                None if stopped => self.fail(place, not_done(Obstacle::FailOnErrors)),
                // Nobody can tell.
                None => self.fail(place, not_done(Obstacle::NotAnswered).with_doubt(true)),
            }
        }
    }

    async fn request(
        &self,
        operations: &[BulkOperation],
        fail_on_errors: Option<u64>,
    ) -> Result<BulkResponse, Error> {
        let request = Request::new(Operation::Bulk, ENDPOINT);
        let request = request.with_body(&message(operations, fail_on_errors))?;
        self.client.send(request).await?.message()
    }

    /// A whole request has failed: each of its operations has, in the same way.
    fn failed(&mut self, places: &[usize], error: &Error) {
        for place in places {
            self.fail(*place, error.of_part());
        }
    }

    fn answered(&mut self, place: usize, sent: &BulkOperation, answer: &BulkOperationResponse) {
        let status = answer.status().and_then(|status| StatusCode::from_u16(status).ok());
        let body = answer.response().map(Value::to_string).unwrap_or_default();
        let error = match status {
            Some(status) => refusal(sent, status, body),
            None => Some(not_done(Obstacle::NotAnswered).with_doubt(true)),
        };
        let id = answer.response().and_then(|body| body.get("id")?.as_str()?.parse().ok());
        let id = id.or_else(|| id_of_location(answer.location()?));
        let location = answer.location().map(str::to_owned);
        if let Some(outcome) = self.report.outcomes.get_mut(place) {
            outcome.status = status;
            outcome.location = location.or_else(|| outcome.location.take());
            outcome.version = answer.version().cloned();
            outcome.id = id.or_else(|| outcome.id.take());
        }
        match error {
            Some(error) => self.fail(place, error),
            None => self.created(place),
        }
    }

    /// Takes note of what a creation has made.
    fn created(&mut self, place: usize) {
        let Some(outcome) = self.report.outcomes.get(place) else { return };
        if let (BulkMethod::Post, Some(bulk_id)) = (outcome.method(), outcome.bulk_id()) {
            self.ids.insert(bulk_id.clone(), outcome.id.clone());
        }
    }

    fn fail(&mut self, place: usize, error: Error) {
        let Some(outcome) = self.report.outcomes.get_mut(place) else { return };
        if let (BulkMethod::Post, Some(bulk_id)) = (outcome.method(), outcome.bulk_id()) {
            self.ids.entry(bulk_id.clone()).or_insert(None);
        }
        outcome.error = Some(match &outcome.id {
            Some(id) => error.with_created(Some(id.clone())),
            None => error,
        });
    }

    /// How many more errors may come; `Err` if none may.
    fn errors_left(&self) -> Result<Option<u64>, ()> {
        let Some(allowed) = self.fail_on_errors else { return Ok(None) };
        let outcomes = self.report.outcomes.iter();
        let errors = outcomes.filter(|outcome| !outcome.is_success()).count();
        let left = allowed.saturating_sub(u64::try_from(errors).unwrap_or(u64::MAX));
        if left == 0 { Err(()) } else { Ok(Some(left)) }
    }

    /// Sends an operation by itself.
    async fn one(&mut self, place: usize, operation: BulkOperation) {
        if self.errors_left().is_err() {
            return self.fail(place, not_done(Obstacle::FailOnErrors));
        }
        self.report.requests += 1;
        match alone(&self.client, operation).await {
            Ok(done) => {
                if let Some(outcome) = self.report.outcomes.get_mut(place) {
                    outcome.status = Some(done.status);
                    outcome.id = done.id.or_else(|| outcome.id.take());
                    outcome.location = done.location.or_else(|| outcome.location.take());
                    outcome.version = done.version;
                }
                self.created(place);
            }
            Err(error) => {
                if let Some(outcome) = self.report.outcomes.get_mut(place) {
                    outcome.status = error.status();
                }
                self.fail(place, error);
            }
        }
    }
}

/// What an operation by itself has done.
struct Done {
    status: StatusCode,
    id: Option<ResourceId>,
    location: Option<String>,
    version: Option<scim_core::ResourceVersion>,
}

async fn alone(client: &Client, operation: BulkOperation) -> Result<Done, Error> {
    let method = operation.method();
    let (endpoint, id) = match operation.path().resource() {
        Some((endpoint, id)) if method != BulkMethod::Post => (endpoint.to_owned(), decoded(id)),
        _ => (operation.path().as_str().to_owned(), None),
    };
    let api = client.dynamic(endpoint.as_str())?;
    let version = operation.version().cloned();
    let data = operation.into_data().unwrap_or_default();
    let missing = || Request::new(Operation::Bulk, &endpoint).error(ErrorKind::Request);
    let of = |status, read: crate::protocol::Versioned<Resource>| Done {
        status,
        id: read.resource.id().and_then(|id| id.parse().ok()),
        location: read.location,
        version: read.version,
    };
    match (method, id) {
        (BulkMethod::Post, _) => {
            let resource = Resource::from_canonical(data);
            Ok(of(StatusCode::CREATED, api.create(&resource).await?))
        }
        (BulkMethod::Put, Some(id)) => {
            let resource = Resource::from_canonical(data);
            let replace = api.replace(&id, &resource);
            let replaced = match version {
                Some(version) => replace.if_match(version).await?,
                None => replace.await?,
            };
            Ok(of(StatusCode::OK, replaced))
        }
        (BulkMethod::Patch, Some(id)) => {
            let patch: PatchOp =
                serde_json::from_value(Value::Object(data)).map_err(|_| missing())?;
            let request = api.patch(&id).operations(&patch);
            let patched = match version {
                Some(version) => request.if_match(version).await?,
                None => request.await?,
            };
            Ok(Done {
                status: StatusCode::OK,
                id: Some(id),
                location: None,
                version: patched.version,
            })
        }
        (BulkMethod::Delete, Some(id)) => {
            let delete = api.delete(&id);
            match version {
                Some(version) => delete.if_match(version).await?,
                None => delete.await?,
            }
            Ok(Done { status: StatusCode::NO_CONTENT, id: Some(id), location: None, version: None })
        }
        (_, None) => Err(missing()),
    }
}

/// The error of an operation that was answered with that status, if it is one.
fn refusal(sent: &BulkOperation, status: StatusCode, body: String) -> Option<Error> {
    let operation = match sent.method() {
        BulkMethod::Post => Operation::Create,
        BulkMethod::Put => Operation::Replace,
        BulkMethod::Patch => Operation::Patch,
        BulkMethod::Delete => Operation::Delete,
    };
    let resource = sent.path().resource().filter(|_| operation != Operation::Create);
    let endpoint = resource.map_or_else(|| sent.path().as_str(), |(endpoint, _)| endpoint);
    let id = resource.and_then(|(_, id)| decoded(id));
    let mut response = http::Response::new(body.into());
    *response.status_mut() = status;
    let request = Request::new(operation, endpoint).with_id(id);
    Answer::new(request, response, crate::protocol::Told::default()).err()
}

fn not_done(obstacle: Obstacle) -> Error {
    let request = Request::new(Operation::Bulk, ENDPOINT);
    request.error(ErrorKind::NotDone).with_source(obstacle)
}

fn take(operations: &mut [Option<BulkOperation>], index: usize) -> Option<BulkOperation> {
    operations.get_mut(index)?.take()
}

fn decoded(id: &str) -> Option<ResourceId> {
    percent_decode_str(id).decode_utf8().ok()?.parse().ok()
}

fn id_of_location(location: &str) -> Option<ResourceId> {
    decoded(location.trim_end_matches('/').rsplit('/').next()?)
}
