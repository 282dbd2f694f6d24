//! The roster in a process of its own, killed in the middle of its work.

use std::{
    env,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use scim_client::{Client, ResourceId, User, transport::ReqwestTransport};
use tempfile::TempDir;
use tokio::task::JoinSet;

const TOKEN: &str = "a-token-for-the-test";
const CLIENTS: usize = 4;
const KILLS: usize = 3;

/// A roster that does not outlive the test.
struct Process {
    child: Child,
    base_url: String,
}

impl Process {
    fn start(file: &Path) -> Self {
        let mut child = Command::new(roster())
            .args(["--address", "127.0.0.1:0", "--realm", "r1", "--token", TOKEN, "--store"])
            .arg(format!("sqlite:{}", file.display()))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let base_url = lines.next().unwrap().unwrap();
        let token = lines.next().unwrap().unwrap();
        assert_eq!(token, format!("TOKEN={TOKEN}"));
        let base_url = base_url.strip_prefix("BASE_URL=").unwrap().to_owned();
        Self { child, base_url }
    }

    fn client(&self) -> Client {
        Client::builder(self.base_url.as_str())
            .bearer_token(TOKEN)
            .transport(ReqwestTransport::new().unwrap())
            .build()
            .unwrap()
    }
}

impl Drop for Process {
    /// Kills it, which is `kill -9`.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The example's binary: cargo puts it beside the folder of the tests.
fn roster() -> PathBuf {
    let test = env::current_exe().unwrap();
    let roster = test.parent().unwrap().parent().unwrap().join("examples/roster");
    assert!(roster.exists(), "build it first: cargo build --examples");
    roster
}

/// Creates users until the roster is gone; gives those that were answered.
async fn create_until_the_end(client: Client, prefix: String) -> Vec<(ResourceId, String)> {
    let users = client.api::<User>();
    let mut answered = Vec::new();
    for number in 0_u32.. {
        let name = format!("{prefix}-{number}");
        let Ok(created) = users.create(&User::new(name.as_str())).await else { break };
        answered.push((created.resource.id.unwrap(), name));
    }
    answered
}

#[tokio::test]
async fn a_roster_that_is_killed_under_load_keeps_every_answered_write() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("roster.sqlite");
    let mut answered = Vec::new();
    for round in 0..KILLS {
        let process = Process::start(&file);
        let mut clients = JoinSet::new();
        for number in 0..CLIENTS {
            clients.spawn(create_until_the_end(process.client(), format!("u{round}-{number}")));
        }
        // The load itself tells when it is time: some users are there, and more are on their way.
        let users = process.client().api::<User>();
        let wanted = u64::try_from(answered.len()).unwrap() + 50;
        while users.list().count(0).first_page().await.unwrap().total_results.unwrap() < wanted {}
        drop(process);
        answered.extend(clients.join_all().await.into_iter().flatten());
    }
    assert!(answered.len() >= 50 * KILLS - CLIENTS * KILLS);

    let process = Process::start(&file);
    let users = process.client().api::<User>();
    for (id, name) in &answered {
        let user = users.get(id).await.unwrap();
        assert_eq!(user.resource.user_name, *name);
    }
    let total = users.list().count(0).first_page().await.unwrap().total_results.unwrap();
    // A write that was not answered may be there or not; nothing else is.
    let unanswered = u64::try_from(CLIENTS * KILLS).unwrap();
    let answered = u64::try_from(answered.len()).unwrap();
    assert!((answered..=answered + unanswered).contains(&total), "{answered} {total}");
}
