//! The rules, each an async function that a store passes or not.

pub(super) mod changes;
pub(super) mod content;
pub(super) mod filters;
pub(super) mod groups;
pub(super) mod lists;
pub(super) mod members;
pub(super) mod races;
pub(super) mod resource;
pub(super) mod sequences;
pub(super) mod sorts;
pub(super) mod tenants;
pub(super) mod uniqueness;
pub(super) mod versions;
pub(super) mod walks;
pub(super) mod whole;
