//! Requests in the form that a service provider takes, by its profile.

mod members;
mod patch;
mod resource;

pub(crate) use members::take_members;
pub(crate) use patch::{adapt_patch, without_replacement};
pub(crate) use resource::adapt_resource;

/// Something that cannot be brought into the form that the service provider takes.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum Unadaptable {
    #[error("the service provider needs a value for `{0}`")]
    Missing(String),
    #[error(
        "the service provider takes no replacement and no clearing of `members`: add and remove them"
    )]
    ReplacesMembers,
}
