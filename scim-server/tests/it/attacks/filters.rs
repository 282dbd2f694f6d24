//! Filters that cost more than they are worth, and values that a search could take for patterns.

use std::sync::Arc;

use http::Request;
use scim_core::{SchemaUri, fold};
use scim_server::{Limits, store::SqliteStore};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::service::{Server, post, query, stores, user_with};

const TITLE: &str = "title pr";

/// Filters of a megabyte or of ten thousand parts.
fn bombs() -> Vec<(&'static str, String)> {
    let million = 1 << 20;
    let parentheses = "(".repeat(million);
    let around = |levels: usize| format!("{}{TITLE}{}", "(".repeat(levels), ")".repeat(levels));
    vec![
        ("parentheses", parentheses),
        ("parentheses that close", around(million / 2)),
        ("negations", "not (".repeat(million / 5)),
        ("negations that close", format!("{}{TITLE}{}", "not (".repeat(9000), ")".repeat(9000))),
        ("conjunctions", vec![TITLE; 10_000].join(" and ")),
        ("alternatives", vec![TITLE; 10_000].join(" or ")),
        ("value paths", vec!["emails[type eq \"work\"]"; 10_000].join(" and ")),
        ("open value paths", "emails[".repeat(10_000)),
        ("a literal", format!("title eq \"{}\"", "x".repeat(million))),
        ("a literal of escapes", format!("title eq \"{}\"", "\\u0041".repeat(million / 6))),
        ("a literal without end", format!("title eq \"{}", "x".repeat(million))),
        ("a number", format!("title eq {}", "9".repeat(million))),
        ("a name", format!("{} pr", "x".repeat(million))),
        ("a path", format!("{}a pr", "a.".repeat(million / 2))),
        ("a URN", format!("urn:{}:a pr", "a:".repeat(million / 2))),
        ("blanks", " ".repeat(million)),
    ]
}

/// Filters within the length of a URL or a text, and beyond the limits of a filter.
fn small_bombs() -> Vec<(&'static str, String)> {
    let nested = |levels: usize| format!("{}{TITLE}{}", "(".repeat(levels), ")".repeat(levels));
    let negated =
        |levels: usize| format!("{}{TITLE}{}", "not (".repeat(levels), ")".repeat(levels));
    vec![
        ("33 levels", nested(33)),
        ("3,000 levels", nested(3000)),
        ("3,000 open levels", "(".repeat(3000)),
        ("33 negations", negated(33)),
        ("1,000 negations", negated(1000)),
        ("3,000 comparisons", vec![TITLE; 3000].join(" or ")),
        ("2,100 value paths", vec!["emails[value pr]"; 2100].join(" and ")),
    ]
}

fn search(filter: &str) -> Request<bytes::Bytes> {
    let body = json!({ "schemas": [SchemaUri::SEARCH_REQUEST], "filter": filter });
    post("/Users/.search", &body)
}

#[tokio::test]
async fn a_filter_that_is_a_bomb_is_refused_before_it_goes_off() {
    for (server, _directory) in stores() {
        a_filter_that_is_a_bomb_is_refused_before_it_goes_off_over(&server).await;
    }
}

async fn a_filter_that_is_a_bomb_is_refused_before_it_goes_off_over(server: &Server) {
    server.create("/Users", &user_with(json!({ "title": "Guide" }))).await;
    for (what, filter) in bombs() {
        // No URI of the `http` crate is as long as that.
        let start = filter.get(..20_000).unwrap_or(&filter);
        refuse(server, query("/Users", "filter", start), what, &[414]).await;
        // As a text of a body it is too long, if not the body itself.
        refuse(server, search(&filter), what, &[400, 413]).await;
    }
    for (what, filter) in small_bombs() {
        refuse(server, query("/Users", "filter", &filter), what, &[400, 414]).await;
        refuse(server, search(&filter), what, &[400]).await;
    }
    // What is within the limits is answered, however odd.
    let odd = format!("{}{TITLE}{}", "not (".repeat(32), ")".repeat(32));
    let odd = [odd, vec![TITLE; 2048].join(" and "), vec![TITLE; 2048].join(" or ")];
    for filter in odd {
        assert_eq!(server.send(search(&filter)).await.json()["totalResults"], 1);
    }
}

/// The request is refused with one of the statuses, tells why.
async fn refuse(server: &Server, request: Request<bytes::Bytes>, what: &str, statuses: &[u16]) {
    let reply = server.send(request).await;
    assert!(statuses.contains(&reply.status), "{what}: {} {}", reply.status, reply.text());
    let scim_type = reply.json().get("scimType").and_then(Value::as_str).map(str::to_owned);
    let expected = matches!(scim_type.as_deref(), Some("invalidFilter" | "invalidValue") | None);
    assert!(expected, "{what}: {scim_type:?}");
}

#[tokio::test]
async fn a_filter_is_tried_on_so_many_resources_and_no_more() {
    let limits = || Limits::default().with_filter_work(100);
    let directory = TempDir::new().unwrap();
    let file = SqliteStore::open(directory.path().join("scim.db")).unwrap();
    for server in [
        Server::with(|builder| builder.with_limits(limits())),
        Server::over(Arc::new(file), |builder| builder.with_limits(limits())),
    ] {
        for place in 0..50 {
            server.user(&format!("user{place}")).await;
        }
        let twice = format!("{TITLE} or {TITLE}");
        for filter in [TITLE, &twice] {
            server.send(search(filter)).await.assert_status(200);
        }
        let thrice = format!("{twice} or {TITLE}");
        server.refuse(search(&thrice), 400, Some("tooMany")).await;
        server.refuse(query("/", "filter", &thrice), 400, Some("tooMany")).await;
        // An index leads to the few that it is about.
        let names: Vec<_> = (0..9).map(|place| format!("userName eq \"user{place}\"")).collect();
        let page = server.send(search(&names.join(" or "))).await.assert_status(200).json();
        assert_eq!(page["totalResults"], 9);
    }
}

#[tokio::test]
async fn so_many_attributes_may_be_named_and_no_more() {
    let server = Server::new();
    let path = server.user("babs").await;
    let names = |count: usize| vec!["a"; count].join(",");
    let search = |count: usize| {
        let body = json!({ "attributes": vec!["title"; count], "excludedAttributes": ["a"] });
        post("/Users/.search", &body)
    };
    server.send(search(255)).await.assert_status(200);
    server.refuse(search(256), 400, Some("invalidValue")).await;
    for endpoint in ["/Users", "/", &path] {
        server.send(query(endpoint, "attributes", &names(256))).await.assert_status(200);
        for name in ["attributes", "excludedAttributes"] {
            server.refuse(query(endpoint, name, &names(257)), 400, Some("invalidValue")).await;
        }
    }
}

/// What databases take for more than text, and what Unicode has in more than one form.
const TEXTS: [&str; 24] = [
    "100%",
    "100",
    "%",
    "_",
    "a_c",
    "abc",
    "\\",
    "a\\%",
    "'",
    "''",
    "\"",
    "a\"c",
    "*",
    "[a-c]",
    "?",
    "^a$",
    "a OR b",
    "NEAR(a b)",
    "e\u{301}mile",
    "Émile",
    "ΟΔΟΣ",
    "οδος ΟΔΟΣΑ",
    "straße",
    "Ｂｏｂ",
];

#[tokio::test]
async fn a_search_takes_text_for_text() {
    // Those that a store may look up, those that it does not, and one in which case counts.
    let attributes = ["displayName", "title", "emails.value", "externalId"];
    let operands = TEXTS.into_iter().chain(["", "e", "ς", "σ", "ss", "\u{301}", "b", "%a", "a%"]);
    let operands: Vec<&str> = operands.collect();
    for (server, _directory) in stores() {
        for (place, text) in TEXTS.iter().enumerate() {
            let body = user_with(json!({
                "userName": place.to_string(), "displayName": text, "title": text,
                "emails": [{ "value": "nobody@example.com" }, { "value": text }],
                "externalId": text,
            }));
            server.create("/Users", &body).await;
        }
        let conditions = attributes.iter().flat_map(|attribute| {
            ["eq", "ne", "co", "sw", "ew"].into_iter().map(move |op| (*attribute, op))
        });
        for (attribute, op) in conditions {
            assert_found(&server, attribute, op, &operands).await;
        }
    }
}

async fn assert_found(server: &Server, attribute: &str, op: &str, operands: &[&str]) {
    for operand in operands {
        let filter = format!("{attribute} {op} {}", json!(operand));
        assert_eq!(found(server, &filter).await, expected(attribute, op, operand), "{filter}");
    }
}

/// The numbers that the users have for names whom a filter finds.
async fn found(server: &Server, filter: &str) -> Vec<usize> {
    let page = server.send(search(filter)).await.assert_status(200).json();
    let found = page.get("Resources").and_then(Value::as_array).into_iter().flatten();
    found.map(|user| user["userName"].as_str().unwrap().parse().unwrap()).collect()
}

/// The places of the texts that a naive search finds.
fn expected(attribute: &str, op: &str, operand: &str) -> Vec<usize> {
    let compared = |text: &str| match attribute {
        "externalId" => text.to_owned(),
        _ => fold(text).into_owned(),
    };
    let operand = compared(operand);
    let holds = |text: &str| match op {
        "eq" => text == operand,
        "ne" => text != operand,
        "co" => text.contains(&operand),
        "sw" => text.starts_with(&operand),
        _ => text.ends_with(&operand),
    };
    let has = |text: &str| {
        let own = holds(&compared(text));
        match (attribute, op) {
            ("emails.value", "ne") => own && holds("nobody@example.com"),
            ("emails.value", _) => own || holds("nobody@example.com"),
            _ => own,
        }
    };
    (0..TEXTS.len()).filter(|place| has(TEXTS[*place])).collect()
}
