use serde::{Deserialize, Serialize};

use crate::transport::{Operation, RateLimit};

/// What is known of a service provider before it is asked, where it does otherwise than RFC 7644
/// or than it says of itself.
///
/// A profile is data: take one of the presets, change what differs, or read one from a file. It
/// goes before what discovery finds.
///
/// ```
/// use scim_client::target::{MemberForm, Profile};
///
/// let aws = Profile::aws();
/// assert_eq!(aws.max_members, Some(100));
///
/// let mut ours = Profile::rfc();
/// ours.name = "intranet".to_owned();
/// ours.members = MemberForm::RemoveByValue;
/// let file = serde_json::to_string(&ours)?;
/// assert_eq!(serde_json::from_str::<Profile>(&file)?, ours);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Profile {
    /// The name for people.
    pub name: String,
    /// What it does not offer, whatever it says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Feature>,
    /// What it offers, whatever it says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub offered: Vec<Feature>,
    /// How it wants members in a PATCH.
    pub members: MemberForm,
    /// Whether the members of a group can be replaced by a PATCH, or all removed by one.
    pub replaces_members: bool,
    /// How many members a request may bring or take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_members: Option<usize>,
    /// Whether it shows the members of a group. Where it does not, nothing follows from an empty
    /// list.
    pub shows_members: bool,
    /// Whether a PATCH may have several operations on one attribute.
    pub repeats_attributes: bool,
    /// How its lists are paged.
    pub paging: Paging,
    /// The most resources of a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_page_size: Option<u64>,
    /// The attributes that it filters by, where they are few.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filterable: Option<Vec<String>>,
    /// Whether it takes `attributes` and `excludedAttributes`; otherwise they are not sent.
    pub projects: bool,
    /// Whether a multi-valued attribute of a user may have several values; otherwise the primary
    /// one is sent, or the first.
    pub takes_several_values: bool,
    /// The attributes of users that it needs besides those of the schema.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<String>,
    /// The attributes of users that it does not take; they are not sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub omitted: Vec<String>,
    /// What becomes of a user that is deleted.
    pub deletion: Deletion,
    /// The media type that it takes.
    pub media_type: MediaType,
    /// The longest URL below the base, in bytes; a longer query goes by `.search`.
    pub max_url: usize,
    /// How many requests it takes in which time.
    pub rate_limit: RateLimit,
}

/// Something that a service provider offers or not.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Feature {
    /// What is done.
    pub operation: Operation,
    /// At which endpoint; without one, at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
}

/// How members come and go in a PATCH ([RFC 7644 §3.5.2]).
///
/// [RFC 7644 §3.5.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum MemberForm {
    /// `remove` at `members[value eq "…"]`, as the RFC has it.
    #[default]
    RemoveByFilter,
    /// `remove` at `members`, with those to remove as the value.
    RemoveByValue,
    /// As by value, and the value is an object with `members` in it.
    Wrapped,
}

/// How lists are paged.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Paging {
    /// By whichever the first page shows: a cursor, or else the index.
    #[default]
    Either,
    /// By `startIndex` ([RFC 7644 §3.4.2.4](https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.4)).
    Index,
    /// By `cursor` ([RFC 9865](https://www.rfc-editor.org/rfc/rfc9865)), which is asked for.
    Cursor,
    /// Not at all: the first page is the last.
    None,
}

/// What becomes of a resource that is deleted.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Deletion {
    /// It is gone.
    #[default]
    Removes,
    /// It is there, and not active.
    Deactivates,
}

/// What the body of a request says that it is.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum MediaType {
    /// `application/scim+json`.
    #[default]
    ScimJson,
    /// `application/json`.
    Json,
}

impl Feature {
    /// An operation, at all endpoints.
    pub fn new(operation: Operation) -> Self {
        Self { operation, endpoint: None }
    }

    /// An operation at one endpoint.
    pub fn at(operation: Operation, endpoint: impl Into<String>) -> Self {
        Self { operation, endpoint: Some(endpoint.into()) }
    }

    /// Whether it is about that operation at that endpoint.
    pub fn covers(&self, operation: Operation, endpoint: &str) -> bool {
        let mine = self.endpoint.as_deref();
        self.operation == operation && mine.is_none_or(|mine| mine.eq_ignore_ascii_case(endpoint))
    }
}

impl Default for Profile {
    /// As [`Profile::rfc`].
    fn default() -> Self {
        Self::rfc()
    }
}
