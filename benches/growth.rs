//! How time grows with the length of a filter, as a Markdown table: nanoseconds for each byte, medians of many runs.
//!
//! A parser that is linear has the same figures in all rows of a shape. The last column is in nanoseconds for the
//! whole text: what it takes to refuse it under the default limits, reading the clock included.
#![expect(clippy::print_stdout, reason = "the table is the result")]

use std::{
    env,
    hint::black_box,
    time::{Duration, Instant},
};

use scim_benches::markdown;
use scim_core::filter::{Filter, ParseError, ParseLimits};

/// How a filter of about so many bytes is made.
type Shape = fn(usize) -> String;

const SHAPES: [(&str, Shape); 6] = [
    ("or", |bytes| chain("a pr", " or ", bytes)),
    ("and", |bytes| chain("a pr", " and ", bytes)),
    ("eq", |bytes| chain(r#"a eq "x""#, " or ", bytes)),
    ("parentheses", |bytes| nest("(", bytes)),
    ("not", |bytes| nest("not (", bytes)),
    ("left", left),
];

const KILOBYTES: [usize; 6] = [1, 4, 16, 64, 256, 1024];

/// How long one figure is measured, unless a few runs take longer.
const PATIENCE: Duration = Duration::from_millis(50);

fn main() -> Result<(), ParseError> {
    let chosen: Vec<_> =
        env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let columns = ["shape", "KB", "parse", "drop", "clone", "print", "refuse, whole"];
    println!("{}", markdown::head(&columns));
    for (name, shape) in SHAPES {
        if !chosen.is_empty() && !chosen.iter().any(|chosen| chosen == name) {
            continue;
        }
        for kilobytes in KILOBYTES {
            let figures = measure(&shape(kilobytes * 1024))?;
            let mut cells = vec![name.to_owned(), kilobytes.to_string()];
            cells.extend(figures);
            println!("{}", markdown::row(&cells));
        }
    }
    Ok(())
}

fn measure(text: &str) -> Result<[String; 5], ParseError> {
    let limits =
        ParseLimits::new().with_length(usize::MAX).with_nesting(usize::MAX).with_nodes(usize::MAX);
    let filter = Filter::parse(text, &limits)?;
    let parse = median(|| timed(|| Filter::parse(text, &limits)));
    let drop = median(|| {
        let filter = filter.clone();
        timed(|| drop(filter))
    });
    let clone = median(|| timed(|| filter.clone()));
    let print = median(|| timed(|| filter.to_string()));
    let refuse = text.parse::<Filter>().err().map_or_else(
        || "accepted".to_owned(),
        |_| median(|| timed(|| text.parse::<Filter>())).as_nanos().to_string(),
    );
    let [parse, drop, clone, print] =
        [parse, drop, clone, print].map(|time| format!("{:.2}", nanoseconds(time, text.len())));
    Ok([parse, drop, clone, print, refuse])
}

#[expect(clippy::cast_precision_loss, reason = "texts are far shorter than 2^52 bytes")]
fn nanoseconds(time: Duration, bytes: usize) -> f64 {
    time.as_secs_f64() * 1e9 / bytes as f64
}

/// How long the work takes, without the drop of what it returns.
fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let began = Instant::now();
    let result = black_box(work());
    let took = began.elapsed();
    drop(result);
    took
}

fn median(mut run: impl FnMut() -> Duration) -> Duration {
    let began = Instant::now();
    let mut times = Vec::new();
    while times.len() < 5 || began.elapsed() < PATIENCE {
        times.push(run());
    }
    let middle = times.len() / 2;
    *times.select_nth_unstable(middle).1
}

fn chain(clause: &str, word: &str, bytes: usize) -> String {
    vec![clause; bytes / (clause.len() + word.len())].join(word)
}

fn nest(open: &str, bytes: usize) -> String {
    let levels = bytes / (open.len() + 1);
    [&open.repeat(levels), "a pr", &")".repeat(levels)].concat()
}

/// `(((a pr) and a pr) or a pr)…`
fn left(bytes: usize) -> String {
    let round = ") and a pr) or a pr";
    let rounds = bytes / (round.len() + 2);
    ["(".repeat(2 * rounds), "a pr".to_owned(), round.repeat(rounds)].concat()
}
