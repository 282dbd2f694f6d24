//! Makes up people.

use super::mailboxes::{DOMAIN, Mailboxes, OTHER_DOMAINS};
use super::names;
use super::object_id::ObjectId;
use super::organisation::{self, Department};
use super::person::{Assignment, Person, UserType};
use super::random::Random;

/// The source of people: the state of the pseudo-random stream, and what is unique to each.
#[derive(Clone, Debug)]
pub(super) struct Generator {
    random: Random,
    mailboxes: Mailboxes,
    last_employee: u64,
}

impl Generator {
    /// Creates the source that belongs to `seed`.
    pub(super) fn new(seed: u64) -> Self {
        Self { random: Random::new(seed), mailboxes: Mailboxes::default(), last_employee: 100_000 }
    }

    /// Makes up a whole staff, of whom `out_of_scope` are not to be provisioned.
    pub(super) fn staff(&mut self, people: usize, out_of_scope: usize) -> Vec<Person> {
        let posts = organisation::posts(people, &mut self.random);
        let mut staff: Vec<Person> = Vec::with_capacity(people);
        for post in &posts {
            let manager = post.manager.and_then(|index| staff.get(index));
            let manager = manager.map(|manager| manager.object_id.clone());
            staff.push(self.person(post.department, post.job_title, manager));
        }

        // The first is somebody whom others report to: a manager may be missing at the target.
        let leader = posts.iter().filter_map(|post| post.manager).max();
        let mut others: Vec<usize> = (0..people).filter(|&index| Some(index) != leader).collect();
        self.random.shuffle(&mut others);
        for (turn, index) in leader.into_iter().chain(others).take(out_of_scope).enumerate() {
            if let Some(person) = staff.get_mut(index) {
                put_out_of_scope(person, turn);
            }
        }
        staff
    }

    /// Makes up somebody for the last level of a department.
    pub(super) fn recruit(&mut self, department: &Department, manager: Option<ObjectId>) -> Person {
        let job_title = self.random.pick(department.job_titles);
        self.person(department, job_title, manager)
    }

    /// Opens the main e-mail address of somebody whose names are spelt like this in ASCII.
    ///
    /// `instead` is the local part where neither name has a letter that ASCII could stand for.
    pub(super) fn mail(&mut self, given_name: &str, surname: &str, instead: &str) -> String {
        let wanted = match (given_name, surname) {
            ("", "") => instead.to_lowercase(),
            (name, "") | ("", name) => name.to_owned(),
            _ => format!("{given_name}.{surname}"),
        };
        format!("{}@{DOMAIN}", self.mailboxes.open(&wanted))
    }

    /// Draws a number below `bound`, or 0 if `bound` is 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.random.below(bound)
    }

    fn person(
        &mut self,
        department: &Department,
        job_title: &str,
        manager: Option<ObjectId>,
    ) -> Person {
        let object_id = ObjectId::draw(&mut self.random);
        let culture = names::drawn(&mut self.random);
        let pool = self.random.pick(culture.pools);
        let given_name = self.random.pick(pool.given);
        let surname = self.random.pick(pool.surnames);
        self.last_employee += 1;
        let employee_id = format!("E{}", self.last_employee);
        let mail = self.mail(given_name.ascii, surname.ascii, &employee_id);
        Person {
            object_id,
            user_principal_name: mail.clone(),
            other_mails: self.other_mails(&mail),
            mail,
            given_name: given_name.native.to_owned(),
            surname: surname.native.to_owned(),
            display_name: culture.display_name(given_name.native, surname.native),
            job_title: job_title.to_owned(),
            department: department.name.to_owned(),
            employee_id,
            mobile: self.mobile(),
            preferred_language: self.random.pick(culture.languages).to_owned(),
            manager,
            account_enabled: true,
            user_type: UserType::Member,
            assignment: Assignment::Role(Assignment::USER.to_owned()),
        }
    }

    /// Draws none, one or two further addresses with the local part of `mail`.
    fn other_mails(&mut self, mail: &str) -> Vec<String> {
        let local_part = mail.split('@').next().unwrap_or_default();
        let mut domains = OTHER_DOMAINS;
        self.random.shuffle(&mut domains);
        let count = self.random.below(3);
        domains.iter().take(count).map(|domain| format!("{local_part}@{domain}")).collect()
    }

    /// Draws a number of the range that Ofcom keeps for fiction; three of ten have none.
    fn mobile(&mut self) -> Option<String> {
        let number = self.random.below(1_000);
        self.random.chance(70).then(|| format!("+44 7700 900{number:03}"))
    }
}

/// Makes one of four not assigned, one with the default access, and two guests.
fn put_out_of_scope(person: &mut Person, turn: usize) {
    match turn % 4 {
        0 => person.assignment = Assignment::None,
        2 => person.assignment = Assignment::Role(Assignment::DEFAULT_ACCESS.to_owned()),
        _ => person.user_type = UserType::Guest,
    }
}
