//! The e-mail addresses that the directory has given out.

use std::collections::HashMap;

/// The domain of everybody's account and main address.
pub(super) const DOMAIN: &str = "clinic.example";

/// The domains of further addresses.
pub(super) const OTHER_DOMAINS: [&str; 5] = [
    "children-hospital.example",
    "medical-school.example",
    "research-institute.example",
    "rehab-centre.example",
    "post.example",
];

/// The part before the `@` of each address ever given out; none is given out twice.
#[derive(Clone, Debug, Default)]
pub(super) struct Mailboxes {
    /// For each local part in use, the last number that was put behind it.
    taken: HashMap<String, u64>,
}

impl Mailboxes {
    /// Takes `wanted`, or `wanted` with the lowest number behind it that is free.
    pub(super) fn open(&mut self, wanted: &str) -> String {
        let mut number = self.taken.get(wanted).copied().unwrap_or(0);
        let mut local_part = wanted.to_owned();
        while self.taken.contains_key(&local_part) {
            number += 1;
            local_part = format!("{wanted}{number}");
        }
        self.taken.insert(wanted.to_owned(), number);
        self.taken.entry(local_part.clone()).or_insert(0);
        local_part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_name_gets_a_number() {
        let mut mailboxes = Mailboxes::default();
        for expected in ["li.na", "li.na1", "li.na2"] {
            assert_eq!(mailboxes.open("li.na"), expected);
        }
        assert_eq!(mailboxes.open("li.na1"), "li.na11");
        assert_eq!(mailboxes.open("li.na"), "li.na3");
    }
}
