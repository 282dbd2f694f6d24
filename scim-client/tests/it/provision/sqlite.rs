use std::{fs, path::Path};

use rusqlite::Connection;
use scim_client::provision::{
    CycleKind, SourceId, StateStore,
    source::Watermark,
    state::{
        Fence, JobRecord, LeaseRequest, MemoryState, OpenStateError, Presence, SourceGroup,
        SqliteState, State, StateErrorKind, StateWrite, Unfinished,
    },
};
use serde_json::json;
use tempfile::{TempDir, tempdir};

use super::house::{House, Memory, Moment, person, report};

fn link(id: &str, target_id: &str) -> StateWrite {
    let link = json!({
        "sourceId": id, "targetId": target_id,
        "applied": {
            "userName": "Zoë", "emails[type eq \"work\"].primary": true,
            "manager": {"$source": "boss"},
        },
        "pending": ["manager"],
        "left": {"at": "2026-11-26T08:00:00Z", "cause": "filteredOut"},
    });
    StateWrite::CommitLink(Box::new(serde_json::from_value(link).unwrap()))
}

fn intent(id: &str) -> StateWrite {
    let intent = json!({
        "sourceId": id, "kind": "group", "at": "2026-11-26T08:00:00.123Z",
        "values": {"userName": "Zoë"},
    });
    StateWrite::BeginIntent(Box::new(serde_json::from_value(intent).unwrap()))
}

fn escrow(id: &str, attempts: u32) -> StateWrite {
    let escrow = json!({
        "sourceId": id, "code": "EntryConflict", "reason": "“taken”", "attempts": attempts,
        "since": "2026-11-26T08:00:00Z", "retryAt": "2026-11-27T08:00:00Z",
        "fingerprint": u64::MAX,
    });
    StateWrite::Escrow(Box::new(serde_json::from_value(escrow).unwrap()))
}

fn group(id: &str, members: &[&str]) -> StateWrite {
    let roles = Some(vec!["User".to_owned()]);
    let members = members.iter().copied().map(SourceId::from).collect();
    StateWrite::Group(SourceGroup::new(id.into(), roles, members))
}

fn members(group: &str, members: &[(&str, Presence)]) -> StateWrite {
    let members = members.iter().map(|(id, presence)| (SourceId::from(*id), *presence));
    StateWrite::Members(group.into(), members.collect())
}

fn job(watermark: &str) -> StateWrite {
    let mut job = JobRecord::default();
    job.watermark = Some(Watermark::new(watermark));
    job.failed_cycles = 7;
    StateWrite::Job(Box::new(job))
}

/// Everything, with the values that `Debug` keeps to itself.
fn whole(state: &State) -> String {
    let parts = json!([state.links, state.intents, state.escrow, state.groups, state.job]);
    format!("{parts} {:?} {:?}", state.members, state.unfinished)
}

fn begin(ids: &[&str]) -> StateWrite {
    StateWrite::Begin(Unfinished::These(ids.iter().copied().map(SourceId::from).collect()))
}

fn open(folder: &TempDir, job: &str) -> SqliteState {
    SqliteState::open(folder.path().join("state.sqlite"), job).unwrap()
}

async fn lease(store: &dyn StateStore) -> Fence {
    let now = chrono::DateTime::UNIX_EPOCH;
    store.lease(&LeaseRequest::new("", now, now)).await.unwrap()
}

async fn commit(store: &dyn StateStore, writes: Vec<StateWrite>) {
    let fence = lease(store).await;
    store.commit(fence, writes).await.unwrap();
}

#[tokio::test]
async fn both_states_take_every_write_alike_and_the_file_keeps_it() {
    use Presence::{Absent, InDoubt, Sent};
    use StateWrite::{ClearEscrow, ForgetGroup, Unlink};
    let id = |text: &str| SourceId::from(text);
    let writes = [
        vec![intent("ada")],
        vec![intent("ada"), intent("ben"), escrow("ada", 1)],
        vec![link("ada", "u1")],
        vec![escrow("ada", 2), escrow("ada", 3), escrow("o'neil \"é\"", 1)],
        vec![link("ben", "u2"), escrow("ben", u32::MAX)],
        vec![job("1")],
        vec![job("2 — ünï"), ClearEscrow(id("ada"))],
        vec![link("ada", "u3")],
        vec![intent("cy"), Unlink(id("cy")), Unlink(id("ben"))],
        vec![],
        vec![group("g", &["ada", "ben"]), group("h", &[])],
        vec![members("g", &[("ada", InDoubt), ("ben", Sent), ("cy", Sent)])],
        vec![members("g", &[("ada", Sent), ("ben", InDoubt), ("cy", Absent), ("dan", Absent)])],
        vec![members("h", &[("ada", Sent)]), link("h", "g1"), Unlink(id("h"))],
        vec![group("g", &[]), ForgetGroup(id("h")), ForgetGroup(id("nobody"))],
        vec![ClearEscrow(id("nobody")), Unlink(id("nobody"))],
        vec![job(""), job("3"), StateWrite::End],
        vec![begin(&["ada", "ben"])],
        vec![begin(&["cy"]), StateWrite::End, StateWrite::Begin(Unfinished::Everyone)],
        vec![begin(&[]), StateWrite::End],
    ];
    let folder = tempdir().unwrap();
    let (memory, file) = (MemoryState::new(), open(&folder, "roster"));
    let mut seen = Vec::new();
    for writes in writes {
        commit(&memory, writes.clone()).await;
        commit(&file, writes.clone()).await;
        let remembered = whole(&memory.load().await.unwrap());
        assert_eq!(whole(&file.load().await.unwrap()), remembered, "{writes:?}");
        assert_eq!(whole(&open(&folder, "roster").load().await.unwrap()), remembered);
        seen.push(remembered);
    }
    assert!(seen[13].contains("ben") && !seen[13].contains("\"h\":{\"applied"), "{}", seen[13]);
}

#[tokio::test]
async fn only_the_newest_lease_can_commit() {
    let folder = tempdir().unwrap();
    let stores: [Box<dyn StateStore>; 2] =
        [Box::new(MemoryState::new()), Box::new(open(&folder, "roster"))];
    for store in stores {
        let now = chrono::DateTime::UNIX_EPOCH;
        let ask = |holder: &str, seconds: i64, fence| {
            let (from, until) = (seconds, seconds + 60);
            let at = |seconds| now + chrono::TimeDelta::seconds(seconds);
            LeaseRequest::new(holder, at(from), at(until)).with_fence(fence)
        };
        let first = store.lease(&ask("a", 0, None)).await.unwrap();
        assert_eq!(store.lease(&ask("a", 10, Some(first))).await.unwrap(), first, "it goes on");
        let error = store.lease(&ask("b", 30, None)).await.unwrap_err();
        assert_eq!(error.kind(), StateErrorKind::Leased);
        store.commit(first, vec![link("ada", "u1")]).await.unwrap();
        let second = store.lease(&ask("b", 70, None)).await.unwrap();
        assert!(second > first);
        let error = store.commit(first, vec![link("ada", "u2")]).await.unwrap_err();
        assert_eq!(error.kind(), StateErrorKind::Fenced);
        let state = store.load().await.unwrap();
        assert_eq!(state.links["ada"].target_id.as_str(), "u1", "nothing was remembered");
        store.commit(second, vec![link("ada", "u2")]).await.unwrap();
        // Who comes back under the name of the holder takes over at once.
        assert!(store.lease(&ask("b", 71, None)).await.unwrap() > second);
    }
}

#[tokio::test]
async fn two_jobs_in_one_file_do_not_mix() {
    let folder = tempdir().unwrap();
    let (one, other) = (open(&folder, "one"), open(&folder, "other"));
    let all = |id: &str| {
        vec![
            link(id, "u1"),
            intent("x"),
            escrow("x", 1),
            group("g", &["x"]),
            members("g", &[("x", Presence::Sent)]),
            begin(&[id]),
            job(id),
        ]
    };
    commit(&one, all("ada")).await;
    assert_eq!(whole(&other.load().await.unwrap()), whole(&State::default()));
    commit(&other, all("ben")).await;
    let before = whole(&other.load().await.unwrap());
    let undo = vec![
        StateWrite::Unlink(SourceId::from("ben")),
        StateWrite::Unlink(SourceId::from("x")),
        StateWrite::Unlink(SourceId::from("ada")),
        StateWrite::ClearEscrow(SourceId::from("x")),
        StateWrite::ForgetGroup(SourceId::from("g")),
        StateWrite::Unlink(SourceId::from("g")),
        StateWrite::End,
        StateWrite::Job(Box::default()),
    ];
    commit(&one, undo).await;
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
    let rows: [(Make, &str); 8] = [
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
                run(path, "pragma user_version = 1000");
            },
            "NewerVersion",
        ),
        (
            |path| {
                ours(path);
                run(path, "pragma user_version = 1");
            },
            "UnreleasedVersion",
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
            OpenStateError::UnreleasedVersion => "UnreleasedVersion",
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
