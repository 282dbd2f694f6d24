//! The other kinds of sources.

use std::fs;

use super::Tool;
use crate::roster_process::{RosterProcess, TOKEN};

#[tokio::test]
async fn people_come_from_a_csv_file() {
    let tool = Tool::new();
    fs::write(
        tool.path("people.csv"),
        "objectId;userPrincipalName;displayName;userType;accountEnabled;appRoles\n\
         1;b@c.example;B;Member;true;User\n\
         2;c@c.example;C;Member;true;\n",
    )
    .unwrap();
    tool.edit("provisioning.toml", |job| {
        let job = job.replace("end_marker = true", "delimiter = ';'");
        job.replace("\"jsonLines\"", "\"csv\"")
            .replace("people.jsonl", "people.csv")
            .replace("groups = \"groups.jsonl\"\n", "")
    });
    tool.run(&["run"]).expect(0).counts("created", 1).counts("left alone", 1);
    assert_eq!(tool.users().await[0].user_name, "b@c.example");
}

#[tokio::test]
async fn people_come_from_another_service_provider() {
    let tool = Tool::provisioned();
    let other = RosterProcess::start(&tool.path("other.sqlite"));
    let source = &tool.roster.base_url;
    let job = format!(
        r#"
name = "copy"
target = {{ url = "{}/Users", token_file = "token.txt" }}
source = {{ kind = "scim", url = "{source}", token_variable = "SCIM_TOKEN", roles = ["User"] }}
state.file = "copy.sqlite"
log.file = "copy.jsonl"
[users]
mappings = [
    {{ source = "userName", target = "userName", matching = 1 }},
    {{ source = "name.familyName", target = "name.familyName" }},
]
"#,
        other.base_url,
    );
    fs::write(tool.path("provisioning.toml"), job).unwrap();
    tool.run(&["run"]).expect(2).says(&["the variable of `source.token_variable` is not set"]);
    let ran = tool.command(&["run"]).env("SCIM_TOKEN", TOKEN).output().unwrap();
    super::Ran::of(&["run"], &ran).expect(0).counts("created", 6);
    let users = other.client().api::<scim_client::User>().list().all().await.unwrap();
    assert_eq!(users.len(), 6);
}
