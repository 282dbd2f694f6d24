//! A service provider that answers from memory, keeps the requests, and fails as it is told.

use std::{
    fmt,
    sync::{Arc, LazyLock, Mutex, MutexGuard},
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, Response};
use percent_encoding::percent_decode_str;
use scim_client::{
    Client, Filter, ListResponse, PatchOp, Resource, Transport, TransportError,
    scim_core::{ErrorResponse, ResourceSchema, SchemaRegistry, ScimType, Tolerance, Tolerances},
    target::{Feature, Profile},
    transport::{Operation, TransportErrorKind},
};
use serde_json::{Map, Value, json};

use crate::script::{self, answer};

pub(super) const TOKEN: &str = "AQ-3.fT-token-of-the-realm";

/// Clones are the same service provider.
#[derive(Clone)]
pub(super) struct Provider(Arc<Mutex<Inner>>);

struct Inner {
    schema: Arc<ResourceSchema>,
    users: Vec<Map<String, Value>>,
    last_id: u64,
    is_unique: bool,
    tolerances: Tolerances,
    page: usize,
    requests: Vec<Sent>,
    fault: Box<Rule>,
}

type Rule = dyn Fn(usize, &Sent) -> Option<Fault> + Send;

/// A request as it came.
#[derive(Clone)]
pub(super) struct Sent {
    pub(super) method: Method,
    pub(super) id: Option<String>,
    pub(super) filter: Option<String>,
    pub(super) body: Value,
    start: usize,
}

/// How a request fails.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    /// No connection: nothing is done.
    Connect,
    /// It is done, and the answer gets lost.
    Interrupted,
    /// It is done, and the answer is too long.
    TooLong,
    /// Refused with this status: nothing is done.
    Status(u16),
    /// Refused because of a value that must be unique: nothing is done.
    Uniqueness,
    /// Somebody else creates a user of the same name just before.
    Rival,
}

impl Provider {
    pub(super) fn new() -> Self {
        static SCHEMA: LazyLock<Arc<ResourceSchema>> =
            LazyLock::new(|| Arc::clone(SchemaRegistry::standard().resource_type("User").unwrap()));
        Self(Arc::new(Mutex::new(Inner {
            schema: Arc::clone(&SCHEMA),
            users: Vec::new(),
            last_id: 0,
            is_unique: true,
            tolerances: Tolerances::default(),
            page: 100,
            requests: Vec::new(),
            fault: Box::new(|_, _| None),
        })))
    }

    /// One that lets several users have the same `userName`.
    pub(super) fn without_uniqueness(self) -> Self {
        self.inner().is_unique = false;
        self
    }

    /// One that makes no element where the filter of a path has found none.
    pub(super) fn without_upserts(self) -> Self {
        let tolerances = Tolerances::default().without(Tolerance::FilteredPathUpsert);
        self.inner().tolerances = tolerances;
        self
    }

    /// One that gives no more users than this on a page.
    pub(super) fn with_page(self, users: usize) -> Self {
        self.inner().page = users;
        self
    }

    pub(super) fn client(&self) -> Client {
        let mut profile = Profile::rfc();
        profile.refused.push(Feature::new(Operation::Bulk));
        Client::builder("https://scim.example.com/v2")
            .bearer_token(TOKEN)
            .profile(profile)
            .transport(self.clone())
            .build()
            .unwrap()
    }

    /// Fails requests by their number from now on, counted from 0, and by what they are.
    pub(super) fn fail(&self, rule: impl Fn(usize, &Sent) -> Option<Fault> + Send + 'static) {
        let mut inner = self.inner();
        inner.requests.clear();
        inner.fault = Box::new(rule);
    }

    pub(super) fn recover(&self) {
        self.fail(|_, _| None);
    }

    /// A user that somebody else makes.
    pub(super) fn add(&self, user: Value) -> String {
        let Value::Object(user) = user else { panic!("a user is an object") };
        self.inner().insert(user)
    }

    /// Somebody else deletes a user.
    pub(super) fn delete(&self, user_name: &str) {
        self.inner().users.retain(|user| user["userName"] != user_name);
    }

    pub(super) fn users(&self) -> Vec<Map<String, Value>> {
        self.inner().users.clone()
    }

    pub(super) fn user(&self, user_name: &str) -> Value {
        let users = self.users();
        let mut found = users.into_iter().filter(|user| user["userName"] == user_name);
        let user = found.next().unwrap_or_else(|| panic!("{user_name} is missing"));
        assert_eq!(found.next(), None, "{user_name} is there twice");
        Value::Object(user)
    }

    pub(super) fn id(&self, user_name: &str) -> String {
        self.user(user_name)["id"].as_str().unwrap().to_owned()
    }

    /// The requests since they were last taken.
    pub(super) fn take(&self) -> Vec<Sent> {
        std::mem::take(&mut self.inner().requests)
    }

    /// The same as lines.
    pub(super) fn take_lines(&self) -> Vec<String> {
        self.take().iter().map(ToString::to_string).collect()
    }

    /// The operations of the PATCH requests since they were last taken, and nothing else came.
    pub(super) fn take_operations(&self) -> Vec<Value> {
        let operations = self.take().into_iter().map(|sent| {
            assert_eq!(sent.method, Method::PATCH, "{sent}");
            sent.body["Operations"].clone()
        });
        operations.collect()
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }
}

#[async_trait]
impl Transport for Provider {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let authorization = request.headers()["authorization"].to_str().unwrap();
        assert_eq!(authorization, format!("Bearer {TOKEN}"));
        self.inner().send(Sent::new(&request))
    }
}

impl Inner {
    fn send(&mut self, sent: Sent) -> Result<Response<Bytes>, TransportError> {
        let fault = (self.fault)(self.requests.len(), &sent);
        self.requests.push(sent.clone());
        let broken = |kind| Err(TransportError::new(kind, "as told"));
        match fault {
            None => Ok(self.answer(sent)),
            Some(Fault::Connect) => broken(TransportErrorKind::Connect),
            Some(Fault::Interrupted) => {
                self.answer(sent);
                broken(TransportErrorKind::Interrupted)
            }
            Some(Fault::TooLong) => {
                self.answer(sent);
                broken(TransportErrorKind::BodyTooLarge)
            }
            Some(Fault::Rival) => {
                let rival = json!({"userName": sent.body["userName"], "nickName": "the rival's"});
                let Value::Object(rival) = rival else { panic!("it is an object") };
                self.insert(rival);
                Ok(self.answer(sent))
            }
            Some(Fault::Status(status)) => Ok(error(&ErrorResponse::new(status))),
            Some(Fault::Uniqueness) => Ok(taken()),
        }
    }

    fn answer(&mut self, sent: Sent) -> Response<Bytes> {
        match (sent.method.as_str(), sent.id) {
            ("GET", None) => self.list(sent.filter.as_deref(), sent.start),
            ("GET", Some(id)) => self.get(&id),
            ("POST", None) => self.create(sent.body),
            ("PATCH", Some(id)) => self.patch(&id, sent.body),
            (method, _) => panic!("the engine does not send {method}"),
        }
    }

    fn list(&self, filter: Option<&str>, start: usize) -> Response<Bytes> {
        let filter =
            filter.map(|filter| filter.parse::<Filter>().unwrap().bind(&self.schema).unwrap());
        let matches =
            |user: &&Map<String, Value>| filter.as_ref().is_none_or(|filter| filter.matches(*user));
        let found: Vec<_> = self.users.iter().filter(matches).collect();
        let total = u64::try_from(found.len()).unwrap();
        let page = found.into_iter().skip(start - 1).take(self.page).collect();
        let page = ListResponse::new(page, total, u64::try_from(start).unwrap());
        script::json(200, &serde_json::to_value(page).unwrap())
    }

    fn get(&self, id: &str) -> Response<Bytes> {
        match self.users.iter().find(|user| user["id"] == id) {
            Some(user) => script::json(200, &Value::Object(user.clone())),
            None => error(&ErrorResponse::new(404)),
        }
    }

    fn create(&mut self, body: Value) -> Response<Bytes> {
        let user = match Resource::read(body, &self.schema, Tolerances::strict()) {
            Ok(user) => user.into_attributes(),
            Err(_) => return error(&ErrorResponse::new(400)),
        };
        if self.is_taken(&user, None) {
            return taken();
        }
        let id = self.insert(user);
        let user = self.users.iter().find(|user| user["id"] == *id).unwrap();
        script::json(201, &Value::Object(user.clone()))
    }

    fn patch(&mut self, id: &str, body: Value) -> Response<Bytes> {
        let Some(place) = self.users.iter().position(|user| user["id"] == id) else {
            return error(&ErrorResponse::new(404));
        };
        let patch = PatchOp::read(body, Tolerances::strict()).unwrap();
        let user = Resource::from_canonical(self.users[place].clone());
        let patched = match user.patched(&patch, &self.schema, self.tolerances) {
            Ok(patched) => patched,
            Err(refusal) => {
                return error(&ErrorResponse::new(400).with_scim_type(refusal.scim_type()));
            }
        };
        let user = patched.into_resource().into_attributes();
        if self.is_taken(&user, Some(id)) {
            return taken();
        }
        self.users[place] = user;
        answer(204, "")
    }

    fn insert(&mut self, mut user: Map<String, Value>) -> String {
        self.last_id += 1;
        let id = format!("u{}", self.last_id);
        user.insert("id".to_owned(), id.as_str().into());
        self.users.push(user);
        id
    }

    fn is_taken(&self, user: &Map<String, Value>, id: Option<&str>) -> bool {
        let name = |user: &Map<String, Value>| user["userName"].as_str().unwrap().to_lowercase();
        let others = self.users.iter().filter(|user| user["id"].as_str() != id);
        self.is_unique && others.map(name).any(|other| other == name(user))
    }
}

impl Sent {
    fn new(request: &Request<Bytes>) -> Self {
        let id = request.uri().path().strip_prefix("/v2/Users").unwrap();
        let query = request.uri().query().unwrap_or_default();
        let parameter = |name: &str| {
            let mut parameters = query.split('&').filter_map(|parameter| parameter.split_once('='));
            let (_, value) = parameters.find(|(key, _)| *key == name)?;
            Some(percent_decode_str(value).decode_utf8().unwrap().into_owned())
        };
        Self {
            method: request.method().clone(),
            id: id.strip_prefix('/').map(str::to_owned),
            filter: parameter("filter"),
            body: serde_json::from_slice(request.body()).unwrap_or_default(),
            start: parameter("startIndex").map_or(1, |start| start.parse().unwrap()),
        }
    }

    /// Whether it is about this user: by `userName` in a filter or a body.
    pub(super) fn names(&self, user_name: &str) -> bool {
        let is_in_filter = self.filter.as_ref().is_some_and(|filter| filter.contains(user_name));
        is_in_filter || self.body["userName"] == user_name
    }
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.method)?;
        match (&self.id, &self.filter, self.body["userName"].as_str()) {
            (Some(id), ..) => write!(f, " {id}"),
            (_, Some(filter), _) => write!(f, " {filter}"),
            (.., name) => write!(f, " {}", name.unwrap_or_default()),
        }
    }
}

fn taken() -> Response<Bytes> {
    error(&ErrorResponse::new(409).with_scim_type(ScimType::Uniqueness))
}

fn error(error: &ErrorResponse) -> Response<Bytes> {
    script::json(error.status().unwrap(), &serde_json::to_value(error).unwrap())
}
