use scim_core::{Tolerance, Tolerances};

/// How the service provider uses the room that the RFCs leave.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) tolerances: Tolerances,
    pub(crate) patch_answer: PatchAnswer,
    pub(crate) unknown_members: UnknownMembers,
    pub(crate) anonymous_discovery: bool,
}

/// What becomes of members that no resource of the tenant is known by.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum UnknownMembers {
    /// They are kept: identity providers name some that come later, or never.
    Kept,
    /// They are refused: 400 `invalidValue`. Those that are there already stay.
    Refused,
}

/// What a PATCH that took effect is answered with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PatchAnswer {
    /// 200 with the resource.
    Resource,
    /// 204 without a body, unless the request names `attributes`.
    NoContent,
    /// 204 for resources with `members`, which may be many, and 200 for others.
    NoContentForMembers,
}

impl Policy {
    /// Takes what identity providers really send, as long as no data gets lost.
    pub fn interoperable() -> Self {
        Self {
            tolerances: Tolerances::default(),
            patch_answer: PatchAnswer::NoContentForMembers,
            unknown_members: UnknownMembers::Kept,
            anonymous_discovery: false,
        }
    }

    /// [`Policy::interoperable`], and as Microsoft's SCIM Validator needs it: that sends the
    /// attributes of Entra ID whether the schemas have them or not, and those that no schema has
    /// are left out.
    pub fn microsoft_validator() -> Self {
        Self {
            tolerances: Tolerances::default().with(Tolerance::UnknownAttributeIgnored),
            ..Self::interoperable()
        }
    }

    /// Takes what the RFCs say and nothing else.
    pub fn strict() -> Self {
        Self {
            tolerances: Tolerances::strict(),
            patch_answer: PatchAnswer::Resource,
            unknown_members: UnknownMembers::Kept,
            anonymous_discovery: false,
        }
    }

    /// The policy with other tolerances.
    #[must_use]
    pub fn with_tolerances(mut self, tolerances: Tolerances) -> Self {
        self.tolerances = tolerances;
        self
    }

    /// The policy with another answer to PATCH.
    #[must_use]
    pub fn with_patch_answer(mut self, answer: PatchAnswer) -> Self {
        self.patch_answer = answer;
        self
    }

    /// The policy with another fate of members that no resource is known by.
    #[must_use]
    pub fn with_unknown_members(mut self, unknown_members: UnknownMembers) -> Self {
        self.unknown_members = unknown_members;
        self
    }

    /// The policy with discovery (`/ServiceProviderConfig`, `/ResourceTypes`, `/Schemas`) for
    /// those who send no credentials, too; [RFC 7644 §4] leaves it open. Off by default.
    ///
    /// Where tenants are told by path or host, this tells which ones there are.
    ///
    /// [RFC 7644 §4]: https://www.rfc-editor.org/rfc/rfc7644#section-4
    #[must_use]
    pub fn with_anonymous_discovery(mut self) -> Self {
        self.anonymous_discovery = true;
        self
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self::interoperable()
    }
}
