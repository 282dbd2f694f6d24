use icu_casemap::CaseMapper;

/// Whose rules tell small and capital letters.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Culture {
    /// All that have the rules of Unicode, character by character.
    Invariant,
    /// Turkish and Azerbaijani, where `i` and `ı` are two letters.
    Turkic,
}

impl Culture {
    /// `tr-TR`: the culture of this name, if it is a name; without one it is the invariant culture.
    ///
    /// A name is a language of two or three letters, then perhaps a script of four letters, then
    /// perhaps a region of two letters or three digits.
    pub(super) fn parse(name: &str) -> Option<Self> {
        if name.is_empty() {
            return Some(Self::Invariant);
        }
        let letters = |part: &str| part.bytes().all(|b| b.is_ascii_alphabetic());
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let mut parts = name.split('-').peekable();
        let language = parts.next().filter(|part| matches!(part.len(), 2 | 3) && letters(part))?;
        parts.next_if(|part| part.len() == 4 && letters(part));
        parts.next_if(|part| match part.len() {
            2 => letters(part),
            3 => digits(part),
            _ => false,
        });
        if parts.next().is_some() {
            return None;
        }
        let is_turkic = ["tr", "az"].iter().any(|turkic| language.eq_ignore_ascii_case(turkic));
        Some(if is_turkic { Self::Turkic } else { Self::Invariant })
    }

    pub(super) fn lower(self, c: char) -> char {
        match (self, c) {
            (Self::Turkic, 'I') => 'ı',
            (Self::Turkic, 'İ') => 'i',
            (_, c) if c.is_ascii() => c.to_ascii_lowercase(),
            (_, c) => CaseMapper::new().simple_lowercase(c),
        }
    }

    pub(super) fn upper(self, c: char) -> char {
        match (self, c) {
            (Self::Turkic, 'i') => 'İ',
            (Self::Turkic, 'ı') => 'I',
            (_, c) if c.is_ascii() => c.to_ascii_uppercase(),
            (_, c) => CaseMapper::new().simple_uppercase(c),
        }
    }

    /// The capital letter at the beginning of a word; it differs for a letter that stands for two.
    pub(super) fn title(c: char) -> char {
        if c.is_ascii() { c.to_ascii_uppercase() } else { CaseMapper::new().simple_titlecase(c) }
    }

    /// The letter that is the same for all of its cases.
    pub(super) fn folded(c: char) -> char {
        if c.is_ascii() { c.to_ascii_lowercase() } else { CaseMapper::new().simple_fold(c) }
    }
}
