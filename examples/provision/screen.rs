//! What the person at the terminal sees.

use std::{io::IsTerminal as _, time::Duration};

use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};
use indicatif::{ProgressBar, ProgressStyle};
use scim_client::provision::{CycleReport, Event, EventSink};

/// A sync with its name and duration.
pub(crate) struct Timed {
    pub(crate) name: String,
    pub(crate) report: CycleReport,
    pub(crate) took: Duration,
}

pub(crate) struct Screen {
    bar: ProgressBar,
    steps: usize,
}

impl Screen {
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::new(0);
        let template = "  {bar:40} {pos}/{len} people, {per_sec}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, steps: 0 }
    }

    pub(crate) fn step(&mut self, name: &str) {
        self.steps += 1;
        println!("\n{}. {name}", self.steps);
    }

    /// Moves the progress bar as a sync goes on.
    pub(crate) fn progress(&self) -> impl EventSink + use<> {
        let bar = self.bar.clone();
        let is_terminal = std::io::stderr().is_terminal();
        move |event: &Event| match event {
            Event::Began { objects, .. } if is_terminal => {
                bar.reset();
                bar.set_length(u64::try_from(*objects).unwrap_or(u64::MAX));
            }
            Event::Object(_) if is_terminal => bar.inc(1),
            Event::Ended(_) => bar.finish_and_clear(),
            _ => {}
        }
    }
}

pub(crate) fn title(text: &str) {
    println!("{text}\n");
}

pub(crate) fn say(text: &str) {
    println!("  {text}");
}

pub(crate) fn report(timed: &Timed) {
    let report = &timed.report;
    say(&format!(
        "{} people in {:.2} s: {} created, {} matched, {} updated, {} disabled, {} unchanged",
        report.objects,
        timed.took.as_secs_f64(),
        report.created,
        report.adopted,
        report.updated,
        report.disabled,
        report.unchanged,
    ));
    say(&format!("{} requests to read, {} to write", report.reads, report.writes));
    for (reason, count) in report.skip_reasons() {
        say(&format!("skipped {count}: not met: {reason}"));
    }
    for (id, reason) in report.failed.iter().take(5) {
        say(&format!("FAILED {id}: {reason}"));
    }
}

pub(crate) fn table(cycles: &[Timed], took: Duration) {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_header([
        "sync",
        "people",
        "created",
        "matched",
        "updated",
        "disabled",
        "unchanged",
        "skipped",
        "failed",
        "reads",
        "writes",
        "seconds",
    ]);
    for Timed { name, report, took } in cycles {
        table.add_row([
            name.clone(),
            report.objects.to_string(),
            report.created.to_string(),
            report.adopted.to_string(),
            report.updated.to_string(),
            report.disabled.to_string(),
            report.unchanged.to_string(),
            report.skipped.len().to_string(),
            report.failed.len().to_string(),
            report.reads.to_string(),
            report.writes.to_string(),
            format!("{:.2}", took.as_secs_f64()),
        ]);
    }
    println!("\n{table}");
    let mut reasons = Table::new();
    reasons
        .load_preset(UTF8_FULL_CONDENSED)
        .set_header(["skipped because this is not met", "people"]);
    if let Some(first) = cycles.first() {
        for (reason, count) in first.report.skip_reasons() {
            reasons.add_row([reason, count.to_string()]);
        }
    }
    println!("{reasons}");
    println!("all of it took {:.1} s", took.as_secs_f64());
}

pub(crate) fn verdict(agrees: bool) {
    let verdict = if agrees {
        "The roster agrees with the directory."
    } else {
        "THE ROSTER DOES NOT AGREE WITH THE DIRECTORY."
    };
    println!("{verdict}");
}
