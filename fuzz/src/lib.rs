//! What fuzz targets hold: about a text and the parser it is given to, and about resources.

mod planted;
mod subject;

use std::{
    error::Error,
    fmt::{Debug, Display},
    hash::{DefaultHasher, Hash, Hasher},
    str::FromStr,
};

use scim_core::filter::{ParseError, ParseErrorKind, ParseLimits};

use planted::Planted;
pub use subject::{Subject, shows_nothing_hidden};

/// What a text is parsed to, a filter or a PATCH path.
pub trait Tree: Clone + Debug + Display + Eq + Hash + FromStr<Err = ParseError> {}

impl<T: Clone + Debug + Display + Eq + Hash + FromStr<Err = ParseError>> Tree for T {}

/// Holds everything that is true of any text.
pub fn check<T: Tree>(text: &str, parse: impl Fn(&str, &ParseLimits) -> Result<T, ParseError>) {
    let limits = ParseLimits::new();
    let outcome = parse(text, &limits);
    assert_eq!(outcome, text.parse(), "`str::parse` has the default limits");
    match &outcome {
        Ok(tree) => prints_and_parses(tree, &parse),
        Err(error) => points_into(text, error),
    }
    keeps_literals_to_itself(text, &outcome, &parse);
    if let Some(length) = text.len().checked_sub(1) {
        let error = parse(text, &limits.with_length(length)).expect_err("it is longer than that");
        assert_eq!(error.kind(), ParseErrorKind::TooLong(length));
        points_into(text, &error);
    }
}

/// Holds that printing a tree and parsing the text gives an equal tree and the same text.
pub fn prints_and_parses<T: Tree>(
    tree: &T,
    parse: impl Fn(&str, &ParseLimits) -> Result<T, ParseError>,
) {
    let printed = tree.to_string();
    let again = parse(&printed, &room()).expect("what was printed is in the grammar");
    assert_eq!(&again, tree, "{printed}");
    assert_eq!(again.to_string(), printed);
    assert_eq!(hash(&again), hash(tree), "{printed}");
    assert_eq!(&tree.clone(), tree, "{printed}");
}

/// Holds that an error, and what caused it, say nothing of a value.
pub fn keeps_values_to_itself(error: &(dyn Error + 'static)) {
    let mut cause = Some(error);
    while let Some(error) = cause {
        for message in [error.to_string(), format!("{error:?}")] {
            assert!(!Planted::shows_in(&message), "{message}");
        }
        cause = error.source();
    }
}

/// Holds that an error's offset lies in the text, in front of a character or at the end.
pub fn points_into(text: &str, error: &ParseError) {
    assert!(text.is_char_boundary(error.offset()), "{error}");
}

/// Limits for printed text, which can be longer than what was read.
fn room() -> ParseLimits {
    ParseLimits::new().with_length(usize::MAX)
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Holds that an error says nothing of a literal, and that the text of a literal decides nothing.
fn keeps_literals_to_itself<T: Tree>(
    text: &str,
    outcome: &Result<T, ParseError>,
    parse: impl Fn(&str, &ParseLimits) -> Result<T, ParseError>,
) {
    let planted = Planted::in_literals(text);
    // libFuzzer finds out the marker and writes it elsewhere, where a rendering may show it.
    if planted.text().len() > ParseLimits::new().length() || Planted::shows_in(text) {
        return;
    }
    match (outcome, parse(planted.text(), &ParseLimits::new())) {
        (Ok(plain), Ok(marked)) => {
            let printed = plain.to_string();
            assert_eq!(marked.to_string(), Planted::in_literals(&printed).text());
        }
        (Err(plain), Err(marked)) => {
            assert_eq!(marked.kind(), plain.kind());
            assert_eq!(marked.offset(), planted.offset(plain.offset()));
            for message in
                [marked.to_string(), format!("{marked:?}"), marked.render(planted.text())]
            {
                assert!(!Planted::shows_in(&message), "{message}");
            }
        }
        (plain, marked) => panic!("{plain:?} became {marked:?}"),
    }
}
