//! Filters are matched as a naive reading of RFC 7644 §3.4.2.2 matches them.

mod filters;
mod literals;
mod places;
mod resources;
mod tree;

use std::cell::Cell;

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use scim_core::{Filter, query::Sort, resource::CompactResource};
use serde_json::Value;

pub(super) use places::{Place, in_case, places};
pub(super) use resources::Gaps;
use tree::Tree;

/// A resource, and a filter that means something for its resource type.
fn cases(resource_type: &str) -> impl Strategy<Value = (Value, Tree)> {
    let schema = super::schema(resource_type);
    (Gaps::There.resource(&schema), filters::filter(places(&schema)))
}

#[test]
fn matching_agrees_with_the_model() {
    let config = Config { failure_persistence: None, ..Config::default() };
    for resource_type in ["User", "Group", "Device"] {
        let schema = super::schema(resource_type);
        let (matched, all) = (Cell::new(0), Cell::new(0));
        let mut runner = TestRunner::new(config.clone());
        let outcome = runner.run(&cases(resource_type), |(resource, tree)| {
            let text = tree.to_string();
            let filter: Filter = text.parse().unwrap();
            let bound = filter.bind(&schema).map_err(|e| TestCaseError::fail(format!("{e}")))?;
            let object = resource.as_object().unwrap();
            let answer = bound.matches(object);
            let compact = bound.matches(&CompactResource::from(object));
            prop_assert_eq!(compact, answer, "{} {}", text, resource);
            let count = bound.select([object; 20]).count();
            prop_assert_eq!(count, if answer { 20 } else { 0 }, "{} {}", text, resource);
            prop_assert_eq!(answer, tree.holds(&resource), "{} {}", text, resource);
            matched.set(matched.get() + u32::from(answer));
            all.set(all.get() + 1);
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{resource_type}: {error}"));
        let share = 100 * matched.get() / all.get();
        assert!((30..=70).contains(&share), "{resource_type}: {share} % of the filters match");
    }
}

#[test]
fn a_sort_orders_every_layout_alike() {
    let config = Config { failure_persistence: None, ..Config::default() };
    for resource_type in ["User", "Device"] {
        let schema = super::schema(resource_type);
        let resource = || Gaps::There.resource(&schema);
        let sorts: Vec<_> = places(&schema)
            .iter()
            .filter_map(|place| {
                let sub = place.sub_name().map_or_else(String::new, |sub| format!(".{sub}"));
                Sort::by(format!("{}{sub}", place.path()).parse().unwrap()).bind(&schema).ok()
            })
            .collect();
        let mut runner = TestRunner::new(config.clone());
        let outcome = runner.run(&(resource(), resource()), |(a, b)| {
            let (a, b) = (a.as_object().unwrap(), b.as_object().unwrap());
            let compact = [a, b].map(CompactResource::from);
            for sort in &sorts {
                let order = sort.compare(a, b);
                prop_assert_eq!(sort.compare(&compact[0], &compact[1]), order, "{:?}", sort);
                prop_assert_eq!(sort.compare(b, a), order.reverse(), "{:?}", sort);
            }
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{resource_type}: {error}"));
    }
}
