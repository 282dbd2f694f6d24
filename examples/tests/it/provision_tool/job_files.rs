//! Job files that are none.

use super::Tool;
use crate::roster_process::TOKEN;

/// What is replaced by what, and what is said of it.
const BAD: [(&str, &str, &[&str]); 12] = [
    ("[state]", "[state]\nfolder = \"x\"", &["line 23, column 1", "unknown field `folder`"]),
    ("profile = \"rfc\"", "profile = \"acme\"", &["no profile `acme` for `target.profile`"]),
    ("profile = \"rfc\"", "token = \"TOKEN\"", &["line 10", "unknown field `token`"]),
    ("token_file = \"token.txt\"", "", &["`target` says where the token is"]),
    ("\"token.txt\"", "\"missing.txt\"", &["`target.token_file` cannot be read", "because"]),
    ("\"token.txt\"", "\"TOKEN\"", &["`target.token_file` cannot be read"]),
    ("interval_minutes = 40", "interval_minutes = \"TOKEN\"", &["policies.interval_minutes"]),
    (
        "target = \"title\"",
        "target = \"titel\"",
        &["`users.mappings` does not fit", "the target has no attribute `titel`"],
    ),
    (
        "{ members = true, target = \"members\" }",
        "{ target = \"members\" }",
        &["groups.mappings[2]", "the mapping of `members` does not say where it comes from"],
    ),
    ("operator = \"equals\"", "operator = \"equal\"", &["`userType`", "no such operator"]),
    ("kind = \"jsonLines\"", "kind = \"ldap\"", &["`source", "unknown variant `ldap`"]),
    ("name = \"roster\"", "name = ", &["line 2"]),
];

#[test]
fn a_bad_job_file_is_refused_with_the_place_and_without_the_token() {
    let tool = Tool::new();
    let good = std::fs::read_to_string(tool.path("provisioning.toml")).unwrap();
    for (old, new, words) in BAD {
        assert!(good.contains(old), "{old}");
        let bad = good.replacen(old, &new.replace("TOKEN", TOKEN), 1);
        std::fs::write(tool.path("provisioning.toml"), bad).unwrap();
        tool.run(&["plan"]).expect(2).says(words);
    }
    assert!(!tool.path("provisioning.log.jsonl").exists());

    std::fs::remove_file(tool.path("provisioning.toml")).unwrap();
    tool.run(&["status"]).expect(2).says(&["provisioning.toml` cannot be read"]);
}

#[test]
fn a_file_of_another_application_is_no_state() {
    let tool = Tool::new();
    tool.edit("provisioning.toml", |job| job.replace("provisioning.sqlite", "people.jsonl"));
    tool.run(&["status"]).expect(2).says(&["`state.file` cannot be used"]);
}
