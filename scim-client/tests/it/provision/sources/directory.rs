//! A SCIM service provider to read from.

use std::sync::{Arc, LazyLock, Mutex, MutexGuard};

use bytes::Bytes;
use http::{Request, Response};
use percent_encoding::percent_decode_str;
use scim_client::{
    Client, Filter, ListResponse,
    provision::{SourceObject, source::ObjectKind},
    scim_core::{
        ErrorResponse,
        schema::{ResourceSchema, SchemaRegistry},
    },
    transport::InProcessTransport,
};
use serde_json::{Map, Value, json};

use crate::script::{answer, json as json_answer};

/// Clones are the same.
#[derive(Clone)]
pub(super) struct Directory(Arc<Mutex<Inner>>);

struct Inner {
    resources: Vec<(ObjectKind, Map<String, Value>)>,
    page: usize,
    requests: Vec<String>,
    sorts: bool,
    /// Before that request, counted from now, what happens.
    event: Option<(usize, Event)>,
}

#[derive(Clone, Copy)]
pub(super) enum Event {
    /// The first resource is deleted.
    Deletion,
    /// There is no answer from then on.
    Failure,
    /// It is not found, and nobody who speaks SCIM says so.
    NoScim,
}

impl Directory {
    pub(super) fn new(page: usize) -> Self {
        let inner =
            Inner { resources: Vec::new(), page, requests: Vec::new(), sorts: true, event: None };
        Self(Arc::new(Mutex::new(inner)))
    }

    pub(super) fn client(&self) -> Client {
        let directory = self.clone();
        let service = InProcessTransport::new(move |request: Request<Bytes>| {
            let answer = directory.inner().answer(&request);
            async move { answer }
        });
        Client::builder("https://scim.example.com/v2").transport(service).build().unwrap()
    }

    /// Puts a resource in, or in the place of the one before.
    pub(super) fn put(&self, kind: ObjectKind, id: &str, last_modified: &str, more: Value) {
        let mut resource = json!({
            "id": id,
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "meta": {"lastModified": last_modified},
        });
        if kind == ObjectKind::Group {
            resource["schemas"] = json!(["urn:ietf:params:scim:schemas:core:2.0:Group"]);
        } else {
            resource["userName"] = json!(id);
        }
        let (Value::Object(mut resource), Value::Object(more)) = (resource, more) else {
            panic!("a resource is an object")
        };
        resource.extend(more);
        self.delete(id);
        self.inner().resources.push((kind, resource));
    }

    pub(super) fn delete(&self, id: &str) {
        self.inner().resources.retain(|(_, resource)| resource["id"] != id);
    }

    /// What a source makes of a resource without complex attributes.
    pub(super) fn object(&self, id: &str) -> SourceObject {
        let inner = self.inner();
        let found = inner.resources.iter().find(|(_, resource)| resource["id"] == id);
        let (kind, resource) = found.unwrap();
        let object = match kind {
            ObjectKind::Group => SourceObject::group(id),
            _ => SourceObject::new(id),
        };
        let members = resource.get("members").and_then(Value::as_array).into_iter().flatten();
        let members: Vec<&str> = members.map(|member| member["value"].as_str().unwrap()).collect();
        let object = object
            .with_members(members)
            .with_active(resource.get("active") != Some(&json!(false)))
            .with_attribute("meta.lastModified", resource["meta"]["lastModified"].clone());
        resource
            .iter()
            .fold(object, |object, (name, value)| object.with_attribute(name, value.clone()))
    }

    pub(super) fn refuse_to_sort(&self) {
        self.inner().sorts = false;
    }

    /// Has something happen before a request, counted from 0.
    pub(super) fn before(&self, request: usize, event: Event) {
        let mut inner = self.inner();
        inner.requests.clear();
        inner.event = Some((request, event));
    }

    pub(super) fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut self.inner().requests)
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }
}

impl Inner {
    fn answer(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        let uri = request.uri();
        let query = percent_decode_str(uri.query().unwrap_or_default()).decode_utf8().unwrap();
        let path = uri.path().trim_start_matches("/v2");
        self.requests.push(format!("{path} {query}").trim_end().to_owned());
        match self.event {
            Some((number, Event::Deletion)) if number + 1 == self.requests.len() => {
                self.resources.remove(0);
            }
            Some((number, Event::Failure)) if number < self.requests.len() => return refuse(500),
            Some((number, Event::NoScim)) if number < self.requests.len() => {
                return answer(404, "<html>");
            }
            _ => {}
        }
        let parameter = |name: &str| {
            let mut parameters = query.split('&').filter_map(|parameter| parameter.split_once('='));
            parameters.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
        };
        let (kind, id) = match path.trim_start_matches('/').split_once('/') {
            Some(("Users", id)) => (ObjectKind::User, Some(id)),
            Some(("Groups", id)) => (ObjectKind::Group, Some(id)),
            _ if path == "/Groups" => (ObjectKind::Group, None),
            _ => (ObjectKind::User, None),
        };
        let resources = self.resources.iter().filter(|(its_kind, _)| *its_kind == kind);
        let mut resources: Vec<&Map<String, Value>> = resources.map(|(_, r)| r).collect();
        if let Some(id) = id {
            let found = resources.into_iter().find(|resource| resource["id"] == id);
            return match found {
                Some(found) => json_answer(200, &Value::Object(found.clone())),
                None => refuse(404),
            };
        }
        if let Some(filter) = parameter("filter") {
            let filter = filter.parse::<Filter>().unwrap().bind(&schema()).unwrap();
            resources.retain(|resource| filter.matches(*resource));
        }
        if parameter("sortBy").is_some() {
            if !self.sorts {
                return refuse(400);
            }
            resources.sort_by_key(|resource| resource["meta"]["lastModified"].to_string());
            resources.reverse();
        }
        let number = |name: &str| parameter(name).map(|text| text.parse::<usize>().unwrap());
        let start = number("startIndex").unwrap_or(1);
        let count = number("count").unwrap_or(self.page).min(self.page);
        let total = u64::try_from(resources.len()).unwrap();
        let page = resources.into_iter().skip(start - 1).take(count).cloned().collect();
        let page = ListResponse::new(page, total, u64::try_from(start).unwrap());
        json_answer(200, &serde_json::to_value(page).unwrap())
    }
}

fn schema() -> Arc<ResourceSchema> {
    static SCHEMA: LazyLock<Arc<ResourceSchema>> =
        LazyLock::new(|| Arc::clone(SchemaRegistry::standard().resource_type("User").unwrap()));
    Arc::clone(&SCHEMA)
}

fn refuse(status: u16) -> Response<Bytes> {
    json_answer(status, &serde_json::to_value(ErrorResponse::new(status)).unwrap())
}
