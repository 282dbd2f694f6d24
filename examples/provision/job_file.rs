//! The job file: TOML with a table for each concern, and nothing that is not known.

use std::{
    collections::BTreeMap,
    fs, io,
    num::NonZeroU64,
    ops::Range,
    path::{Path, PathBuf},
    time::Duration,
};

use scim_client::provision::{
    Mapping, Scope,
    plan::{AdoptPolicy, Guard, Removal},
    scope::Cause,
    state::QuarantinePolicy,
};
use serde::Deserialize;

use crate::{notifications::NotificationTable, source::SourceTable};

/// A job file and where it is.
#[derive(Debug)]
pub(crate) struct JobFile {
    folder: PathBuf,
    pub(crate) tables: JobTables,
}

/// What the file says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JobTables {
    /// The name of the job, by which a state file tells several apart.
    pub(crate) name: String,
    pub(crate) target: TargetTable,
    pub(crate) source: SourceTable,
    #[serde(default)]
    pub(crate) state: StateTable,
    #[serde(default)]
    pub(crate) log: LogTable,
    #[serde(default)]
    pub(crate) notifications: NotificationTable,
    pub(crate) users: SideTable,
    pub(crate) groups: Option<SideTable>,
    #[serde(default)]
    pub(crate) policies: PolicyTable,
}

/// The service provider.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TargetTable {
    pub(crate) url: String,
    pub(crate) token_file: Option<PathBuf>,
    pub(crate) token_variable: Option<String>,
    #[serde(default = "rfc")]
    pub(crate) profile: String,
    /// Whether the service provider is asked for its schemas before the mappings are checked.
    #[serde(default)]
    pub(crate) discover: bool,
}

/// Where the engine remembers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct StateTable {
    pub(crate) file: PathBuf,
    /// The name of this node, where several run the same job.
    pub(crate) holder: Option<String>,
}

/// Where each object is written down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct LogTable {
    pub(crate) file: PathBuf,
}

/// The users, or the groups.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SideTable {
    #[serde(default)]
    pub(crate) scope: Scope,
    pub(crate) mappings: Mapping,
    /// What becomes of who leaves, by the reason; the rest is as the engine has it.
    #[serde(default)]
    pub(crate) removal: BTreeMap<Cause, Removal>,
}

/// How the job behaves.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PolicyTable {
    pub(crate) adopt: AdoptPolicy,
    pub(crate) guard: Guard,
    pub(crate) quarantine: QuarantinePolicy,
    pub(crate) escrow_minutes: Option<Vec<u64>>,
    pub(crate) grace_seconds: u64,
    pub(crate) lease_seconds: Option<NonZeroU64>,
    pub(crate) interval_minutes: Option<NonZeroU64>,
}

/// A file that is no job file; it says where, and shows no value.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JobFileError {
    #[error("the job file `{}` cannot be read", .0.display())]
    Unreadable(PathBuf, #[source] io::Error),
    #[error("{}, line {line}, column {column}: {}{message}", .path.display(), place(.key))]
    Invalid { path: PathBuf, line: usize, column: usize, key: String, message: String },
}

impl JobFile {
    /// Reads the file.
    pub(crate) fn read(path: &Path) -> Result<Self, JobFileError> {
        let text = fs::read_to_string(path)
            .map_err(|error| JobFileError::Unreadable(path.to_owned(), error))?;
        let invalid = |key: String, error: &toml::de::Error| {
            let (line, column) = line_and_column(&text, error.span());
            let message = without_value(error.message());
            JobFileError::Invalid { path: path.to_owned(), line, column, key, message }
        };
        let document =
            toml::Deserializer::parse(&text).map_err(|error| invalid(String::new(), &error))?;
        let tables = serde_path_to_error::deserialize(document)
            .map_err(|error| invalid(error.path().to_string(), error.inner()))?;
        let folder = path.parent().unwrap_or_else(|| Path::new("")).to_owned();
        Ok(Self { folder, tables })
    }

    /// A path of the file, which starts at the folder of the file.
    pub(crate) fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    /// The log of the job.
    pub(crate) fn log(&self) -> PathBuf {
        self.path(&self.tables.log.file)
    }
}

impl PolicyTable {
    /// The time between cycles: 40 minutes unless the file says it.
    pub(crate) fn interval(&self) -> Duration {
        Duration::from_mins(self.interval_minutes.map_or(40, NonZeroU64::get))
    }
}

impl Default for StateTable {
    fn default() -> Self {
        Self { file: "provisioning.sqlite".into(), holder: None }
    }
}

impl Default for LogTable {
    fn default() -> Self {
        Self { file: "provisioning.log.jsonl".into() }
    }
}

/// The profile of whoever does as the RFC says.
pub(crate) fn rfc() -> String {
    "rfc".to_owned()
}

fn place(key: &str) -> String {
    if key.is_empty() || key == "." { String::new() } else { format!("`{key}`: ") }
}

/// The message without the value of the wrong type, which might be a token in the wrong place, and
/// without the lines about the place, which is told otherwise.
fn without_value(message: &str) -> String {
    let message = message.lines().next().unwrap_or_default();
    let is_quoted = message.starts_with("invalid type: ") || message.starts_with("invalid value: ");
    match message.rsplit_once(", expected ") {
        Some((_, expected)) if is_quoted => format!("expected {expected}"),
        _ => message.to_owned(),
    }
}

/// Both counted from 1.
fn line_and_column(text: &str, span: Option<Range<usize>>) -> (usize, usize) {
    let start = span.map_or(0, |span| span.start);
    let before = text.get(..start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
