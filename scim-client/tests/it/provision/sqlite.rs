use std::{fs, path::Path};

use rusqlite::Connection;
use scim_client::provision::{
    CycleKind, Link, SourceId, StateStore,
    source::Watermark,
    state::{MemoryState, OpenStateError, SqliteState, State, StateWrite},
};
use serde_json::json;
use tempfile::{TempDir, tempdir};

use super::house::{House, Memory, Moment, person, report};

fn link(id: &str, target_id: &str) -> Link {
    let link = json!({
        "source_id": id, "target_id": target_id,
        "applied": {"userName": "Zoë", "emails[type eq \"work\"].primary": true},
        "pending": {"manager": "boss"}, "is_active": true,
    });
    serde_json::from_value(link).unwrap()
}

/// Everything, with the values that `Debug` keeps to itself.
fn whole(state: &State) -> String {
    let links = serde_json::to_string(&state.links).unwrap();
    format!("{links} {:?} {:?} {:?}", state.intents, state.escrow, state.watermark)
}

fn open(folder: &TempDir, job: &str) -> SqliteState {
    SqliteState::open(folder.path().join("state.sqlite"), job).unwrap()
}

#[tokio::test]
async fn both_states_take_every_write_alike_and_the_file_keeps_it() {
    use StateWrite::{
        BeginIntent, Checkpoint, ClearEscrow, CommitLink, Escrow, ForgetWatermark, Unlink,
    };
    let id = |text: &str| SourceId::from(text);
    let writes = [
        vec![BeginIntent(id("ada"))],
        vec![BeginIntent(id("ada")), BeginIntent(id("ben")), Escrow(id("ada"))],
        vec![CommitLink(link("ada", "u1"))],
        vec![Escrow(id("ada")), Escrow(id("ada")), Escrow(id("o'neil \"é\""))],
        vec![CommitLink(link("ben", "u2")), Escrow(id("ben"))],
        vec![Checkpoint(Watermark::new("1"))],
        vec![Checkpoint(Watermark::new("2 — ünï")), ClearEscrow(id("ada"))],
        vec![CommitLink(link("ada", "u3"))],
        vec![BeginIntent(id("cy")), Unlink(id("cy")), Unlink(id("ben"))],
        vec![],
        vec![ForgetWatermark],
        vec![ForgetWatermark, ClearEscrow(id("nobody")), Unlink(id("nobody"))],
        vec![Checkpoint(Watermark::new("")), Checkpoint(Watermark::new("3"))],
    ];
    let folder = tempdir().unwrap();
    let (memory, file) = (MemoryState::new(), open(&folder, "roster"));
    let mut seen = Vec::new();
    for writes in writes {
        memory.commit(writes.clone()).await.unwrap();
        file.commit(writes.clone()).await.unwrap();
        let remembered = whole(&memory.load().await.unwrap());
        assert_eq!(whole(&file.load().await.unwrap()), remembered, "{writes:?}");
        assert_eq!(whole(&open(&folder, "roster").load().await.unwrap()), remembered);
        seen.push(remembered);
    }
    assert!(seen[10].ends_with(" None") && seen[12].ends_with(r#"Some(Watermark("3"))"#));
}

#[tokio::test]
async fn two_jobs_in_one_file_do_not_mix() {
    let folder = tempdir().unwrap();
    let (one, other) = (open(&folder, "one"), open(&folder, "other"));
    let all = |id: &str| {
        vec![
            StateWrite::CommitLink(link(id, "u1")),
            StateWrite::BeginIntent(SourceId::from("x")),
            StateWrite::Escrow(SourceId::from("x")),
            StateWrite::Checkpoint(Watermark::new(id)),
        ]
    };
    one.commit(all("ada")).await.unwrap();
    assert_eq!(whole(&other.load().await.unwrap()), whole(&State::default()));
    other.commit(all("ben")).await.unwrap();
    let before = whole(&other.load().await.unwrap());
    let undo = [
        StateWrite::Unlink(SourceId::from("ben")),
        StateWrite::Unlink(SourceId::from("x")),
        StateWrite::Unlink(SourceId::from("ada")),
        StateWrite::ClearEscrow(SourceId::from("x")),
        StateWrite::ForgetWatermark,
    ];
    one.commit(undo.to_vec()).await.unwrap();
    assert_eq!(whole(&one.load().await.unwrap()), whole(&State::default()));
    assert_eq!(whole(&other.load().await.unwrap()), before);
}

#[tokio::test]
async fn a_job_goes_on_with_a_file_that_was_closed() {
    let folder = tempdir().unwrap();
    let mut house = House::new();
    house.memory = Memory::new(open(&folder, "roster"));
    house.people.put([report("ada", "ben"), report("ben", "ada"), person("cy")]);
    house.memory.fail(Some((3, Moment::After)));
    house.run(CycleKind::Initial).await.unwrap_err();
    house.memory = Memory::new(open(&folder, "roster"));
    house.incremental().await;
    let remembered = whole(&house.state().await);
    house.memory = Memory::new(open(&folder, "roster"));
    assert_eq!(whole(&house.state().await), remembered);
    assert_eq!(house.provider.users().len(), 3);
    house.assert_quiet().await;
}

#[test]
fn a_file_of_somebody_else_is_refused_and_left_as_it_is() {
    type Make = fn(&Path);
    fn run(path: &Path, sql: &str) {
        Connection::open(path).unwrap().execute_batch(sql).unwrap();
    }
    fn ours(path: &Path) {
        drop(SqliteState::open(path, "roster").unwrap());
    }
    let rows: [(Make, &str); 7] = [
        (|path| run(path, "create table t(a)"), "OtherApplication"),
        (|path| run(path, "create table t(a); pragma application_id = 77"), "OtherApplication"),
        (|path| run(path, "pragma application_id = 77"), "OtherApplication"),
        (|path| run(path, "pragma journal_mode = wal; create table t(a)"), "OtherApplication"),
        (
            |path| {
                ours(path);
                run(path, "pragma application_id = 77");
            },
            "OtherApplication",
        ),
        (
            |path| {
                ours(path);
                run(path, "pragma user_version = 2");
            },
            "NewerVersion",
        ),
        (|path| fs::write(path, "not a database at all, ".repeat(200)).unwrap(), "Sqlite"),
    ];
    for (make, refusal) in rows {
        let folder = tempdir().unwrap();
        let path = folder.path().join("file");
        make(&path);
        let bytes = fs::read(&path).unwrap();
        let error = SqliteState::open(&path, "roster").unwrap_err();
        let got = match &error {
            OpenStateError::Sqlite(_) => "Sqlite",
            OpenStateError::OtherApplication => "OtherApplication",
            OpenStateError::NewerVersion => "NewerVersion",
            other => panic!("{other}"),
        };
        assert_eq!(got, refusal);
        assert_eq!(fs::read(&path).unwrap(), bytes, "{refusal}");
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "{refusal}: {left:?}");
    }
    let folder = tempdir().unwrap();
    SqliteState::open(folder.path().join("no/such/folder"), "roster").unwrap_err();
}

#[test]
fn a_new_file_may_be_opened_by_several_at_once() {
    for _ in 0..20 {
        let folder = tempdir().unwrap();
        let path = folder.path().join("state.sqlite");
        std::thread::scope(|scope| {
            let openings: Vec<_> =
                (0..4).map(|_| scope.spawn(|| SqliteState::open(&path, "roster"))).collect();
            for opening in openings {
                opening.join().unwrap().unwrap();
            }
        });
    }
}
