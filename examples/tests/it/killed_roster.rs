//! The roster in a process of its own, killed in the middle of its work.

use scim_client::{Client, ResourceId, User};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::roster_process::RosterProcess;

const CLIENTS: usize = 4;
const KILLS: usize = 3;

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
        let process = RosterProcess::start(&file);
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

    let process = RosterProcess::start(&file);
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
