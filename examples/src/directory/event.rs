//! What happens to the people of a house from day to day.
//!
//! Each event goes into the change feed, also where it finds everything as it should be: the feed
//! says whom to look at again, not what is different.

use super::Directory;
use super::change::ChangeKind;
use super::error::DirectoryError;
use super::names;
use super::object_id::ObjectId;
use super::organisation::Department;
use super::person::{Assignment, Person};

impl Directory {
    /// Hires somebody: a new member with the role `User` joins a team.
    ///
    /// Who it is and which team comes from the directory's own stream, so the same events on the
    /// same seed hire the same people.
    pub fn hire(&mut self) -> ObjectId {
        let nth = self.generator.below(self.people.len());
        let colleague = self.people.values().nth(nth);
        let department = Department::named(colleague.map_or("", |person| &person.department));
        // Who has no manager is the one to report to.
        let manager =
            colleague.map(|person| person.manager.as_ref().unwrap_or(&person.object_id)).cloned();
        let person = self.generator.recruit(department, manager);
        let id = person.object_id.clone();
        self.people.insert(id.clone(), person);
        self.feed.record(&id, ChangeKind::Present);
        id
    }

    /// Gives somebody another name, as after a marriage.
    ///
    /// The display name follows, and the main e-mail address; the former one becomes one of the
    /// other addresses. The user principal name stays.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::UnknownPerson`] if there is nobody with this identifier.
    pub fn rename(
        &mut self,
        id: &ObjectId,
        given_name: &str,
        surname: &str,
    ) -> Result<(), DirectoryError> {
        let person = self.people.get(id).ok_or(DirectoryError::UnknownPerson)?;
        let culture = names::of_language(&person.preferred_language);
        let [given_ascii, surname_ascii] =
            [given_name, surname].map(|name| names::to_ascii(name, culture));
        let mail = self.generator.mail(&given_ascii, &surname_ascii, &person.employee_id);
        self.change(id, |person| {
            person.other_mails.push(std::mem::replace(&mut person.mail, mail));
            person.display_name = culture.display_name(given_name, surname);
            given_name.clone_into(&mut person.given_name);
            surname.clone_into(&mut person.surname);
        })
    }

    /// Gives somebody another job title, as after a promotion.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::UnknownPerson`] if there is nobody with this identifier.
    pub fn change_job_title(
        &mut self,
        id: &ObjectId,
        job_title: &str,
    ) -> Result<(), DirectoryError> {
        self.change(id, |person| job_title.clone_into(&mut person.job_title))
    }

    /// Moves somebody to another manager, or to none, as when a team is split.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::UnknownPerson`] or [`DirectoryError::UnknownManager`] if there is nobody
    /// with the identifier; [`DirectoryError::ManagerIsReport`] if people would end up as their
    /// own superiors.
    pub fn change_manager(
        &mut self,
        id: &ObjectId,
        manager: Option<&ObjectId>,
    ) -> Result<(), DirectoryError> {
        if !self.people.contains_key(id) {
            return Err(DirectoryError::UnknownPerson);
        }
        if manager.is_some_and(|manager| !self.people.contains_key(manager)) {
            return Err(DirectoryError::UnknownManager);
        }
        if self.managers_from(manager).any(|person| person.object_id == *id) {
            return Err(DirectoryError::ManagerIsReport);
        }
        self.change(id, |person| person.manager = manager.cloned())
    }

    /// Blocks the account of somebody who leaves.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::UnknownPerson`] if there is nobody with this identifier.
    pub fn disable(&mut self, id: &ObjectId) -> Result<(), DirectoryError> {
        self.change(id, |person| person.account_enabled = false)
    }

    /// Unblocks the account of somebody who comes back, as after a parental leave.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::UnknownPerson`] if there is nobody with this identifier.
    pub fn enable(&mut self, id: &ObjectId) -> Result<(), DirectoryError> {
        self.change(id, |person| person.account_enabled = true)
    }

    /// Assigns somebody to the application, in place of any earlier assignment.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::UnknownPerson`] if there is nobody with this identifier.
    pub fn assign(&mut self, id: &ObjectId, role: &str) -> Result<(), DirectoryError> {
        self.change(id, |person| person.assignment = Assignment::Role(role.to_owned()))
    }

    /// Takes the assignment away, as when somebody moves to a place that has no use for it.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::UnknownPerson`] if there is nobody with this identifier.
    pub fn unassign(&mut self, id: &ObjectId) -> Result<(), DirectoryError> {
        self.change(id, |person| person.assignment = Assignment::None)
    }

    /// Deletes somebody for good, as the directory does thirty days after a soft deletion.
    ///
    /// Whoever reported to that person has no manager any more, which is a change of its own and
    /// comes before the removal.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::UnknownPerson`] if there is nobody with this identifier.
    pub fn remove(&mut self, id: &ObjectId) -> Result<(), DirectoryError> {
        self.people.remove(id).ok_or(DirectoryError::UnknownPerson)?;
        let reports = self.people.values_mut().filter(|person| person.manager.as_ref() == Some(id));
        for report in reports {
            report.manager = None;
            self.feed.record(&report.object_id, ChangeKind::Present);
        }
        self.feed.record(id, ChangeKind::Removed);
        Ok(())
    }

    fn change(
        &mut self,
        id: &ObjectId,
        edit: impl FnOnce(&mut Person),
    ) -> Result<(), DirectoryError> {
        edit(self.people.get_mut(id).ok_or(DirectoryError::UnknownPerson)?);
        self.feed.record(id, ChangeKind::Present);
        Ok(())
    }

    /// Iterates over `manager` and everybody above, up to the chief.
    fn managers_from(&self, manager: Option<&ObjectId>) -> impl Iterator<Item = &Person> {
        let person = |id: &ObjectId| self.people.get(id);
        std::iter::successors(manager.and_then(person), move |below| {
            below.manager.as_ref().and_then(person)
        })
    }
}
