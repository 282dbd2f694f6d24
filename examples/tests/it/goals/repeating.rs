//! What is done twice is as if it were done once, in whatever order the source tells it.

use proptest::{collection::vec, prelude::*, sample::Index};
use scim_client::provision::{CycleKind, SourceObject};
use serde_json::Value;

use super::{
    house::{House, assert_same},
    objects::{group, person, report},
};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// A circle, a chain, groups in groups, and somebody who is not in scope.
fn objects() -> Vec<SourceObject> {
    vec![
        report("ada", "ben"),
        report("ben", "ada"),
        report("cy", "ada"),
        report("dan", "cy"),
        report("eve", "guest"),
        person("guest").with_active(false),
        group("all", ["staff", "ada", "guest", "nobody"]),
        group("staff", ["cy", "dan", "innermost"]),
        group("innermost", ["all", "eve"]),
    ]
}

/// Everything that the service provider holds, as it holds it.
async fn everything(house: &House) -> Vec<String> {
    let mut all = Vec::new();
    for endpoint in ["/Users", "/Groups"] {
        for mut resource in house.resources(endpoint).await {
            resource.remove("meta");
            all.push(Value::Object(resource).to_string());
        }
    }
    all
}

proptest! {
    #[test]
    fn the_order_of_the_source_makes_no_difference(
        order in Just(objects()).prop_shuffle(), bulk in prop::sample::select(vec![0, 2, 1_000]),
    ) {
        block_on(async {
            let mut found = Vec::new();
            for objects in [objects(), order] {
                let provider = super::provider::Provider { bulk, ..Default::default() };
                let house = House::of(&provider);
                house.people.put(objects);
                house.sync().await;
                found.push(house.by_name().await);
            }
            assert_same(&found[1], &found[0], "in another order");
        });
    }

    #[test]
    fn two_cycles_are_one_cycle(
        changes in vec((any::<Index>(), 0..4_u8), 0..8), again in super::world::kind(),
    ) {
        block_on(async {
            let house = House::new();
            house.people.put(objects());
            house.sync().await;
            for (index, change) in changes {
                let mut object = index.get(&objects()).clone();
                match change {
                    0 => object = object.with_active(false),
                    1 => object = object.with_attribute("title", "Nurse"),
                    2 => object.roles = None,
                    _ => object.members.reverse(),
                }
                house.people.put([object]);
            }
            house.sync().await;
            let once = everything(&house).await;
            let report = house.run(again).await.unwrap();
            prop_assert_eq!((report.writes, report.failed.len()), (0, 0));
            prop_assert_eq!(everything(&house).await, once);
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn a_new_job_over_a_target_that_is_right_changes_nothing() {
    let mut house = House::new();
    house.people.put(objects());
    house.sync().await;
    let once = everything(&house).await;
    house.memory = super::memory::Memory::new();
    house.restart();
    let again = house.run(CycleKind::Initial).await.unwrap();
    assert_eq!((again.created, again.adopted, again.writes), (0, 8, 0));
    assert_eq!(everything(&house).await, once);
}
