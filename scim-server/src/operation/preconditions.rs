use scim_core::{ResourceVersion, resource::Precondition};

use crate::error::Error;

/// Which version a client expects, and which it has: `If-Match` and `If-None-Match`
/// (RFC 7644 §3.14; RFC 7232 §3).
#[derive(Clone, Debug, Default)]
pub(crate) struct Preconditions {
    pub(crate) if_match: Option<Precondition>,
    pub(crate) if_none_match: Option<Precondition>,
}

impl Preconditions {
    /// Whether every version will do.
    pub(super) fn is_any(&self) -> bool {
        self.is_open() && self.if_none_match.is_none()
    }

    /// Whether another version than that of the first read can be written to.
    pub(super) fn is_open(&self) -> bool {
        self.if_match.as_ref().is_none_or(Precondition::is_any)
    }

    /// Whether the resource is the one that the client expects.
    pub(super) fn check_match(&self, current: &ResourceVersion) -> Result<(), Error> {
        if is_met(self.if_match.as_ref(), current) { Ok(()) } else { Err(Error::Precondition) }
    }

    /// Whether the client has this version already.
    pub(super) fn has(&self, current: &ResourceVersion) -> bool {
        !is_met(self.if_none_match.as_ref(), current)
    }

    /// Whether a write may take place: one to another version than the client expects does nothing.
    pub(super) fn check(&self, current: &ResourceVersion) -> Result<(), Error> {
        self.check_match(current)?;
        if self.has(current) { Err(Error::Precondition) } else { Ok(()) }
    }
}

fn is_met(condition: Option<&Precondition>, current: &ResourceVersion) -> bool {
    condition.is_none_or(|condition| condition.is_met_by(Some(current)))
}
