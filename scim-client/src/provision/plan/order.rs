use std::collections::{HashMap, HashSet};

use crate::provision::{mapping::Mapping, source::Change};

/// Puts those whom others refer to, such as managers, before the others.
///
/// Where references form a circle, the one that comes first in the source goes first.
pub(in crate::provision) fn referenced_first(
    changes: Vec<Change>,
    mapping: &Mapping,
) -> Vec<Change> {
    let places: HashMap<&str, usize> =
        changes.iter().enumerate().map(|(place, change)| (change.id().as_str(), place)).collect();
    let wanted: Vec<Vec<usize>> = changes
        .iter()
        .map(|change| match change {
            Change::Present(object) => {
                mapping.references(object).filter_map(|id| places.get(id).copied()).collect()
            }
            Change::Removed(_) => Vec::new(),
        })
        .collect();
    let order = order(&wanted);
    drop(places);
    let mut slots: Vec<Option<Change>> = changes.into_iter().map(Some).collect();
    order.into_iter().filter_map(|place| slots.get_mut(place).and_then(Option::take)).collect()
}

/// Depth first, with a stack of its own: a chain of command may be long.
fn order(wanted: &[Vec<usize>]) -> Vec<usize> {
    let mut order = Vec::with_capacity(wanted.len());
    let mut visited = HashSet::with_capacity(wanted.len());
    for start in 0..wanted.len() {
        let mut stack = vec![(start, false)];
        while let Some((place, is_done)) = stack.pop() {
            if is_done {
                order.push(place);
            } else if visited.insert(place) {
                stack.push((place, true));
                let next = wanted.get(place).into_iter().flatten();
                stack.extend(
                    next.filter(|place| !visited.contains(place)).map(|place| (*place, false)),
                );
            }
        }
    }
    order
}
