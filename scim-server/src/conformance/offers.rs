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
    groups: bool,
    membership_changes: bool,
    told_groups: bool,
    attributes: Option<BTreeSet<String>>,
}

/// What a rule needs of a store.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Need {
    /// Resources of the type `Group`, beside those of `User`.
    Groups,
    MembershipChanges,
    ToldGroups,
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
        Self { groups: true, membership_changes: true, told_groups: true, attributes: None }
    }

    /// Users alone, and no other type.
    #[must_use]
    pub fn without_groups(self) -> Self {
        Self { groups: false, ..self.without_membership_changes().without_told_groups() }
    }

    /// The same without changes of members alone: the store answers
    /// [`NotOffered`](crate::store::MembershipOutcome::NotOffered).
    #[must_use]
    pub fn without_membership_changes(mut self) -> Self {
        self.membership_changes = false;
        self
    }

    /// The same without the `groups` of a user: the store does not tell them, and leaves what is
    /// deleted among the members of a group.
    #[must_use]
    pub fn without_told_groups(mut self) -> Self {
        self.told_groups = false;
        self
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

    /// Whether documents may hold an attribute.
    pub(super) fn keeps(&self, attribute: &str) -> bool {
        ALWAYS.contains(&attribute)
            || self.attributes.as_ref().is_none_or(|attributes| attributes.contains(attribute))
    }

    pub(super) fn meets(&self, need: Need) -> bool {
        match need {
            Need::Groups => self.groups && self.keeps("displayName") && self.keeps("members"),
            Need::MembershipChanges => self.membership_changes,
            Need::ToldGroups => self.told_groups,
            Need::AnyAttribute => self.attributes.is_none(),
            Need::ExternalId => self.keeps("externalId"),
            Need::DisplayName => self.keeps("displayName"),
        }
    }
}

impl Default for Offers {
    fn default() -> Self {
        Self::new()
    }
}
