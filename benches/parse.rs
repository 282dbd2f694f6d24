//! Parsing and dropping of filters and PATCH paths, beside other crates.
//!
//! Where a parser is wrong about a text, it has no bar there.
#![allow(missing_docs, reason = "criterion's macros make undocumented functions")]

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use scim_benches::{
    parsers::{OURS, PEERS, TOKENIZER},
    texts,
};

fn parse(criterion: &mut Criterion) {
    for text in texts::all() {
        let mut group = criterion.benchmark_group(text.name);
        group.throughput(Throughput::Bytes(text.text.len() as u64));
        for parser in [OURS].iter().chain(&PEERS).chain(&[TOKENIZER]) {
            if let Some(parse) = parser.entry(&text) {
                group.bench_function(parser.name, |b| b.iter(|| parse(black_box(&text.text))));
            }
        }
    }
}

fn short_runs() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .without_plots()
}

criterion_group! {
    name = benches;
    config = short_runs();
    targets = parse
}
criterion_main!(benches);
