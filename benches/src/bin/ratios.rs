//! The medians of the last run of the bench `parse`, as a Markdown table.
#![expect(clippy::print_stdout, reason = "the table is the result")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use scim_benches::{
    markdown,
    parsers::{OURS, PEERS, Parser, TOKENIZER},
    texts,
};
use serde_json::Value;

fn main() -> ExitCode {
    let results = target_directory().join("criterion");
    let names = PEERS.iter().chain(&[TOKENIZER]).map(|parser| parser.name);
    let mut columns = vec!["ns", "bytes", OURS.name];
    columns.extend(names);
    columns.extend(["to the fastest peer", "to the tokenizer"]);
    println!("{}", markdown::head(&columns));
    for text in texts::all() {
        let Some(ours) = median(&results, text.name, &OURS) else {
            println!("No figures in {}: run the bench `parse` first.", results.display());
            return ExitCode::FAILURE;
        };
        let peers = PEERS.map(|peer| median(&results, text.name, &peer));
        let fastest = peers.into_iter().flatten().min_by(f64::total_cmp);
        let tokenizer = median(&results, text.name, &TOKENIZER);
        let mut cells =
            vec![text.name.to_owned(), text.text.len().to_string(), format!("{ours:.0}")];
        let others = peers.into_iter().chain([tokenizer]);
        cells.extend(others.map(|ns| cell(ns.map(|ns| format!("{ns:.0}")))));
        cells.extend([fastest, tokenizer].map(|ns| cell(ns.map(|ns| format!("{:.2}", ours / ns)))));
        println!("{}", markdown::row(&cells));
    }
    ExitCode::SUCCESS
}

fn target_directory() -> PathBuf {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    env::var_os("CARGO_TARGET_DIR").map_or_else(default, PathBuf::from)
}

/// The nanoseconds that criterion found, if the parser was measured with the text.
fn median(results: &Path, text: &str, parser: &Parser) -> Option<f64> {
    let file = results.join(text).join(parser.name).join("new/estimates.json");
    let estimates: Value = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
    estimates.pointer("/median/point_estimate")?.as_f64()
}

fn cell(figure: Option<String>) -> String {
    figure.unwrap_or_default()
}
