use std::collections::BTreeSet;

/// What a store offers, so that those that offer less are not held to more.
///
/// ```
/// use scim_server::conformance::Offers;
///
/// let simple = Offers::new().without_membership_changes().without_told_groups();
/// let employees = Offers::new().without_groups().with_attributes(["userName", "active"]);
/// # let _ = (simple, employees);
/// ```
#[derive(Clone, Debug)]
pub struct Offers {
    missing: Vec<Need>,
    attributes: Option<BTreeSet<String>>,
}

/// What a rule needs of a store.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Need {
    /// Resources of the type `Group`, beside those of `User`.
    Groups,
    MembershipChanges,
    ToldGroups,
    /// Unique keys of whatever attribute.
    OtherKeys,
    /// Whatever a document may hold.
    AnyAttribute,
    ExternalId,
    DisplayName,
}

/// What documents hold in any case.
const ALWAYS: [&str; 4] = ["schemas", "id", "userName", "meta"];

impl Offers {
    /// Everything: users and groups with any attributes, changes of members alone, and the
    /// `groups` of a user.
    pub fn new() -> Self {
        Self { missing: Vec::new(), attributes: None }
    }

    /// Users alone, and no other type.
    #[must_use]
    pub fn without_groups(self) -> Self {
        self.without_membership_changes().without_told_groups().without(Need::Groups)
    }

    /// The same without changes of members alone: the store answers
    /// [`NotOffered`](crate::store::MembershipOutcome::NotOffered).
    #[must_use]
    pub fn without_membership_changes(self) -> Self {
        self.without(Need::MembershipChanges)
    }

    /// The same without the `groups` of a user: the store does not tell them, and leaves what is
    /// deleted among the members of a group.
    #[must_use]
    pub fn without_told_groups(self) -> Self {
        self.without(Need::ToldGroups)
    }

    /// The same with the unique key of `userName` alone: for a store with a constraint of its own on
    /// that column.
    #[must_use]
    pub fn without_other_keys(self) -> Self {
        self.without(Need::OtherKeys)
    }

    /// The same with these attributes alone, beside `schemas`, `id`, `userName` and `meta`: for a
    /// store with columns of its own, which refuses any other. An extension goes by its URI.
    #[must_use]
    pub fn with_attributes<A: Into<String>>(
        mut self,
        attributes: impl IntoIterator<Item = A>,
    ) -> Self {
        self.attributes = Some(attributes.into_iter().map(Into::into).collect());
        self
    }

    fn without(mut self, need: Need) -> Self {
        self.missing.push(need);
        self
    }

    /// Whether documents may hold an attribute.
    pub(super) fn keeps(&self, attribute: &str) -> bool {
        ALWAYS.contains(&attribute)
            || self.attributes.as_ref().is_none_or(|attributes| attributes.contains(attribute))
    }

    pub(super) fn meets(&self, need: Need) -> bool {
        let is_kept = match need {
            Need::Groups => self.keeps("displayName") && self.keeps("members"),
            Need::AnyAttribute => self.attributes.is_none(),
            Need::ExternalId => self.keeps("externalId"),
            Need::DisplayName => self.keeps("displayName"),
            Need::MembershipChanges | Need::ToldGroups | Need::OtherKeys => true,
        };
        is_kept && !self.missing.contains(&need)
    }
}

impl Default for Offers {
    fn default() -> Self {
        Self::new()
    }
}
