use super::node::Node;
use crate::member_name::{MemberKey, STANDARD_NAMES};

/// Where the attributes of standard names stand among those of a resource.
///
/// It lies in the resource itself: to find an attribute so is to wait for no memory but the
/// attribute's.
#[derive(Clone)]
pub(super) struct Places([u8; STANDARD_NAMES]);

/// Where an attribute stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    At(usize),
    Nowhere,
    /// It may stand farther behind than can be told.
    Beyond,
}

const NOWHERE: u8 = u8::MAX;
const BEYOND: u8 = u8::MAX - 1;

impl Places {
    pub(super) fn of(attributes: &[Node]) -> Self {
        let mut places = Self([NOWHERE; STANDARD_NAMES]);
        for (place, node) in attributes.iter().enumerate() {
            if let Some(slot) = node.key.place().and_then(|slot| places.0.get_mut(slot)) {
                *slot = u8::try_from(place).unwrap_or(BEYOND).min(BEYOND);
            }
        }
        places
    }

    /// `None` if the name is not a standard one.
    #[inline]
    pub(super) fn find(&self, key: MemberKey) -> Option<Place> {
        Some(match *self.0.get(key.place()?)? {
            NOWHERE => Place::Nowhere,
            BEYOND => Place::Beyond,
            place => Place::At(place.into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_that_a_byte_can_tell_are_told() {
        let node = |name: &str| Node { key: MemberKey::of(name), ..Node::NULL };
        for (before, place) in [(0, Place::At(0)), (253, Place::At(253)), (254, Place::Beyond)] {
            let mut nodes = vec![node("other"); before];
            nodes.push(node("userName"));
            let places = Places::of(&nodes);
            assert_eq!(places.find(MemberKey::of("userName")), Some(place));
            assert_eq!(places.find(MemberKey::of("title")), Some(Place::Nowhere));
            assert_eq!(places.find(MemberKey::of("other")), None);
        }
    }
}
