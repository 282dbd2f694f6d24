use crate::member_name::{MemberKey, STANDARD_NAMES};

/// Where the nodes of attributes of standard names are in the block, counted in nodes.
///
/// It lies in the resource itself: to find an attribute so is to wait for no memory but the
/// attribute's.
#[derive(Clone)]
pub(super) struct Places([u8; STANDARD_NAMES]);

/// Where an attribute is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    At(usize),
    Nowhere,
    /// It may be farther behind than can be told.
    Beyond,
}

const NOWHERE: u8 = u8::MAX;
const BEYOND: u8 = u8::MAX - 1;

impl Default for Places {
    fn default() -> Self {
        Self([NOWHERE; STANDARD_NAMES])
    }
}

impl Places {
    /// Says where an attribute is, unless its name is not a standard one.
    pub(super) fn set(&mut self, key: MemberKey, place: usize) {
        if let Some(slot) = key.place().and_then(|slot| self.0.get_mut(slot)) {
            *slot = u8::try_from(place).unwrap_or(BEYOND).min(BEYOND);
        }
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
        let [user_name, title, other] = ["userName", "title", "other"].map(MemberKey::of);
        for (set, place) in
            [(0, Place::At(0)), (253, Place::At(253)), (254, Place::Beyond), (1000, Place::Beyond)]
        {
            let mut places = Places::default();
            places.set(user_name, set);
            places.set(other, set);
            assert_eq!(places.find(user_name), Some(place));
            assert_eq!(places.find(title), Some(Place::Nowhere));
            assert_eq!(places.find(other), None);
        }
    }
}
