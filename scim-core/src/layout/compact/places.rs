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
    pub(super) fn of(attributes: impl IntoIterator<Item = MemberKey>) -> Self {
        let mut places = Self([NOWHERE; STANDARD_NAMES]);
        for (place, key) in attributes.into_iter().enumerate() {
            if let Some(slot) = key.place().and_then(|slot| places.0.get_mut(slot)) {
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
        let [user_name, title, other] = ["userName", "title", "other"].map(MemberKey::of);
        for (before, place) in [(0, Place::At(0)), (253, Place::At(253)), (254, Place::Beyond)] {
            let attributes = std::iter::repeat_n(other, before).chain([user_name]);
            let places = Places::of(attributes);
            assert_eq!(places.find(user_name), Some(place));
            assert_eq!(places.find(title), Some(Place::Nowhere));
            assert_eq!(places.find(other), None);
        }
    }
}
