//! Regular expressions as .NET writes them, as far as they take linear time.

use regex::{Captures, Regex, RegexBuilder};

use super::{
    error::ParseExpressionErrorKind as Kind,
    evaluate::{Output, Stop},
};

/// How many bytes a compiled pattern may take.
const SIZE: usize = 1 << 20;

/// How deep the groups of a pattern may be nested.
const DEPTH: u32 = 64;

/// A compiled regular expression.
#[derive(Clone)]
pub(super) struct Pattern {
    regex: Regex,
    /// Where .NET's groups are: it counts those without a name first.
    groups: Vec<usize>,
}

impl Pattern {
    pub(super) fn parse(text: &str) -> Result<Self, Kind> {
        let mut builder = RegexBuilder::new(&translate(text)?);
        let regex =
            builder.size_limit(SIZE).nest_limit(DEPTH).build().map_err(|error| match error {
                regex::Error::CompiledTooBig(_) => Kind::PatternTooLarge,
                _ => Kind::InvalidPattern,
            })?;
        let mut groups: Vec<_> = regex.capture_names().enumerate().collect();
        groups.sort_by_key(|(_, name)| name.is_some());
        let groups = groups.into_iter().map(|(index, _)| index).collect();
        Ok(Self { regex, groups })
    }

    /// The place of a group, by its name or its number.
    pub(super) fn group(&self, name: &str) -> Option<usize> {
        match name.parse::<usize>() {
            Ok(number) => self.groups.get(number).copied(),
            Err(_) => self.regex.capture_names().position(|group| group == Some(name)),
        }
    }

    /// What a group matches first.
    pub(super) fn find<'t>(&self, text: &'t str, group: usize) -> Option<&'t str> {
        let captures = self.regex.captures(text)?;
        Some(captures.get(group)?.as_str())
    }

    /// Writes the text with something else in the place of every match of a group, or of the whole.
    pub(super) fn replace(
        &self,
        text: &str,
        group: usize,
        output: &mut Output<'_>,
        mut replacement: impl FnMut(&Captures<'_>, &mut Output<'_>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let mut end = 0;
        for captures in self.regex.captures_iter(text) {
            let Some(found) = captures.get(group) else { continue };
            output.push_str(text.get(end..found.start()).unwrap_or_default())?;
            replacement(&captures, output)?;
            end = found.end();
        }
        output.push_str(text.get(end..).unwrap_or_default())
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// Writes a replacement: `$1`, `${name}` and `$&` stand for what was matched, `$$` for `$`.
    pub(super) fn expand(
        &self,
        captures: &Captures<'_>,
        replacement: &str,
        output: &mut Output<'_>,
    ) -> Result<(), Stop> {
        let mut rest = replacement;
        while let Some((plain, behind)) = rest.split_once('$') {
            output.push_str(plain)?;
            let (substitute, behind) = self.substitute(captures, behind);
            output.push_str(substitute)?;
            rest = behind;
        }
        output.push_str(rest)
    }

    /// What stands for the text behind a `$`, and what follows; whatever has no meaning stays.
    fn substitute<'t>(&self, captures: &Captures<'t>, behind: &'t str) -> (&'t str, &'t str) {
        let matched = |group| captures.get(group).map_or("", |found| found.as_str());
        if let Some(rest) = behind.strip_prefix('$') {
            return ("$", rest);
        }
        if let Some(rest) = behind.strip_prefix('&') {
            return (matched(0), rest);
        }
        let braces = behind.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        if let Some((name, rest)) = braces
            && let Some(group) = self.group(name)
        {
            return (matched(group), rest);
        }
        // A pattern has no group of more digits.
        let digits = behind.bytes().take(5).take_while(u8::is_ascii_digit).count();
        let longest = (1..=digits).rev().find_map(|length| {
            let (number, rest) = behind.split_at_checked(length)?;
            Some((matched(self.group(number)?), rest))
        });
        longest.unwrap_or(("$", behind))
    }
}

/// The pattern in the words of the engine, to which `\<` and `\>`, and `[`, `&`, `~` and `-`
/// between brackets, mean more than to .NET.
fn translate(text: &str) -> Result<String, Kind> {
    let mut pattern = String::with_capacity(text.len());
    let mut rest = text;
    let mut in_class = false;
    let mut behind_dash = false;
    while let Some(c) = rest.chars().next() {
        if let Some(what) = unsupported(rest, in_class) {
            return Err(Kind::UnsupportedPattern(what));
        }
        let opens = !in_class && c == '[';
        let length = match c {
            '\\' => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
            '[' if opens => class_start(rest),
            c => c.len_utf8(),
        };
        let (piece, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let is_special = in_class && (matches!(c, '[' | '&' | '~') || c == '-' && behind_dash);
        pattern.push_str(if is_special { "\\" } else { "" });
        pattern.push_str(match piece {
            "\\<" => "<",
            "\\>" => ">",
            piece => piece,
        });
        in_class = opens || in_class && c != ']';
        behind_dash = c == '-' && !is_special;
        rest = behind;
    }
    Ok(pattern)
}

/// How long the start of a class is: a `]` in the first place is one of its characters.
fn class_start(rest: &str) -> usize {
    ["[^]", "[]", "[^"].into_iter().find(|start| rest.starts_with(start)).map_or(1, str::len)
}

/// What of .NET's language stands here that takes more than linear time, or that has another
/// meaning for the engine.
fn unsupported(rest: &str, in_class: bool) -> Option<&'static str> {
    let starts_with = |starts: &[&str]| starts.iter().any(|start| rest.starts_with(start));
    if in_class {
        return starts_with(&["-["]).then_some("a subtraction of characters");
    }
    if starts_with(&["(?=", "(?!", "(?<=", "(?<!"]) {
        return Some("look-around");
    }
    if starts_with(&["(?>"]) {
        return Some("an atomic group");
    }
    if starts_with(&["(?("]) {
        return Some("a condition");
    }
    let back_reference =
        rest.strip_prefix('\\')?.starts_with(['1', '2', '3', '4', '5', '6', '7', '8', '9', 'k']);
    back_reference.then_some("a back reference")
}
