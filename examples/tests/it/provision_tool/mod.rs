//! The example `provision` as a process, at a roster in another one.

mod guard;
mod job_files;
mod journey;
mod killing;
mod links;
mod listener;
mod notifications;
mod sources;

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use scim_client::{Client, User};
use tempfile::TempDir;

use crate::roster_process::{RosterProcess, TOKEN, example};

/// A folder with the sample job, and a roster for it.
struct Tool {
    folder: TempDir,
    roster: RosterProcess,
}

/// How a command ended, and everything it said.
struct Ran {
    code: i32,
    said: String,
}

impl Tool {
    /// The sample as `init` writes it, with the URL and the token of a roster that is empty.
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let roster = RosterProcess::start(&folder.path().join("roster.sqlite"));
        let tool = Self { folder, roster };
        tool.run(&["init"]).expect(0);
        let url = tool.roster.base_url.clone();
        tool.edit("provisioning.toml", |job| {
            job.replace("http://127.0.0.1:8080/scim/v1/Realms/clinic", &url)
        });
        fs::write(tool.path("token.txt"), format!("{TOKEN}\n")).unwrap();
        tool
    }

    /// The sample after its first cycle.
    fn provisioned() -> Self {
        let tool = Self::new();
        tool.run(&["run"]).expect(0);
        tool
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(example("provision"));
        command.args(arguments).arg("--job").arg(self.path("provisioning.toml"));
        command.env_remove("SCIM_TOKEN");
        command
    }

    /// Runs a command; whatever it is, it does not say the token.
    fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(arguments, &self.command(arguments).output().unwrap())
    }

    fn edit(&self, name: &str, change: impl FnOnce(String) -> String) {
        let path = self.path(name);
        let before = fs::read_to_string(&path).unwrap();
        let after = change(before.clone());
        assert_ne!(before, after, "the edit of {name} changes nothing");
        fs::write(path, after).unwrap();
    }

    /// Leaves these people out of the source.
    fn dismiss(&self, ids: &[&str]) {
        self.edit("people.jsonl", |text| {
            let is_kept = |line: &&str| {
                !ids.iter().any(|id| line.contains(&format!(r#""objectId": "{id}""#)))
            };
            let people: Vec<&str> =
                text.lines().filter(|line| !line.contains("\"end\"")).filter(is_kept).collect();
            let end = format!(r#"{{"end": true, "count": {}}}"#, people.len());
            format!("{}\n{end}\n", people.join("\n"))
        });
    }

    fn client(&self) -> Client {
        self.roster.client()
    }

    async fn users(&self) -> Vec<User> {
        self.client().api::<User>().list().all().await.unwrap()
    }
}

impl Ran {
    fn of(arguments: &[&str], output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let said = text(&output.stdout) + &text(&output.stderr);
        assert!(!said.contains(TOKEN), "{arguments:?} says the token");
        Self { code: output.status.code().unwrap(), said }
    }

    /// Expects that exit code.
    #[track_caller]
    fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}", self.said);
        self
    }

    /// Expects that it says all of this.
    #[track_caller]
    fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.said.contains(word), "`{word}` is missing:\n{}", self.said);
        }
        self
    }

    /// Expects that it says nothing of this.
    #[track_caller]
    fn hides(self, words: &[&str]) -> Self {
        for word in words {
            assert!(!self.said.contains(word), "`{word}` is there:\n{}", self.said);
        }
        self
    }

    /// Expects a row of a table with that name, and that number behind it.
    #[track_caller]
    fn counts(self, name: &str, count: usize) -> Self {
        let row =
            self.said.lines().find(|line| line.trim_start_matches('│').trim().starts_with(name));
        let row = row.unwrap_or_else(|| panic!("`{name}` is missing:\n{}", self.said));
        let cell = row.trim_end_matches('│').rsplit('┆').next().unwrap().trim();
        assert_eq!(cell, count.to_string(), "{row}");
        self
    }

    /// The word after these.
    #[track_caller]
    fn after(&self, words: &str) -> String {
        let rest = self.said.split_once(words);
        let (_, rest) = rest.unwrap_or_else(|| panic!("`{words}` is missing:\n{}", self.said));
        rest.split_whitespace().next().unwrap().to_owned()
    }
}
