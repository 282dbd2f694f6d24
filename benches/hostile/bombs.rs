use serde_json::{Value, json};

/// Users, and members of the group.
pub(crate) const MANY: usize = 10_000;

/// A request that somebody thinks up.
pub(crate) struct Bomb {
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) body: String,
}

fn bomb(name: &'static str, method: &'static str, path: &str, body: &dyn ToString) -> Bomb {
    Bomb { name, method, path: path.to_owned(), body: body.to_string() }
}

/// The first is what all others are compared with.
pub(crate) fn bombs(user: &str, ward: &str) -> Vec<Bomb> {
    let plain =
        [bomb("GET by id", "GET", user, &""), bomb("GET of 10,000 members", "GET", ward, &"")];
    plain.into_iter().chain(filters()).chain(bodies()).chain(changes(ward)).collect()
}

fn filters() -> impl Iterator<Item = Bomb> {
    let around = |levels: usize| format!("{}title pr{}", "(".repeat(levels), ")".repeat(levels));
    [
        ("filter: 32 parentheses over 10,000 users", around(32)),
        ("filter: 30,000 parentheses", around(30_000)),
        ("filter: 2,048 times `co` over 10,000 users", vec!["title co \"x\""; 2048].join(" or ")),
        ("filter: a literal of 1 MB", format!("title eq \"{}\"", "x".repeat(1_000_000))),
    ]
    .into_iter()
    .map(|(name, filter)| {
        bomb(name, "POST", "/Users/.search", &json!({ "filter": filter, "count": 1 }))
    })
    .chain([256, 90_000].map(|count| {
        let names: Vec<String> = (0..count).map(|place| format!("a{place}")).collect();
        let name = if count == 256 { "attributes: 256 names" } else { "attributes: 90,000 names" };
        bomb(name, "POST", "/Users/.search", &json!({ "attributes": names, "count": 200 }))
    }))
}

fn bodies() -> impl Iterator<Item = Bomb> {
    let names: Vec<String> = (0..50_000).map(|place| format!("\"n{place}\":1")).collect();
    let bulk = format!("{{\"Operations\":[{}{{}}]}}", "{},".repeat(99_999));
    [
        ("body: 10 MB", "/Users", "[1,".repeat(3_500_000)),
        ("body: 1 MB of `[`", "/Users", "[".repeat(1_000_000)),
        ("body: 1 MB of `1,`", "/Users", format!("[{}1]", "1,".repeat(499_000))),
        ("body: 1 MB of `{},`", "/Users", format!("[{}{{}}]", "{},".repeat(330_000))),
        ("body: 50,000 names", "/Users", format!("{{{}}}", names.join(","))),
        ("bulk: 100,000 operations", "/Bulk", bulk),
    ]
    .into_iter()
    .map(|(name, path, body)| bomb(name, "POST", path, &body))
}

fn changes(ward: &str) -> impl Iterator<Item = Bomb> {
    let circle = (0..1000).map(|place| {
        let next = format!("bulkId:{}", (place + 1) % 1000);
        let data = json!({ "displayName": "x", "members": [{ "value": next }] });
        json!({ "method": "POST", "path": "/Groups", "bulkId": place.to_string(), "data": data })
    });
    let again = (0..1000).map(|_| {
        let remove = json!([{ "op": "remove", "path": "members[value ew \"x\"]" }]);
        json!({ "method": "PATCH", "path": ward, "data": { "Operations": remove } })
    });
    let each = |count: usize| -> Value {
        let path = |place: usize| format!("members[value sw \"x{place}\"]");
        (0..count).map(|place| json!({ "op": "remove", "path": path(place) })).collect()
    };
    let add = |members: &Value| json!([{ "op": "add", "path": "members", "value": members }]);
    let patch =
        |name, operations: Value| bomb(name, "PATCH", ward, &json!({ "Operations": operations }));
    [
        bomb(
            "bulk: 1,000 groups in a circle",
            "POST",
            "/Bulk",
            &json!({ "Operations": circle.collect::<Value>() }),
        ),
        bomb(
            "bulk: 1,000 PATCHes over 10,000 members",
            "POST",
            "/Bulk",
            &json!({ "Operations": again.collect::<Value>() }),
        ),
        patch("PATCH: 1,000 operations over 10,000 members", each(1000)),
        patch("PATCH: 1,001 operations", each(1001)),
        patch("PATCH: 10,001 members more", add(&group(MANY + 1)["members"])),
        patch("PATCH: one member more", add(&json!([{ "value": "0", "type": "User" }]))),
    ]
    .into_iter()
}

pub(crate) fn group(members: usize) -> Value {
    let members: Value =
        (0..members).map(|place| json!({ "value": place.to_string(), "type": "User" })).collect();
    json!({ "displayName": "Ward 4", "members": members })
}
