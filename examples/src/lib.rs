//! What the examples share: a user roster to provision, and a directory to provision it from.

pub mod directory;
pub mod directory_source;
pub mod roster;
