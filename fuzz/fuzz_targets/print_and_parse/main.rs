//! A filter in odd but legal spelling is accepted and printed in canonical text.

#![no_main]

mod spelling;
mod tree;

use libfuzzer_sys::{arbitrary::Unstructured, fuzz_target};
use scim_core::{Filter, filter::ParseLimits};

use spelling::Spelling;
use tree::Tree;

fuzz_target!(|bytes: &[u8]| {
    let (shape, choices) = bytes.split_at(bytes.len() / 2);
    // Its only error is a lack of bytes, and `Unstructured` gives zeros instead.
    let Ok(tree) = Tree::of_filter(&mut Unstructured::new(shape)) else { return };

    let canonical = tree.to_string();
    let spelt = Spelling::of(&tree, Unstructured::new(choices));
    let limits = ParseLimits::new().with_length(usize::MAX).with_nodes(usize::MAX);
    let filter = Filter::parse(&spelt, &limits)
        .unwrap_or_else(|error| panic!("{error}: {spelt}, which is {canonical}"));
    assert_eq!(filter.to_string(), canonical, "{spelt}");
    scim_fuzz::prints_and_parses(&filter, Filter::parse);
});
