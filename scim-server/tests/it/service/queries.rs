//! Filters, pages, orders and selections.

use scim_server::Limits;
use serde_json::{Value, json};

use super::{Server, get, query, user_with};

const BAD_FILTERS: [&str; 34] = [
    "userName",
    "userName eq",
    "userName eq ",
    "userName eq Zq7marker",
    "userName eq 'Zq7marker'",
    "userName eq \"Zq7marker",
    "userName xx \"Zq7marker\"",
    "userName pr \"Zq7marker\"",
    "eq \"Zq7marker\"",
    "\"Zq7marker\" eq userName",
    "userName eq \"Zq7marker\" and",
    "userName eq \"Zq7marker\" xor title pr",
    "userName eq \"Zq7marker\" title pr",
    "(userName pr",
    "userName pr)",
    "not userName pr",
    "not ()",
    "()",
    "emails[type eq \"Zq7marker\"",
    "emails[]",
    "emails[shoeSize eq \"Zq7marker\"]",
    "userName[value eq \"Zq7marker\"]",
    "shoeSize eq \"Zq7marker\"",
    "name.shoeSize eq \"Zq7marker\"",
    "urn:unknown:schema:shoeSize eq \"Zq7marker\"",
    "title pr and shoeSize eq \"Zq7marker\"",
    "name eq \"Zq7marker\"",
    "active eq \"Zq7marker\"",
    "active gt true",
    "userName eq 7",
    "userName gt null",
    "meta.lastModified gt \"Zq7marker\"",
    "password eq \"Zq7marker\"",
    "password pr",
];

#[tokio::test]
async fn a_filter_without_meaning_is_refused() {
    let server = Server::new();
    server.user("bjensen").await;
    for filter in BAD_FILTERS {
        let reply = server.send(query("/Users", "filter", filter)).await;
        assert_eq!(reply.status, 400, "{filter}: {}", reply.text());
        assert_eq!(reply.json()["scimType"], "invalidFilter", "{filter}");
    }
    let deep = format!("{}userName pr{}", "(".repeat(1000), ")".repeat(1000));
    let reply = server.send(query("/Users", "filter", &deep)).await;
    reply.assert_error(400, Some("invalidFilter"));
}

#[tokio::test]
async fn a_filter_selects() {
    let server = people(5).await;
    for (filter, expected) in [
        (r#"userName eq "USER3""#, &["user3"][..]),
        (r#"UserName EQ "user3""#, &["user3"]),
        (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName eq "user3""#, &["user3"]),
        (r#"userName eq "nobody""#, &[]),
        ("active eq true", &["user0", "user2", "user4"]),
        (r#"userName sw "user" and not (active eq true)"#, &["user1", "user3"]),
        (r#"emails[type eq "work" and value co "3@"]"#, &["user3"]),
        (r#"externalId eq "x1" or externalId eq "X2""#, &["user1"]),
        (r#"externalId eq "x+&=#1""#, &[]),
        ("title pr", &[]),
        ("title eq null", &["user0", "user1", "user2", "user3", "user4"]),
        (r#"meta.resourceType eq "User" and userName gt "user3""#, &["user4"]),
    ] {
        let reply = server.send(query("/Users", "filter", filter)).await;
        reply.assert_status(200);
        let list = reply.json();
        assert_eq!(names(&list), expected, "{filter}");
        assert_eq!(list["totalResults"], expected.len(), "{filter}");
    }
}

#[tokio::test]
async fn pages_are_cut_as_the_rfc_counts() {
    let server = people(5).await;
    for (parameters, start_index, expected) in [
        ("", 1, &[0, 1, 2, 3, 4][..]),
        ("startIndex=1", 1, &[0, 1, 2, 3, 4]),
        ("startIndex=0", 1, &[0, 1, 2, 3, 4]),
        ("startIndex=-1", 1, &[0, 1, 2, 3, 4]),
        ("startIndex=-99999999999999999999", 1, &[0, 1, 2, 3, 4]),
        ("count=2", 1, &[0, 1]),
        ("startIndex=2&count=2", 2, &[1, 2]),
        ("startIndex=5&count=2", 5, &[4]),
        ("startIndex=6&count=2", 6, &[]),
        ("startIndex=99999999999999999999", i64::MAX, &[]),
        ("count=0", 1, &[]),
        ("count=-1", 1, &[]),
        ("count=99999999999999999999", 1, &[0, 1, 2, 3, 4]),
        ("count=", 1, &[0, 1, 2, 3, 4]),
        ("COUNT=2&cursor2=x&startindex=3", 3, &[2, 3]),
    ] {
        let list = server.read(&format!("/Users?{parameters}")).await;
        let expected: Vec<_> = expected.iter().map(|place| format!("user{place}")).collect();
        assert_eq!(names(&list), expected, "{parameters}");
        assert_eq!(list["totalResults"], 5, "{parameters}");
        assert_eq!(list["startIndex"], start_index, "{parameters}");
        assert_eq!(list["itemsPerPage"], expected.len(), "{parameters}");
    }
}

#[tokio::test]
async fn a_page_has_a_default_and_a_largest_size() {
    let limits = Limits::default().with_default_page(2).with_largest_page(3);
    let server = Server::with(|builder| builder.with_limits(limits));
    for place in 0..5 {
        server.user(&format!("user{place}")).await;
    }
    for (parameters, size) in [("", 2), ("count=1", 1), ("count=3", 3), ("count=4", 3)] {
        let list = server.read(&format!("/Users?{parameters}")).await;
        assert_eq!((&list["itemsPerPage"], &list["totalResults"]), (&json!(size), &json!(5)));
        assert_eq!(names(&list).len(), size, "{parameters}");
    }
}

#[tokio::test]
async fn parameters_that_cannot_be_read_are_refused() {
    let server = people(1).await;
    for parameters in [
        "count=x",
        "count=1.5",
        "count=-",
        "count=1e3",
        "count=0x10",
        "startIndex=x",
        "startIndex=one",
        "startIndex=%20",
        "count=1&count=2",
        "filter=title%20pr&filter=title%20pr",
        "sortBy=userName&sortOrder=up",
        "count=1&Count=2",
        "attributes=user%20name",
        "excludedAttributes=a.b.c.d",
    ] {
        let reply = server.send(get(&format!("/Users?{parameters}"))).await;
        assert_eq!(reply.status, 400, "{parameters}");
        assert_eq!(reply.json()["scimType"], "invalidValue", "{parameters}");
    }
    for (parameters, scim_type) in
        [("sortBy=user%20name", "invalidPath"), ("cursor=unknown", "invalidCursor")]
    {
        let reply = server.send(get(&format!("/Users?{parameters}"))).await;
        reply.assert_error(400, Some(scim_type));
    }
    for parameters in ["sortBy=shoeSize", "sortBy=password", "sortBy=name"] {
        assert_eq!(server.send(get(&format!("/Users?{parameters}"))).await.status, 400);
    }
}

#[tokio::test]
async fn parameters_about_many_mean_nothing_for_one() {
    let server = Server::new();
    let path = server.user("bjensen").await;
    let odd = "filter=(&count=x&startIndex=1&startIndex=2&sortOrder=up&cursor=%20";
    let shown = server.read(&format!("{path}?{odd}&Attributes=userName")).await;
    assert_eq!(shown.as_object().unwrap().len(), 3, "{shown}");
}

#[tokio::test]
async fn a_list_is_sorted() {
    let server = people(5).await;
    for (parameters, expected) in [
        ("sortBy=userName", [0, 1, 2, 3, 4]),
        ("sortBy=userName&sortOrder=descending", [4, 3, 2, 1, 0]),
        ("sortBy=USERNAME&sortOrder=Descending", [4, 3, 2, 1, 0]),
        ("sortBy=nickName", [4, 3, 2, 1, 0]),
        ("sortBy=active", [1, 3, 0, 2, 4]),
        ("sortBy=emails&sortOrder=descending", [4, 3, 2, 1, 0]),
        ("sortBy=title", [0, 1, 2, 3, 4]),
    ] {
        let list = server.read(&format!("/Users?{parameters}")).await;
        let expected = expected.map(|place| format!("user{place}"));
        assert_eq!(names(&list), expected, "{parameters}");
    }
    let list = server.read("/Users?sortBy=nickName&startIndex=2&count=2").await;
    assert_eq!(names(&list), ["user3", "user2"]);
}

#[tokio::test]
async fn an_answer_shows_what_was_asked_for() {
    let server = people(1).await;
    let list = server.read("/Users").await;
    let path = format!("/Users/{}", list["Resources"][0]["id"].as_str().unwrap());
    let all = ["active", "emails", "externalId", "id", "meta", "nickName", "schemas", "userName"];
    let without = |name: &str| all.iter().copied().filter(|n| *n != name).collect::<Vec<_>>();
    for (parameters, expected) in [
        ("", all.to_vec()),
        ("attributes=userName", vec!["id", "schemas", "userName"]),
        ("attributes=USERNAME,active", vec!["active", "id", "schemas", "userName"]),
        ("attributes=shoeSize", vec!["id", "schemas"]),
        ("attributes=id", vec!["id", "schemas"]),
        ("attributes=", all.to_vec()),
        ("attributes=emails.value", vec!["emails", "id", "schemas"]),
        ("excludedAttributes=emails", without("emails")),
        ("excludedAttributes=id,schemas", all.to_vec()),
        ("excludedAttributes=meta", without("meta")),
        ("attributes=userName,active&excludedAttributes=active", vec!["id", "schemas", "userName"]),
    ] {
        let single = server.read(&format!("{path}?{parameters}")).await;
        let listed = server.read(&format!("/Users?{parameters}")).await["Resources"][0].clone();
        let keys: Vec<_> = single.as_object().unwrap().keys().collect();
        assert_eq!(keys, expected, "{parameters}");
        assert_eq!(single, listed, "{parameters}");
    }
    let emails = server.read(&format!("{path}?attributes=emails.value")).await["emails"].clone();
    assert_eq!(emails, json!([{ "value": "0@example.com" }]));
    let body = user_with(json!({ "title": "Guide" }));
    let created = server.create("/Users?attributes=title", &body).await;
    assert_eq!(created.as_object().unwrap().len(), 3, "{created}");
}

/// A server with that many users, whose nick names stand in the other order.
async fn people(count: usize) -> Server {
    let server = Server::new();
    for place in 0..count {
        let body = user_with(json!({
            "userName": format!("user{place}"),
            "externalId": format!("x{place}"),
            "nickName": format!("nick{}", count - place),
            "active": place % 2 == 0,
            "emails": [{ "value": format!("{place}@example.com"), "type": "work" }],
        }));
        server.create("/Users", &body).await;
    }
    server
}

fn names(list: &Value) -> Vec<&str> {
    let resources = list["Resources"].as_array().unwrap();
    resources.iter().map(|user| user["userName"].as_str().unwrap()).collect()
}
