use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    future::poll_fn,
    iter::Peekable,
    task::Poll,
    vec,
};

use percent_encoding::percent_decode_str;
use scim_core::{
    BulkRequest, BulkResponse, ResourceId, ResourceSchema, ResourceVersion,
    bulk::{
        BulkId, BulkMethod, BulkOperation, BulkOperationResponse, BulkPath, Step, UnusableOperation,
    },
    query::Projection,
    resource::Precondition,
};
use serde_json::Value;

use super::meter::{Meter, size};
use crate::{
    audit,
    auth::OperationKind,
    error::{Error, to_response},
    operation::{Operations, Preconditions, Target, Write, Written},
    service::{location::location, respond, route::Routed},
    store::{StoreError, StoredResource},
};

/// A bulk request while it is being done.
///
/// Operations are named by their places among those that can be done; the answers, by the places
/// in the request.
pub(super) struct Run<'r> {
    operations: &'r Operations,
    meter: &'r Meter,
    routed: &'r Routed<'r>,
    steps: vec::IntoIter<Step>,
    waiting: Vec<Option<BulkOperation>>,
    /// Where in the request the operations stand.
    places: Vec<usize>,
    unusable: Peekable<vec::IntoIter<UnusableOperation>>,
    begun: HashMap<usize, Begun>,
    ids: HashMap<BulkId, ResourceId>,
    answers: BTreeMap<usize, BulkOperationResponse>,
    errors_left: u64,
}

/// A resource that has been created without what refers to later ones.
struct Begun {
    operation: BulkOperation,
    rest: BulkOperation,
    done: Done,
}

/// What an operation asks for.
struct Prepared<'r> {
    schema: &'r ResourceSchema,
    /// The resource; a new one has no id yet.
    id: Option<String>,
    preconditions: Preconditions,
    body: Value,
}

/// What became of an operation that succeeded.
struct Done {
    status: u16,
    location: String,
    version: Option<ResourceVersion>,
}

impl<'r> Run<'r> {
    pub(super) fn new(
        operations: &'r Operations,
        meter: &'r Meter,
        routed: &'r Routed<'r>,
        request: BulkRequest,
        unusable: Vec<UnusableOperation>,
    ) -> Self {
        let count = request.operations().len() + unusable.len();
        let mut gaps = unusable.iter().map(UnusableOperation::index).peekable();
        let places = (0..count).filter(|place| gaps.next_if_eq(place).is_none()).collect();
        Self {
            operations,
            meter,
            routed,
            steps: request.steps().into_iter(),
            places,
            unusable: unusable.into_iter().peekable(),
            begun: HashMap::new(),
            ids: HashMap::new(),
            answers: BTreeMap::new(),
            errors_left: request.fail_on_errors().unwrap_or(u64::MAX),
            waiting: request.into_operations().into_iter().map(Some).collect(),
        }
    }

    /// Does what there is to do, and tells what became of it.
    pub(super) async fn finish(mut self) -> BulkResponse {
        while let Some(step) = self.steps.next() {
            match step {
                // A reference to what nothing creates cannot be resolved, which is an error.
                Step::Do(index) | Step::Refuse(index) => self.start(index, &[]).await,
                Step::Begin { index, later } => self.start(index, &later).await,
                Step::Complete(index) => self.complete(index).await,
                _ => {}
            }
            give_way().await;
        }
        self.refuse_unusable_before(usize::MAX);
        self.answers.into_values().fold(BulkResponse::new(), BulkResponse::with_operation)
    }

    /// Does an operation, but for what refers to resources that come later.
    async fn start(&mut self, index: usize, later: &[BulkId]) {
        let place = self.places.get(index).copied().unwrap_or_default();
        self.refuse_unusable_before(place);
        let operation = self.waiting.get_mut(index).and_then(Option::take);
        let Some(mut operation) = operation.filter(|_| self.errors_left > 0) else { return };
        let rest = (!later.is_empty()).then(|| operation.postpone(later));
        let answer = match self.perform(&mut operation).await {
            Ok(done) => {
                let answer = done.answer(&operation);
                self.begun.extend(rest.map(|rest| (index, Begun { operation, rest, done })));
                answer
            }
            Err(error) => {
                let answer =
                    self.failed(&error, |status| BulkOperationResponse::to(&operation, status));
                match self.location(&operation) {
                    Some(location) => answer.with_location(location),
                    None => answer,
                }
            }
        };
        self.answers.insert(place, answer);
    }

    /// Puts into a resource what it was created without, also when there were too many errors
    /// since: what has been begun is not left half done.
    async fn complete(&mut self, index: usize) {
        let place = self.places.get(index).copied().unwrap_or_default();
        let Some(Begun { operation, mut rest, done }) = self.begun.remove(&index) else { return };
        let answer = match self.perform(&mut rest).await {
            Ok(completed) => Done { version: completed.version, ..done }.answer(&operation),
            // The resource stays, since others may refer to it by now, and the client is told where.
            Err(error) => {
                let answer =
                    self.failed(&error, |status| BulkOperationResponse::to(&operation, status));
                done.place(answer)
            }
        };
        self.answers.insert(place, answer);
    }

    fn refuse_unusable_before(&mut self, place: usize) {
        while let Some(operation) = self.unusable.next_if(|operation| operation.index() < place) {
            if self.errors_left == 0 {
                return;
            }
            let place = operation.index();
            let error = Error::UnusableOperation(operation.clone());
            self.take_down(operation.method(), &error);
            let answer = self
                .failed(&error, |status| BulkOperationResponse::to_unusable(&operation, status));
            self.answers.insert(place, answer);
        }
    }

    fn failed(
        &mut self,
        error: &Error,
        answer: impl FnOnce(u16) -> BulkOperationResponse,
    ) -> BulkOperationResponse {
        self.errors_left = self.errors_left.saturating_sub(1);
        respond::log(error);
        let (status, response) = to_response(error);
        let response = serde_json::to_value(&response).unwrap_or_default();
        answer(status.as_u16()).with_response(response)
    }

    async fn perform(&mut self, operation: &mut BulkOperation) -> Result<Done, Error> {
        let Prepared { schema, id, preconditions, body } = match self.prepare(operation) {
            Ok(prepared) => prepared,
            Err(error) => {
                self.take_down(Some(operation.method()), &error);
                return Err(error);
            }
        };
        let projection = Projection::new();
        let target = |id| Target { schema, id, preconditions, projection, is_shown: false };
        let write = match (operation.method(), id.as_deref()) {
            (BulkMethod::Put, Some(id)) => Write::Replace { target: target(id), body },
            (BulkMethod::Patch, Some(id)) => Write::Patch { target: target(id), body },
            (BulkMethod::Delete, Some(id)) => Write::Delete { target: target(id) },
            _ => Write::Create { schema, projection: Projection::new(), body },
        };
        let written = self.operations.write(&self.routed.cx, write).await?;
        let stored = written.resource().map(|shown| &shown.stored);
        let id = id.as_deref().or_else(|| stored.map(StoredResource::id)).unwrap_or_default();
        let done = Done {
            status: respond::status(&written).as_u16(),
            location: location(&self.routed.base, schema, id),
            version: stored.map(|stored| stored.version().clone()),
        };
        if let (Written::Created(_), Some(bulk_id)) = (&written, operation.bulk_id()) {
            self.ids.insert(bulk_id.clone(), id.parse().map_err(StoreError::internal)?);
        }
        Ok(done)
    }

    /// Finds out what a request of its own would ask for.
    fn prepare(&self, operation: &mut BulkOperation) -> Result<Prepared<'r>, Error> {
        let limits = &self.operations.limits;
        if self.meter.bytes() >= limits.bulk_work {
            return Err(Error::TooMuchWork);
        }
        operation.resolve(|bulk_id| self.ids.get(bulk_id))?;
        let data = operation.take_data().unwrap_or_default();
        if size(&data) > limits.body {
            return Err(Error::BodyTooLarge { limit: limits.body });
        }
        let (schema, id) = self.route(operation).ok_or(Error::NotFound)?;
        let id = id.map(Cow::into_owned);
        let preconditions = preconditions(operation.version())?;
        Ok(Prepared { schema, id, preconditions, body: Value::Object(data) })
    }

    /// Takes down an operation that was refused before anything was asked of a resource.
    fn take_down(&self, method: Option<BulkMethod>, error: &Error) {
        let operation = method.map(|method| match method {
            BulkMethod::Post => OperationKind::Create,
            BulkMethod::Put => OperationKind::Replace,
            BulkMethod::Patch => OperationKind::Patch,
            BulkMethod::Delete => OperationKind::Delete,
        });
        let write = audit::Write { operation, ..audit::Write::default() };
        self.routed.cx.trail.record(write, Err(error));
    }

    /// The URL of the resource that an operation is about, if there is one before it is done.
    fn location(&self, operation: &BulkOperation) -> Option<String> {
        let (schema, id) = self.route(operation)?;
        let id = id.filter(|id| !id.starts_with("bulkId:"))?;
        Some(location(&self.routed.base, schema, &id))
    }

    /// What the path of an operation leads to.
    fn route<'o>(
        &self,
        operation: &'o BulkOperation,
    ) -> Option<(&'r ResourceSchema, Option<Cow<'o, str>>)> {
        let path: &BulkPath = operation.path();
        let (endpoint, id) = match operation.method() {
            BulkMethod::Post => (path.as_str(), None),
            _ => path.resource().map(|(endpoint, id)| (endpoint, Some(id)))?,
        };
        let schema = self.operations.registry.endpoint(endpoint)?;
        let id = id.map(|id| percent_decode_str(id).decode_utf8()).transpose().ok()?;
        Some((schema, id))
    }
}

impl Done {
    fn answer(&self, operation: &BulkOperation) -> BulkOperationResponse {
        self.place(BulkOperationResponse::to(operation, self.status))
    }

    /// The answer with where the resource is, and what it is.
    fn place(&self, answer: BulkOperationResponse) -> BulkOperationResponse {
        let answer = answer.with_location(self.location.clone());
        match &self.version {
            Some(version) => answer.with_version(version.clone()),
            None => answer,
        }
    }
}

/// RFC 7644 §3.7: `version` is what `If-Match` is to a request of its own.
fn preconditions(version: Option<&ResourceVersion>) -> Result<Preconditions, Error> {
    let if_match = version.map(|version| Precondition::if_match(version.as_str())).transpose();
    let if_match =
        if_match.map_err(|source| Error::PreconditionSyntax { field: "version", source })?;
    Ok(Preconditions { if_match, if_none_match: None })
}

/// Lets other tasks run, in whatever runtime.
async fn give_way() {
    let mut has_waited = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut has_waited, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
