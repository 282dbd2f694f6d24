use std::{error::Error as _, fmt};

use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};
use http::StatusCode;
use scim_client::{Error, ErrorKind, scim_core::ScimType};

use super::InvalidRow;

/// What became of the rows, in words for people by `Display`.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Import {
    /// How many people were created.
    pub created: u64,
    /// How many were there already.
    pub there: u64,
    /// The rows that were refused, by line.
    pub refused: Vec<Refusal>,
    /// Why the import ended before the file did, if it did.
    pub lost: Option<Error>,
}

/// A row that was refused.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Refusal {
    /// The line on which the row begins, counted from 1.
    pub line: u64,
    /// What the service provider answered, if it was asked.
    pub status: Option<StatusCode>,
    /// Why it was refused.
    pub reason: String,
    /// What can be done about it.
    pub hint: &'static str,
}

impl Import {
    /// Whether everybody in the file is there now.
    pub fn is_complete(&self) -> bool {
        self.refused.is_empty() && self.lost.is_none()
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_preset(UTF8_FULL_CONDENSED).set_header(["line", "status", "why", "what to do"]);
        for Refusal { line, status, reason, hint } in &self.refused {
            let status = status.as_ref().map_or("not sent", StatusCode::as_str);
            table.add_row([&line.to_string(), status, reason, hint]);
        }
        table
    }
}

impl Refusal {
    /// A row that was not sent.
    pub(super) fn of_row(invalid: &InvalidRow) -> Self {
        let (line, reason) = (invalid.line, invalid.fault.to_string());
        Self { line, status: None, reason, hint: "correct the file" }
    }

    /// A row that went wrong on its way, told without the service provider's own words.
    pub(super) fn of_error(line: u64, error: &Error) -> Self {
        let word = error.scim_type().filter(|word| !matches!(word, ScimType::Other(_)));
        let reason = match (word, error.source()) {
            (Some(word), _) => format!("{}: `{word}`", error.kind()),
            (None, Some(cause)) => format!("{}: {cause}", error.kind()),
            (None, None) => error.kind().to_string(),
        };
        Self { line, status: error.status(), reason, hint: hint(error) }
    }
}

fn hint(error: &Error) -> &'static str {
    if error.is_in_doubt() || error.is_transient() {
        return "run it again: nobody is created twice";
    }
    match error.kind() {
        ErrorKind::Request => "add what the profile asks for",
        ErrorKind::Invalid | ErrorKind::TooLarge => "compare the row with its schemas",
        ErrorKind::Unauthorized => "give a token that is valid",
        ErrorKind::Forbidden => "give a token that may create users",
        ErrorKind::NotScim | ErrorKind::Unsupported => "look at the base URL",
        ErrorKind::NotDone => "run it again",
        _ => "ask the service provider",
    }
}

impl fmt::Display for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { created, there, refused, lost } = self;
        if !refused.is_empty() {
            writeln!(f, "{}", self.table())?;
        }
        write!(f, "{created} created, {there} there already, {} refused", refused.len())?;
        match lost {
            Some(error) => write!(f, "; ENDED EARLY, the rows after that were not sent: {error}"),
            None => Ok(()),
        }
    }
}
