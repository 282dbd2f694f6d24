use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use scim_client::provision::report::JobStatus;

use crate::{
    failure::{Failure, Verdict},
    job::JobArgument,
    screen::table,
};

#[derive(Args)]
pub(crate) struct StatusArguments {
    #[command(flatten)]
    job: JobArgument,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl StatusArguments {
    pub(super) async fn run(self) -> Result<Verdict, Failure> {
        let status = self.job.open().await?.status().await?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&status)?);
        } else {
            print(&status);
        }
        Ok(Verdict::well_if(status.quarantine.is_none() && status.escrows == 0))
    }
}

fn print(status: &JobStatus) {
    let mut table = table(["job", &format!("{:?}", status.code)]);
    let last = status.last_execution.as_ref();
    let counts = last.map(|last| {
        format!(
            "{:?}: {} objects, {} created, {} updated, {} disabled, {} failed, {} held back",
            last.kind,
            last.objects,
            last.created,
            last.updated,
            last.disabled,
            last.failed,
            last.staged,
        )
    });
    let rows = [
        ("users that are linked", Some(status.users.to_string())),
        ("groups that are linked", Some(status.groups.to_string())),
        ("objects that are tried again", Some(status.escrows.to_string())),
        ("last cycle", last.map(|last| time(last.ended))),
        ("what it did", counts),
        ("last cycle that ended well", status.last_successful_execution.map(time)),
        ("last one that sent something", status.last_successful_execution_with_exports.map(time)),
        ("everything in order since", status.steady_state_first_achieved_time.map(time)),
        ("stopped because", status.quarantine.as_ref().map(|q| q.reason.to_string())),
        ("in words", status.quarantine.as_ref().map(|q| q.error.clone())),
        ("stopped since", status.quarantine.as_ref().map(|q| time(q.series_began))),
        ("next attempt", status.quarantine.as_ref().and_then(|q| q.next_attempt).map(time)),
    ];
    for (name, value) in rows {
        if let Some(value) = value {
            table.add_row([name.to_owned(), value]);
        }
    }
    println!("{table}");
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
