//! A stand-in for the Entra ID (Azure AD) directory of a hospital group, all in memory.
//!
//! [`Directory::generate`] makes up the people, always the same for the same seed: names in a
//! dozen scripts, departments, a management tree, one to three e-mail addresses, and some people
//! who are not to be provisioned. The events of everyday life ([`hire`](Directory::hire),
//! [`rename`](Directory::rename), [`disable`](Directory::disable), …) change the directory, and
//! [`changed_since`](Directory::changed_since) tells an incremental cycle whom to look at again.
//!
//! Nobody in it exists: all domains end in `.example`, all numbers are reserved for fiction.

mod change;
mod error;
mod event;
mod generator;
mod mailboxes;
mod names;
mod object_id;
mod organisation;
mod person;
mod random;

use std::collections::BTreeMap;

use self::change::ChangeFeed;
pub use self::change::{Change, ChangeKind};
pub use self::error::DirectoryError;
use self::generator::Generator;
pub use self::object_id::{InvalidObjectId, ObjectId};
pub use self::person::{Assignment, Person, UserType};

/// The people of a hospital group and what changed among them.
#[derive(Clone, Debug)]
pub struct Directory {
    people: BTreeMap<ObjectId, Person>,
    feed: ChangeFeed,
    generator: Generator,
}

impl Directory {
    /// Makes up so many people, of whom exactly `out_of_scope` (at most all) are out of scope.
    ///
    /// Of those out of scope about a quarter have no assignment, a quarter the role
    /// `Default Access`, and half are guests with the role `User`; the first of them manages
    /// others. Everybody else is an enabled member with the role `User`. The change feed starts
    /// after all this, empty.
    pub fn generate(seed: u64, people: usize, out_of_scope: usize) -> Self {
        let mut generator = Generator::new(seed);
        let staff = generator.staff(people, out_of_scope);
        let people = staff.into_iter().map(|person| (person.object_id.clone(), person)).collect();
        Self { people, feed: ChangeFeed::default(), generator }
    }

    /// Iterates over the people in the order of their identifiers.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    /// Finds the person with this identifier.
    pub fn person(&self, id: &ObjectId) -> Option<&Person> {
        self.people.get(id)
    }

    /// Counts the people.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Asks whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// Returns the number of the last change, 0 before the first.
    pub fn watermark(&self) -> u64 {
        self.feed.watermark()
    }

    /// Tells who changed after `watermark`: each person once, in the order of the last changes.
    pub fn changed_since(&self, watermark: u64) -> Vec<Change> {
        self.feed.since(watermark)
    }
}

#[cfg(test)]
mod tests;
