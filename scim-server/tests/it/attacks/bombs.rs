//! Requests that are small, or at least allowed, and ask for very much.

use bytes::Bytes;
use http::{Request, header::CONTENT_TYPE};
use scim_core::SchemaUri;
use scim_server::Limits;
use serde_json::{Value, json};

use super::bulk;
use crate::service::{
    Server, delete, get, group, patch, path_to, post, put, query, request, stores, user, user_with,
    with,
};

fn json_request(method: &str, path: &str, body: impl Into<Bytes>) -> Request<Bytes> {
    with(request(method, path, body), CONTENT_TYPE, "application/scim+json")
}

/// Bodies of so many bytes that are cheap to write and dear to keep.
fn bodies(bytes: usize) -> [Bytes; 5] {
    let array = |element: &str| {
        let elements = element.repeat(bytes / element.len());
        format!("{{\"Operations\":[{}]}}", elements.trim_end_matches(','))
    };
    let names: Vec<_> = (0..bytes / 12).map(|place| format!("\"{place:07}\":1,")).collect();
    let names = names.concat();
    [array("1,"), array("{},"), array("\"\","), array("[],"), format!("{{{names}\"x\":1}}")]
        .map(Bytes::from)
}

#[tokio::test]
async fn a_body_that_is_larger_in_memory_than_on_the_wire_is_refused() {
    let [small, large, huge] = [1_000_000, 4_000_000, 10_000_000].map(bodies);
    for (server, _directory) in stores() {
        let path = server.user("bjensen").await;
        let ways = [("POST", "/Users"), ("PUT", &path), ("PATCH", &path)];
        let requests = |bodies: &[Bytes]| -> Vec<Request<Bytes>> {
            let each =
                |(method, path)| bodies.iter().map(move |b| json_request(method, path, b.clone()));
            ways.into_iter().flat_map(each).collect()
        };
        for request in requests(&huge) {
            server.refuse(request, 413, None).await;
        }
        // Within the length of a body, they have too many values, or none that means anything.
        for request in requests(&small) {
            server.refuse(request, 400, Some("invalidSyntax")).await;
        }
        for body in &huge {
            server.refuse(json_request("POST", "/Bulk", body.clone()), 413, None).await;
        }
        for body in &large {
            let reply = server.send(json_request("POST", "/Bulk", body.clone())).await;
            assert!(matches!(reply.status, 400 | 413), "{}", reply.text());
        }
    }
}

fn members(count: usize) -> Value {
    (0..count).map(|place| json!({ "value": place.to_string() })).collect()
}

#[tokio::test]
async fn a_patch_that_is_a_bomb_is_refused_or_done() {
    for (server, _directory) in stores() {
        a_patch_that_is_a_bomb_is_refused_or_done_over(&server).await;
    }
}

async fn a_patch_that_is_a_bomb_is_refused_or_done_over(server: &Server) {
    let emails = (0..1000).map(|place| json!({ "value": format!("{place}@example.com") }));
    let body = user_with(json!({ "emails": emails.collect::<Vec<_>>() }));
    let user = path_to(&server.create("/Users", &body).await);
    let ward = path_to(&server.create("/Groups", &group("Ward 4")).await);
    let add = |value: Value| json!({ "op": "add", "path": "members", "value": value });

    let many = Value::from(vec![json!({ "op": "remove", "path": "title" }); 10_001]);
    server.refuse(patch(&user, &many), 413, Some("tooMany")).await;
    let too_many = json!([add(members(10_001))]);
    server.refuse(patch(&ward, &too_many), 413, Some("tooMany")).await;
    let twice = json!([add(members(5001)), add(members(5001))]);
    server.refuse(patch(&ward, &twice), 413, Some("tooMany")).await;
    let million = json!([add(vec![json!({}); 200_000].into())]);
    server.refuse(patch(&ward, &million), 400, Some("invalidSyntax")).await;

    for path in [
        "a.".repeat(30_000),
        "(".repeat(60_000),
        format!("emails[{}", "(".repeat(60_000)),
        format!("emails[{}type pr{}]", "(".repeat(33), ")".repeat(33)),
        format!("emails[{}]", vec!["type pr"; 3000].join(" or ")),
        format!("emails[{}type pr{}]", "not (".repeat(5000), ")".repeat(5000)),
        "emails[".repeat(8000),
    ] {
        let operation = json!([{ "op": "remove", "path": path }]);
        let reply = server.send(patch(&user, &operation)).await;
        assert!(matches!(
            reply.assert_status(400).json()["scimType"].as_str(),
            Some("invalidPath" | "invalidFilter")
        ));
        assert!(reply.text().len() < 2000);
    }

    // A thousand operations, each of which looks at a thousand elements.
    let select = |place: usize| format!("emails[value eq \"{place}@example.com\"]");
    let each = |operation: &dyn Fn(usize) -> Value| -> Value { (0..1000).map(operation).collect() };
    let all = "x".repeat(500);
    let replace_all = each(
        &|place| json!({ "op": "replace", "path": "emails[value pr].display", "value": format!("{all}{place}") }),
    );
    server.refuse(patch(&user, &replace_all), 400, Some("tooMany")).await;
    let add_to_full = each(
        &|place| json!({ "op": "add", "path": "emails", "value": [{ "value": format!("new{place}") }] }),
    );
    server.refuse(patch(&user, &add_to_full), 400, Some("tooMany")).await;
    let remove_each = each(&|place| json!({ "op": "remove", "path": select(place) }));
    server.refuse(patch(&user, &remove_each), 400, Some("tooMany")).await;

    // What is large and allowed takes effect.
    server.send(patch(&ward, &json!([add(members(10_000))]))).await.assert_status(204);
    let replaced = json!([{ "op": "replace", "path": "members", "value": members(5000) }]);
    server.send(patch(&ward, &replaced)).await.assert_status(204);
    assert_eq!(server.read(&ward).await["members"].as_array().unwrap().len(), 5000);
    let everybody = json!([{ "op": "remove", "path": "members[value pr]" }]);
    server.send(patch(&ward, &everybody)).await.assert_status(204);
    assert_eq!(server.read(&ward).await.get("members"), None);
}

#[tokio::test]
async fn a_bulk_request_that_is_a_bomb_is_refused_or_done() {
    for (server, _directory) in stores() {
        a_bulk_request_that_is_a_bomb_is_refused_or_done_over(&server).await;
    }
}

async fn a_bulk_request_that_is_a_bomb_is_refused_or_done_over(server: &Server) {
    for count in [1001, 100_000] {
        let operations = vec![json!({ "method": "DELETE", "path": "/Users/1" }); count];
        let body = json!({ "Operations": operations });
        let scim_type = if body.to_string().len() > 4 << 20 { None } else { Some("tooMany") };
        server.refuse(post("/Bulk", &body), 413, scim_type).await;
    }
    let empty = format!("{{\"Operations\":[{}]}}", vec!["{}"; 100_000].join(","));
    server.refuse(json_request("POST", "/Bulk", empty), 413, Some("tooMany")).await;

    // A bulk request is nothing that an operation can ask for.
    let nested = json!({ "schemas": [SchemaUri::BULK_REQUEST], "Operations": [
        { "method": "POST", "path": "/Users", "data": user("nested") },
    ]});
    for path in ["/Bulk", "/Users/.search", "/.search", "/", "/Me", "/Schemas", "Bulk"] {
        let operation = json!([{ "method": "POST", "path": path, "bulkId": "q", "data": nested }]);
        let answer = &bulk(server, operation).await[0];
        let status = answer["status"].as_str().unwrap();
        assert!(["400", "404", "405", "501"].contains(&status), "{path}: {answer}");
    }
    assert_eq!(server.read("/Users").await["totalResults"], 0);
}

#[tokio::test]
async fn references_of_a_thousand_operations_are_followed() {
    for (server, _directory) in stores() {
        references_of_a_thousand_operations_are_followed_over(&server).await;
    }
}

async fn references_of_a_thousand_operations_are_followed_over(server: &Server) {
    // Each refers to the next: from the first to the last, and then in a circle.
    for (name, last) in [("chain", None), ("circle", Some("circle0".to_owned()))] {
        let operations = (0..1000).map(|place| {
            let next = format!("{name}{}", place + 1);
            let next = if place == 999 { last.clone() } else { Some(next) };
            let members: Vec<Value> =
                next.iter().map(|id| json!({ "value": format!("bulkId:{id}") })).collect();
            let mut data = group(name);
            data["members"] = members.into();
            json!({
                "method": "POST", "path": "/Groups",
                "bulkId": format!("{name}{place}"), "data": data,
            })
        });
        let answers = bulk(server, operations.collect()).await;
        assert!(answers.iter().all(|answer| answer["status"] == "201"), "{name}");
    }
    // Everything refers to something that fails.
    let refer = json!({ "schemas": [SchemaUri::GROUP], "displayName": "x", "members": [{ "value": "bulkId:0" }] });
    let operations = (0..1000).map(|place| {
        let data = if place == 0 { json!({}) } else { refer.clone() };
        json!({ "method": "POST", "path": "/Groups", "bulkId": place.to_string(), "data": data })
    });
    let answers = bulk(server, operations.collect()).await;
    assert_eq!(answers[0]["status"], "400");
    assert!(answers[1..].iter().all(|answer| answer["status"] == "409"));
    assert_eq!(server.read("/Groups?count=0").await["totalResults"], 2000);
}

/// Here, and not more, since a build for tests takes its time.
const HUGE: usize = 100_000;

#[tokio::test]
async fn a_huge_group_can_be_filled_read_searched_and_deleted() {
    for (server, _directory) in stores() {
        a_huge_group_can_be_filled_read_searched_and_deleted_over(&server).await;
    }
}

async fn a_huge_group_can_be_filled_read_searched_and_deleted_over(server: &Server) {
    let ward = path_to(&server.create("/Groups", &group("Ward 4")).await);
    for part in 0..10 {
        let places = part * (HUGE / 10)..(part + 1) * (HUGE / 10);
        // With their type, nobody looks them up.
        let members: Vec<Value> = places
            .map(|place| json!({ "value": format!("m{place:06}"), "type": "User" }))
            .collect();
        let add = json!([{ "op": "add", "path": "members", "value": members }]);
        server.send(patch(&ward, &add)).await.assert_status(204);
    }
    let count = |read: &Value| read["members"].as_array().unwrap().len();
    let small = server.send(get(&format!("{ward}?excludedAttributes=members"))).await;
    assert!(small.text().len() < 1000);
    for (member, total) in [("m000000", 1), ("m099999", 1), ("m100000", 0)] {
        let filter = format!("members.value eq \"{member}\"");
        let mut found = query("/Groups", "filter", &filter);
        let uri = format!("{}&attributes=displayName", found.uri());
        *found.uri_mut() = uri.parse().unwrap();
        assert_eq!(server.send(found).await.json()["totalResults"], total, "{member}");
    }
    let remove = json!([{ "op": "remove", "path": "members[value eq \"m050000\"]" }]);
    server.send(patch(&ward, &remove)).await.assert_status(204);
    assert_eq!(count(&server.read(&ward).await), HUGE - 1);

    // Renamed and added to by a thousand operations of one request, each of which leaves the
    // others alone.
    let data = |place: usize| match place % 2 {
        0 => json!({ "op": "replace", "path": "displayName", "value": place.to_string() }),
        _ => {
            json!({ "op": "add", "path": "members", "value": [{ "value": format!("n{place}"), "type": "User" }] })
        }
    };
    let operations = (0..1000).map(|place| {
        let data = json!({ "Operations": [data(place)] });
        json!({ "method": "PATCH", "path": ward, "data": data })
    });
    let answers = bulk(server, operations.collect()).await;
    assert!(answers.iter().all(|answer| answer["status"] == "204"));
    let read = server.read(&ward).await;
    assert_eq!((count(&read), &read["displayName"]), (HUGE + 499, &json!("998")));

    server.send(delete(&ward)).await.assert_status(204);
    assert_eq!(server.read("/Groups").await["totalResults"], 0);
}

#[tokio::test]
async fn operations_that_each_read_a_huge_group_are_stopped() {
    let limits = Limits::default().with_bulk_work(10_000_000);
    let server = Server::with(|builder| builder.with_limits(limits));
    let mut ward = group("Ward 4");
    ward["members"] = members(10_000);
    let ward = path_to(&server.create("/Groups", &ward).await);
    // Who goes is known only after a look at all.
    let operations = (0..1000).map(|place| {
        let path = format!("members[value sw \"{place:04}\"]");
        let data = json!({ "Operations": [{ "op": "remove", "path": path }] });
        json!({ "method": "PATCH", "path": ward, "data": data })
    });
    let answers = bulk(&server, operations.collect()).await;
    let refused = answers.iter().filter(|answer| answer["status"] == "413").count();
    assert!(refused > 900, "{refused}");
    assert!(answers.iter().rev().take(refused).all(|answer| answer["status"] == "413"));
    server.send(put(&ward, &group("Ward 4"))).await.assert_status(200);
}
