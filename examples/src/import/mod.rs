//! People from a CSV file, created at a service provider.
//!
//! Nothing here shows a value of the file: it says the line and the column.

mod column;
mod lines;
mod report;
mod rows;

use std::io::Read;

use scim_client::{Client, Error, ErrorKind};

pub use self::column::Column;
pub use self::report::{Import, Refusal};
pub use self::rows::{Fault, InvalidHeader, InvalidRow, Row, Rows};

/// How many rows go into one call; the client makes as few requests of them as it can.
const BATCH: usize = 500;

/// Creates the people of all rows, as far as they can be.
///
/// Who is there already stays as he is, so an import that did not come to its end can be run
/// again. `progress` is told how many bytes of the file are done.
///
/// # Errors
/// If the service provider cannot be asked for its limits. Whatever goes wrong after that is part
/// of the result.
pub async fn import<R: Read + Send>(
    client: &Client,
    mut rows: Rows<R>,
    mut progress: impl FnMut(u64) + Send,
) -> Result<Import, Error> {
    let mut import = Import::default();
    while import.lost.is_none() {
        let batch = next_batch(client, &mut rows, &mut import);
        if batch.is_empty() {
            break;
        }
        send(client, &batch, &mut import).await?;
        progress(rows.position());
    }
    import.refused.sort_by_key(|refusal| refusal.line);
    Ok(import)
}

/// The next rows that can be sent; the report takes in those before them that cannot.
fn next_batch<R: Read>(client: &Client, rows: &mut Rows<R>, import: &mut Import) -> Vec<Row> {
    let mut batch = Vec::new();
    while batch.len() < BATCH {
        let Some(row) = rows.next() else { break };
        let checked = row.map_err(|invalid| Refusal::of_row(&invalid)).and_then(|row| {
            // A bulk that refuses a resource is lost with all that is in it: so each is tried alone.
            match client.bulk().create(&row.user) {
                Ok(_) => Ok(row),
                Err(error) => Err(Refusal::of_error(row.line, &error)),
            }
        });
        match checked {
            Ok(row) => batch.push(row),
            Err(refusal) => import.refused.push(refusal),
        }
    }
    batch
}

async fn send(client: &Client, batch: &[Row], import: &mut Import) -> Result<(), Error> {
    let mut bulk = client.bulk();
    for row in batch {
        bulk = bulk.create(&row.user)?;
    }
    for (row, outcome) in batch.iter().zip(bulk.await?.into_outcomes()) {
        match outcome.into_error() {
            None => import.created += 1,
            Some(error) if error.is_conflict() => import.there += 1,
            Some(error) => {
                import.refused.push(Refusal::of_error(row.line, &error));
                // The last row tells whether it is worth going on.
                import.lost = Some(error).filter(is_lost);
                continue;
            }
        }
        import.lost = None;
    }
    Ok(())
}

/// Whether others would fail in the same way.
fn is_lost(error: &Error) -> bool {
    use ErrorKind::{Forbidden, NotScim, Throttled, Transport, Unauthorized};

    matches!(error.kind(), Forbidden | NotScim | Throttled | Transport | Unauthorized)
}
