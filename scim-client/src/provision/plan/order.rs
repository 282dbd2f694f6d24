use std::collections::{HashMap, HashSet};

use crate::provision::source::SourceId;

/// Puts those whom others refer to, such as managers, before the others.
///
/// Where references form a circle, the one that comes first in the source goes first.
pub(in crate::provision) fn referenced_first<T>(
    items: Vec<T>,
    id: impl Fn(&T) -> &SourceId,
    references: impl Fn(&T) -> Vec<SourceId>,
) -> Vec<T> {
    let places: HashMap<&SourceId, usize> =
        items.iter().enumerate().map(|(place, item)| (id(item), place)).collect();
    let wanted: Vec<Vec<usize>> = items
        .iter()
        .map(|item| references(item).iter().filter_map(|id| places.get(id).copied()).collect())
        .collect();
    drop(places);
    let mut slots: Vec<Option<T>> = items.into_iter().map(Some).collect();
    let order = order(&wanted).into_iter();
    order.filter_map(|place| slots.get_mut(place).and_then(Option::take)).collect()
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
