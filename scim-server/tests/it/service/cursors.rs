//! Walks from page to page by cursor.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use scim_core::DateTime;
use scim_server::{Limits, store::MemoryStore};
use serde_json::{Value, json};

use super::{Server, delete, get, group, post, put, stores, user, user_with};

#[tokio::test]
async fn a_walk_comes_by_every_resource_once() {
    for (server, _directory) in stores() {
        people(&server, 7).await;
        let plain = ["user0", "user1", "user2", "user3", "user4", "user5", "user6"];
        let odd = ["user1", "user3", "user5"];
        let backwards = ["user6", "user5", "user4", "user3", "user2", "user1", "user0"];
        for (parameters, expected) in [
            ("", &plain[..]),
            ("&filter=active%20eq%20false", &odd),
            ("&sortBy=userName&sortOrder=descending", &backwards),
            ("&sortBy=name.familyName", &backwards),
            ("&sortBy=title", &plain),
            ("&filter=title%20pr", &[]),
        ] {
            every_walk_gives(&server, "/Users", parameters, expected).await;
        }
    }
}

#[tokio::test]
async fn a_walk_goes_on_from_type_to_type() {
    for (server, _directory) in stores() {
        people(&server, 3).await;
        server.create("/Groups", &group("Ward 0")).await;
        server.create("/Groups", &group("Ward 1")).await;
        let all = ["user0", "user1", "user2", "Ward 0", "Ward 1"];
        let backwards = ["Ward 0", "Ward 1", "user2", "user1", "user0"];
        for (parameters, expected) in [
            ("", &all[..]),
            ("&sortBy=userName", &all),
            ("&sortBy=userName&sortOrder=descending", &backwards),
            ("&filter=displayName%20pr", &all[3..]),
            ("&filter=userName%20pr", &all[..3]),
        ] {
            every_walk_gives(&server, "", parameters, expected).await;
        }
    }
}

#[tokio::test]
async fn what_comes_and_goes_meanwhile_moves_nothing_else() {
    for (server, _directory) in stores() {
        people(&server, 6).await;
        let first = server.read("/Users?cursor=&count=3").await;
        assert_eq!(names(&first), ["user0", "user1", "user2"]);
        // What was given goes, as does what was to come; and somebody comes.
        for place in [0, 2, 4] {
            let path = format!("/Users/{}", id(&server, &format!("user{place}")).await);
            server.send(delete(&path)).await.assert_status(204);
        }
        server.user("user6").await;
        let cursor = first["nextCursor"].as_str().unwrap();
        let second = server.read(&format!("/Users?cursor={cursor}&count=3")).await;
        assert_eq!(names(&second), ["user3", "user5", "user6"]);
        assert_eq!(second.get("nextCursor"), None);
    }
}

#[tokio::test]
async fn a_page_by_cursor_says_what_it_is() {
    let server = Server::new();
    people(&server, 5).await;
    let page = server.read("/Users?cursor=&count=2&attributes=userName").await;
    assert_eq!(page["itemsPerPage"], 2);
    assert_eq!((page.get("startIndex"), page.get("previousCursor")), (None, None));
    let cursor = page["nextCursor"].as_str().unwrap();
    assert!(cursor.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)), "{cursor}");
    // Another size, other attributes, and a message in place of the URL.
    let body = json!({ "cursor": cursor, "count": 5, "attributes": ["active"] });
    let rest = server.send(post("/Users/.search", &body)).await.assert_status(200).json();
    assert_eq!((rest["itemsPerPage"].clone(), rest.get("nextCursor")), (json!(3), None));
    assert_eq!(rest["Resources"][0]["active"], true);
    // A page of nothing tells how many there are, and goes on where it began.
    let none = server.read(&format!("/Users?cursor={cursor}&count=0")).await;
    assert_eq!((&none["totalResults"], names(&none).len()), (&json!(5), 0));
    let next = none["nextCursor"].as_str().unwrap();
    let again = server.read(&format!("/Users?cursor={next}&count=1")).await;
    assert_eq!(names(&again), ["user2"]);
    for path in ["/Users", "/"] {
        let none = server.read(&format!("{path}?cursor=&count=0")).await;
        let next = none["nextCursor"].as_str().unwrap();
        assert_eq!(names(&server.read(&format!("{path}?cursor={next}&count=1")).await), ["user0"]);
    }
    let nobody = server.read("/Groups?cursor=&count=0").await;
    assert_eq!((&nobody["totalResults"], nobody.get("nextCursor")), (&json!(0), None));
}

#[tokio::test]
async fn a_cursor_leads_nowhere_but_in_its_own_query() {
    let server = Server::new();
    people(&server, 5).await;
    let own = "count=1&filter=userName%20pr&sortBy=userName";
    let page = server.read(&format!("/Users?cursor=&{own}")).await;
    let cursor = page["nextCursor"].as_str().unwrap();
    server.send(get(&format!("/Users?cursor={cursor}&{own}"))).await.assert_status(200);
    let mut bent = cursor.to_owned();
    bent.replace_range(..1, if cursor.starts_with('A') { "B" } else { "A" });
    for (path, scim_type) in [
        (format!("/Users?cursor={cursor}"), "invalidCursor"),
        (format!("/Users?cursor={cursor}&{own}&sortOrder=descending"), "invalidCursor"),
        (format!("/Users?cursor={cursor}&filter=id%20pr&sortBy=userName"), "invalidCursor"),
        (format!("/?cursor={cursor}&{own}"), "invalidCursor"),
        (format!("/Groups?cursor={cursor}"), "invalidCursor"),
        (format!("/Users?cursor={bent}&{own}"), "invalidCursor"),
        (format!("/Users?cursor={cursor}A&{own}"), "invalidCursor"),
        ("/Users?cursor=unknown".to_owned(), "invalidCursor"),
        ("/Users?cursor=a%20b".to_owned(), "invalidCursor"),
        (format!("/Users?cursor={cursor}&count=x"), "invalidCount"),
        (format!("/Users?cursor={cursor}&{own}&startIndex=1"), "invalidValue"),
    ] {
        server.send(get(&path)).await.assert_error(400, Some(scim_type));
    }
    // In another realm, it is nobody's.
    let mut other = get(&format!("/Users?cursor={cursor}&{own}"));
    *other.uri_mut() = other.uri().to_string().replace("/r1/", "/r2/").parse().unwrap();
    server.send_as(&server.stranger, other).await.assert_error(400, Some("invalidCursor"));
}

#[tokio::test]
async fn a_cursor_expires() {
    let now = Arc::new(AtomicI64::new(1_700_000_000_000_000));
    let clock = Arc::clone(&now);
    let server = Server::with(|builder| {
        builder
            .with_limits(Limits::default().with_cursor_lifetime(60))
            .with_clock(move || DateTime::from_unix_micros(clock.load(Ordering::Relaxed)).unwrap())
    });
    people(&server, 3).await;
    let page = server.read("/Users?cursor=&count=1").await;
    let next = format!("/Users?count=1&cursor={}", page["nextCursor"].as_str().unwrap());
    now.fetch_add(60_000_000, Ordering::Relaxed);
    server.send(get(&next)).await.assert_status(200);
    now.fetch_add(1, Ordering::Relaxed);
    server.send(get(&next)).await.assert_error(400, Some("expiredCursor"));
}

#[tokio::test]
async fn processes_with_one_key_take_the_cursors_of_each_other() {
    let store = Arc::new(MemoryStore::new());
    let of = |key: Option<[u8; 32]>| {
        Server::over(Arc::<MemoryStore>::clone(&store), |builder| match key {
            Some(key) => builder.with_cursor_key(key),
            None => builder,
        })
    };
    let first = of(Some([7; 32]));
    people(&first, 3).await;
    let page = first.read("/Users?cursor=&count=1").await;
    let next = format!("/Users?count=1&cursor={}", page["nextCursor"].as_str().unwrap());
    assert_eq!(names(&of(Some([7; 32])).read(&next).await), ["user1"]);
    for other in [of(Some([8; 32])), of(None)] {
        other.send(get(&next)).await.assert_error(400, Some("invalidCursor"));
    }
}

#[tokio::test]
async fn cursors_can_be_switched_off() {
    let limits = Limits::default().with_cursor_lifetime(0);
    let server = Server::with(|builder| builder.with_limits(limits));
    people(&server, 3).await;
    let config = server.read("/ServiceProviderConfig").await;
    assert_eq!(config["pagination"]["cursor"], false);
    assert_eq!(config["pagination"].get("cursorTimeout"), None);
    let page = server.read("/Users?cursor=&count=1").await;
    assert_eq!((&page["totalResults"], page.get("nextCursor")), (&json!(3), None));
    server.send(get("/Users?cursor=x")).await.assert_error(400, Some("invalidCursor"));
}

#[tokio::test]
async fn a_change_of_what_is_sorted_by_loses_nobody_who_stays() {
    let server = Server::new();
    people(&server, 4).await;
    let first = server.read("/Users?cursor=&count=2&sortBy=userName").await;
    let path = format!("/Users/{}", id(&server, "user0").await);
    server.send(put(&path, &user("zoe"))).await.assert_status(200);
    let cursor = first["nextCursor"].as_str().unwrap();
    let second = server.read(&format!("/Users?cursor={cursor}&sortBy=userName")).await;
    assert_eq!(names(&second), ["user2", "user3", "zoe"]);
}

/// That many users, whose family names stand in the other order.
async fn people(server: &Server, count: usize) {
    for place in 0..count {
        let body = user_with(json!({
            "userName": format!("user{place}"),
            "name": { "familyName": format!("family{}", count - place) },
            "active": place % 2 == 0,
        }));
        server.create("/Users", &body).await;
    }
}

/// Walks with pages of each size, of which none is empty where there is something.
async fn every_walk_gives(server: &Server, endpoint: &str, parameters: &str, expected: &[&str]) {
    for count in 1..=8 {
        let pages = walk(server, endpoint, &format!("count={count}{parameters}")).await;
        assert_eq!(pages.concat(), expected, "{count}{parameters}");
        assert_eq!(pages.len(), expected.len().div_ceil(count).max(1), "{count}{parameters}");
    }
}

/// The names on each page of a walk.
async fn walk(server: &Server, endpoint: &str, parameters: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = server.read(&format!("{endpoint}?cursor={cursor}&{parameters}")).await;
        pages.push(names(&page).into_iter().map(str::to_owned).collect());
        match page.get("nextCursor").and_then(Value::as_str) {
            Some(next) => next.clone_into(&mut cursor),
            None => return pages,
        }
    }
}

async fn id(server: &Server, user_name: &str) -> String {
    let filter = super::query("/Users", "filter", &format!("userName eq \"{user_name}\""));
    let list = server.send(filter).await.json();
    list["Resources"][0]["id"].as_str().unwrap().to_owned()
}

fn names(list: &Value) -> Vec<&str> {
    let name =
        |resource| ["userName", "displayName"].iter().find_map(|name| Value::get(resource, name));
    let resources = list["Resources"].as_array().unwrap();
    resources
        .iter()
        .map(|resource| name(resource).map_or("", |name| name.as_str().unwrap()))
        .collect()
}
