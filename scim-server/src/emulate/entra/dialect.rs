use crate::emulate::Person;

/// How Entra ID writes a PATCH.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Dialect {
    /// Without a flag: `Add`, `Replace` and `Remove`, booleans as text, an operation for each
    /// attribute, members removed by a `value`.
    #[default]
    Default,
    /// With the flag `aadOptscim062020` on the tenant URL: lower case, booleans, one `replace`
    /// without path whose keys are paths, members removed by a filter.
    AadOptscim062020,
}

/// The attribute that Entra ID finds people by.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Matching {
    /// `userName`.
    #[default]
    UserName,
    /// `externalId`.
    ExternalId,
    /// `emails[type eq "work"].value`, a filter that the grammar of the RFC does not have.
    WorkEmail,
}

impl Matching {
    pub(super) fn attribute(self) -> &'static str {
        match self {
            Self::UserName => "userName",
            Self::ExternalId => "externalId",
            Self::WorkEmail => r#"emails[type eq "work"].value"#,
        }
    }

    /// What the person is found by.
    ///
    /// Who has no e-mail address is not found, so the name must do.
    pub(super) fn term(self, person: &Person) -> (&'static str, &str) {
        match (self, &person.email) {
            (Self::ExternalId, _) => (self.attribute(), &person.external_id),
            (Self::WorkEmail, Some(email)) => (self.attribute(), email),
            _ => (Self::UserName.attribute(), &person.user_name),
        }
    }
}
