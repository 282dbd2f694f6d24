//! The limits hold whatever they are, and a small stack suffices.

#![no_main]

mod case;

use std::{mem::discriminant, thread};

use libfuzzer_sys::fuzz_target;
use scim_core::{
    Filter,
    filter::{ParseErrorKind, ParseLimits},
};

use case::Case;

/// An eighth of what a thread has by default.
const STACK: usize = 256 * 1024;

fuzz_target!(|case: Case| {
    let worker = thread::Builder::new().stack_size(STACK).spawn(move || check(&case));
    worker.expect("a thread can be started").join().expect("a panic has ended the process");
});

fn check(case: &Case) {
    let Case { text, limits } = case;
    match Filter::parse(text, limits) {
        Ok(filter) => {
            assert!(text.len() <= limits.length());
            assert!(case.nesting() <= limits.nesting());
            assert!(case.nodes() <= limits.nodes());
            if let Ok(by_default) = text.parse::<Filter>() {
                assert_eq!(filter, by_default);
            }
        }
        Err(error) => {
            scim_fuzz::points_into(text, &error);
            let lifted = match error.kind() {
                ParseErrorKind::TooLong(length) => {
                    assert_eq!(length, limits.length());
                    assert!(text.len() > length);
                    limits.clone().with_length(usize::MAX)
                }
                ParseErrorKind::TooDeep(nesting) => {
                    assert_eq!(nesting, limits.nesting());
                    assert!(case.nesting() > nesting);
                    limits.clone().with_nesting(usize::MAX)
                }
                ParseErrorKind::TooManyNodes(nodes) => {
                    assert_eq!(nodes, limits.nodes());
                    limits.clone().with_nodes(usize::MAX)
                }
                // A fault in the text is the same fault under any limits.
                _ => {
                    assert_eq!(Filter::parse(text, &unlimited()).err(), Some(error));
                    return;
                }
            };
            if let Err(again) = Filter::parse(text, &lifted) {
                assert_ne!(discriminant(&again.kind()), discriminant(&error.kind()), "{again}");
            }
        }
    }
}

fn unlimited() -> ParseLimits {
    let limits = ParseLimits::new();
    limits.with_length(usize::MAX).with_nesting(usize::MAX).with_nodes(usize::MAX)
}
