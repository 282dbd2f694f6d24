//! What is hidden is neither seen, nor asked about, nor changed.

use scim_core::{
    Filter, PatchOp, Resource, SchemaRegistry, Tolerances,
    query::{HiddenAttributes, Projection, Sort},
};
use serde_json::{Value, json};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

fn resource(value: Value) -> Resource {
    let Value::Object(object) = value else { panic!("an object") };
    Resource::from_canonical(object)
}

fn bjensen() -> Value {
    json!({
        "schemas": [USER, ENTERPRISE], "id": "1", "userName": "bjensen", "title": "Guide",
        "name": { "givenName": "Barbara", "familyName": "Jensen" },
        "emails": [
            { "value": "b@example.com", "type": "work", "display": "B" },
            { "value": "c@example.com", "display": "C" },
        ],
        "phoneNumbers": [{ "value": "1" }],
        ENTERPRISE: { "department": "Radiology", "manager": { "value": "2", "displayName": "Boss" } },
    })
}

#[test]
fn what_is_hidden_is_not_shown_whatever_is_asked_for() {
    let registry = SchemaRegistry::standard();
    let users = registry.resource_type("User").unwrap();
    let manager = format!("{ENTERPRISE}:manager");
    let cases: [(&str, &[&str]); 8] = [
        ("title", &["/title"]),
        ("TITLE, name", &["/title", "/name"]),
        ("name.givenName", &["/name/givenName"]),
        ("emails.display", &["/emails/0/display", "/emails/1/display"]),
        ("phoneNumbers.value", &["/phoneNumbers"]),
        ("department", &["/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/department"]),
        (&manager, &["/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/manager"]),
        ("id, schemas, shoeSize", &[]),
    ];
    for (list, gone) in cases {
        let hidden = HiddenAttributes::parse(list).unwrap();
        let asked = Projection::parse(
            Some(
                "id,schemas,title,name,emails.display,emails.value,emails.type,phoneNumbers.value,userName,department,manager",
            ),
            None,
        );
        for projection in [Projection::new(), asked.unwrap()] {
            let mut shown = resource(bjensen()).into_attributes();
            projection.with_hidden(hidden.clone()).apply(&mut shown, users);
            let shown = json!(shown);
            let all = [
                "/id",
                "/title",
                "/name/givenName",
                "/name/familyName",
                "/emails/0/display",
                "/emails/0/value",
                "/emails/1/display",
                "/phoneNumbers/0/value",
                "/userName",
                "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/department",
                "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/manager/value",
            ];
            for path in all {
                let is_gone = gone.iter().any(|gone| path.starts_with(gone));
                assert_eq!(shown.pointer(path).is_none(), is_gone, "{list}: {path} in {shown}");
            }
        }
    }
}

#[test]
fn a_hidden_extension_is_not_even_named() {
    let registry = SchemaRegistry::standard();
    let users = registry.resource_type("User").unwrap();
    let each = format!("department, {ENTERPRISE}:manager");
    for list in [ENTERPRISE, &each] {
        let hidden = HiddenAttributes::parse(list).unwrap();
        let mut shown = resource(bjensen()).into_attributes();
        hidden.hide(&mut shown, users);
        assert_eq!(shown["schemas"], json!([USER]), "{list}");
        assert_eq!(shown.get(ENTERPRISE), None, "{list}");
    }
}

#[test]
fn nothing_hidden_can_be_found_out_by_asking() {
    let registry = SchemaRegistry::standard();
    let users = registry.resource_type("User").unwrap();
    let hidden =
        HiddenAttributes::parse(&format!("title, name.givenName, emails.display, {ENTERPRISE}"));
    let hidden = hidden.unwrap();
    for refused in [
        r#"title eq "Guide""#,
        "TITLE pr",
        r#"not (title sw "G")"#,
        r#"userName pr and (active eq true or title co "u")"#,
        "urn:ietf:params:scim:schemas:core:2.0:User:title pr",
        r#"name.givenName eq "Barbara""#,
        r#"name[givenName eq "Barbara"]"#,
        "name pr",
        r#"emails[display eq "B"]"#,
        r#"emails[type eq "work" and not (display pr)]"#,
        r#"emails.display eq "B""#,
        "emails pr",
        r#"emails co "example""#,
        "department pr",
        r#"schemas co "enterprise""#,
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department pr",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value pr",
    ] {
        let filter: Filter = refused.parse().unwrap();
        assert!(hidden.check_filter(&filter, users).is_err(), "{refused}");
        assert!(HiddenAttributes::none().check_filter(&filter, users).is_ok());
    }
    for taken in [
        "userName pr",
        r#"name.familyName eq "Jensen""#,
        r#"name[familyName sw "J"]"#,
        r#"emails[type eq "work" and value pr]"#,
        r#"emails.value ew "example.com" and not (nickName pr)"#,
        "shoeSize pr",
    ] {
        assert!(hidden.check_filter(&taken.parse().unwrap(), users).is_ok(), "{taken}");
    }
    for (by, is_refused) in [
        ("title", true),
        ("name.givenName", true),
        ("name.familyName", false),
        ("emails", true),
        ("emails.value", false),
        ("department", true),
        ("userName", false),
    ] {
        let sort = Sort::by(by.parse().unwrap());
        assert_eq!(hidden.check_sort(&sort, users).is_err(), is_refused, "{by}");
    }
}

#[test]
fn a_patch_that_could_touch_what_is_hidden_is_known() {
    let registry = SchemaRegistry::standard();
    let users = registry.resource_type("User").unwrap();
    let hidden = HiddenAttributes::parse(&format!(
        "title, name.givenName, emails.display, {ENTERPRISE}:manager.displayName, groups"
    ));
    let hidden = hidden.unwrap();
    let enterprise = |path: &str| format!("{ENTERPRISE}:{path}");
    let cases = [
        (json!({ "op": "replace", "path": "title", "value": "x" }), true),
        (json!({ "op": "add", "value": { "TITLE": "x" } }), true),
        (json!({ "op": "add", "value": { format!("{USER}:title"): "x" } }), true),
        (json!({ "op": "remove", "path": "title" }), true),
        (json!({ "op": "replace", "value": { "groups": [{ "value": "1" }] } }), true),
        (json!({ "op": "replace", "path": "name", "value": { "givenName": "x" } }), true),
        (json!({ "op": "replace", "value": { "name.givenName": "x" } }), true),
        (json!({ "op": "remove", "path": "name" }), true),
        (json!({ "op": "replace", "path": "name", "value": null }), true),
        (json!({ "op": "replace", "path": "name", "value": { "familyName": "x" } }), false),
        (json!({ "op": "remove", "path": "emails" }), true),
        (json!({ "op": "remove", "path": "emails[type eq \"work\"]" }), true),
        (json!({ "op": "remove", "path": "emails[display eq \"B\"].type" }), true),
        (json!({ "op": "replace", "path": "emails[display eq \"B\"].value", "value": "x" }), true),
        (json!({ "op": "replace", "path": "emails", "value": [{ "value": "x" }] }), true),
        (
            json!({ "op": "add", "path": "emails", "value": [{ "value": "x", "display": "y" }] }),
            true,
        ),
        (json!({ "op": "add", "path": "emails", "value": [{ "value": "x" }] }), false),
        (json!({ "op": "replace", "path": "emails[type eq \"work\"].value", "value": "x" }), false),
        (
            json!({ "op": "replace", "path": enterprise("manager"), "value": { "value": "3" } }),
            true,
        ),
        (json!({ "op": "replace", "path": enterprise("department"), "value": "x" }), false),
        (json!({ "op": "remove", "path": ENTERPRISE }), true),
        (json!({ "op": "replace", "path": "nickName", "value": "x" }), false),
    ];
    for (operation, touches) in cases {
        let patch = PatchOp::read(json!({ "Operations": [operation] }), Tolerances::default());
        let patch = patch.unwrap();
        let plan = patch.plan(users, Tolerances::default()).unwrap();
        assert_eq!(plan.concerns(&hidden), touches, "{operation}");
        assert!(!plan.concerns(&HiddenAttributes::none()));
    }
}

#[test]
fn what_is_hidden_stays_when_the_rest_is_replaced() {
    let registry = SchemaRegistry::standard();
    let users = registry.resource_type("User").unwrap();
    let before = resource(bjensen());
    for list in [
        "title",
        "name.givenName",
        "emails.display",
        "phoneNumbers",
        "phoneNumbers.value",
        "department",
        ENTERPRISE,
        "title, name, emails, phoneNumbers, department",
    ] {
        let hidden = HiddenAttributes::parse(list).unwrap();
        let mut shown = before.clone().into_attributes();
        hidden.hide(&mut shown, users);
        let shown = Resource::from_canonical(shown);
        assert!(hidden.are_in(&before, users) && !hidden.are_in(&shown, users), "{list}");
        if list != "phoneNumbers.value" {
            let kept = hidden.keep(&before, shown, users);
            assert_eq!(json!(kept), bjensen(), "{list}");
        }
    }
    // A value of one's own does not get in, and an element that goes takes its part with it.
    let hidden = HiddenAttributes::parse("title, emails.display, name.givenName").unwrap();
    let next = json!({
        "id": "1", "title": "mine", "emails": [{ "value": "c@example.com", "display": "mine" }],
    });
    let kept = json!(hidden.keep(&before, resource(next), users));
    assert_eq!(kept["title"], "Guide");
    assert_eq!(kept["emails"], json!([{ "value": "c@example.com", "display": "C" }]));
    assert_eq!(kept["name"], json!({ "givenName": "Barbara" }));
}
