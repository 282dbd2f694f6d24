//! Removals that are too many.

use super::Tool;

const MANY: [&str; 3] = ["p4", "p5", "p6"];

#[tokio::test]
async fn removals_that_are_too_many_wait_for_an_approval() {
    let tool = Tool::provisioned();
    tool.edit("provisioning.toml", |job| job.replace("always = 10", "always = 2"));
    tool.dismiss(&MANY);
    let plan = tool.run(&["plan"]).expect(1).counts("hold back", 3);
    let plan = plan.says(&["gone from the source"]);
    let token = plan.after("provision approve ");
    let run = tool.run(&["run"]).expect(1).counts("held back", 3);
    assert_eq!(run.after("provision approve "), token);
    assert!(tool.users().await.iter().all(|user| user.active == Some(true)));
    tool.run(&["status"]).expect(1).says(&["objects that are tried again"]);

    // Another token is for other removals.
    tool.run(&["approve", "0123456789abcdef"]).expect(0);
    tool.run(&["run"]).expect(1);
    tool.run(&["approve", &token]).expect(0);
    tool.run(&["run"]).expect(0).counts("disabled", 3);
    let disabled = tool.users().await.into_iter().filter(|user| user.active == Some(false));
    assert_eq!(disabled.count(), 3);
    tool.run(&["status"]).expect(0);
}

#[test]
fn who_leaves_is_removed_as_the_job_file_says() {
    let tool = Tool::provisioned();
    tool.edit("provisioning.toml", |job| {
        job.replace("hardDeleted = { deleteAfter = 2592000 }", r#"hardDeleted = "delete""#)
    });
    tool.dismiss(&["p6"]);
    tool.edit("people.jsonl", |people| people.replacen(r#"["User"]"#, r#"["Default Access"]"#, 1));
    tool.run(&["run"]).expect(0).counts("deleted", 1).counts("disabled", 1);
}

#[test]
fn a_source_that_is_cut_off_changes_nothing() {
    let tool = Tool::provisioned();
    tool.edit("people.jsonl", |people| people.lines().take(3).collect::<Vec<_>>().join("\n"));
    tool.run(&["run"]).expect(1).says(&[
        "the identity source cannot be read",
        "people.jsonl",
        "end with a whole line",
    ]);
}
