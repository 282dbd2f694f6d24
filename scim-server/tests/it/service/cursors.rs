//! Pages by cursor (RFC 9865).

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use scim_core::DateTime;
use scim_server::{
    Limits, ResourceStore,
    store::{MemoryStore, SqliteStore},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Server, delete, get, group, post, user, user_with};

/// Runs over both stores.
async fn over_both(play: impl AsyncFn(Server)) {
    let directory = TempDir::new().unwrap();
    let file = SqliteStore::open(directory.path().join("scim.db")).unwrap();
    let stores: [Arc<dyn ResourceStore>; 2] = [Arc::new(MemoryStore::new()), Arc::new(file)];
    for store in stores {
        play(Server::over(store, |builder| builder)).await;
    }
}

fn names(page: &Value) -> Vec<String> {
    let resources = page["Resources"].as_array().unwrap();
    let name = |resource: &Value| {
        let name = resource.get("userName").or_else(|| resource.get("displayName"));
        name.unwrap().as_str().unwrap().to_owned()
    };
    resources.iter().map(name).collect()
}

/// The page behind another one, if there is one.
async fn next(server: &Server, path: &str, page: &Value) -> Option<Value> {
    let cursor = page.get("nextCursor")?.as_str().unwrap();
    Some(server.read(&format!("{path}&cursor={cursor}")).await)
}

async fn walk(server: &Server, path: &str) -> Vec<Vec<String>> {
    let first = server.read(&format!("{path}&cursor=")).await;
    let mut pages = vec![names(&first)];
    pages.extend(walk_on(server, path, first).await);
    pages
}

/// The pages behind one.
async fn walk_on(server: &Server, path: &str, mut page: Value) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    while let Some(following) = next(server, path, &page).await {
        page = following;
        pages.push(names(&page));
    }
    pages
}

#[tokio::test]
async fn cursors_lead_through_all_that_match() {
    over_both(async |server| {
        for (number, title) in (0..7).zip(["Guide", "Porter"].into_iter().cycle()) {
            let person = json!({"userName": format!("u{number}"), "title": title});
            server.create("/Users", &user_with(person)).await;
        }
        server.create("/Groups", &group("Ward 4")).await;
        for (query, expected) in [
            ("count=3", &[&["u0", "u1", "u2"][..], &["u3", "u4", "u5"], &["u6"]][..]),
            ("count=7", &[&["u0", "u1", "u2", "u3", "u4", "u5", "u6"]]),
            ("count=3&filter=title%20eq%20%22guide%22", &[&["u0", "u2", "u4"], &["u6"]]),
            ("count=2&filter=title%20eq%20%22guide%22", &[&["u0", "u2"], &["u4", "u6"]]),
            ("count=2&filter=title%20eq%20%22cook%22", &[&[]]),
            (
                "count=3&sortBy=title&sortOrder=descending",
                &[&["u1", "u3", "u5"], &["u0", "u2", "u4"], &["u6"]],
            ),
            ("count=2&filter=userName%20eq%20%22U3%22", &[&["u3"]]),
        ] {
            assert_eq!(walk(&server, &format!("/Users?{query}")).await, expected, "{query}");
        }
        let all = [&["u0", "u1", "u2"][..], &["u3", "u4", "u5"], &["u6", "Ward 4"]];
        assert_eq!(walk(&server, "/?count=3").await, all);
        let all = [&["u0", "u1", "u2", "u3", "u4", "u5", "u6"][..], &["Ward 4"]];
        assert_eq!(walk(&server, "/?count=7").await, all);
        server.refuse(get("/?cursor=&sortBy=id"), 501, None).await;
        // Without resources only their number is asked for.
        let none = server.read("/Users?count=0&cursor=").await;
        assert_eq!((&none["totalResults"], none.get("nextCursor")), (&json!(7), None));
        // The last page is never one of nothing.
        let wards = "/?count=7&filter=userName%20pr";
        assert_eq!(walk(&server, wards).await, [["u0", "u1", "u2", "u3", "u4", "u5", "u6"]]);
        let search = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
            "count": 4, "cursor": "",
        });
        let page = server.send(post("/Users/.search", &search)).await.json();
        assert_eq!(page["itemsPerPage"], 4);
        let mut rest = search;
        rest["cursor"] = page["nextCursor"].clone();
        let page = server.send(post("/Users/.search", &rest)).await.json();
        assert_eq!((names(&page).len(), page.get("nextCursor")), (3, None));
    })
    .await;
}

#[tokio::test]
async fn a_page_of_nothing_in_the_midst_of_a_walk_ends_it_not() {
    over_both(async |server| {
        for number in 0..4 {
            server.user(&format!("u{number}")).await;
        }
        for path in ["/Users?", "/?"] {
            let page = server.read(&format!("{path}count=2&cursor=")).await;
            let nothing = next(&server, &format!("{path}count=0"), &page).await.unwrap();
            assert!(names(&nothing).is_empty());
            let rest = next(&server, &format!("{path}count=2"), &nothing).await.unwrap();
            assert_eq!((names(&rest), rest.get("nextCursor")), (names_of(2..4), None), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_cursor_is_short_however_much_a_resource_holds() {
    over_both(async |server| {
        for number in 0..3 {
            let mut emails = vec![json!({"value": format!("{number}@example.com")})];
            emails.extend((0..500).map(|place| json!({"value": format!("z{place}@example.com")})));
            let person = json!({"userName": format!("u{number}"), "emails": emails});
            server.create("/Users", &user_with(person)).await;
        }
        let path = "/Users?count=1&sortBy=emails&attributes=userName";
        assert_eq!(walk(&server, path).await.concat(), names_of(0..3));
        let page = server.read(&format!("{path}&cursor=")).await;
        assert!(page["nextCursor"].as_str().unwrap().len() < 200);
    })
    .await;
}

fn names_of(numbers: std::ops::Range<usize>) -> Vec<String> {
    numbers.map(|number| format!("u{number}")).collect()
}

#[tokio::test]
async fn what_comes_and_goes_meanwhile_hides_nothing_and_repeats_nothing() {
    over_both(async |server| {
        let mut paths = Vec::new();
        for number in 0..6 {
            paths.push(server.user(&format!("u{number}")).await);
        }
        for path in ["/Users?count=2", "/Users?count=2&sortBy=userName"] {
            let first = server.read(&format!("{path}&cursor=")).await;
            // By index, the next page would now pass over somebody.
            server.send(delete(&paths.remove(0))).await.assert_status(204);
            server.user("a-first").await;
            let mut seen = names(&first);
            seen.extend(walk_on(&server, path, first).await.into_iter().flatten());
            let times = |name| seen.iter().filter(|seen| **seen == name).count();
            assert_eq!(["u2", "u3", "u4", "u5"].map(times), [1; 4], "{path}");
            let created = server.send(get("/Users?filter=userName%20eq%20%22a-first%22")).await;
            let id = created.json()["Resources"][0]["id"].as_str().unwrap().to_owned();
            server.send(delete(&format!("/Users/{id}"))).await.assert_status(204);
        }
    })
    .await;
}

#[tokio::test]
async fn a_cursor_is_good_for_its_query_and_its_time_alone() {
    let time = Arc::new(AtomicI64::new(1_600_000_000_000_000));
    let clock = {
        let time = Arc::clone(&time);
        move || DateTime::from_unix_micros(time.load(Ordering::SeqCst)).unwrap()
    };
    let limits = Limits::default().with_cursor_lifetime(Duration::from_mins(1));
    let server = Server::with(|builder| builder.with_clock(clock).with_limits(limits));
    for number in 0..3 {
        server.create("/Users", &user(&format!("u{number}"))).await;
        server.create("/Groups", &group(&format!("g{number}"))).await;
    }
    let page = server.read("/Users?count=1&cursor=").await;
    let cursor = page["nextCursor"].as_str().unwrap();
    assert_eq!(names(&server.read(&format!("/Users?count=2&cursor={cursor}")).await), ["u1", "u2"]);
    let cut = cursor.get(..cursor.len() - 2).unwrap();
    for path in [
        format!("/Groups?cursor={cursor}"),
        format!("/Users?cursor={cursor}&sortBy=userName"),
        format!("/Users?cursor={cursor}&filter=title%20pr"),
        format!("/Users?cursor={cut}"),
        "/Users?cursor=AAAA".to_owned(),
        format!("/?cursor={cursor}"),
    ] {
        server.refuse(get(&path), 400, Some("invalidCursor")).await;
    }
    // Nor for another tenant.
    let mut foreign = get(&format!("/Users?cursor={cursor}"));
    let uri = foreign.uri().to_string().replace("/r1/", "/r2/");
    *foreign.uri_mut() = uri.parse().unwrap();
    let reply = server.send_as(&server.stranger, foreign).await;
    reply.assert_error(400, Some("invalidCursor"));
    time.fetch_add(61_000_000, Ordering::SeqCst);
    let path = format!("/Users?cursor={cursor}");
    server.refuse(get(&path), 400, Some("expiredCursor")).await;
}
