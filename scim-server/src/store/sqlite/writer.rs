use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, Sender, channel},
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, Savepoint, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use super::{OpenSqliteError, schema::open_error, store_error};
use crate::store::StoreError;

/// The most writes that one commit takes in.
const LARGEST_GROUP: usize = 256;

/// The thread that writes: what waits when it is ready goes into one transaction, and is answered
/// when that is on the disk.
pub(super) struct Writer {
    jobs: Option<Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

/// A write that is waiting.
trait Job: Send {
    /// Writes, in a savepoint of its own.
    fn run(&mut self, savepoint: Savepoint<'_>);
    /// Answers whoever waits; with an error if the commit failed.
    fn answer(self: Box<Self>, committed: Result<(), CommitFailed>);
}

/// A transaction that could not be committed; its writes have not taken effect.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the transaction was not committed: {0}")]
struct CommitFailed(String);

/// The thread is gone, which it never is while the store lives.
#[derive(Debug, thiserror::Error)]
#[error("the writer of the store has ended")]
struct WriterEnded;

/// A write that panicked; it has been undone.
#[derive(Debug, thiserror::Error)]
#[error("a write panicked")]
struct WritePanicked;

struct Write<T, F> {
    job: Option<F>,
    outcome: Result<T, StoreError>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl Writer {
    pub(super) fn start(connection: Connection) -> Result<Self, OpenSqliteError> {
        let (jobs, queue) = channel();
        let thread = thread::Builder::new()
            .name("scim-sqlite-writer".to_owned())
            .spawn(move || work(connection, &queue))
            .map_err(open_error)?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Runs a write, and waits until it is on the disk.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let outcome = Err(StoreError::internal(WriterEnded));
        let job = Box::new(Write { job: Some(write), outcome, answer });
        let ended = || StoreError::unavailable(WriterEnded);
        self.jobs.as_ref().ok_or_else(ended)?.send(job).map_err(|_| ended())?;
        answered.await.map_err(|_| ended())?
    }
}

impl Drop for Writer {
    /// Waits until what was asked for is written.
    fn drop(&mut self) {
        self.jobs.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn work(mut connection: Connection, queue: &Receiver<Box<dyn Job>>) {
    while let Ok(first) = queue.recv() {
        let mut group = vec![first];
        let committed = match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
            Ok(transaction) => run_group(transaction, &mut group, queue),
            Err(error) => Err(error),
        };
        let committed = committed.map_err(|error| CommitFailed(error.to_string()));
        for job in group {
            job.answer(committed.clone());
        }
    }
}

/// Runs the jobs, takes in what has arrived meanwhile, and commits.
fn run_group(
    mut transaction: Transaction<'_>,
    group: &mut Vec<Box<dyn Job>>,
    queue: &Receiver<Box<dyn Job>>,
) -> rusqlite::Result<()> {
    let mut next = 0;
    while let Some(job) = group.get_mut(next) {
        job.run(transaction.savepoint()?);
        next += 1;
        // A full disk may make SQLite roll back on its own. A savepoint would then commit by
        // itself; so nothing more runs, and the commit below fails for all.
        if transaction.is_autocommit() {
            break;
        }
        if next == group.len() && next < LARGEST_GROUP {
            group.extend(queue.try_recv());
        }
    }
    transaction.commit()
}

impl<T, F> Job for Write<T, F>
where
    T: Send,
    F: FnOnce(&Connection) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, savepoint: Savepoint<'_>) {
        let Some(write) = self.job.take() else { return };
        // A savepoint that is dropped is rolled back.
        let outcome = catch_unwind(AssertUnwindSafe(|| write(&savepoint)));
        let outcome = outcome.unwrap_or_else(|_| Err(StoreError::internal(WritePanicked)));
        self.outcome = match outcome {
            Ok(value) => savepoint.commit().map(|()| value).map_err(store_error),
            Err(error) => Err(error),
        };
    }

    fn answer(self: Box<Self>, committed: Result<(), CommitFailed>) {
        let outcome = match committed {
            Ok(()) => self.outcome,
            // A refusal does not stand either: what it was refused for may be undone with the rest.
            Err(error) => Err(StoreError::unavailable(error)),
        };
        // Whoever asked may have gone; the write stands.
        let _ = self.answer.send(outcome);
    }
}

#[cfg(test)]
mod tests {
    use std::{path::Path, time::Duration};

    use tempfile::TempDir;

    use super::*;

    /// A writer for a table of numbers, which does not wait for a locked file.
    fn writer(directory: &Path) -> (Writer, Connection) {
        let open = || Connection::open(directory.join("numbers.db")).unwrap();
        let (connection, other) = (open(), open());
        other.execute_batch("create table number(n integer not null unique) strict").unwrap();
        connection.pragma_update(None, "foreign_keys", true).unwrap();
        connection.busy_timeout(Duration::ZERO).unwrap();
        (Writer::start(connection).unwrap(), other)
    }

    fn insert(connection: &Connection, number: i64) -> Result<(), StoreError> {
        connection.execute("insert into number values(?1)", [number]).map_err(store_error)?;
        Ok(())
    }

    fn numbers(connection: &Connection) -> Vec<i64> {
        let mut statement = connection.prepare("select n from number order by n").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[tokio::test]
    async fn a_write_that_fails_or_panics_is_undone_alone() {
        let directory = TempDir::new().unwrap();
        let (writer, file) = writer(directory.path());
        let (open, gate) = channel();
        // The first write waits until the others stand in the queue, so that all are one group.
        let (first, failed, panicked, last, ()) = tokio::join!(
            writer.run(move |c| {
                gate.recv().unwrap();
                insert(c, 1)
            }),
            writer.run(|c| insert(c, 2).and_then(|()| insert(c, 1))),
            writer.run::<()>(|c| {
                insert(c, 3).unwrap();
                panic!("a fault in a write")
            }),
            writer.run(|c| insert(c, 4)),
            async { open.send(()).unwrap() },
        );
        assert!(first.is_ok() && last.is_ok());
        assert!(failed.is_err());
        assert!(matches!(panicked, Err(StoreError::Internal(_))));
        assert_eq!(numbers(&file), [1, 4]);
    }

    #[tokio::test]
    async fn a_transaction_that_ends_early_undoes_the_whole_group() {
        let directory = TempDir::new().unwrap();
        let (writer, file) = writer(directory.path());
        let (open, gate) = channel();
        // A full disk may make SQLite roll back on its own, as this write does.
        let (first, ender, refused, last, ()) = tokio::join!(
            writer.run(move |c| {
                gate.recv().unwrap();
                insert(c, 1)
            }),
            writer.run(|c| c.execute_batch("rollback").map_err(store_error)),
            writer.run(|c| insert(c, 1)),
            writer.run(|c| insert(c, 4)),
            async { open.send(()).unwrap() },
        );
        assert!(matches!(first, Err(StoreError::Unavailable(_))));
        assert!(ender.is_err());
        let mut expected = Vec::new();
        expected.extend(refused.is_ok().then_some(1));
        expected.extend(last.is_ok().then_some(4));
        assert_eq!(numbers(&file), expected, "what is there is what was answered with success");
    }

    #[tokio::test]
    async fn a_commit_that_fails_answers_every_write_of_the_group() {
        let directory = TempDir::new().unwrap();
        let (writer, file) = writer(directory.path());
        let (open, gate) = channel();
        let (first, refused, ()) = tokio::join!(
            writer.run(move |c| {
                gate.recv().unwrap();
                insert(c, 1)?;
                // What is deferred fails when the transaction commits.
                c.execute_batch(
                    "create table child(n references number(n) deferrable initially deferred);
                     insert into child values(99)",
                )
                .map_err(store_error)
            }),
            // It fails for a reason that is gone after the commit has failed.
            writer.run(|c| insert(c, 1)),
            async { open.send(()).unwrap() },
        );
        assert!(matches!(first, Err(StoreError::Unavailable(_))));
        assert!(matches!(refused, Err(StoreError::Unavailable(_))));
        assert!(numbers(&file).is_empty());
        writer.run(|c| insert(c, 1)).await.unwrap();
    }

    #[tokio::test]
    async fn a_locked_file_is_unavailable_for_as_long_as_it_is() {
        let directory = TempDir::new().unwrap();
        let (writer, file) = writer(directory.path());
        file.execute_batch("begin immediate").unwrap();
        let outcome = writer.run(|c| insert(c, 1)).await;
        assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
        file.execute_batch("rollback").unwrap();
        writer.run(|c| insert(c, 1)).await.unwrap();
    }
}
