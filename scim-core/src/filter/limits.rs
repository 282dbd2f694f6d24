/// What a parser takes before it refuses a text.
///
/// A chain such as `a or b or c` is one level deep however long it is. What is accepted prints
/// within the same levels and nodes, but the canonical text can be longer than what was read.
///
/// ```
/// use scim_core::filter::{Filter, ParseErrorKind, ParseLimits};
///
/// let limits = ParseLimits::new().with_length(10);
/// let error = Filter::parse(r#"userName eq "x""#, &limits).unwrap_err();
/// assert_eq!(error.kind(), ParseErrorKind::TooLong(10));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ParseLimits {
    length: usize,
    nesting: usize,
    nodes: usize,
}

impl ParseLimits {
    /// The defaults: 64 KiB of text, 32 levels, 2,048 nodes.
    pub fn new() -> Self {
        Self { length: 64 * 1024, nesting: 32, nodes: 2048 }
    }

    /// The most bytes of text.
    #[must_use]
    pub fn with_length(mut self, bytes: usize) -> Self {
        self.length = bytes;
        self
    }

    /// The most levels of parentheses and brackets inside each other.
    #[must_use]
    pub fn with_nesting(mut self, levels: usize) -> Self {
        self.nesting = levels;
        self
    }

    /// The most comparisons, `pr` tests and value paths together.
    #[must_use]
    pub fn with_nodes(mut self, nodes: usize) -> Self {
        self.nodes = nodes;
        self
    }

    /// The most bytes of text.
    pub fn length(&self) -> usize {
        self.length
    }

    /// The most levels of parentheses and brackets inside each other.
    pub fn nesting(&self) -> usize {
        self.nesting
    }

    /// The most comparisons, `pr` tests and value paths together.
    pub fn nodes(&self) -> usize {
        self.nodes
    }
}

impl Default for ParseLimits {
    fn default() -> Self {
        Self::new()
    }
}
