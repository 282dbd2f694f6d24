//! The roster in a process of its own.

use std::{
    env,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use scim_client::{Client, transport::ReqwestTransport};

pub(crate) const TOKEN: &str = "a-token-for-the-test";

/// A roster that does not outlive the test.
pub(crate) struct RosterProcess {
    child: Child,
    pub(crate) base_url: String,
}

impl RosterProcess {
    pub(crate) fn start(file: &Path) -> Self {
        let mut child = Command::new(example("roster"))
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

    pub(crate) fn client(&self) -> Client {
        Client::builder(self.base_url.as_str())
            .bearer_token(TOKEN)
            .transport(ReqwestTransport::new().unwrap())
            .build()
            .unwrap()
    }
}

impl Drop for RosterProcess {
    /// Kills it, which is `kill -9`.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An example's binary: cargo puts it beside the folder of the tests.
pub(crate) fn example(name: &str) -> PathBuf {
    let test = env::current_exe().unwrap();
    let example = test.parent().unwrap().parent().unwrap().join("examples").join(name);
    assert!(example.exists(), "build it first: cargo build --examples");
    example
}
