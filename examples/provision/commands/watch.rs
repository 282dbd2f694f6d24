use chrono::{DateTime, SecondsFormat, Utc};
use scim_client::{
    provision::{Control, CycleError, CycleReport, Schedule},
    transport::TokioTimer,
};
use scim_examples::causes::Causes;
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    events::Listeners,
    failure::{Failure, Verdict},
    job::JobArgument,
};

/// Runs cycle after cycle, and prints a line for each.
pub(super) async fn run(argument: &JobArgument) -> Result<Verdict, Failure> {
    let interval = argument.read()?.tables.policies.interval();
    let job = argument.open_to_run(Listeners::default()).await?;
    println!("A cycle each {} minutes; Ctrl-C ends it.", interval.as_secs() / 60);
    let schedule = Schedule::every(interval);
    let timer = TokioTimer::new();
    let watching = job.watch(&schedule, &timer, |outcome| println!("{}", line(outcome)));
    until_stopped(&job.control(), watching).await?;
    Ok(Verdict::Well)
}

/// Does the work, which is asked to end at SIGINT and SIGTERM; nothing if that comes twice.
pub(super) async fn until_stopped<T>(
    control: &Control,
    work: impl Future<Output = T>,
) -> Result<Option<T>, std::io::Error> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut next = async || {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    };
    let stopping = async {
        next().await;
        control.stop();
        eprintln!("It ends after the current change.");
        next().await;
    };
    Ok(tokio::select! {
        outcome = work => Some(outcome),
        () = stopping => None,
    })
}

fn line(outcome: &Result<CycleReport, CycleError>) -> String {
    let report = match outcome {
        Ok(report) => report,
        Err(error) => return format!("{}  FAILED: {}", time(now()), Causes::of(error)),
    };
    let mut line = format!(
        "{}  {} objects: {} created, {} adopted, {} updated, {} disabled, {} deleted",
        time(report.ended),
        report.objects,
        report.created,
        report.adopted,
        report.updated,
        report.disabled,
        report.deleted,
    );
    for (count, word) in [(report.failed.len(), "FAILED"), (report.staged.len(), "HELD BACK")] {
        if count > 0 {
            line = format!("{line}, {count} {word}");
        }
    }
    match &report.approval {
        Some(approval) => format!("{line}; provision approve {approval}"),
        None => line,
    }
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[expect(clippy::disallowed_methods, reason = "an application owns its clock")]
fn now() -> DateTime<Utc> {
    std::time::SystemTime::now().into()
}
