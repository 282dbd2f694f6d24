//! A name and the names it goes with.

/// A given name or a surname.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Name {
    /// The name in its own script.
    pub(crate) native: &'static str,
    /// The name in the letters `a` to `z`, for an address.
    pub(crate) ascii: &'static str,
}

impl Name {
    /// Pairs the two spellings of a name.
    pub(super) const fn new(native: &'static str, ascii: &'static str) -> Self {
        Self { native, ascii }
    }
}

/// Given names and surnames that any one person may bear together.
///
/// A language whose surnames have a form for each gender has two pools, another one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NamePool {
    /// The given names.
    pub(crate) given: &'static [Name],
    /// The surnames.
    pub(crate) surnames: &'static [Name],
}
