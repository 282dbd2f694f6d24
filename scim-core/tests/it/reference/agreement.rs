use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use scim_core::{Filter, filter::ParseLimits, patch::PatchPath};

use super::{filter, library, near, path, spelling, tree::PathTree};

/// None: what is refused is refused by the grammar.
fn unlimited() -> ParseLimits {
    ParseLimits::new().with_length(usize::MAX).with_nesting(usize::MAX).with_nodes(usize::MAX)
}

/// Any filter of the grammar, any near to it, and any text of its pieces.
fn filters() -> impl Strategy<Value = String> {
    prop_oneof![
        1 => spelling::filter(),
        3 => near::faulty(spelling::filter()),
        2 => near::jumbled(),
    ]
}

fn paths() -> impl Strategy<Value = String> {
    prop_oneof![
        1 => spelling::path(),
        3 => near::faulty(spelling::path()),
        2 => jumbled_elements(),
    ]
}

fn jumbled_elements() -> impl Strategy<Value = String> {
    near::jumbled().prop_map(|filter| format!("a[{filter}]"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_filter_of_the_grammar_is_accepted(text in spelling::filter()) {
        prop_assert!(filter::filter(&text).is_some());
        prop_assert!(Filter::parse(&text, &unlimited()).is_ok());
    }

    #[test]
    fn filters_are_refused_or_read_as_the_reference_does(text in filters()) {
        let expected = filter::filter(&text);
        let read = Filter::parse(&text, &unlimited());
        prop_assert_eq!(&read.as_ref().ok().map(library::visited), &expected, "{:?}", read);
        if let Ok(read) = read {
            prop_assert_eq!(&Some(library::expressed(read.as_filter_ref())), &expected);
            prop_assert_eq!(filter::filter(&read.to_string()), expected, "{}", read);
        }
    }

    #[test]
    fn a_path_of_the_grammar_is_accepted(text in spelling::path()) {
        prop_assert!(path::path(&text).is_some());
        prop_assert!(PatchPath::parse(&text, &unlimited()).is_ok());
    }

    #[test]
    fn paths_are_refused_or_read_as_the_reference_does(text in paths()) {
        let expected = path::path(&text);
        let read = PatchPath::parse(&text, &unlimited());
        prop_assert_eq!(&read.as_ref().ok().map(PathTree::from), &expected, "{:?}", read);
        if let Ok(read) = read {
            prop_assert_eq!(path::path(&read.to_string()), expected, "{}", read);
        }
    }
}

/// How many of a thousand texts are accepted.
fn accepted(texts: impl Strategy<Value = String>, is_accepted: impl Fn(&str) -> bool) -> usize {
    let mut runner = TestRunner::deterministic();
    let texts = std::iter::repeat_with(|| texts.new_tree(&mut runner).unwrap().current());
    texts.take(1000).filter(|text| is_accepted(text)).count()
}

#[test]
fn a_fifth_of_the_texts_near_the_grammar_is_accepted_and_a_fifth_refused() {
    let is_filter = |text: &str| filter::filter(text).is_some();
    let is_path = |text: &str| path::path(text).is_some();
    let shares = [
        accepted(near::faulty(spelling::filter()), is_filter),
        accepted(near::jumbled(), is_filter),
        accepted(near::faulty(spelling::path()), is_path),
        accepted(jumbled_elements(), is_path),
    ];
    assert!(shares.iter().all(|share| (200..=800).contains(share)), "{shares:?} of 1000");
}
