//! A user object of the directory.

use super::object_id::ObjectId;

/// A person with an account in the directory.
///
/// The fields are the attributes that Entra ID offers as sources of an attribute mapping.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Person {
    /// The key, which never changes.
    pub object_id: ObjectId,
    /// The name to sign in with: ASCII, in lower case, unique, and kept when the person's name changes.
    pub user_principal_name: String,
    /// The main e-mail address: ASCII, in lower case and unique.
    pub mail: String,
    /// Further e-mail addresses, among them the former main ones.
    pub other_mails: Vec<String>,
    /// The given name in its own script.
    pub given_name: String,
    /// The family name in its own script.
    pub surname: String,
    /// Both names, in the order and with the spacing of the person's language.
    pub display_name: String,
    /// What the person does, for example `Staff Nurse`.
    pub job_title: String,
    /// Where the person works, for example `Cardiology`.
    pub department: String,
    /// The number that the personnel office gave, unique.
    pub employee_id: String,
    /// The mobile number, out of a range that is reserved for fiction.
    pub mobile: Option<String>,
    /// The language tag, for example `de-DE`.
    pub preferred_language: String,
    /// Whom the person reports to: somebody in the same directory.
    pub manager: Option<ObjectId>,
    /// Whether the person may sign in.
    pub account_enabled: bool,
    /// Whether the person belongs to the house or visits it.
    pub user_type: UserType,
    /// How the person is assigned to the application.
    pub assignment: Assignment,
}

/// Whether an account belongs to the house or to a visitor.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum UserType {
    /// Somebody of the house.
    Member,
    /// Somebody from elsewhere, whom a scoping filter keeps out of the application.
    Guest,
}

impl UserType {
    /// Returns the word that the directory uses: `Member` or `Guest`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "Member",
            Self::Guest => "Guest",
        }
    }
}

/// How a person is assigned to the application that accounts are provisioned to.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Assignment {
    /// Not assigned.
    None,
    /// Assigned with the role of this name.
    Role(String),
}

impl Assignment {
    /// The role that entitles to an account.
    pub const USER: &'static str = "User";

    /// The role of an assignment that names none, which entitles to nothing.
    pub const DEFAULT_ACCESS: &'static str = "Default Access";

    /// Returns the name of the role, if there is an assignment.
    pub fn role(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::Role(role) => Some(role),
        }
    }
}
