//! Heap allocations of one parse and of one match, as Markdown tables: how many, and bytes in all.
//!
//! A buffer that grows counts anew, with its whole size, each time.
#![expect(clippy::print_stdout, reason = "the table is the result")]

use std::{error::Error, hint::black_box};

use scim_benches::{
    markdown,
    parsers::{OURS, PEERS},
    queries, texts, users,
};
use scim_core::{Filter, SchemaRegistry};
use scim_filter::parser;

fn main() -> Result<(), Box<dyn Error>> {
    parsing();
    println!();
    matching()
}

fn parsing() {
    let parsers = || [OURS].into_iter().chain(PEERS);
    let columns: Vec<_> = ["text", "bytes"].into_iter().chain(parsers().map(|p| p.name)).collect();
    println!("{}", markdown::head(&columns));
    for text in texts::all() {
        let mut cells = vec![text.name.to_owned(), text.text.len().to_string()];
        // `entry` parses once, so that what a crate sets up at its first use is not counted.
        cells.extend(parsers().map(|parser| {
            let parse = parser.entry(&text);
            parse.map_or_else(String::new, |parse| allocations(|| parse(black_box(&text.text))))
        }));
        println!("{}", markdown::row(&cells));
    }
}

/// The user is one that most of the filters match.
fn matching() -> Result<(), Box<dyn Error>> {
    let registry = SchemaRegistry::standard();
    let schema = registry.resource_type("User").ok_or("no such resource type")?;
    let user = users::user(0);
    let object = user.as_object().ok_or("no object")?;
    println!("{}", markdown::head(&["filter", "scim-core", "scim-filter"]));
    for query in queries::all() {
        let bound = query.text.parse::<Filter>()?.bind(schema)?;
        let (_, theirs) = parser::filter(&query.text).map_err(|error| error.to_string())?;
        let cells = [
            query.name.to_owned(),
            allocations(|| bound.matches(black_box(object))),
            allocations(|| theirs.r#match(black_box(&user)).is_ok()),
        ];
        println!("{}", markdown::row(&cells));
    }
    Ok(())
}

fn allocations(work: impl Fn() -> bool) -> String {
    let counted = allocation_counter::measure(|| {
        black_box(work());
    });
    format!("{} / {} B", counted.count_total, counted.bytes_total)
}
