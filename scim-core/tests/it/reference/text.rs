/// A text and how far it has been read.
///
/// A rule gives `None` where the text is not what it says; how far it came then means nothing.
pub(super) struct Text {
    chars: Vec<char>,
    at: usize,
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        Self { chars: text.chars().collect(), at: 0 }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    pub(super) fn end(&self) -> Option<()> {
        self.peek().is_none().then_some(())
    }

    /// Reads one character, which must be this one.
    pub(super) fn char(&mut self, expected: char) -> Option<()> {
        (self.next()? == expected).then_some(())
    }

    /// Reads a word in any case, as ABNF has it for `"eq"`.
    pub(super) fn word(&mut self, expected: &str) -> Option<()> {
        for c in expected.chars() {
            if !self.next()?.eq_ignore_ascii_case(&c) {
                return None;
            }
        }
        Some(())
    }

    /// Reads as far as the characters belong.
    pub(super) fn run(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let mut run = String::new();
        while let Some(c) = self.peek().filter(|c| belongs(*c)) {
            run.push(c);
            self.at += 1;
        }
        run
    }

    /// `*SP`
    pub(super) fn blanks(&mut self) {
        self.run(|c| c == ' ');
    }

    /// `1*SP`
    pub(super) fn blank(&mut self) -> Option<()> {
        (!self.run(|c| c == ' ').is_empty()).then_some(())
    }

    /// Follows a rule, or stays where it is.
    pub(super) fn attempt<T>(&mut self, rule: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let before = self.at;
        let found = rule(self);
        if found.is_none() {
            self.at = before;
        }
        found
    }
}
