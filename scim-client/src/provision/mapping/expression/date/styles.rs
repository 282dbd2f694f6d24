/// Where blanks may stand in a date that is read by format.
///
/// The rest of .NET's `DateTimeStyles` is about the local time of a computer, which is UTC here.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Styles {
    pub(super) leading: bool,
    pub(super) trailing: bool,
    pub(super) inner: bool,
}

impl Styles {
    /// `AllowLeadingWhite, DateTimeStyles.AllowTrailingWhite`: the styles, if they are some.
    pub(in super::super) fn parse(text: &str) -> Option<Self> {
        if text.trim().is_empty() {
            return Some(Self::default());
        }
        let mut styles = Self { leading: false, trailing: false, inner: false };
        for name in text.split(',').map(str::trim) {
            match name.strip_prefix("DateTimeStyles.").unwrap_or(name) {
                "AllowLeadingWhite" => styles.leading = true,
                "AllowTrailingWhite" => styles.trailing = true,
                "AllowInnerWhite" => styles.inner = true,
                "AllowWhiteSpaces" => styles = Self { leading: true, trailing: true, inner: true },
                "None"
                | "NoCurrentDateDefault"
                | "AdjustToUniversal"
                | "AssumeLocal"
                | "AssumeUniversal"
                | "RoundtripKind" => {}
                _ => return None,
            }
        }
        Some(styles)
    }
}

impl Default for Styles {
    fn default() -> Self {
        Self { leading: true, trailing: true, inner: false }
    }
}
