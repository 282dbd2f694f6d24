use clap::Args;
use scim_client::provision::{CycleReport, SourceId};

use super::{KindArguments, plan::drift_table, watch::until_stopped};
use crate::{
    events::Listeners,
    failure::{Failure, Verdict},
    job::JobArgument,
    progress::Bar,
    screen::{SHOWN, and_more, counts, show, table},
};

#[derive(Args)]
pub(crate) struct RunArguments {
    #[command(flatten)]
    job: JobArgument,
    #[command(flatten)]
    kind: KindArguments,
}

#[derive(Args)]
pub(crate) struct ApproveArguments {
    #[command(flatten)]
    job: JobArgument,
    /// What `plan` and `run` have shown to approve the removals by
    token: String,
}

impl RunArguments {
    pub(super) async fn run(self) -> Result<Verdict, Failure> {
        let bar = Bar::new("objects");
        let job = self.job.open_to_run(Listeners::default().with(bar.sink())).await?;
        let report = until_stopped(&job.control(), job.run(self.kind.kind())).await;
        bar.clear();
        let report = report?.ok_or(Interrupted)??;
        print(&report);
        Ok(verdict(&report))
    }
}

/// Somebody did not want to wait.
#[derive(Debug, thiserror::Error)]
#[error("ended before the current change was over; the next run finds out what became of it")]
pub(super) struct Interrupted;

impl ApproveArguments {
    pub(super) async fn run(self) -> Result<Verdict, Failure> {
        let job = self.job.open().await?;
        job.approve(&self.token).await?;
        println!("The next cycle removes those, if they are still the same.");
        Ok(Verdict::Well)
    }
}

/// Whether nothing failed and nobody has to decide.
pub(super) fn verdict(report: &CycleReport) -> Verdict {
    Verdict::well_if(report.failed.is_empty() && report.staged.is_empty())
}

/// Prints what a cycle did.
pub(super) fn print(report: &CycleReport) {
    show(&counts(
        ["done", "objects"],
        [
            ("created", report.created),
            ("adopted", report.adopted),
            ("updated", report.updated),
            ("of those enabled", report.enabled),
            ("disabled", report.disabled),
            ("deleted", report.deleted),
            ("unlinked", report.unlinked),
            ("unchanged", report.unchanged),
            ("left alone", report.skipped.len()),
            ("held back", report.staged.len()),
            ("failed", report.failed.len()),
            ("members joined", report.members_joined),
            ("members left", report.members_left),
        ],
    ));
    let reasons = report.skip_reasons();
    show(&counts(
        ["left alone: what is not met, or why else", "objects"],
        reasons.iter().map(|(reason, count)| (reason.as_str(), *count)),
    ));
    list(["held back", "because"], &report.staged);
    list(["failed", "because"], &report.failed);
    if let Some(drift) = &report.drift {
        show(&drift_table(drift));
    }
    let seconds = (report.ended - report.began).as_seconds_f64();
    println!(
        "{} objects, {} requests to read, {} to write, in {seconds:.2} s",
        report.objects, report.reads, report.writes,
    );
    println!("fingerprint: {}", report.plan);
    if let Some(approval) = &report.approval {
        println!("Removals are held back. To let these happen and no others:");
        println!("  provision approve {approval}");
    }
}

fn list(header: [&str; 2], objects: &[(SourceId, String)]) {
    let mut table = table(header);
    for (id, reason) in objects.iter().take(SHOWN) {
        table.add_row([id.as_str(), reason]);
    }
    show(&table);
    and_more(objects.len(), SHOWN);
}
