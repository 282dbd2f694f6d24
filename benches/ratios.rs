//! Parsing and dropping beside other crates and the bare limit, as a Markdown table: nanoseconds, and ratios.
//!
//! The samples of all parsers are taken in turn, so that a machine whose speed changes changes
//! them all; a figure is the median of its samples, a ratio the median of the ratios of each turn.
#![expect(clippy::print_stdout, reason = "the table is the result")]

use std::hint::black_box;

use scim_benches::{
    lanes::Lane,
    markdown,
    parsers::{OURS, PEERS, TOKENIZER},
    texts,
};

/// How often each parser has its turn.
const TURNS: usize = 151;

fn main() {
    let names = PEERS.iter().chain(&[TOKENIZER]).map(|parser| parser.name);
    let mut columns = vec!["text", "bytes", OURS.name];
    columns.extend(names);
    columns.extend(["to the fastest peer", "to the tokenizer"]);
    println!("{}", markdown::head(&columns));
    for text in &texts::all() {
        let parsers = [OURS].into_iter().chain(PEERS).chain([TOKENIZER]);
        let mut lanes: Vec<_> = parsers
            .map(|parser| {
                parser.entry(text).map(|parse| Lane::new(move || parse(black_box(&text.text))))
            })
            .collect();
        Lane::race(TURNS, lanes.iter_mut().flatten());
        let mut cells = vec![text.name.to_owned(), text.text.len().to_string()];
        cells.extend(lanes.iter().map(|lane| {
            lane.as_ref().map_or_else(String::new, |lane| format!("{:.0}", lane.median()))
        }));
        let [Some(ours), peers @ .., Some(tokenizer)] = lanes.as_slice() else { continue };
        let fastest = peers.iter().flatten().min_by(|a, b| a.median().total_cmp(&b.median()));
        cells.extend([fastest, Some(tokenizer)].map(|other| {
            other.map_or_else(String::new, |other| format!("{:.2}", ours.ratio_to(other)))
        }));
        println!("{}", markdown::row(&cells));
    }
}
