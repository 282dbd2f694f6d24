//! Who is told how the job stands.

use std::fs;

use serde_json::Value;

use super::{Ran, Tool, listener::Listener};

const HOOK_TOKEN: &str = "hook-s3cret";
#[cfg(feature = "smtp")]
const PASSWORD: &str = "mail-s3cret";
/// Is part of the token and of the password, and of what is secret in URLs and wrong places.
const SECRETS: [&str; 2] = ["s3cret", "hush"];

impl Tool {
    /// Adds a table to the job file.
    fn add(&self, table: &str) {
        self.edit("provisioning.toml", |job| format!("{job}\n{table}\n"));
    }

    fn add_webhook(&self, port: u16) {
        fs::write(self.path("hook.txt"), format!("{HOOK_TOKEN}\n")).unwrap();
        self.add(&format!(
            "[notifications.webhook]\nurl = \"http://127.0.0.1:{port}/hush\"\n\
             token_file = \"hook.txt\""
        ));
    }

    #[cfg(feature = "smtp")]
    fn add_mail(&self, port: u16) {
        self.add(&format!(
            "[notifications.smtp]\nurl = \"smtp://127.0.0.1:{port}\"\n\
             from = \"Provisioning <provisioning@clinic.example>\"\n\
             to = [\"it@clinic.example\", \"Ward 5 <ward5@clinic.example>\"]\n\
             username = \"provisioning\"\npassword_variable = \"MAIL_PASSWORD\""
        ));
    }

    /// More people leave than may at once.
    fn dismiss_many(&self) {
        self.edit("provisioning.toml", |job| job.replace("always = 10", "always = 2"));
        self.dismiss(&["p4", "p5", "p6"]);
    }

    /// Runs a cycle, which does not say a secret.
    fn cycle(&self) -> Ran {
        let mut command = self.command(&["run"]);
        #[cfg(feature = "smtp")]
        command.env("MAIL_PASSWORD", PASSWORD);
        Ran::of(&["run"], &command.output().unwrap()).hides(&SECRETS)
    }
}

/// The JSON that a webhook was posted.
fn posted(told: &str) -> Value {
    assert!(told.starts_with("post /hush "), "{told}");
    let (head, body) = told.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("content-type: application/json"), "{head}");
    assert!(head.contains(&format!("authorization: bearer {HOOK_TOKEN}")), "{head}");
    serde_json::from_str(body).unwrap()
}

#[cfg(feature = "smtp")]
#[test]
fn a_job_that_stops_is_told_by_mail_and_by_a_webhook_once() {
    let tool = Tool::new();
    fs::write(tool.path("token.txt"), "another-token").unwrap();
    let (mail, hook) = (Listener::of_mail(), Listener::of_http());
    tool.add_mail(mail.port);
    tool.add_webhook(hook.port);
    tool.cycle().expect(1).says(&["the service provider cannot be used"]).hides(&["warning"]);

    let mail = mail.told();
    for line in [
        "MAIL FROM:<provisioning@clinic.example>",
        "RCPT TO:<it@clinic.example>",
        "RCPT TO:<ward5@clinic.example>",
        "Subject: roster: provisioning has stopped",
        "Reason: EncounteredQuarantineException",
    ] {
        assert!(mail.contains(line), "`{line}` is missing:\n{mail}");
    }
    let hook = hook.told();
    let hook_json = posted(&hook);
    assert_eq!(
        (&hook_json["job"], &hook_json["event"]),
        (&"roster".into(), &"quarantineBegan".into())
    );
    assert!(hook_json["nextAttempt"].is_string(), "{hook_json}");
    for told in [mail, hook] {
        assert!(
            !told.contains("another-token") && !told.contains(crate::roster_process::TOKEN),
            "{told}"
        );
    }

    // Nobody listens any more, and there is nothing to tell.
    tool.cycle().expect(1).says(&["the job is in quarantine"]).hides(&["warning"]);
}

#[test]
fn removals_that_are_held_back_are_told_with_the_token_to_approve_them_by() {
    let tool = Tool::provisioned();
    tool.dismiss_many();
    // As long as nobody can be told, each cycle tries; it goes on all the same.
    tool.add_webhook(Listener::nobody());
    for _ in 0..2 {
        tool.cycle().expect(1).counts("held back", 3).says(&[
            "warning: `notifications.webhook`: the notification could not be sent",
            "because there is no connection to the webhook",
        ]);
    }
    let hook = Listener::of_http();
    tool.edit("provisioning.toml", |job| {
        let (job, _) = job.rsplit_once("[notifications.webhook]").unwrap();
        job.to_owned()
    });
    tool.add_webhook(hook.port);
    let run = tool.cycle().expect(1).hides(&["warning"]);
    let hook = posted(&hook.told());
    assert_eq!(hook["approval"], run.after("provision approve "));
    assert_eq!((&hook["event"], &hook["removals"]), (&"removalsStaged".into(), &3.into()));
    tool.cycle().expect(1).counts("held back", 3).hides(&["warning"]);
}

#[cfg(feature = "smtp")]
#[test]
fn who_can_be_told_is_told_once_although_another_cannot() {
    let tool = Tool::provisioned();
    tool.dismiss_many();
    let hook = Listener::of_http();
    tool.add_mail(Listener::nobody());
    tool.add_webhook(hook.port);
    tool.cycle()
        .expect(1)
        .counts("held back", 3)
        .says(&["warning: `notifications.smtp`", "there is no connection"])
        .hides(&["clinic.example>", "it@clinic.example", "`notifications.webhook`"]);
    assert_eq!(posted(&hook.told())["event"], "removalsStaged");
    tool.cycle().expect(1).hides(&["warning"]);
}

#[test]
fn a_webhook_that_cannot_be_is_refused_with_its_key() {
    const HOOK: &str = "[notifications.webhook]\n";
    let rows = [
        ("[notifications.pager]", "unknown field `pager`"),
        ("[notifications]\nwebhook = \"hush\"", "`notifications.webhook`: expected"),
        ("[notifications.webhook]", "missing field `url`"),
        (&format!("{HOOK}url = \"chat/hush\""), "`notifications.webhook.url` cannot be used"),
        (
            &format!("{HOOK}url = \"http://me:hush@h/\""),
            "`notifications.webhook.url` cannot be used",
        ),
        (
            &format!("{HOOK}url = \"http://h/\"\ntoken = \"hush\""),
            "`notifications.webhook.token`: unknown field `token`",
        ),
        (
            &format!("{HOOK}url = \"http://h/\"\ntoken_file = \"hush\""),
            "`notifications.webhook.token_file` cannot be read",
        ),
        (
            &format!("{HOOK}url = \"http://h/\"\ntoken_variable = \"NOT_SET_HUSH\""),
            "the variable of `notifications.webhook.token_variable` is not set",
        ),
        (
            &format!("{HOOK}url = \"http://h/\"\ntoken_file = \"bad.txt\""),
            "the token of `notifications.webhook` cannot be used",
        ),
        (
            &format!("{HOOK}url = \"http://h/\"\ntoken_file = \"a\"\ntoken_variable = \"b\""),
            "`notifications.webhook` says where the token is",
        ),
    ];
    refuses(&rows);
}

#[cfg(feature = "smtp")]
#[test]
fn an_e_mail_that_cannot_be_is_refused_with_its_key() {
    let table = |old: &str, new: &str| {
        let table = "[notifications.smtp]\nurl = \"smtps://mail.example\"\n\
                     from = \"a@b.example\"\nto = [\"c@d.example\"]\nusername = \"hush\"\n\
                     password_file = \"mail.txt\"\n";
        assert!(table.contains(old));
        table.replace(old, new)
    };
    let url =
        |url: &str| (table("smtps://mail.example", url), "`notifications.smtp.url` cannot be used");
    let rows = [
        url("imap://hush"),
        url("mail.example"),
        url("smtps://me:hush@mail.example"),
        url("smtps://:465"),
        url("smtps://mail.example:hush"),
        url("smtps://mail.example/hush"),
        url("smtp://mail.example?tls=hush"),
        (table("a@b.example", "hush"), "`notifications.smtp.from` cannot be used"),
        (table("c@d.example", "hush"), "`notifications.smtp.to` cannot be used"),
        (table("\"c@d.example\"", ""), "there is no recipient"),
        (table("from = \"a@b.example\"\n", ""), "missing field `from`"),
        (table("password_file", "password"), "`notifications.smtp.password`: unknown field"),
        (table("\"mail.txt\"", "\"hush\""), "`notifications.smtp.password_file` cannot be read"),
        (
            table("password_file = \"mail.txt\"\n", ""),
            "`notifications.smtp` says where the password is",
        ),
        (table("username = \"hush\"\n", ""), "`notifications.smtp.username` cannot be used"),
    ];
    refuses(&rows);
}

#[cfg(not(feature = "smtp"))]
#[test]
fn an_e_mail_needs_a_tool_that_can_send_it() {
    refuses(&[("[notifications.smtp]\nfrom = \"hush\"", "run it with `--features smtp`")]);
}

/// Each of these tables is refused by such words, and nothing of what it holds is said.
fn refuses(rows: &[(impl AsRef<str>, &str)]) {
    let tool = Tool::new();
    fs::write(tool.path("bad.txt"), "hu\u{1}sh").unwrap();
    fs::write(tool.path("mail.txt"), "s3cret").unwrap();
    let good = fs::read_to_string(tool.path("provisioning.toml")).unwrap();
    for (table, words) in rows {
        fs::write(tool.path("provisioning.toml"), &good).unwrap();
        tool.add(table.as_ref());
        tool.cycle().expect(2).says(&[words]).hides(&["HUSH", "hu\u{1}sh"]);
    }
    assert!(!tool.path("provisioning.sqlite").exists(), "nothing was begun");
}
