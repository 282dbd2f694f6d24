//! Who may do what, and what somebody may not see.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use http::header::{IF_MATCH, RETRY_AFTER, WWW_AUTHENTICATE};
use scim_server::{
    Access, Authorizer, Context, PatchAnswer, Policy,
    auth::{AccessRequest, AuthorizationError, OperationKind, Permission},
    store::{MemoryStore, SqliteStore},
};
use serde_json::{Value, json};

use super::{Server, delete, get, group, patch, path_to, post, put, query, user, user_with, with};
use crate::reply::MARKER;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Hides the same from everybody but `boss`.
struct Hiding(&'static str);

#[async_trait]
impl Authorizer for Hiding {
    async fn authorize(
        &self,
        cx: &Context,
        _: &AccessRequest<'_>,
    ) -> Result<Permission, AuthorizationError> {
        let name = cx.principal.as_ref().map(|principal| principal.name.as_str());
        Ok(if name == Some("boss") {
            Permission::full()
        } else {
            Permission::full().without(self.0).unwrap()
        })
    }
}

/// Denies one operation, and writes down what it is asked.
#[derive(Clone)]
struct Denying(OperationKind, Arc<Mutex<Vec<String>>>);

#[async_trait]
impl Authorizer for Denying {
    async fn authorize(
        &self,
        _: &Context,
        request: &AccessRequest<'_>,
    ) -> Result<Permission, AuthorizationError> {
        let id = if request.id.is_some() { " id" } else { "" };
        let asked = format!("{} {}{id}", request.operation, request.resource_type);
        self.1.lock().unwrap().push(asked);
        if request.operation == self.0 {
            Err(AuthorizationError::Denied)
        } else {
            Ok(Permission::full())
        }
    }
}

/// Fails in one way.
struct Failing(fn() -> AuthorizationError);

#[async_trait]
impl Authorizer for Failing {
    async fn authorize(
        &self,
        _: &Context,
        _: &AccessRequest<'_>,
    ) -> Result<Permission, AuthorizationError> {
        Err(self.0())
    }
}

fn operations(path: &str) -> Vec<(OperationKind, http::Request<bytes::Bytes>)> {
    let title = json!([{ "op": "add", "path": "title", "value": "x" }]);
    vec![
        (OperationKind::Create, post("/Users", &user("other"))),
        (OperationKind::Get, get(path)),
        (OperationKind::List, get("/Users")),
        (OperationKind::Replace, put(path, &user("bjensen"))),
        (OperationKind::Patch, patch(path, &title)),
        (OperationKind::Delete, delete(path)),
    ]
}

#[tokio::test]
async fn every_operation_is_asked_about_once() {
    let all = || operations("").into_iter().map(|(kind, _)| kind).enumerate();
    for (place, denied) in all() {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let authorizer = Denying(denied, Arc::clone(&asked));
        let store = Arc::new(MemoryStore::new());
        let open = Server::over(Arc::<MemoryStore>::clone(&store), |builder| builder);
        let path = open.user("bjensen").await;
        let server = Server::over(store, |builder| builder.with_authorizer(authorizer));
        let mut requests = operations(&path);
        let (_, request) = requests.remove(place);
        server.refuse(request, 403, None).await;
        let mut expected = vec![asked_of(denied)];
        for (kind, request) in requests {
            assert!(server.send(request).await.status < 300, "{kind}");
            expected.push(asked_of(kind));
        }
        assert_eq!(*asked.lock().unwrap(), expected);
    }
}

/// What [`Denying`] writes down of an operation.
fn asked_of(kind: OperationKind) -> String {
    let is_about_one = !matches!(kind, OperationKind::Create | OperationKind::List);
    format!("{kind} User{}", if is_about_one { " id" } else { "" })
}

#[tokio::test]
async fn an_authorizer_that_cannot_answer_lets_nothing_happen() {
    let unavailable = || AuthorizationError::Unavailable(format!("no route to {MARKER}").into());
    let throttled = || AuthorizationError::Throttled { retry_after: Duration::from_millis(6001) };
    let rows = [
        (Failing(unavailable), 503, Some("1")),
        (Failing(throttled), 429, Some("7")),
        (Failing(|| AuthorizationError::Denied), 403, None),
    ];
    for (failure, status, retry_after) in rows {
        let server = Server::with(|builder| builder.with_authorizer(failure));
        for (_, request) in operations("/Users/1") {
            let reply = server.refuse(request, status, None).await;
            assert_eq!(reply.header(RETRY_AFTER), retry_after);
            assert_eq!(reply.header(WWW_AUTHENTICATE), None);
        }
    }
}

#[tokio::test]
async fn an_account_may_be_kept_to_some_resource_types() {
    let server = Server::new();
    let path = server.user("bjensen").await;
    let ward = path_to(&server.create("/Groups", &group("Ward 4")).await);
    let access = Access::to_tenant("r1".parse().unwrap()).only_types(["user"]);
    let token = server.accounts.add("users", access.clone()).unwrap();
    server.send_as(&token, get(&path)).await.assert_status(200);
    server.send_as(&token, put(&path, &user("babs"))).await.assert_status(200);
    let rename = json!([{ "op": "replace", "path": "displayName", "value": "x" }]);
    let before = server.contents().await;
    for request in [
        get(&ward),
        get("/Groups"),
        post("/Groups", &group("x")),
        put(&ward, &group("x")),
        patch(&ward, &rename),
        delete(&ward),
    ] {
        server.send_as(&token, request).await.assert_error(403, None);
    }
    assert_eq!(server.contents().await, before);
    // What was given up does not come back.
    let none = access.only_types(["Group"]);
    assert!(!none.reaches_type("Group") && !none.reaches_type("User"));
}

#[tokio::test]
async fn what_is_hidden_is_in_no_answer() {
    let hidden = "title, name.givenName, emails.display, \
                  urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
    let directory = tempfile::tempdir().unwrap();
    let sqlite = SqliteStore::open(directory.path().join("scim.db")).unwrap();
    let stores: [Arc<dyn scim_server::ResourceStore>; 2] =
        [Arc::new(MemoryStore::new()), Arc::new(sqlite)];
    for store in stores {
        let policy = Policy::default().with_patch_answer(PatchAnswer::Resource);
        let server = Server::over(store, |b| b.with_authorizer(Hiding(hidden)).with_policy(policy));
        let boss = server.accounts.add("boss", Access::to_all_tenants()).unwrap();
        let full = user_with(json!({
            "title": MARKER, "nickName": "B", "name": { "givenName": MARKER, "familyName": "J" },
            "emails": [{ "value": "b@example.com", "display": MARKER }],
            ENTERPRISE: { "department": MARKER, "costCenter": "7" },
        }));
        let reply = server.send_as(&boss, post("/Users", &full)).await;
        let path = path_to(&reply.json());
        let marks = |text: &str| text.matches(MARKER).count();
        assert_eq!(marks(reply.text()), 4);

        let nick = json!([{ "op": "replace", "path": "nickName", "value": "Babs" }]);
        let attributes = format!("title,name,emails,{ENTERPRISE}:department");
        let mut seen = server.read(&path).await;
        seen["nickName"] = json!("Barb");
        for request in [
            get(&path),
            get(&format!("{path}?attributes={attributes}")),
            get(&format!("{path}?attributes=name.givenName,emails.display")),
            get(&format!("/Users?attributes={attributes}")),
            get("/Users"),
            patch(&path, &nick),
            put(&path, &seen),
            put(&path, &user("bjensen")),
        ] {
            let what = format!("{} {}", request.method(), request.uri());
            let reply = server.send(request).await;
            reply.assert_status(200);
            assert_eq!(marks(reply.text()), 0, "{what}");
        }
        // Replacing all that one sees leaves what one does not see.
        let whole = server.send_as(&boss, get(&path)).await.json();
        assert_eq!(whole["title"], MARKER);
        assert_eq!(whole["name"], json!({ "givenName": MARKER }));
        assert_eq!(whole[ENTERPRISE], json!({ "department": MARKER }));
        assert_eq!((whole.get("nickName"), whole.get("emails")), (None, None));
    }
}

#[tokio::test]
async fn a_put_of_what_one_sees_changes_nothing() {
    let server = Server::with(|b| b.with_authorizer(Hiding("title, name.givenName, emails.type")));
    let boss = server.accounts.add("boss", Access::to_all_tenants()).unwrap();
    let full = user_with(json!({
        "title": MARKER, "name": { "givenName": MARKER },
        "emails": [{ "value": "a", "type": "work" }, { "value": "b", "type": "home" }],
    }));
    let path = path_to(&server.send_as(&boss, post("/Users", &full)).await.json());
    let before = server.contents().await;
    let seen = server.read(&path).await;
    assert_eq!((seen.get("title"), seen.get("name")), (None, None));
    server.send(put(&path, &seen)).await.assert_status(200);
    assert_eq!(server.contents().await, before);
}

#[tokio::test]
async fn what_is_hidden_cannot_be_written_not_even_as_it_is() {
    let server = Server::with(|b| b.with_authorizer(Hiding("title, name.givenName, groups")));
    let boss = server.accounts.add("boss", Access::to_all_tenants()).unwrap();
    let full = user_with(json!({ "title": "Guide", "name": { "givenName": "B" } }));
    let path = path_to(&server.send_as(&boss, post("/Users", &full)).await.json());
    for value in ["Guide", "Chief"] {
        for body in [
            json!({ "userName": "n", "title": value }),
            json!({ "userName": "n", "TITLE": value }),
            json!({ "userName": "n", "name": { "givenName": value } }),
            json!({ "userName": "n", "urn:ietf:params:scim:schemas:core:2.0:User:title": value }),
        ] {
            server.refuse(post("/Users", &body), 403, None).await;
            server.refuse(put(&path, &body), 403, None).await;
        }
        for operation in [
            json!({ "op": "replace", "path": "title", "value": value }),
            json!({ "op": "add", "value": { "title": value } }),
            json!({ "op": "add", "value": { "name.givenName": value } }),
            json!({ "op": "replace", "path": "name", "value": { "givenName": value } }),
            json!({ "op": "remove", "path": "title" }),
            json!({ "op": "remove", "path": "name" }),
            json!({ "op": "replace", "path": "name[givenName eq \"B\"].familyName", "value": value }),
            json!({ "op": "add", "value": { "groups": [] } }),
        ] {
            server.refuse(patch(&path, &json!([operation])), 403, None).await;
        }
    }
    let whole = server.send_as(&boss, get(&path)).await.json();
    assert_eq!((&whole["title"], &whole["name"]), (&json!("Guide"), &json!({ "givenName": "B" })));
}

#[tokio::test]
async fn what_is_hidden_cannot_be_found_out() {
    let server = Server::with(|b| b.with_authorizer(Hiding("title, name.givenName")));
    let boss = server.accounts.add("boss", Access::to_all_tenants()).unwrap();
    let full = user_with(json!({ "title": "Guide", "name": { "givenName": "B" } }));
    let path = path_to(&server.send_as(&boss, post("/Users", &full)).await.json());
    for filter in [
        "title eq \"Guide\"",
        "not (title pr)",
        "userName pr and TITLE sw \"G\"",
        "name.givenName pr",
        "name pr",
        "name[givenName sw \"B\"]",
    ] {
        server.refuse(query("/Users", "filter", filter), 400, Some("invalidFilter")).await;
        server.send_as(&boss, query("/Users", "filter", filter)).await.assert_status(200);
    }
    for sort in ["title", "name.givenName"] {
        server.refuse(query("/Users", "sortBy", sort), 400, Some("invalidFilter")).await;
        server.send_as(&boss, query("/Users", "sortBy", sort)).await.assert_status(200);
    }
    // A precondition is looked at after that.
    let title = json!([{ "op": "replace", "path": "title", "value": "x" }]);
    server.refuse(with(patch(&path, &title), IF_MATCH, "\"other\""), 403, None).await;
    let seen: Value = server.read("/Users?attributes=title,name").await;
    assert_eq!(
        seen["Resources"][0].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["id", "schemas"]
    );
}

#[tokio::test]
async fn each_operation_of_a_bulk_request_is_decided_by_itself() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let denying = Denying(OperationKind::Delete, Arc::clone(&asked));
    let server = Server::with(|builder| builder.with_authorizer(denying));
    let path = server.user("bjensen").await;
    asked.lock().unwrap().clear();
    let title = json!({ "Operations": [{ "op": "add", "path": "title", "value": "x" }] });
    let body = json!({ "Operations": [
        { "method": "DELETE", "path": path },
        { "method": "PATCH", "path": path, "data": title },
        { "method": "POST", "path": "/Groups", "bulkId": "a", "data": group("A") },
        { "method": "DELETE", "path": "/Groups/bulkId:a" },
    ]});
    let reply = server.send(post("/Bulk", &body)).await.assert_status(200).json();
    let answers = reply["Operations"].as_array().unwrap();
    let statuses: Vec<_> = answers.iter().map(|answer| &answer["status"]).collect();
    assert_eq!(statuses, ["403", "200", "201", "403"]);
    let expected = ["delete User id", "patch User id", "create Group", "delete Group id"];
    assert_eq!(*asked.lock().unwrap(), expected);
}

#[tokio::test]
async fn what_is_hidden_cannot_be_got_at_by_bulk_root_or_cursor() {
    let server = Server::with(|builder| builder.with_authorizer(Hiding("title,nickName")));
    let boss = server.accounts.add("boss", Access::to_tenant("r1".parse().unwrap())).unwrap();
    for (name, title) in [("anna", "b"), ("bert", MARKER)] {
        let mut body = user(name);
        body["title"] = title.into();
        server.send_as(&boss, post("/Users", &body)).await.assert_status(201);
    }
    for path in ["/", "/?cursor=&count=1", "/?sortBy=userName", "/Users?cursor=&count=1"] {
        let reply = server.send(get(path)).await;
        assert!(!reply.assert_status(200).text().contains("title"), "{}", reply.text());
    }
    for path in ["/?sortBy=title", "/?filter=title%20pr", "/Users?cursor=&sortBy=nickName"] {
        server.send(get(path)).await.assert_error(400, Some("invalidFilter"));
    }
    // Whoever sees more gives nobody a way to see it.
    let first = server.send_as(&boss, get("/Users?cursor=&count=1&sortBy=title")).await.json();
    let cursor = first["nextCursor"].as_str().unwrap();
    let stolen = get(&format!("/Users?cursor={cursor}&sortBy=title"));
    server.send(stolen).await.assert_error(400, Some("invalidFilter"));
    let id = first["Resources"][0]["id"].as_str().unwrap();
    let change = json!({ "Operations": [{ "op": "replace", "path": "title", "value": "x" }] });
    let body = json!({ "Operations": [
        { "method": "PATCH", "path": format!("/Users/{id}"), "data": change },
    ]});
    let reply = server.send(post("/Bulk", &body)).await.assert_status(200).json();
    assert_eq!(reply["Operations"][0]["status"], "403");
}
