//! The filter language: matching, and a PATCH.
#![allow(missing_docs, reason = "criterion's macros make undocumented functions")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a bench reports by panicking")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use scim_core::{Filter, PatchOp, Resource, SchemaRegistry, Tolerances};
use serde_json::{Value, json};

const FILTERS: [(&str, &str); 4] = [
    ("short", r#"userName eq "bjensen""#),
    (
        "medium",
        r#"userType eq "Employee" and (emails co "example.com" or emails.value co "x.org")"#,
    ),
    ("value path", r#"emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp"]"#),
    ("urn", r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "Ops""#),
];

fn user() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "2819c223-7f76-453a-919d-413861904646", "userName": "bjensen@example.com",
        "name": {"givenName": "Barbara", "familyName": "Jensen"}, "active": true,
        "userType": "Employee", "title": "Tour Guide",
        "emails": [
            {"value": "bjensen@example.com", "type": "work", "primary": true},
            {"value": "babs@jensen.org", "type": "home"},
        ],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Ops"},
    })
}

fn matching(criterion: &mut Criterion) {
    let registry = SchemaRegistry::standard();
    let users = registry.resource_type("User").unwrap();
    let user = user();
    let mut group = criterion.benchmark_group("match");
    for (name, text) in FILTERS {
        let bound = text.parse::<Filter>().unwrap().bind(users).unwrap();
        let user = user.as_object().unwrap();
        group.bench_function(name, |b| b.iter(|| bound.matches(black_box(user))));
    }
}

fn patch(criterion: &mut Criterion) {
    let registry = SchemaRegistry::standard();
    let users = registry.resource_type("User").unwrap();
    let user = Resource::from_canonical(user().as_object().unwrap().clone());
    let patch = PatchOp::new().replace("active", false).unwrap();
    criterion.bench_function("patch/active", |b| {
        b.iter(|| user.patched(black_box(&patch), users, Tolerances::default()).unwrap());
    });
}

criterion_group!(benches, matching, patch);
criterion_main!(benches);
