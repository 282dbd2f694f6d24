use std::{collections::HashMap, thread};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{object, request};
use crate::{
    bulk::{BulkId, BulkMethod, BulkOperation, BulkRequest, Step},
    resource::ResourceId,
};

/// The creation of the group `index` with these members.
fn group(index: usize, members: impl IntoIterator<Item = usize>) -> BulkOperation {
    let bulk_id: BulkId = format!("b{index}").parse().unwrap();
    BulkOperation::post("/Groups".parse().unwrap(), bulk_id, members_of(members))
}

fn members_of(members: impl IntoIterator<Item = usize>) -> serde_json::Map<String, Value> {
    let members = members.into_iter().map(|member| json!({"value": format!("bulkId:b{member}")}));
    object(json!({ "members": members.collect::<Vec<_>>() }))
}

fn requests(operations: impl IntoIterator<Item = BulkOperation>) -> BulkRequest {
    operations.into_iter().fold(BulkRequest::new(), BulkRequest::with_operation)
}

fn begin(index: usize, later: &[usize]) -> Step {
    let later = later.iter().map(|index| format!("b{index}").parse().unwrap()).collect();
    Step::Begin { index, later }
}

#[test]
fn creations_come_before_what_refers_to_them() {
    use Step::{Complete, Do, Refuse};
    let cases: Vec<(&[&[usize]], Vec<Step>)> = vec![
        (&[&[], &[]], vec![Do(0), Do(1)]),
        (&[&[], &[0]], vec![Do(0), Do(1)]),
        (&[&[1], &[]], vec![Do(1), Do(0)]),
        (&[&[], &[3, 2], &[], &[]], vec![Do(0), Do(3), Do(2), Do(1)]),
        // RFC 7644 §3.7.1: the first is completed when the second is there.
        (&[&[1], &[0]], vec![begin(0, &[1]), Do(1), Complete(0)]),
        (&[&[0]], vec![begin(0, &[0]), Complete(0)]),
        (&[&[1], &[2], &[0]], vec![begin(0, &[1]), Do(2), Do(1), Complete(0)]),
        // What leads to a circle is not in it.
        (&[&[1], &[2], &[1]], vec![begin(1, &[2]), Do(2), Complete(1), Do(0)]),
        (&[&[0, 1], &[1, 0]], vec![begin(0, &[0, 1]), begin(1, &[1]), Complete(1), Complete(0)]),
        // Two circles through one creation.
        (&[&[1], &[0, 2], &[0, 1]], {
            vec![begin(0, &[1]), begin(1, &[2]), Do(2), Complete(1), Complete(0)]
        }),
        // A begun creation may have all that it refers to by then.
        (&[&[1], &[2, 0], &[1]], { vec![begin(1, &[2, 0]), Do(2), Do(0), Complete(1)] }),
        // An unknown reference is the fault of one operation.
        (&[&[9], &[0], &[1, 9]], vec![Refuse(0), Do(1), Refuse(2)]),
    ];
    for (groups, steps) in cases {
        let groups = groups.iter().enumerate();
        let request = requests(groups.map(|(index, members)| group(index, members.to_vec())));
        assert_eq!(request.steps(), steps, "{request:?}");
    }
}

#[test]
fn only_creations_can_be_referred_to() {
    let request = request(&json!([
        {"method": "PUT", "path": "/Users/1", "bulkId": "a", "data": {}},
        {"method": "DELETE", "path": "/Users/bulkId:a"},
    ]));
    assert_eq!(request.steps(), [Step::Do(0), Step::Refuse(1)]);
}

/// What a naive model knows of a request: the creations that each operation refers to, or nothing
/// if one of its references leads nowhere.
fn needs(request: &BulkRequest) -> Vec<Option<Vec<usize>>> {
    let place = |bulk_id: &BulkId| {
        request.operations().iter().position(|operation| {
            operation.method() == BulkMethod::Post && operation.bulk_id() == Some(bulk_id)
        })
    };
    request.operations().iter().map(|o| o.references().iter().map(place).collect()).collect()
}

/// Whether each operation can be reached from itself.
fn in_circles(needs: &[Option<Vec<usize>>]) -> Vec<bool> {
    let next = |index: usize| needs[index].iter().flatten().copied();
    (0..needs.len())
        .map(|index| {
            let mut reached: Vec<usize> = next(index).collect();
            for _ in 0..needs.len() {
                reached.extend(reached.clone().into_iter().flat_map(next));
                reached.sort_unstable();
                reached.dedup();
            }
            reached.contains(&index)
        })
        .collect()
}

/// The order without circles: each operation, and before it what it needs.
fn place(index: usize, needs: &[Option<Vec<usize>>], order: &mut Vec<usize>) {
    if !order.contains(&index) {
        needs[index].iter().flatten().for_each(|needed| place(*needed, needs, order));
        order.push(index);
    }
}

fn index_of(step: &Step) -> usize {
    match step {
        Step::Do(index)
        | Step::Refuse(index)
        | Step::Complete(index)
        | Step::Begin { index, .. } => *index,
    }
}

/// Does the steps as a server would; gives the members of each group.
fn carry_out(mut request: BulkRequest) -> HashMap<String, Vec<String>> {
    let steps = request.steps();
    let operations = request.operations_mut();
    let mut ids: HashMap<BulkId, ResourceId> = HashMap::new();
    let mut rest = HashMap::new();
    let mut groups: HashMap<String, Vec<String>> = HashMap::new();
    for step in steps {
        let operation = match step {
            Step::Do(index) => &mut operations[index],
            Step::Begin { index, later } => {
                let postponed = operations[index].postpone(&later);
                rest.insert(index, postponed);
                &mut operations[index]
            }
            Step::Complete(index) => rest.get_mut(&index).unwrap(),
            Step::Refuse(_) => continue,
        };
        if operation.resolve(|bulk_id| ids.get(bulk_id)).is_err() {
            continue;
        }
        let data = json!(operation.data());
        let (id, data) = if operation.method() == BulkMethod::Post {
            let bulk_id = operation.bulk_id().unwrap().clone();
            let id = format!("id-{bulk_id}");
            ids.insert(bulk_id, id.parse().unwrap());
            (id, data)
        } else {
            let (_, id) = operation.path().resource().unwrap();
            (id.to_owned(), data["Operations"][0]["value"].clone())
        };
        let members = data["members"].as_array().cloned().unwrap_or_default();
        let values = members.iter().map(|member| member["value"].as_str().unwrap().to_owned());
        groups.entry(id).or_default().extend(values);
    }
    groups
}

fn operations() -> impl Strategy<Value = BulkRequest> {
    let operation = (0..4_u8, prop::collection::vec(0..10_usize, 0..4));
    prop::collection::vec(operation, 1..9).prop_map(|operations| {
        requests(operations.into_iter().enumerate().map(|(index, (kind, members))| match kind {
            0 => BulkOperation::put("/Groups/1".parse().unwrap(), members_of(members)),
            _ => group(index, members),
        }))
    })
}

proptest! {
    #[test]
    fn every_operation_is_done_once_and_after_what_it_refers_to(request in operations()) {
        let needs = needs(&request);
        let in_circles = in_circles(&needs);
        let mut there = vec![false; needs.len()];
        let mut begun = vec![false; needs.len()];
        let mut over = vec![false; needs.len()];
        for step in request.steps() {
            let index = index_of(&step);
            let missing = |there: &[bool]| {
                let missing = needs[index].iter().flatten().filter(|needed| !there[**needed]);
                missing.map(|needed| format!("b{needed}").parse().unwrap()).collect::<Vec<BulkId>>()
            };
            prop_assert!(!over[index]);
            match step {
                Step::Do(_) => prop_assert!(!begun[index] && missing(&there).is_empty()),
                Step::Refuse(_) => prop_assert!(!begun[index] && needs[index].is_none()),
                Step::Complete(_) => prop_assert!(begun[index] && missing(&there).is_empty()),
                Step::Begin { later, .. } => {
                    prop_assert!(in_circles[index] && !begun[index] && !later.is_empty());
                    prop_assert_eq!(later, missing(&there));
                    begun[index] = true;
                }
            }
            over[index] = there[index] || !begun[index];
            there[index] = true;
        }
        prop_assert!(over.iter().all(|over| *over));
        prop_assert_eq!(begun.contains(&true), in_circles.contains(&true));
    }

    #[test]
    fn the_order_is_that_of_the_naive_model(request in operations()) {
        let needs = needs(&request);
        let steps = request.steps();
        let first = |index: usize| steps.iter().position(|step| index_of(step) == index);
        let stays = |index: &usize| request.operations()[*index].method() == BulkMethod::Put;
        prop_assert!((0..needs.len()).filter(stays).map(first).is_sorted());
        if !in_circles(&needs).contains(&true) {
            let mut order = Vec::new();
            (0..needs.len()).for_each(|index| place(index, &needs, &mut order));
            prop_assert_eq!(steps.iter().map(index_of).collect::<Vec<_>>(), order);
        }
    }

    #[test]
    fn every_member_gets_into_its_group(members in prop::collection::vec(
        prop::collection::btree_set(0..6_usize, 0..5), 6,
    )) {
        let groups = members.iter().enumerate();
        let request = requests(groups.map(|(index, members)| group(index, members.clone())));
        let groups = carry_out(request);
        for (index, members) in members.iter().enumerate() {
            let mut found = groups[&format!("id-b{index}")].clone();
            found.sort();
            let expected: Vec<_> = members.iter().map(|member| format!("id-b{member}")).collect();
            prop_assert_eq!(found, expected);
        }
    }
}

#[test]
fn a_hundred_thousand_operations_in_a_chain_or_a_circle_need_no_stack() {
    const COUNT: usize = 100_000;
    let order = || {
        let chain = (0..COUNT).map(|index| group(index, (index + 1 < COUNT).then_some(index + 1)));
        let circle = (0..COUNT).map(|index| group(index, [(index + 1) % COUNT]));
        (requests(chain).steps(), requests(circle).steps())
    };
    let thread = thread::Builder::new().stack_size(256 * 1024).spawn(order).unwrap();
    let (chain, circle) = thread.join().unwrap();
    assert!(chain.into_iter().eq((0..COUNT).rev().map(Step::Do)));
    assert_eq!(circle.len(), COUNT + 1);
    assert_eq!(circle.first(), Some(&begin(0, &[1])));
    assert_eq!(circle.last(), Some(&Step::Complete(0)));
}
