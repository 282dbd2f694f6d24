//! The bearer token, which is in a file or in a variable and nowhere else.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

/// Where the token is.
#[derive(Debug)]
pub(crate) struct TokenPlace<'p> {
    /// The table of the job file that says it.
    pub(crate) table: &'static str,
    pub(crate) file: Option<PathBuf>,
    pub(crate) variable: Option<&'p str>,
}

/// A token that cannot be had.
///
/// It names the key of the job file, and not what is there: that might be the token itself.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenError {
    #[error("`{0}` says where the token is: in `token_file` or in `token_variable`, one of them")]
    NoPlace(&'static str),
    #[error("the file of `{0}.token_file` cannot be read")]
    Unreadable(&'static str, #[source] io::Error),
    #[error("the file of `{0}.token_file` is empty")]
    Empty(&'static str),
    #[error("the variable of `{0}.token_variable` is not set")]
    NotSet(&'static str),
}

impl TokenPlace<'_> {
    /// Reads the token.
    pub(crate) fn read(&self) -> Result<String, TokenError> {
        let table = self.table;
        match (&self.file, self.variable) {
            (Some(file), None) => of_file(table, file),
            (None, Some(variable)) => of_environment(variable).ok_or(TokenError::NotSet(table)),
            _ => Err(TokenError::NoPlace(table)),
        }
    }
}

fn of_file(table: &'static str, file: &Path) -> Result<String, TokenError> {
    let text = fs::read_to_string(file).map_err(|error| TokenError::Unreadable(table, error))?;
    let token = text.trim();
    if token.is_empty() { Err(TokenError::Empty(table)) } else { Ok(token.to_owned()) }
}

#[expect(clippy::disallowed_methods, reason = "an application reads its own environment")]
fn of_environment(variable: &str) -> Option<String> {
    env::var(variable).ok().filter(|token| !token.is_empty())
}
