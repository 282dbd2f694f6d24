//! Any text as a filter.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scim_core::Filter;

fuzz_target!(|text: &str| scim_fuzz::check(text, Filter::parse));
