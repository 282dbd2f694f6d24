//! What the person at the terminal sees.

use std::time::Duration;

use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};
use scim_client::provision::{CycleReport, EventSink};

use crate::progress::Bar;

/// A sync with its name and duration.
pub(super) struct Timed {
    pub(super) name: String,
    pub(super) report: CycleReport,
    pub(super) took: Duration,
}

pub(super) struct Screen {
    bar: Bar,
    steps: usize,
}

impl Screen {
    pub(super) fn new() -> Self {
        Self { bar: Bar::new("people"), steps: 0 }
    }

    pub(super) fn step(&mut self, name: &str) {
        self.steps += 1;
        println!("\n{}. {name}", self.steps);
    }

    /// Moves the progress bar as a sync goes on.
    pub(super) fn progress(&self) -> impl EventSink + use<> {
        self.bar.sink()
    }
}

pub(super) fn title(text: &str) {
    println!("{text}\n");
}

pub(super) fn say(text: &str) {
    println!("  {text}");
}

pub(super) fn report(timed: &Timed) {
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

pub(super) fn table(cycles: &[Timed], took: Duration) {
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

pub(super) fn verdict(agrees: bool) {
    let verdict = if agrees {
        "The roster agrees with the directory."
    } else {
        "THE ROSTER DOES NOT AGREE WITH THE DIRECTORY."
    };
    println!("{verdict}");
}
