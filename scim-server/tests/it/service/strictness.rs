//! What is well-formed JSON and is refused all the same: it could not be kept as it came, or it
//! would mean one thing here and another there.

use http::header::CONTENT_TYPE;
use scim_server::Limits;
use serde_json::{Value, json};

use super::{Server, group, patch, path_to, post, put, request, user, user_with, with};
use crate::reply::MARKER;

const SYNTAX: Option<&str> = Some("invalidSyntax");
const VALUE: Option<&str> = Some("invalidValue");
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Sends a text as a creation and a replacement, and as the value of a PATCH without path.
async fn refuse_everywhere(server: &Server, path: &str, text: &str, scim_type: Option<&str>) {
    for (method, path) in [("POST", "/Users"), ("PUT", path)] {
        server.refuse(request(method, path, text.to_owned()), 400, scim_type).await;
    }
    let schemas = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
    for op in ["add", "replace"] {
        let operation = format!(r#"{{"op": "{op}", "value": {text}}}"#);
        let body = format!(r#"{{"schemas": ["{schemas}"], "Operations": [{operation}]}}"#);
        server.refuse(request("PATCH", path, body), 400, scim_type).await;
    }
}

#[tokio::test]
async fn one_attribute_under_two_names_is_refused() {
    let server = Server::new();
    let path = server.user("babs").await;
    let many: Vec<String> = (0..40).map(|place| format!(r#""x{place}": null, "#)).collect();
    let many = many.concat();
    for text in [
        r#"{"userName": "Zq7marker", "USERNAME": "Zq7marker"}"#.to_owned(),
        r#"{"userName": "Zq7marker", "title": "x", "Title": null}"#.to_owned(),
        r#"{"userName": "Zq7marker", "name": {"givenName": "x", "GivenName": "Zq7marker"}}"#
            .to_owned(),
        r#"{"userName": "Zq7marker", "emails": [{"value": "x", "VALUE": "Zq7marker"}]}"#.to_owned(),
        format!(r#"{{"userName": "Zq7marker", {many} "X7": null}}"#),
        format!(r#"{{"userName": "Zq7marker", "{USER}:userName": "Zq7marker"}}"#),
        format!(r#"{{"userName": "Zq7marker", "{USER}:userName": null}}"#),
        format!(r#"{{"userName": "Zq7marker", "title": null, "{USER}:title": "Zq7marker"}}"#),
        format!(r#"{{"userName": "Zq7marker", "{USER}:title": null, "title": "Zq7marker"}}"#),
        format!(
            r#"{{"userName": "Zq7marker", "{ENTERPRISE}": {{"department": "Zq7marker"}},
                "{ENTERPRISE}:department": "Zq7marker"}}"#
        ),
    ] {
        refuse_everywhere(&server, &path, &text, SYNTAX).await;
    }
    // The members of the message itself have one name each, too.
    for operation in [
        r#"{"op": "replace", "OP": "remove", "path": "title", "value": "Zq7marker"}"#,
        r#"{"op": "replace", "path": "title", "Path": "nickName", "value": "Zq7marker"}"#,
        r#"{"op": "replace", "path": "title", "value": "Zq7marker", "VALUE": "x"}"#,
    ] {
        let body = format!(r#"{{"Operations": [{operation}]}}"#);
        server.refuse(request("PATCH", &path, body), 400, SYNTAX).await;
    }
}

#[tokio::test]
async fn a_dotted_key_beside_its_whole_is_refused_in_a_patch() {
    let server = Server::new();
    let path = server.user("babs").await;
    let value = json!({ "name": { "givenName": MARKER }, "name.givenName": "x" });
    server.refuse(patch(&path, &json!([{ "op": "replace", "value": value }])), 400, SYNTAX).await;
    // One behind the other is no contradiction.
    let value = json!({ "name": { "givenName": "B" }, "name.familyName": "Jensen" });
    let operations = json!([{ "op": "replace", "value": value }, { "op": "add", "value": value }]);
    server.send(patch(&path, &operations)).await.assert_status(200);
    assert_eq!(
        server.read(&path).await["name"],
        json!({ "givenName": "B", "familyName": "Jensen" })
    );
}

#[tokio::test]
async fn the_character_nul_is_refused_wherever_it_stands() {
    let server = Server::new();
    let path = server.user("babs").await;
    for text in [
        r#"{"userName": "Zq7marker\u0000"}"#,
        r#"{"userName": "Zq7marker", "externalId": "\u0000Zq7marker"}"#,
        r#"{"userName": "Zq7marker", "shoe\u0000Size": "Zq7marker"}"#,
        r#"{"userName": "Zq7marker", "name": {"givenName": "\u0000"}}"#,
        r#"{"userName": "Zq7marker", "emails": [{"value": "a\u0000b", "type": "work"}]}"#,
        r#"{"userName": "Zq7marker", "shoeSize": ["Zq7marker\u0000"]}"#,
    ] {
        refuse_everywhere(&server, &path, text, VALUE).await;
    }
}

#[tokio::test]
async fn text_that_is_no_unicode_is_refused() {
    let server = Server::new();
    let path = server.user("babs").await;
    let within = |bytes: &[u8]| [br#"{"userName": "Zq7marker"#, bytes, br#""}"#].concat();
    let mark = |order: &[u8]| [order, br#"{"userName": "Zq7marker"}"#].concat();
    let utf_16 = "{\"userName\": \"Zq7marker\"}".encode_utf16().flat_map(u16::to_le_bytes);
    let bodies = [
        within(br"\ud800"),
        within(br"\udc00"),
        within(br"\ud800x"),
        within(br"\udc00\ud800"),
        within(b"\xff"),
        within(b"\xc0\x80"),
        within(b"\xe0\x80\xaf"),
        within(b"\xed\xa0\x80"),
        within(b"\xf5\x80\x80\x80"),
        within(b"\xe2\x82"),
        mark(b"\xef\xbb\xbf"),
        mark(b"\xff\xfe"),
        utf_16.collect(),
    ];
    for body in bodies {
        for (method, path) in [("POST", "/Users"), ("PUT", path.as_str()), ("PATCH", &path)] {
            server.refuse(request(method, path, body.clone()), 400, SYNTAX).await;
        }
    }
    // Two halves make a character.
    let pair = request("POST", "/Users", r#"{"userName": "\ud83d\ude00"}"#);
    server.send(pair).await.assert_status(201);
}

#[tokio::test]
async fn a_number_is_kept_as_it_came_or_refused() {
    let server = Server::new();
    let path = server.user("babs").await;
    for number in [
        "18446744073709551616",
        "-9223372036854775809",
        "123456789012345678901234567890",
        "0.1000000000000000000000000000000000000001",
        "1e-400",
        "9007199254740993.0",
    ] {
        let text = format!(r#"{{"userName": "Zq7marker", "shoeSize": {number}}}"#);
        refuse_everywhere(&server, &path, &text, VALUE).await;
    }
    // No double is as large as that, and the parser says so.
    refuse_everywhere(&server, &path, r#"{"userName": "Zq7marker", "x": 1e400}"#, SYNTAX).await;
}

#[tokio::test]
async fn a_text_may_be_so_long_and_no_longer() {
    let limits = Limits::default().with_text(100);
    let server = Server::with(|builder| builder.with_limits(limits));
    let path = server.user("babs").await;
    let text = |length| "x".repeat(length);
    for body in [
        json!({ "userName": "b", "title": text(101) }),
        json!({ "userName": "b", "name": { "givenName": text(101) } }),
        json!({ "userName": "b", text(101): null }),
    ] {
        refuse_everywhere(&server, &path, &body.to_string(), VALUE).await;
    }
    server.create("/Users", &user_with(json!({ "title": text(100) }))).await;
}

#[tokio::test]
async fn an_attribute_may_have_so_many_values_and_no_more() {
    let limits = Limits::default().with_elements(3);
    let server = Server::with(|builder| builder.with_limits(limits));
    let emails = |range: std::ops::Range<usize>| -> Value {
        range.map(|place| json!({ "value": format!("{place}@example.com") })).collect()
    };
    let full = server.create("/Users", &user_with(json!({ "emails": emails(0..3) }))).await;
    let path = path_to(&full);
    let too_many = json!({ "userName": "b", "emails": emails(0..4) });
    server.refuse(post("/Users", &too_many), 400, VALUE).await;
    server.refuse(put(&path, &too_many), 400, VALUE).await;
    let add = |emails: Value| json!([{ "op": "add", "path": "emails", "value": emails }]);
    // Together with those that are there.
    server.refuse(patch(&path, &add(emails(3..4))), 400, VALUE).await;
    let replace = json!([{ "op": "replace", "path": "emails", "value": emails(5..9) }]);
    server.refuse(patch(&path, &replace), 400, VALUE).await;
    server.send(patch(&path, &add(emails(0..2)))).await.assert_status(200);
}

#[tokio::test]
async fn a_request_may_name_so_many_members_and_no_more() {
    let limits = Limits::default().with_members(3).with_elements(1);
    let server = Server::with(|builder| builder.with_limits(limits));
    let members = |range: std::ops::Range<usize>| -> Value {
        range.map(|place| json!({ "value": format!("m{place}") })).collect()
    };
    let ward = |members: Value| json!({ "displayName": "Ward 4", "members": members });
    let path = path_to(&server.create("/Groups", &ward(members(0..3))).await);
    let many = Some("tooMany");
    server.refuse(post("/Groups", &ward(members(0..4))), 413, many).await;
    server.refuse(put(&path, &ward(members(0..4))), 413, many).await;
    let add = |range| json!({ "op": "add", "path": "members", "value": members(range) });
    server.refuse(patch(&path, &json!([add(3..5), add(5..7)])), 413, many).await;
    let without_path = json!({ "op": "add", "value": { "members": members(3..7) } });
    server.refuse(patch(&path, &json!([without_path])), 413, many).await;
    // In as many requests as it takes.
    server.send(patch(&path, &json!([add(3..6)]))).await.assert_status(204);
    server.send(patch(&path, &json!([add(6..9)]))).await.assert_status(204);
    assert_eq!(server.read(&path).await["members"].as_array().unwrap().len(), 9);
}

#[tokio::test]
async fn a_name_shows_all_that_it_is() {
    let server = Server::new();
    let path = server.user("babs").await;
    let mut bad: Vec<String> = vec![
        " b".to_owned(),
        "b ".to_owned(),
        "\tb".to_owned(),
        "b\u{a0}".to_owned(),
        "\u{3000}b".to_owned(),
        "\u{2003}".to_owned(),
        "b\r\nLocation: x".to_owned(),
        "b\u{1b}[2J".to_owned(),
        "b\u{85}c".to_owned(),
        "é".repeat(511),
    ];
    let invisible = [
        '\u{7f}',
        '\u{ad}',
        '\u{61c}',
        '\u{200b}',
        '\u{200c}',
        '\u{200d}',
        '\u{200e}',
        '\u{200f}',
        '\u{2028}',
        '\u{202a}',
        '\u{202e}',
        '\u{2060}',
        '\u{2066}',
        '\u{2069}',
        '\u{feff}',
        '\u{e0041}',
    ];
    bad.extend(invisible.iter().map(|c| format!("b{c}ob")));
    for name in &bad {
        server.refuse(post("/Users", &user(name)), 400, VALUE).await;
        server.refuse(put(&path, &user(name)), 400, VALUE).await;
        for operation in [
            json!({ "op": "replace", "path": "userName", "value": name }),
            json!({ "op": "add", "value": { "USERNAME": name } }),
            json!({ "op": "replace", "value": { format!("{USER}:userName"): name } }),
        ] {
            server.refuse(patch(&path, &json!([operation])), 400, VALUE).await;
        }
    }
    for name in ["b b", "é".repeat(510).as_str(), "раypal", "ｂｏｂ", "नमस्ते", "שלום"]
    {
        server.send(put(&path, &user(name))).await.assert_status(200);
    }
}

#[tokio::test]
async fn an_identifier_of_the_client_s_is_short_and_printable() {
    let server = Server::new();
    let path = server.user("babs").await;
    for id in ["x".repeat(1021), "x\r\ny".to_owned(), "x\u{1b}[2J".to_owned()] {
        server.refuse(post("/Users", &user_with(json!({ "externalId": id }))), 400, VALUE).await;
        let operation = json!([{ "op": "add", "path": "externalId", "value": id }]);
        server.refuse(patch(&path, &operation), 400, VALUE).await;
        let ward = json!({ "displayName": "Ward 4", "externalId": id });
        server.refuse(post("/Groups", &ward), 400, VALUE).await;
    }
    let id = "x".repeat(1020);
    server.create("/Users", &user_with(json!({ "externalId": id }))).await;
    server.create("/Groups", &group("Ward 4")).await;
}

#[tokio::test]
async fn json_is_in_utf_8_whatever_the_head_says() {
    let server = Server::new();
    for charset in ["iso-8859-1", "utf-16", "us-ascii", "\"latin1\"", "utf-8x", ""] {
        for essence in ["application/scim+json", "application/json"] {
            let media_type = format!("{essence}; charset={charset}");
            let request = request("POST", "/Users", user(MARKER).to_string());
            server.refuse(with(request, CONTENT_TYPE, &media_type), 415, None).await;
        }
    }
    let others = ["charset=\"utf-8\"", "charset=UTF8", "q=1; Charset = utf-8", "profile=x", ""];
    for (place, parameter) in others.into_iter().enumerate() {
        let body = user(&format!("user{place}")).to_string();
        let media_type = format!("application/scim+json; {parameter}");
        let request = with(request("POST", "/Users", body), CONTENT_TYPE, &media_type);
        server.send(request).await.assert_status(201);
    }
}
