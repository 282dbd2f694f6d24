//! A token or a password, which is in a file or in a variable and nowhere else.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

/// Where a secret is.
#[derive(Debug)]
pub(crate) struct SecretPlace<'p> {
    /// The table of the job file that says it.
    pub(crate) table: &'static str,
    /// What it is: a `token` is in `token_file` or in `token_variable`.
    pub(crate) name: &'static str,
    pub(crate) file: Option<PathBuf>,
    pub(crate) variable: Option<&'p str>,
}

/// A secret that cannot be had.
///
/// It names the key of the job file, and not what is there: that might be the secret itself.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecretError {
    #[error("`{0}` says where the {1} is: in `{1}_file` or in `{1}_variable`, one of them")]
    NoPlace(&'static str, &'static str),
    #[error("the file of `{0}.{1}_file` cannot be read")]
    Unreadable(&'static str, &'static str, #[source] io::Error),
    #[error("the file of `{0}.{1}_file` is empty")]
    Empty(&'static str, &'static str),
    #[error("the variable of `{0}.{1}_variable` is not set")]
    NotSet(&'static str, &'static str),
}

impl SecretPlace<'_> {
    /// Reads the secret.
    pub(crate) fn read(&self) -> Result<String, SecretError> {
        match (&self.file, self.variable) {
            (Some(file), None) => self.of_file(file),
            (None, Some(variable)) => {
                of_environment(variable).ok_or(SecretError::NotSet(self.table, self.name))
            }
            _ => Err(SecretError::NoPlace(self.table, self.name)),
        }
    }

    /// Whether the job file says something about it.
    pub(crate) fn is_given(&self) -> bool {
        self.file.is_some() || self.variable.is_some()
    }

    fn of_file(&self, file: &Path) -> Result<String, SecretError> {
        let text = fs::read_to_string(file)
            .map_err(|error| SecretError::Unreadable(self.table, self.name, error))?;
        match text.trim() {
            "" => Err(SecretError::Empty(self.table, self.name)),
            secret => Ok(secret.to_owned()),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "an application reads its own environment")]
fn of_environment(variable: &str) -> Option<String> {
    env::var(variable).ok().filter(|secret| !secret.is_empty())
}
