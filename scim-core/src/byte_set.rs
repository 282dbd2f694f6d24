use std::ops::RangeInclusive;

/// A set of bytes, to see by one look-up for each how far a text keeps to it.
pub(crate) struct ByteSet([bool; 256]);

impl ByteSet {
    #[expect(clippy::indexing_slicing, reason = "a byte is less than the length of the array")]
    pub(crate) const fn new(ranges: &[RangeInclusive<u8>]) -> Self {
        let mut members = [false; 256];
        let mut ranges = ranges;
        while let [range, rest @ ..] = ranges {
            let mut byte = *range.start() as usize;
            while byte <= *range.end() as usize {
                members[byte] = true;
                byte += 1;
            }
            ranges = rest;
        }
        Self(members)
    }

    pub(crate) fn contains(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte)).is_some_and(|member| *member)
    }

    pub(crate) fn begins(&self, text: &str) -> bool {
        text.bytes().next().is_some_and(|byte| self.contains(byte))
    }

    /// The beginning of a text that keeps to the set, and the rest. ASCII characters either all
    /// belong to the set or stand on the border, so that no character is cut.
    #[inline]
    pub(crate) fn split<'t>(&self, text: &'t str) -> (&'t str, &'t str) {
        let end = text.bytes().position(|byte| !self.contains(byte)).unwrap_or(text.len());
        text.split_at_checked(end).unwrap_or_default()
    }
}
