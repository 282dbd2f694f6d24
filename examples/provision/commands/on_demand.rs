use clap::Args;
use scim_client::provision::{
    SourceId,
    report::{ModifiedProperty, ObjectEvent, ObjectStatus, Step},
};
use serde_json::Value;

use super::{plan::kind, run::verdict};
use crate::{
    events::{Collected, Listeners},
    failure::{Failure, Verdict},
    job::JobArgument,
    screen::{show, table},
};

#[derive(Args)]
pub(crate) struct OnDemandArguments {
    #[command(flatten)]
    job: JobArgument,
    /// The objects, by what the source calls them
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// Show the values too, but for those that the mappings hide
    #[arg(long)]
    values: bool,
}

impl OnDemandArguments {
    pub(super) async fn run(self) -> Result<Verdict, Failure> {
        let events = Collected::default();
        let job = self.job.open_to_run(Listeners::default().with(events.clone())).await?;
        let ids: Vec<SourceId> = self.ids.into_iter().map(SourceId::from).collect();
        let report = job.provision(&ids).await;
        // Those who were done with before something went wrong are told all the same.
        for event in events.take() {
            print(&event, self.values);
        }
        let report = report?;
        println!("{} requests to read, {} to write", report.reads, report.writes);
        Ok(verdict(&report))
    }
}

fn print(event: &ObjectEvent, has_values: bool) {
    let resource = match &event.target_id {
        Some(id) => format!("resource `{id}`"),
        None => "no resource".to_owned(),
    };
    println!("{} {}, {resource}: {}", kind(event.kind), event.source_id, outcome(event));
    let mut steps = table(["step", "status", "what", "details"]);
    for step in &event.steps {
        let Step { kind, status, description, details, .. } = step;
        let (kind, status) = (format!("{kind:?}"), format!("{status:?}"));
        steps.add_row([kind, status, description.clone(), details.join("\n")]);
    }
    show(&steps);
    if has_values {
        let mut modified = table(["attribute", "before", "after"]);
        for ModifiedProperty { name, old, new, .. } in &event.modified {
            modified.add_row([name.to_string(), text(old.as_ref()), text(new.as_ref())]);
        }
        show(&modified);
    } else {
        let mut modified = table(["attribute that changes"]);
        for property in &event.modified {
            modified.add_row([&*property.name]);
        }
        show(&modified);
    }
    println!();
}

fn outcome(event: &ObjectEvent) -> String {
    let action = format!("{:?}", event.action).to_lowercase();
    let code = event.code.map(|code| format!(" ({code})")).unwrap_or_default();
    match &event.status {
        ObjectStatus::Done if action == "none" => "nothing to do".to_owned(),
        ObjectStatus::Done => format!("{action}, done"),
        ObjectStatus::Skipped(reason) => format!("left alone: {reason}{code}"),
        ObjectStatus::Failed(reason) => format!("FAILED: {reason}{code}"),
        _ => action,
    }
}

fn text(value: Option<&Value>) -> String {
    value.map(Value::to_string).unwrap_or_default()
}
