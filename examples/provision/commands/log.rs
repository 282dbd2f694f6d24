use std::{
    collections::VecDeque,
    fs::File,
    io::{self, BufRead as _, BufReader},
};

use clap::Args;
use serde::Deserialize;

use crate::{
    failure::{Failure, Verdict},
    job::JobArgument,
    screen::{SHOWN, show, table},
};

#[derive(Args)]
pub(crate) struct LogArguments {
    #[command(flatten)]
    job: JobArgument,
    /// Only what failed
    #[arg(long)]
    failures: bool,
    /// How many lines at most, the newest
    #[arg(long, value_name = "N", default_value_t = SHOWN)]
    last: usize,
}

/// A line of the log, without the values that are in it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    activity_date_time: String,
    provisioning_action: String,
    provisioning_status_info: StatusInfo,
    source_identity: Identity,
    target_identity: Option<Identity>,
    modified_properties: Vec<Property>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StatusInfo {
    status: String,
    error_information: Option<ErrorInformation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ErrorInformation {
    error_code: Option<String>,
    reason: String,
}

#[derive(Deserialize)]
struct Identity {
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Property {
    display_name: String,
}

#[derive(Debug, thiserror::Error)]
#[error("the file of `log.file` cannot be read")]
struct Unreadable(#[source] io::Error);

impl LogArguments {
    pub(super) fn run(self) -> Result<Verdict, Failure> {
        let path = self.job.read()?.log();
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                println!("Nothing was written yet.");
                return Ok(Verdict::Well);
            }
            Err(error) => return Err(Failure::unusable(Unreadable(error))),
        };
        let mut entries: VecDeque<Entry> = VecDeque::new();
        let mut unreadable = 0;
        for line in BufReader::new(file).lines() {
            // A line that was cut off by a crash says nothing about the others.
            let Ok(entry) = serde_json::from_str::<Entry>(&line.map_err(Unreadable)?) else {
                unreadable += 1;
                continue;
            };
            let is_wanted = !self.failures || entry.provisioning_status_info.status == "failure";
            if is_wanted {
                entries.push_back(entry);
            }
            if entries.len() > self.last {
                entries.pop_front();
            }
        }
        print(&entries);
        if unreadable > 0 {
            println!("{unreadable} lines cannot be read");
        }
        Ok(Verdict::Well)
    }
}

fn print(entries: &VecDeque<Entry>) {
    let mut table = table(["when", "object", "resource", "action", "status", "why", "attributes"]);
    for entry in entries {
        let info = &entry.provisioning_status_info;
        let why = info.error_information.as_ref().map(|error| match &error.error_code {
            Some(code) => format!("{code}: {}", error.reason),
            None => error.reason.clone(),
        });
        let names: Vec<&str> =
            entry.modified_properties.iter().map(|one| one.display_name.as_str()).collect();
        let resource = entry.target_identity.as_ref().map(|identity| identity.id.as_str());
        table.add_row([
            entry.activity_date_time.as_str(),
            &entry.source_identity.id,
            resource.unwrap_or_default(),
            &entry.provisioning_action,
            &info.status,
            why.as_deref().unwrap_or_default(),
            &names.join("\n"),
        ]);
    }
    if entries.is_empty() {
        println!("There is nothing of that kind.");
    }
    show(&table);
}
