//! The progress bar of a cycle.

use indicatif::{ProgressBar, ProgressStyle};
use scim_client::provision::{
    Event, EventSink,
    report::{Phase, Progress},
};

/// A bar on standard error, if that is a terminal.
#[derive(Clone)]
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// A bar that counts what the noun names.
    pub(crate) fn new(noun: &str) -> Self {
        let bar = ProgressBar::new(0);
        let template =
            format!("  {{msg:9}} {{bar:40}} {{pos}}/{{len}} {noun}, {{per_sec}}, {{eta}} left");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Who moves the bar as a cycle goes on.
    pub(crate) fn sink(&self) -> impl EventSink + use<> {
        let Self(bar) = self.clone();
        move |event: &Event| match event {
            Event::Began { objects, .. } => {
                bar.reset();
                bar.set_length(u64::try_from(*objects).unwrap_or(u64::MAX));
            }
            Event::Object(_) => bar.inc(1),
            Event::Progress(progress) => show(&bar, progress),
            Event::Ended(_) => bar.finish_and_clear(),
            _ => {}
        }
    }

    /// Takes the bar away, also after a cycle that did not come to its end.
    pub(crate) fn clear(&self) {
        self.0.finish_and_clear();
    }
}

fn show(bar: &ProgressBar, progress: &Progress) {
    bar.set_message(match progress.phase {
        Phase::Reading => "reading",
        Phase::Matching => "matching",
        Phase::Members => "members",
        _ => "sending",
    });
    bar.set_length(progress.objects);
    bar.set_position(progress.done);
}
