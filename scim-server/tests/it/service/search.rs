//! Queries of all types at once, and queries by message.

use http::header::CONTENT_TYPE;
use scim_core::SchemaUri;
use scim_server::Limits;
use serde_json::{Value, json};

use super::{Server, get, group, post, query, request, stores, user, user_with, with};
use crate::reply::MARKER;

#[tokio::test]
async fn a_filter_at_the_root_asks_resources_of_all_types() {
    for (server, _directory) in stores() {
        house(&server).await;
        let rows = [
            ("", &["anna", "bert", "carl", "Ward A", "Ward B"][..]),
            (r#"meta.resourceType eq "User""#, &["anna", "bert", "carl"]),
            (r#"meta.resourceType eq "Group" and displayName co "b""#, &["Ward B"]),
            (r#"meta.resourceType eq "Device""#, &[]),
            (r#"userName eq "BERT""#, &["bert"]),
            (r#"displayName sw "ward""#, &["carl", "Ward A", "Ward B"]),
            (r#"userName eq "anna" or displayName eq "ward b""#, &["anna", "Ward B"]),
            ("userName pr", &["anna", "bert", "carl"]),
            (r#"userName ne "anna""#, &["bert", "carl", "Ward A", "Ward B"]),
            ("not (userName pr)", &["Ward A", "Ward B"]),
            (r#"emails[value co "anna"] or members.value eq "x""#, &["anna", "Ward A"]),
            ("id pr and meta.created pr", &["anna", "bert", "carl", "Ward A", "Ward B"]),
        ];
        for (filter, expected) in rows {
            let list = server.send(query("", "filter", filter)).await.assert_status(200).json();
            assert_eq!(names(&list), expected, "{filter}");
            assert_eq!(list["totalResults"], expected.len(), "{filter}");
            let searched = search(&server, "", json!({ "filter": filter })).await;
            assert_eq!(searched, list, "{filter}");
        }
    }
}

#[tokio::test]
async fn a_resource_is_shown_as_at_its_own_endpoint() {
    let server = Server::new();
    house(&server).await;
    let of = async |path: &str| server.read(path).await["Resources"].as_array().unwrap().clone();
    for parameters in ["", "?attributes=displayName", "?excludedAttributes=members,meta"] {
        let each =
            [of(&format!("/Users{parameters}")).await, of(&format!("/Groups{parameters}")).await];
        assert_eq!(of(&format!("/{parameters}")).await, each.concat(), "{parameters}");
        let sorted = of(&format!(
            "/{}{}sortBy=id",
            parameters,
            if parameters.is_empty() { "?" } else { "&" }
        ))
        .await;
        assert_eq!(sorted.len(), 5);
        assert!(sorted.iter().all(|resource| each.concat().contains(resource)), "{parameters}");
    }
}

#[tokio::test]
async fn a_filter_that_no_type_understands_is_refused_at_the_root() {
    let server = Server::new();
    house(&server).await;
    for filter in [
        "shoeSize pr",
        "userName pr or shoeSize eq \"Zq7marker\"",
        "displayName gt true",
        "emails[shoeSize pr]",
        "password eq \"Zq7marker\"",
        "active eq \"Zq7marker\"",
        "meta.resourceType eq \"User\" and shoeSize pr",
        "userName",
    ] {
        let reply = server.send(query("", "filter", filter)).await;
        assert_eq!(
            (reply.status, &reply.json()["scimType"]),
            (400, &json!("invalidFilter")),
            "{filter}"
        );
    }
    for (parameters, scim_type) in [
        ("sortBy=password", "invalidFilter"),
        ("sortBy=shoeSize", "invalidFilter"),
        ("count=x", "invalidValue"),
        ("cursor=unknown", "invalidCursor"),
        ("sortBy=id&startIndex=10000&count=2", "tooMany"),
    ] {
        let reply = server.send(get(&format!("?{parameters}"))).await;
        reply.assert_error(400, Some(scim_type));
    }
}

#[tokio::test]
async fn pages_at_the_root_go_on_from_type_to_type() {
    for (server, _directory) in stores() {
        house(&server).await;
        let all = ["anna", "bert", "carl", "Ward A", "Ward B"];
        let sorted = ["anna", "bert", "Ward A", "Ward B", "carl"];
        for (order, expected) in [("", all), ("&sortBy=externalId", sorted)] {
            every_page_is_cut_from(&server, order, expected).await;
        }
        let list = server.read("?startIndex=99999999999999999999").await;
        assert_eq!((names(&list).len(), &list["totalResults"]), (0, &json!(5)));
    }
    let limits = Limits::default().with_default_page(2).with_largest_page(4);
    let server = Server::with(|builder| builder.with_limits(limits));
    house(&server).await;
    assert_eq!(names(&server.read("").await), ["anna", "bert"]);
    assert_eq!(names(&server.read("/?count=99").await).len(), 4);
}

#[tokio::test]
async fn resources_of_all_types_stand_in_one_order() {
    for (server, _directory) in stores() {
        house(&server).await;
        let rows = [
            ("sortBy=displayName", ["carl", "Ward A", "Ward B", "anna", "bert"]),
            (
                "sortBy=displayName&sortOrder=descending",
                ["anna", "bert", "Ward B", "Ward A", "carl"],
            ),
            ("sortBy=userName", ["anna", "bert", "carl", "Ward A", "Ward B"]),
            ("sortBy=userName&sortOrder=descending", ["Ward A", "Ward B", "carl", "bert", "anna"]),
            ("sortBy=meta.created", ["anna", "bert", "carl", "Ward A", "Ward B"]),
        ];
        for (parameters, expected) in rows {
            assert_eq!(
                names(&server.read(&format!("?{parameters}")).await),
                expected,
                "{parameters}"
            );
        }
    }
}

#[tokio::test]
async fn a_query_by_message_means_what_its_url_would() {
    for (server, _directory) in stores() {
        house(&server).await;
        let body = json!({
            "schemas": [SchemaUri::SEARCH_REQUEST], "attributes": ["userName"],
            "filter": "userName gt \"anna\"", "sortBy": "userName", "sortOrder": "descending",
            "startIndex": 1, "count": 1,
        });
        let list = search(&server, "/Users", body).await;
        let url = "/Users?attributes=userName&filter=userName%20gt%20%22anna%22&sortBy=userName\
                   &sortOrder=descending&startIndex=1&count=1";
        assert_eq!((&list, names(&list)), (&server.read(url).await, vec!["carl"]));
        assert_eq!(search(&server, "/groups", json!({"Count": "1"})).await["totalResults"], 2);
        assert_eq!(names(&search(&server, "", json!({})).await).len(), 5);
    }
    // What asks is short; what is asked for may be long.
    let server = Server::new();
    let id = super::path_to(&server.create("/Users", &user("anna")).await).replace("/Users/", "");
    let ids: Vec<_> = (0..1000).map(|place| format!("id eq \"{place}\"")).collect();
    let filter = format!("{} or id eq \"{id}\"", ids.join(" or "));
    assert_eq!(names(&search(&server, "/Users", json!({ "filter": filter })).await), ["anna"]);
}

#[tokio::test]
async fn a_message_that_is_no_query_is_refused() {
    let server = Server::new();
    for path in ["/.search", "/Users/.search"] {
        for (body, scim_type) in [
            (json!({"count": "many"}), "invalidValue"),
            (json!({"count": {"a": MARKER}}), "invalidValue"),
            (json!({"attributes": [7]}), "invalidValue"),
            (json!({"filter": 7}), "invalidValue"),
            (json!({"filter": "userName eq"}), "invalidFilter"),
            (json!({"sortBy": "a b"}), "invalidPath"),
            (json!({"sortOrder": "up", "sortBy": "id"}), "invalidValue"),
            (json!({"cursor": "a", "startIndex": 1}), "invalidValue"),
            (json!({"cursor": "a"}), "invalidCursor"),
        ] {
            server.refuse(post(path, &body), 400, Some(scim_type)).await;
        }
        for body in ["", "[]", "{", r#"{"filter": "id pr", "filter": "id pr"}"#] {
            let request = with(request("POST", path, body), CONTENT_TYPE, "application/json");
            server.refuse(request, 400, Some("invalidSyntax")).await;
        }
        let other = with(request("POST", path, "{}"), CONTENT_TYPE, "text/plain");
        server.refuse(other, 415, None).await;
    }
    server.refuse(post("/Unknown/.search", &json!({})), 404, None).await;
    server.refuse(post("/Schemas/.search", &json!({})), 405, None).await;
}

#[tokio::test]
async fn who_only_reads_may_search_and_only_in_its_realm() {
    let server = Server::new();
    house(&server).await;
    for path in ["/.search", "/Users/.search"] {
        let reply = server.send_as(&server.reader, post(path, &json!({}))).await;
        assert!(names(&reply.assert_status(200).json()).contains(&"anna"));
        let mut other = post(path, &json!({}));
        let uri = other.uri().to_string().replace("/r1/", "/r2/");
        *other.uri_mut() = uri.parse().unwrap();
        let reply = server.send_as(&server.stranger, other).await;
        assert_eq!(reply.assert_status(200).json()["totalResults"], 0);
        server.send_as(&server.stranger, post(path, &json!({}))).await.assert_status(404);
    }
}

async fn every_page_is_cut_from(server: &Server, order: &str, all: [&str; 5]) {
    for (count, start) in (0..7).flat_map(|count| (1..8).map(move |start| (count, start))) {
        let list = server.read(&format!("?startIndex={start}&count={count}{order}")).await;
        let page: Vec<_> = all.into_iter().skip(start - 1).take(count).collect();
        assert_eq!(names(&list), page, "{start} {count}{order}");
        let told = [&list["totalResults"], &list["startIndex"], &list["itemsPerPage"]];
        assert_eq!(told, [&json!(5), &json!(start), &json!(page.len())]);
    }
}

/// Three users and two groups.
async fn house(server: &Server) {
    for (name, more) in [
        ("anna", json!({"externalId": "1", "emails": [{"value": "anna@example.com"}]})),
        ("bert", json!({"externalId": "2"})),
        ("carl", json!({"externalId": "5", "displayName": "Ward"})),
    ] {
        let mut body = user_with(more);
        body["userName"] = name.into();
        server.create("/Users", &body).await;
    }
    for (name, external_id, members) in
        [("Ward A", "3", json!([{"value": "x"}])), ("Ward B", "4", json!([]))]
    {
        let mut body = group(name);
        body["externalId"] = external_id.into();
        body["members"] = members;
        server.create("/Groups", &body).await;
    }
}

async fn search(server: &Server, endpoint: &str, body: Value) -> Value {
    server.send(post(&format!("{endpoint}/.search"), &body)).await.assert_status(200).json()
}

fn names(list: &Value) -> Vec<&str> {
    let name =
        |resource| ["userName", "displayName"].iter().find_map(|name| Value::get(resource, name));
    let resources = list["Resources"].as_array().unwrap();
    resources.iter().map(|resource| name(resource).unwrap().as_str().unwrap()).collect()
}
