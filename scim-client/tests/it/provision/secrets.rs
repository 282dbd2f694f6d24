use std::{
    error::Error,
    fmt::Write as _,
    sync::{Arc, Mutex},
};

use scim_client::provision::{
    AttributeMapping, CycleKind, Event, Mapping, SourceObject,
    plan::{Known, RemovalPolicy, Rules, Wanted, plan},
    scope::Cause,
    state::Values,
};
use scim_core::SchemaRegistry;
use serde_json::{Value, json};

use super::{
    house::{House, person},
    provider::{Fault, TOKEN},
};

/// Is part of every value of a person.
const MARK: &str = "Zwetschge";

fn marked(id: &str) -> SourceObject {
    let mut person = person(id);
    for value in person.attributes.values_mut() {
        *value = Value::from(format!("{MARK}{}", value.as_str().unwrap()));
    }
    person.with_attribute("manager", "somebody else")
}

fn mapping() -> Mapping {
    let constant = AttributeMapping::constant(format!("{MARK} constant"), "userType").unwrap();
    super::house::mapping().with(constant)
}

fn is_clean(text: &str) {
    for secret in [MARK, TOKEN] {
        assert!(!text.contains(secret), "{text}");
    }
}

/// All that an error and its causes say.
pub(super) fn shown(error: &dyn Error) -> String {
    let mut text = format!("{error} {error:?}");
    let mut source = error.source();
    while let Some(cause) = source {
        write!(text, " {cause} {cause:?}").unwrap();
        source = cause.source();
    }
    text
}

#[tokio::test]
async fn what_is_shown_of_a_job_holds_no_value_of_a_person_and_no_token() {
    let heard = Arc::new(Mutex::new(String::new()));
    let faults = [
        None,
        Some(Fault::Status(400)),
        Some(Fault::Status(500)),
        Some(Fault::Uniqueness),
        Some(Fault::Status(401)),
        Some(Fault::Connect),
    ];
    for fault in faults {
        let mut house = House::new();
        house.mapping = mapping;
        let misfit = marked("ben").with_attribute("title", json!({ MARK: MARK }));
        let nameless = marked("cy").with_attribute("upn", "");
        house.people.put([marked("ada"), misfit, nameless, marked("dan").with_active(false)]);
        house.provider.fail(move |number, _| fault.filter(|_| number > 0));
        let log = Arc::clone(&heard);
        let job = house.job().with_events(move |event: &Event| {
            write!(log.lock().unwrap(), "{event:?}").unwrap();
        });
        for kind in [CycleKind::Initial, CycleKind::Incremental] {
            is_clean(&match job.run(kind).await {
                Ok(report) => format!("{report:?} {:?}", report.skip_reasons()),
                Err(error) => shown(&error),
            });
            house.people.change("ada", |person| person.with_attribute("title", MARK));
        }
        let state = house.state().await;
        is_clean(&format!("{state:?} {state:#?} {:?}", state.links));
        is_clean(&format!("{job:?} {job:#?}"));
    }
    let heard = heard.lock().unwrap();
    assert!(heard.contains("Create") && heard.contains("Failed") && heard.contains("Skipped"));
    is_clean(&heard);
}

#[tokio::test]
async fn what_is_shown_of_the_parts_holds_no_value_of_a_person() {
    let ada = marked("ada");
    is_clean(&format!("{ada:?} {ada:#?}"));
    let mapping = mapping();
    is_clean(&format!("{mapping:?} {mapping:#?}"));
    let now = chrono::DateTime::UNIX_EPOCH;
    let desired = mapping.render(&ada, now).unwrap();
    is_clean(&format!("{desired:?} {desired:#?}"));

    let mut house = House::new();
    house.mapping = self::mapping;
    house.people.put([ada]);
    house.initial().await;
    let state = house.state().await;
    let link = state.links.values().next().unwrap();
    let registry = SchemaRegistry::standard();
    let schema = registry.resource_type("User").unwrap();
    let mut other = desired.clone();
    other.values.insert("title", format!("{MARK} of another kind"));
    let mut same = desired.clone();
    same.values = link.applied.values();
    let mut left = Values::new();
    left.insert("active", false);
    let gone = Wanted::Gone { cause: Cause::Disabled, values: &left };
    let removal = RemovalPolicy::disable();
    let rules = Rules::new(&mapping, schema, &removal, now);
    let candidate = scim_client::Resource::from_canonical(house.provider.users().remove(0));
    let unlinked = Known::new(Wanted::Resource(&other), &|_| None);
    let several = [candidate.clone(), candidate.clone()];
    let rows = [
        (unlinked, "Create"),
        (unlinked.with_candidates(std::slice::from_ref(&candidate)), "Adopt"),
        (unlinked.with_candidates(&several), "Conflict"),
        (unlinked.with_link(Some(link)), "Update"),
        (Known::new(Wanted::Resource(&same), &|_| None).with_link(Some(link)), "Nothing"),
        (Known::new(gone, &|_| None).with_link(Some(link)), "Disable"),
        (Known::new(gone, &|_| None), "Skip"),
    ];
    for (known, action) in rows {
        let planned = format!("{:?}", plan(&known, &rules));
        assert!(planned.starts_with(action), "{planned}");
        is_clean(&planned);
    }
}
