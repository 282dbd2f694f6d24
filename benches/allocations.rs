//! Heap allocations of one parse, as a Markdown table: how many, and bytes in all.
//!
//! A buffer that grows counts anew, with its whole size, each time.
#![expect(clippy::print_stdout, reason = "the table is the result")]

use std::hint::black_box;

use scim_benches::{
    markdown,
    parsers::{OURS, PEERS},
    texts,
};

fn main() {
    let parsers = || [OURS].into_iter().chain(PEERS);
    let columns: Vec<_> = ["text", "bytes"].into_iter().chain(parsers().map(|p| p.name)).collect();
    println!("{}", markdown::head(&columns));
    for text in texts::all() {
        let mut cells = vec![text.name.to_owned(), text.text.len().to_string()];
        // `entry` parses once, so that what a crate sets up at its first use is not counted.
        cells.extend(parsers().map(|parser| {
            parser.entry(&text).map_or_else(String::new, |parse| allocations(parse, &text.text))
        }));
        println!("{}", markdown::row(&cells));
    }
}

fn allocations(parse: fn(&str) -> bool, text: &str) -> String {
    let counted = allocation_counter::measure(|| {
        black_box(parse(black_box(text)));
    });
    format!("{} / {} B", counted.count_total, counted.bytes_total)
}
