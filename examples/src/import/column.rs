use std::fmt;

/// A column of the file, by the name of its attribute.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Column {
    /// The name to sign in with; no row goes without.
    UserName,
    /// The given name.
    GivenName,
    /// The family name.
    FamilyName,
    /// The e-mail address at work.
    Email,
    /// Whether the person may sign in: `true` or `false`.
    Active,
    /// The identifier in the system that the file comes from.
    ExternalId,
    /// The department.
    Department,
}

impl Column {
    /// All columns; a file may have them in any order and go without those after the first.
    pub const ALL: [Self; 7] = [
        Self::UserName,
        Self::GivenName,
        Self::FamilyName,
        Self::Email,
        Self::Active,
        Self::ExternalId,
        Self::Department,
    ];

    /// The name in the header.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UserName => "userName",
            Self::GivenName => "givenName",
            Self::FamilyName => "familyName",
            Self::Email => "email",
            Self::Active => "active",
            Self::ExternalId => "externalId",
            Self::Department => "department",
        }
    }

    /// The column of that name, in whatever case.
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|column| name.eq_ignore_ascii_case(column.as_str().as_bytes()))
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
