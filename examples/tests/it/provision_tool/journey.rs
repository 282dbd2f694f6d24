//! From an empty folder to a job that runs.

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

use serde_json::Value;

use super::{Ran, Tool};
use crate::roster_process::example;

#[test]
fn the_sample_is_written_once_and_never_over_something() {
    let tool = Tool::new();
    tool.run(&["init"]).expect(2).says(&["provisioning.toml` is there already"]);
}

#[tokio::test]
async fn a_plan_is_what_the_run_does_and_shows_no_value_unless_asked() {
    let tool = Tool::new();
    tool.run(&["test-connection"]).expect(0).says(&[
        "accepts the credentials: yes",
        "filters users by `userName`: yes",
        "bulk",
    ]);

    let plan = tool.run(&["plan"]).expect(0).counts("create", 8).counts("leave alone", 2);
    let plan = plan.says(&["p1", "name.givenName", "3 members"]).hides(&["Ada", "Surgeon"]);
    let planned = plan.after("fingerprint: ");
    tool.run(&["plan", "--values"])
        .expect(0)
        .says(&["name.givenName: \"Ada\"", "phoneNumbers", "manager: the resource of p1"])
        .hides(&["+49 30"]);
    tool.run(&["plan", "--items", "3"]).expect(0).says(&["… and 5 more"]);
    assert!(tool.users().await.is_empty());

    let run = tool.run(&["run"]).expect(0).counts("created", 8).counts("left alone", 2);
    let run = run.says(&["is active in the source", "has a role that is provisioned"]);
    assert_eq!(run.after("fingerprint: "), planned);
    assert_eq!(tool.users().await.len(), 6);

    tool.run(&["run"]).expect(0).says(&["0 objects, 0 requests to read, 0 to write"]);
    tool.run(&["plan"]).expect(0).says(&["Nothing has changed"]);
}

#[tokio::test]
async fn a_change_of_the_source_is_one_request_and_is_told() {
    let tool = Tool::provisioned();
    tool.edit("people.jsonl", |people| people.replace("Head Nurse", "Chief Nursing Officer"));
    tool.run(&["plan", "--values"])
        .expect(0)
        .counts("update", 1)
        .says(&[r#"title: "Head Nurse" → "Chief Nursing Officer""#]);
    tool.run(&["run"]).expect(0).counts("updated", 1).says(&["0 requests to read, 1 to write"]);
    let users = tool.users().await;
    assert!(users.iter().any(|user| user.title.as_deref() == Some("Chief Nursing Officer")));

    tool.run(&["log", "--last", "1000"])
        .expect(0)
        .says(&["create", "update", "title", "EntrySynchronizationSkipped"])
        .hides(&["Nurse"]);
    tool.run(&["log", "--failures"]).expect(0).says(&["There is nothing of that kind."]);
}

#[tokio::test]
async fn somebody_is_provisioned_on_demand_step_by_step() {
    let tool = Tool::new();
    tool.run(&["on-demand", "p1", "p7"])
        .expect(0)
        .says(&["user p1, resource `", "create, done", "is assigned to the application: yes"])
        .says(&[
            "members (`userType` equals `Member`): yes",
            "no resource matches",
            "sent",
            "displayName",
        ])
        .says(&["user p7, no resource: left alone", "has a role that is provisioned: no"])
        .hides(&["Lovelace"]);
    tool.run(&["on-demand", "p2", "--values"]).expect(0).says(&["Grace"]).hides(&["+49 30"]);
    assert_eq!(tool.users().await.len(), 2);
}

#[test]
fn the_status_is_a_table_or_json() {
    let tool = Tool::new();
    tool.run(&["status"]).expect(0).says(&["NotRun"]);
    tool.run(&["log"]).expect(0).says(&["Nothing was written yet."]);
    tool.run(&["run"]).expect(0);
    tool.run(&["status"]).expect(0).says(&["Active", "everything in order since"]);
    let status = tool.run(&["status", "--json"]).expect(0);
    let status: Value = serde_json::from_str(&status.said).unwrap();
    assert_eq!((&status["code"], &status["users"]), (&"Active".into(), &6.into()));
    assert_eq!(status["lastExecution"]["created"], 8);
}

#[test]
fn a_service_provider_that_does_not_take_the_token_is_told_and_stops_the_job() {
    let tool = Tool::new();
    std::fs::write(tool.path("token.txt"), "another-token").unwrap();
    tool.run(&["test-connection"]).expect(1).says(&["accepts the credentials: NO"]);
    tool.run(&["run"])
        .expect(1)
        .says(&["the service provider cannot be used", "because", "401"])
        .hides(&["another-token"]);
    tool.run(&["status"]).expect(1).says(&["Quarantine", "next attempt"]);
    tool.run(&["run"]).expect(1).says(&["the job is in quarantine"]);

    std::fs::write(tool.path("token.txt"), crate::roster_process::TOKEN).unwrap();
    tool.run(&["restart", "--quarantine"]).expect(0);
    tool.run(&["run"]).expect(0).counts("created", 8);
}

#[test]
fn watching_says_a_line_for_each_cycle_and_ends_when_it_is_asked() {
    let tool = Tool::new();
    let mut watch = tool.command(&["watch"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "A cycle each 40 minutes; Ctrl-C ends it.");
    let cycle = lines.next().unwrap().unwrap();
    assert!(cycle.contains("10 objects: 8 created"), "{cycle}");
    let kill = Command::new("kill").args(["-INT", &watch.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert_eq!(watch.wait().unwrap().code(), Some(0));
}

#[test]
fn the_help_tells_the_commands_and_the_exit_codes() {
    let help = |arguments: &[&str]| {
        Ran::of(arguments, &Command::new(example("provision")).args(arguments).output().unwrap())
    };
    help(&["--help"]).expect(0).says(&["test-connection", "on-demand", "--seed", "Exit codes:"]);
    help(&["restart"]).expect(2).says(&["--watermark"]);
    help(&["plan", "--initial", "--reconcile"]).expect(2);
    help(&["--seed", "7", "status"]).expect(2);
}
