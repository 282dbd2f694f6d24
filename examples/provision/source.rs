//! The table `source` of a job file, and the source that it stands for.

use std::{collections::BTreeMap, path::PathBuf};

use scim_client::provision::{
    IdentitySource,
    source::{Csv, Fields, JsonLines, ScimSource},
};
use serde::Deserialize;

use crate::{
    failure::Failure,
    job::{Provider, client},
    job_file::{JobFile, rfc},
    secret::SecretPlace,
};

/// Where the people come from.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(crate) enum SourceTable {
    /// Files with a JSON object on each line.
    JsonLines(JsonLinesTable),
    /// Files with a row for each object.
    Csv(CsvTable),
    /// Another service provider.
    Scim(ScimTable),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JsonLinesTable {
    path: PathBuf,
    groups: Option<PathBuf>,
    #[serde(default)]
    fields: FieldTable,
    #[serde(default)]
    end_marker: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CsvTable {
    path: PathBuf,
    groups: Option<PathBuf>,
    #[serde(default)]
    fields: FieldTable,
    #[serde(default)]
    end_marker: bool,
    /// The character between the columns, if it is not the comma.
    delimiter: Option<char>,
    /// The columns that hold several values, and the character between those.
    #[serde(default)]
    lists: BTreeMap<String, char>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScimTable {
    url: String,
    token_file: Option<PathBuf>,
    token_variable: Option<String>,
    #[serde(default = "rfc")]
    profile: String,
    /// Whether the groups are read too.
    #[serde(default)]
    groups: bool,
    /// The roles of everyone; without them, everyone is assigned with none.
    roles: Option<Vec<String>>,
    /// Whether the service provider is asked who has changed, rather than for everyone.
    #[serde(default)]
    by_last_modified: bool,
}

/// Which fields of a file say more than a value.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct FieldTable {
    id: Option<String>,
    kind: Option<String>,
    roles: Option<String>,
    active: Option<String>,
    deleted: Option<String>,
    members: Option<String>,
}

/// A character that cannot stand between columns.
#[derive(Debug, thiserror::Error)]
#[error("`source.delimiter` is one character of ASCII")]
struct InvalidDelimiter;

impl SourceTable {
    /// The source of a job.
    pub(crate) fn open(&self, job: &JobFile) -> Result<Box<dyn IdentitySource>, Failure> {
        Ok(match self {
            Self::JsonLines(table) => Box::new(table.source(job)),
            Self::Csv(table) => Box::new(table.source(job)?),
            Self::Scim(table) => Box::new(table.source(job)?),
        })
    }

    /// What the log calls it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::JsonLines(_) => "jsonLines",
            Self::Csv(_) => "csv",
            Self::Scim(_) => "scim",
        }
    }
}

impl JsonLinesTable {
    fn source(&self, job: &JobFile) -> JsonLines {
        let source = JsonLines::new(job.path(&self.path)).with_fields(self.fields.fields());
        let source = match &self.groups {
            Some(groups) => source.with_groups(job.path(groups)),
            None => source,
        };
        if self.end_marker { source.with_end_marker() } else { source }
    }
}

impl CsvTable {
    fn source(&self, job: &JobFile) -> Result<Csv, Failure> {
        let mut source = Csv::new(job.path(&self.path)).with_fields(self.fields.fields());
        if let Some(delimiter) = self.delimiter {
            let delimiter = u8::try_from(delimiter).ok().filter(u8::is_ascii);
            let delimiter = delimiter.ok_or(InvalidDelimiter).map_err(Failure::unusable)?;
            source = source.with_delimiter(delimiter);
        }
        for (column, separator) in &self.lists {
            source = source.with_list(column, *separator);
        }
        if let Some(groups) = &self.groups {
            source = source.with_groups(job.path(groups));
        }
        Ok(if self.end_marker { source.with_end_marker() } else { source })
    }
}

impl ScimTable {
    fn source(&self, job: &JobFile) -> Result<ScimSource, Failure> {
        let token = SecretPlace {
            table: "source",
            name: "token",
            file: self.token_file.as_deref().map(|file| job.path(file)),
            variable: self.token_variable.as_deref(),
        };
        let provider = Provider { url: &self.url, profile: &self.profile, token };
        let mut source = ScimSource::new(&client(&provider)?);
        if self.groups {
            source = source.with_groups();
        }
        if let Some(roles) = &self.roles {
            source = source.with_roles(roles);
        }
        Ok(if self.by_last_modified { source.with_changes_by_last_modified() } else { source })
    }
}

impl FieldTable {
    fn fields(&self) -> Fields {
        let with = |fields, name: &Option<String>, with: fn(Fields, String) -> Fields| match name {
            Some(name) => with(fields, name.clone()),
            None => fields,
        };
        let fields = with(Fields::new(), &self.id, Fields::with_id);
        let fields = with(fields, &self.kind, Fields::with_kind);
        let fields = with(fields, &self.roles, Fields::with_roles);
        let fields = with(fields, &self.active, Fields::with_active);
        let fields = with(fields, &self.deleted, Fields::with_deleted);
        with(fields, &self.members, Fields::with_members)
    }
}
