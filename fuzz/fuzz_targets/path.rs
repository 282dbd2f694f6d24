//! Any text as a path: of a PATCH operation, of a filter, of a list of attributes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scim_core::{AttributePath, Filter, filter::ParseLimits, patch::PatchPath, query::Projection};

fuzz_target!(|text: &str| {
    scim_fuzz::check(text, PatchPath::parse);
    if let Ok(path) = text.parse::<AttributePath>() {
        is_a_path_everywhere(text, &path);
    }
});

/// Holds that an attribute path prints as it was written and can stand wherever one is asked for.
fn is_a_path_everywhere(text: &str, path: &AttributePath) {
    assert_eq!(path.to_string(), text);
    assert_eq!(&path.clone(), path);

    // An attribute path has no length of its own.
    let limits = ParseLimits::new().with_length(usize::MAX);
    let patched = PatchPath::parse(text, &limits).expect("PATCH takes every attribute path");
    assert_eq!(patched.to_string(), text);

    let present = format!("{text} pr");
    let filter = Filter::parse(&present, &limits).expect("a filter takes every attribute path");
    assert_eq!(filter.to_string(), present);

    // In a list, a comma ends the path even where it is part of a URI.
    if !text.contains(',') {
        let listed = Projection::parse(Some(text), None).expect("a list takes it");
        assert_eq!(Projection::parse(Some(&format!(" {text} ,")), None), Ok(listed));
    }
}
