use scim_core::Tolerances;

/// How the service provider uses the room that the RFCs leave.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) tolerances: Tolerances,
    pub(crate) patch_answer: PatchAnswer,
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
        Self { tolerances: Tolerances::default(), patch_answer: PatchAnswer::NoContentForMembers }
    }

    /// Takes what the RFCs say and nothing else.
    pub fn strict() -> Self {
        Self { tolerances: Tolerances::strict(), patch_answer: PatchAnswer::Resource }
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
}

impl Default for Policy {
    fn default() -> Self {
        Self::interoperable()
    }
}
