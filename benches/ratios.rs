//! Parsing and dropping beside other crates and the bare limit, as a Markdown table: nanoseconds, and ratios.
//!
//! The samples of all parsers are taken in turn, so that a machine whose speed changes changes
//! them all; a figure is the median of its samples, a ratio the median of the ratios of each turn.
#![expect(clippy::print_stdout, reason = "the table is the result")]

use std::{hint::black_box, time::Instant};

use scim_benches::{
    markdown,
    parsers::{OURS, PEERS, TOKENIZER},
    texts,
};

/// How often each parser has its turn.
const TURNS: usize = 151;

/// How long a sample lasts, about: long beside a reading of the clock, short beside a time slice.
const SAMPLE_NANOSECONDS: f64 = 100_000.0;

/// A parser with a text, timed.
struct Lane {
    parse: fn(&str) -> bool,
    runs: u32,
    samples: Vec<f64>,
}

fn main() {
    let names = PEERS.iter().chain(&[TOKENIZER]).map(|parser| parser.name);
    let mut columns = vec!["text", "bytes", OURS.name];
    columns.extend(names);
    columns.extend(["to the fastest peer", "to the tokenizer"]);
    println!("{}", markdown::head(&columns));
    for text in texts::all() {
        let parsers = [OURS].into_iter().chain(PEERS).chain([TOKENIZER]);
        let mut lanes: Vec<_> = parsers
            .map(|parser| parser.entry(&text).map(|parse| Lane::new(parse, &text.text)))
            .collect();
        for _ in 0..TURNS {
            lanes.iter_mut().flatten().for_each(|lane| lane.sample(&text.text));
        }
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

impl Lane {
    /// Finds out how many runs make a sample.
    fn new(parse: fn(&str) -> bool, text: &str) -> Self {
        let mut lane = Self { parse, runs: 1, samples: Vec::new() };
        while lane.time(text) * f64::from(lane.runs) < SAMPLE_NANOSECONDS {
            lane.runs *= 2;
        }
        lane
    }

    fn sample(&mut self, text: &str) {
        let time = self.time(text);
        self.samples.push(time);
    }

    /// Nanoseconds of one run.
    fn time(&self, text: &str) -> f64 {
        let began = Instant::now();
        for _ in 0..self.runs {
            black_box((self.parse)(black_box(text)));
        }
        began.elapsed().as_secs_f64() * 1e9 / f64::from(self.runs)
    }

    fn median(&self) -> f64 {
        median(&self.samples)
    }

    fn ratio_to(&self, other: &Self) -> f64 {
        let turns = self.samples.iter().zip(&other.samples);
        median(&turns.map(|(ours, theirs)| ours / theirs).collect::<Vec<_>>())
    }
}

fn median(samples: &[f64]) -> f64 {
    let mut samples = samples.to_vec();
    let middle = samples.len() / 2;
    *samples.select_nth_unstable_by(middle, f64::total_cmp).1
}
