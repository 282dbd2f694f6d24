//! A naive parser of the filter language and of PATCH paths, to hold the library's against.
//!
//! It follows Figures 1 and 7 of RFC 7644 and `docs/interpretations.md` in the plainest way, calls
//! itself where the grammar does, and shares no code with the library.

mod agreement;
mod attribute;
mod filter;
mod library;
mod literal;
mod near;
mod path;
mod spelling;
mod text;
mod tree;
