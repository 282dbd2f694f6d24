//! The resources of a list as JSON lines.

use std::{
    fmt,
    io::{self, Write},
};

use scim_client::{Consistency, Error, Pages, Resource};

/// What came of an export, in words for people by `Display`.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Export {
    /// How many resources were written, one a line.
    pub written: u64,
    /// How many resources or pages could not be read.
    pub failed: u64,
    /// Why the first of them could not.
    pub error: Option<Error>,
    /// How far that can be the whole list.
    pub consistency: Consistency,
}

/// Writes resource after resource as it comes, each as one line of JSON.
///
/// `progress` is told how many there are so far, and of how many.
///
/// # Errors
/// If `out` takes no more. What cannot be read is part of the result.
pub async fn export(
    mut pages: Pages<Resource>,
    mut out: impl Write + Send,
    mut progress: impl FnMut(u64, Option<u64>) + Send,
) -> io::Result<Export> {
    let mut export = Export::default();
    while let Some(resource) = pages.next().await {
        match resource {
            Ok(resource) => {
                serde_json::to_writer(&mut out, &resource)?;
                out.write_all(b"\n")?;
                export.written += 1;
            }
            Err(error) => {
                export.failed += 1;
                export.error.get_or_insert(error);
            }
        }
        progress(export.written, pages.consistency().total_results);
    }
    out.flush()?;
    export.consistency = pages.consistency();
    Ok(export)
}

impl Export {
    /// Whether all were read, as far as one can tell.
    pub fn is_whole(&self) -> bool {
        self.failed == 0 && self.consistency.is_certain()
    }
}

impl fmt::Display for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { written, failed, error, consistency } = self;
        write!(f, "{written} came, {} came again, ", consistency.repeated)?;
        f.write_str(if consistency.is_certain() {
            "and the list has not moved"
        } else {
            "AND THE LIST HAS MOVED: some may be missing"
        })?;
        match error {
            Some(error) => write!(f, "; FAILED {failed} times: {error}"),
            None => Ok(()),
        }
    }
}
