//! A service provider that is as particular as AWS IAM Identity Center.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, Response};
use percent_encoding::percent_decode_str;
use scim_client::{
    PatchOp, Transport, TransportError,
    scim_core::{
        Filter, Resource, SchemaRegistry, Tolerances,
        filter::{CompareOp, CompareValue, Expression},
        patch::{PatchOperation, PatchOperationKind},
    },
};
use serde_json::{Map, Value, json};

/// What it says no to, with the status.
pub(super) struct Refusal(pub(super) u16);

const REFUSED: Refusal = Refusal(400);

type Answer = Result<(u16, Value), Refusal>;

#[derive(Clone, Default)]
pub(crate) struct Aws(Arc<Mutex<State>>);

#[derive(Default)]
pub(super) struct State {
    pub(super) users: BTreeMap<String, Map<String, Value>>,
    pub(super) groups: BTreeMap<String, Group>,
    /// Each request with the status of its answer.
    pub(super) log: Vec<(String, u16)>,
    /// Every so many requests there are too many.
    pub(super) throttles_each: Option<usize>,
    given: usize,
}

#[derive(Default)]
pub(super) struct Group {
    pub(super) attributes: Map<String, Value>,
    pub(super) members: BTreeSet<String>,
}

impl Aws {
    pub(super) const BASE: &str =
        "https://scim.eu-west-1.amazonaws.com/Fictional-Tenant-0001/scim/v2";
    pub(super) const TOKEN: &str = "fictional-token-0005";
    const PAGE: usize = 100;

    pub(super) fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

#[async_trait]
impl Transport for Aws {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let mut state = self.state();
        let line = format!("{} {}", request.method(), request.uri().path());
        let line = line.replace("/Fictional-Tenant-0001/scim/v2", "");
        let place = state.log.len() + 1;
        let is_too_many = state.throttles_each.is_some_and(|each| place.is_multiple_of(each));
        let answer = if is_too_many { Err(Refusal(429)) } else { state.answer(&request) };
        let (status, body) = answer.unwrap_or_else(|Refusal(status)| (status, error(status)));
        state.log.push((line, status));
        let body = if status == 204 { Bytes::new() } else { Bytes::from(body.to_string()) };
        let builder = Response::builder().status(status);
        Ok(builder.header("content-type", "application/json").body(body).unwrap())
    }
}

fn error(status: u16) -> Value {
    let uri = "urn:ietf:params:scim:api:messages:2.0:Error";
    json!({
        "schema": [uri], "schemas": [uri], "detail": "Request is unparsable", "status": status.to_string(),
        "exceptionRequestId": "3d1b1c84-0000-0000-0000-000000000000", "timeStamp": "2026-01-01 00:00:00.000",
    })
}

impl State {
    fn answer(&mut self, request: &Request<Bytes>) -> Answer {
        let expected = format!("Bearer {}", Aws::TOKEN);
        if request.headers().get("authorization").is_none_or(|token| *token != *expected) {
            return Err(Refusal(401));
        }
        let path = request.uri().path().trim_start_matches("/Fictional-Tenant-0001/scim/v2");
        let decoded = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
        let query = request.uri().query().unwrap_or_default().split('&');
        let query: BTreeMap<String, String> = query
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), decoded(value)))
            .collect();
        if ["startIndex", "attributes", "excludedAttributes", "sortBy"]
            .iter()
            .any(|name| query.contains_key(*name))
        {
            return Err(REFUSED);
        }
        let body = if request.body().is_empty() {
            Map::new()
        } else {
            if request.headers()["content-type"] != "application/json" {
                return Err(Refusal(415));
            }
            serde_json::from_slice(request.body()).map_err(|_| REFUSED)?
        };
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        match (request.method(), &*segments) {
            (&Method::GET, ["ServiceProviderConfig"]) => Ok((200, config())),
            (&Method::GET, ["Users"]) => self.list_users(&query),
            (&Method::GET, ["Groups"]) => self.list_groups(&query),
            (&Method::POST, ["Users"]) => self.create_user(body),
            (&Method::POST, ["Groups"]) => self.create_group(body),
            (method, ["Users", id]) => self.user(method, id, body),
            (method, ["Groups", id]) => self.group(method, id, body),
            (&Method::POST, ["Bulk" | ".search"] | [_, ".search"]) => Err(Refusal(501)),
            _ => Err(Refusal(404)),
        }
    }

    fn user(&mut self, method: &Method, id: &str, body: Map<String, Value>) -> Answer {
        let user = self.users.get_mut(id).ok_or(Refusal(404))?;
        match *method {
            Method::GET => {}
            Method::PUT => {
                check_user(&body)?;
                *user = body;
                user.insert("id".to_owned(), json!(id));
            }
            Method::PATCH => *user = patched_user(user, body)?,
            Method::DELETE => {
                self.users.remove(id);
                return Ok((204, Value::Null));
            }
            _ => return Err(Refusal(405)),
        }
        Ok((200, Value::Object(user.clone())))
    }

    fn group(&mut self, method: &Method, id: &str, body: Map<String, Value>) -> Answer {
        let group = self.groups.get_mut(id).ok_or(Refusal(404))?;
        match *method {
            // Nobody ever sees the members.
            Method::GET => Ok((200, Value::Object(group.attributes.clone()))),
            Method::PATCH => {
                patch_group(group, body)?;
                Ok((204, Value::Null))
            }
            Method::DELETE => {
                self.groups.remove(id);
                Ok((204, Value::Null))
            }
            _ => Err(Refusal(405)),
        }
    }

    fn create_user(&mut self, mut body: Map<String, Value>) -> Answer {
        check_user(&body)?;
        if self.users.values().any(|user| user["userName"] == body["userName"]) {
            return Err(Refusal(409));
        }
        let id = self.next_id();
        body.insert("id".to_owned(), json!(id));
        self.users.insert(id, body.clone());
        Ok((201, Value::Object(body)))
    }

    fn create_group(&mut self, mut body: Map<String, Value>) -> Answer {
        let is_named = body.get("displayName").is_some_and(Value::is_string);
        let members = body.remove("members").unwrap_or(Value::Null);
        let members: BTreeSet<String> =
            values(Some(&members)).ok_or(REFUSED)?.into_iter().collect();
        if !is_named || members.len() > 100 {
            return Err(REFUSED);
        }
        let id = self.next_id();
        body.insert("id".to_owned(), json!(id));
        self.groups.insert(id, Group { attributes: body.clone(), members });
        Ok((201, Value::Object(body)))
    }

    fn next_id(&mut self) -> String {
        self.given += 1;
        format!("{:08x}-0000-4000-8000-000000000000", self.given)
    }

    fn list_users(&self, query: &BTreeMap<String, String>) -> Answer {
        let wanted = conditions(query)?;
        let allowed: [&[&str]; 4] = [&[], &["username"], &["externalid"], &["id", "manager"]];
        check_combination(&wanted, &allowed)?;
        let is_wanted = |user: &&Map<String, Value>| {
            wanted.iter().all(|(name, value)| text(user, name).as_deref() == Some(value))
        };
        page(self.users.values().filter(is_wanted).cloned().collect(), query)
    }

    fn list_groups(&self, query: &BTreeMap<String, String>) -> Answer {
        let wanted = conditions(query)?;
        let allowed: [&[&str]; 4] = [&[], &["displayname"], &["externalid"], &["id", "members"]];
        check_combination(&wanted, &allowed)?;
        let is_wanted = |group: &&Group| {
            wanted.iter().all(|(name, value)| match &**name {
                "members" => group.members.contains(value),
                name => text(&group.attributes, name).as_deref() == Some(value),
            })
        };
        let groups = self.groups.values().filter(is_wanted);
        page(groups.map(|group| group.attributes.clone()).collect(), query)
    }
}

fn config() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": true}, "bulk": {"supported": false, "maxOperations": 1, "maxPayloadSize": 1_048_576},
        "filter": {"supported": true, "maxResults": 50}, "changePassword": {"supported": false},
        "sort": {"supported": false}, "etag": {"supported": false}, "authenticationSchemes": [],
    })
}

/// Required attributes, no more than one value each, and none of those that it does not know.
fn check_user(user: &Map<String, Value>) -> Result<(), Refusal> {
    let name = user.get("name").and_then(Value::as_object).ok_or(REFUSED)?;
    let parts =
        [(user, "userName"), (user, "displayName"), (name, "givenName"), (name, "familyName")];
    let is_there = |(object, name): &(&Map<String, Value>, &str)| {
        object.get(*name).and_then(Value::as_str).is_some_and(|text| !text.is_empty())
    };
    let unknown = ["password", "groups", "ims", "photos", "x509Certificates", "entitlements"];
    let has_several = |(name, value): (&String, &Value)| {
        name != "schemas" && value.as_array().is_some_and(|values| values.len() > 1)
    };
    let is_refused = !parts.iter().all(is_there)
        || unknown.iter().any(|name| user.contains_key(*name))
        || user.iter().any(has_several);
    if is_refused { Err(REFUSED) } else { Ok(()) }
}

fn operations(body: Map<String, Value>) -> Result<PatchOp, Refusal> {
    serde_json::from_value(Value::Object(body)).map_err(|_| REFUSED)
}

fn attribute(operation: &PatchOperation) -> Option<String> {
    Some(operation.path.as_ref()?.attribute()?.as_str().to_ascii_lowercase())
}

fn patched_user(
    user: &Map<String, Value>,
    body: Map<String, Value>,
) -> Result<Map<String, Value>, Refusal> {
    let patch = operations(body)?;
    let mut seen = BTreeSet::new();
    for operation in patch.operations() {
        let attribute = attribute(operation).unwrap_or_default();
        let is_single = matches!(&*attribute, "username" | "active");
        let removes = operation.op == PatchOperationKind::Remove && attribute == "username";
        if removes || is_single && !seen.insert(attribute) {
            return Err(REFUSED);
        }
    }
    let registry = SchemaRegistry::standard();
    let schema = registry.endpoint("/Users").unwrap();
    let resource = Resource::from_canonical(user.clone());
    let patched = resource.patched(&patch, schema, Tolerances::default()).map_err(|_| REFUSED)?;
    let user = patched.into_resource().into_attributes();
    check_user(&user)?;
    Ok(user)
}

/// At most 100 members come or go, each by name.
fn patch_group(group: &mut Group, body: Map<String, Value>) -> Result<(), Refusal> {
    let changes = operations(body)?;
    let (mut added, mut removed) = (BTreeSet::new(), BTreeSet::new());
    for operation in changes.operations() {
        let path = operation.path.as_ref().ok_or(REFUSED)?;
        let name = path.attribute().ok_or(REFUSED)?.as_str();
        match (name, operation.op, path.filter()) {
            ("members", PatchOperationKind::Add, None) => {
                added.extend(values(operation.value.as_ref()).ok_or(REFUSED)?);
            }
            ("members", PatchOperationKind::Remove, None) => {
                let members = values(operation.value.as_ref()).ok_or(REFUSED)?;
                if members.is_empty() {
                    return Err(REFUSED);
                }
                removed.extend(members);
            }
            ("members", PatchOperationKind::Remove, Some(filter)) => {
                let wanted = comparisons(filter).ok_or(REFUSED)?;
                removed.extend(wanted.into_iter().map(|(_, value)| value));
            }
            ("displayName" | "externalId", PatchOperationKind::Replace, None) => {
                let value = operation.value.clone().ok_or(REFUSED)?;
                group.attributes.insert(name.to_owned(), value);
            }
            _ => return Err(REFUSED),
        }
    }
    if added.len() + removed.len() > 100 {
        return Err(REFUSED);
    }
    group.members.retain(|member| !removed.contains(member));
    group.members.append(&mut added);
    Ok(())
}

/// The `value`s of an array of members.
fn values(members: Option<&Value>) -> Option<Vec<String>> {
    let members = members?.as_array().map(Vec::as_slice).unwrap_or_default();
    let value = |member: &Value| Some(member.get("value")?.as_str()?.to_owned());
    members.iter().map(value).collect()
}

/// What a filter asks for: some attributes, in small letters, that are equal to something.
fn conditions(query: &BTreeMap<String, String>) -> Result<Vec<(String, String)>, Refusal> {
    let Some(filter) = query.get("filter") else { return Ok(Vec::new()) };
    let filter: Filter = filter.parse().map_err(|_| REFUSED)?;
    comparisons(&filter).ok_or(REFUSED)
}

fn comparisons(filter: &Filter) -> Option<Vec<(String, String)>> {
    match filter.expression() {
        Expression::Compare(compare) if compare.op == CompareOp::Equal => {
            let CompareValue::String(value) = &compare.value else { return None };
            let name = compare.path.as_str().to_ascii_lowercase();
            Some(vec![(name, value.as_str().to_owned())])
        }
        Expression::And(operands) => {
            let all: Option<Vec<_>> =
                operands.map(|operand| comparisons(&operand.to_string().parse().ok()?)).collect();
            Some(all?.concat())
        }
        _ => None,
    }
}

fn check_combination(wanted: &[(String, String)], allowed: &[&[&str]]) -> Result<(), Refusal> {
    let names: Vec<&str> = wanted.iter().map(|(name, _)| name.as_str()).collect();
    if allowed.contains(&&*names) { Ok(()) } else { Err(REFUSED) }
}

fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    let (_, value) = object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    value.as_str().map(str::to_owned)
}

/// A page by cursor, without the number of all, or else the first page.
fn page(all: Vec<Map<String, Value>>, query: &BTreeMap<String, String>) -> Answer {
    let count = query.get("count").map(|count| count.parse::<usize>().map_err(|_| REFUSED));
    let count = count.transpose()?.unwrap_or(Aws::PAGE).min(Aws::PAGE);
    let schemas = ["urn:ietf:params:scim:api:messages:2.0:ListResponse"];
    let Some(cursor) = query.get("cursor") else {
        let (total, first) = (all.len(), all.into_iter().take(count).collect::<Vec<_>>());
        return Ok((
            200,
            json!({"schemas": schemas, "totalResults": total, "itemsPerPage": first.len(),
                "startIndex": 1, "Resources": first}),
        ));
    };
    // An alphabet that has to be percent-encoded.
    let from = match &**cursor {
        "" => 0,
        cursor => {
            let number = cursor.strip_prefix("a+b/c=:").ok_or(REFUSED)?;
            number.parse::<usize>().map_err(|_| REFUSED)?
        }
    };
    let resources: Vec<_> = all.iter().skip(from).take(count).collect();
    let next = from + resources.len();
    let mut page =
        json!({"schemas": schemas, "itemsPerPage": resources.len(), "Resources": resources});
    if next < all.len() {
        page["nextCursor"] = json!(format!("a+b/c=:{next}"));
    }
    Ok((200, page))
}
