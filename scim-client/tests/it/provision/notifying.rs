//! Who is told of trouble, what, and how often.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use scim_client::{
    TransportError,
    provision::{
        CycleError, CycleKind, Provisioner, Restart,
        report::notify::{Notification, NotificationEvent, Notifier, NotifyError, WebhookNotifier},
        state::QuarantinePolicy,
    },
    transport::{FunctionTransport, InProcessTransport, TransportErrorKind},
};
use serde_json::{Value, json};

use super::{
    house::{House, person},
    provider::Fault,
};

const EVENTS: [NotificationEvent; 6] = [
    NotificationEvent::QuarantineBegan,
    NotificationEvent::QuarantineReasonChanged,
    NotificationEvent::QuarantineLifted,
    NotificationEvent::JobDisabled,
    NotificationEvent::RemovalsStaged,
    NotificationEvent::CycleFailed,
];

/// Keeps what it is told, and fails as it is told.
#[derive(Clone, Default)]
struct Ear {
    heard: Arc<Mutex<Vec<Notification>>>,
    is_deaf: Arc<Mutex<bool>>,
}

impl Ear {
    fn take(&self) -> Vec<NotificationEvent> {
        self.heard.lock().unwrap().drain(..).map(|notification| notification.event).collect()
    }
}

#[async_trait]
impl Notifier for Ear {
    async fn notify(&self, notification: &Notification) -> Result<(), NotifyError> {
        self.heard.lock().unwrap().push(notification.clone());
        if *self.is_deaf.lock().unwrap() { Err(NotifyError::new("as told")) } else { Ok(()) }
    }
}

fn job(house: &House, ear: &Ear) -> Provisioner {
    let mut quarantine = QuarantinePolicy::default();
    quarantine.unreachable_cycles = 2;
    house.job().with_notifier(ear.clone()).with_quarantine(quarantine)
}

#[tokio::test]
async fn each_trouble_is_told_once_and_its_end_too() {
    use NotificationEvent::{
        CycleFailed, QuarantineBegan, QuarantineLifted, QuarantineReasonChanged,
    };

    let (house, ear) = (House::with([person("ada")]).await, Ear::default());
    house.people.change("ada", |ada| ada.with_attribute("title", "Nurse"));
    let run = async |fault: Option<Fault>| {
        house.provider.fail(move |_, _| fault);
        let outcome = job(&house, &ear).run(CycleKind::Incremental).await;
        (outcome.is_ok(), ear.take())
    };
    let (down, refused) = (Some(Fault::Connect), Some(Fault::Status(401)));
    assert_eq!(run(down).await, (false, vec![CycleFailed]));
    assert_eq!(run(down).await, (false, vec![QuarantineBegan]));
    assert_eq!(run(refused).await, (false, vec![QuarantineReasonChanged]));
    assert_eq!(run(refused).await, (false, vec![]), "the same trouble");
    assert_eq!(run(None).await, (true, vec![QuarantineLifted]));
    assert_eq!(run(None).await, (true, vec![]));
    assert_eq!(house.provider.user("ada@clinic.example")["title"], "Nurse");
}

#[tokio::test]
async fn a_job_in_quarantine_sends_nothing_until_its_time_has_come_or_it_is_restarted() {
    let house = House::with([person("ada")]).await;
    let job = job(&house, &Ear::default());
    house.people.change("ada", |ada| ada.with_attribute("title", "Nurse"));
    house.provider.fail(|_, _| Some(Fault::Status(401)));
    job.run(CycleKind::Incremental).await.unwrap_err();
    house.provider.recover();
    for _ in 0..3 {
        let error = job.run(CycleKind::Incremental).await.unwrap_err();
        assert!(matches!(error, CycleError::Quarantined { next_attempt: Some(_), .. }), "{error}");
    }
    assert_eq!(house.provider.take_lines(), [""; 0]);
    assert_eq!(format!("{:?}", job.status().await.unwrap().code), "Quarantine");
    job.restart(Restart::new().with_quarantine()).await.unwrap();
    assert_eq!(job.run(CycleKind::Incremental).await.unwrap().updated, 1);
    job.quarantine().await.unwrap();
    let error = job.run(CycleKind::Incremental).await.unwrap_err();
    assert!(matches!(error, CycleError::Quarantined { next_attempt: None, .. }), "{error}");
}

#[tokio::test]
async fn removals_that_are_held_back_are_told_once_and_happen_when_they_are_approved() {
    let people = || (0..30).map(|number| person(&format!("p{number}")));
    let (house, ear) = (House::with(people()).await, Ear::default());
    house.people.put(people().take(11).map(|person| person.with_active(false)));
    let job = job(&house, &ear);
    *ear.is_deaf.lock().unwrap() = true;
    for told in [1, 1] {
        let report = job.run(CycleKind::Incremental).await.unwrap();
        assert_eq!((report.staged.len(), report.disabled, report.writes), (11, 0, 0));
        assert_eq!(ear.take().len(), told, "nobody has heard it");
    }
    *ear.is_deaf.lock().unwrap() = false;
    let report = job.run(CycleKind::Incremental).await.unwrap();
    let heard = ear.heard.lock().unwrap().drain(..).next().unwrap();
    assert_eq!((heard.removals, heard.linked), (Some(11), Some(30)));
    assert_eq!(heard.approval, report.approval);
    job.run(CycleKind::Incremental).await.unwrap();
    assert_eq!(ear.take(), []);
    // One more is not what was approved.
    job.approve(&report.approval.unwrap()).await.unwrap();
    house.people.change("p20", |person| person.with_active(false));
    let report = job.run(CycleKind::Incremental).await.unwrap();
    assert_eq!((report.staged.len(), report.disabled), (12, 0));
    job.approve(&report.approval.unwrap()).await.unwrap();
    let report = job.run(CycleKind::Incremental).await.unwrap();
    assert_eq!((report.staged.len(), report.disabled, report.approval), (0, 12, None));
    house.assert_quiet_in(&job).await;
}

#[tokio::test]
async fn a_webhook_is_posted_what_has_happened() {
    let hook = InProcessTransport::new(async |request: Request<Bytes>| {
        assert_eq!(request.method(), "POST");
        assert_eq!(request.uri(), "https://chat.example.com/hooks/T0/B1?key=s3cret");
        assert_eq!(request.headers()["content-type"], "application/json");
        assert_eq!(request.headers()["x-token"], "s3cret");
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        assert_eq!(
            body,
            json!({
                "job": "roster", "at": "1970-01-01T00:00:00Z", "event": "removalsStaged",
                "removals": 12, "linked": 30, "approval": "cafe",
            })
        );
        Response::builder().status(202).body(Bytes::new()).unwrap()
    });
    let url = "https://chat.example.com/hooks/T0/B1?key=s3cret";
    let notifier = WebhookNotifier::new(url, hook).unwrap().with_header("x-token", "s3cret");
    let notifier = notifier.unwrap();
    assert_eq!(
        format!("{notifier:?}"),
        r#"WebhookNotifier { host: Some("chat.example.com"), .. }"#
    );
    let at = chrono::DateTime::UNIX_EPOCH;
    let notification = Notification::new("roster", at, NotificationEvent::RemovalsStaged);
    let notification = notification.with_removals(12, 30).with_approval("cafe");
    notifier.notify(&notification).await.unwrap();
}

#[tokio::test]
async fn a_webhook_that_fails_is_an_error_without_its_url() {
    for status in [Some(301), Some(404), Some(500), None] {
        let hook = FunctionTransport::new(move |_: Request<Bytes>| async move {
            match status {
                Some(status) => Ok(Response::builder().status(status).body(Bytes::new()).unwrap()),
                None => Err(TransportError::new(TransportErrorKind::Connect, "as told")),
            }
        });
        let notifier = WebhookNotifier::new("https://chat.example.com/s3cret", hook).unwrap();
        let at = chrono::DateTime::UNIX_EPOCH;
        let notification = Notification::new("roster", at, NotificationEvent::CycleFailed);
        let error = notifier.notify(&notification).await.unwrap_err();
        let cause = std::error::Error::source(&error).unwrap();
        let shown = format!("{error} {error:?} {cause} {cause:?}");
        assert!(!shown.contains("s3cret"), "{shown}");
        if let Some(status) = status {
            assert!(shown.contains(&status.to_string()), "{shown}");
        }
    }
    let nowhere = || InProcessTransport::new(async |_| Response::new(Bytes::new()));
    for url in ["", "/hooks", "chat.example.com/hooks", "https://"] {
        WebhookNotifier::new(url, nowhere()).unwrap_err();
    }
}

#[test]
fn the_text_says_what_has_happened_and_what_to_do() {
    let at = chrono::DateTime::UNIX_EPOCH;
    let mut subjects = Vec::new();
    for event in EVENTS {
        let notification = Notification::new("roster", at, event)
            .with_reason("EncounteredQuarantineException", "the token is missing")
            .with_next_attempt(Some(at));
        let text = notification.text();
        assert!(text.contains("Job: roster\nTime: 1970-01-01T00:00:00Z\n"), "{text}");
        assert!(text.contains("Reason: EncounteredQuarantineException\n"), "{text}");
        assert!(text.lines().count() <= 12, "{text}");
        assert!(notification.subject().starts_with("roster: "));
        subjects.push(notification.subject());
    }
    subjects.sort();
    subjects.dedup();
    assert_eq!(subjects.len(), EVENTS.len());
}

#[cfg(feature = "smtp")]
mod by_mail {
    use scim_client::provision::report::notify::{InvalidSmtp, SmtpNotifier, SmtpTls};
    use tokio::{
        io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
        net::{TcpListener, TcpStream},
    };

    use super::*;

    /// Speaks SMTP with one client, refuses one of the commands, and gives what was said.
    async fn mail_server(listener: TcpListener, refused: Option<&'static str>) -> String {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(stream);
        let mut said = String::new();
        say(&mut stream, "220 mail").await;
        let mut is_message = false;
        loop {
            let start = said.len();
            if stream.read_line(&mut said).await.unwrap_or(0) == 0 {
                return said;
            }
            let line = said.get(start..).unwrap().trim_end().to_owned();
            let answer = match line.split(' ').next().unwrap() {
                _ if is_message && line != "." => continue,
                command if Some(command) == refused => "550 no it@clinic.example here",
                "EHLO" => "250-mail\r\n250 AUTH PLAIN LOGIN",
                "AUTH" => "235 welcome",
                "DATA" => "354 go on",
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            is_message = line == "DATA" && refused != Some("DATA");
            say(&mut stream, answer).await;
        }
    }

    async fn say(stream: &mut BufReader<TcpStream>, text: &str) {
        let _ = stream.get_mut().write_all(format!("{text}\r\n").as_bytes()).await;
    }

    async fn send(refused: Option<&'static str>) -> (Result<(), NotifyError>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let notifier = SmtpNotifier::builder("127.0.0.1")
            .port(port)
            .tls(SmtpTls::None)
            .credentials("provisioning", "s3cret")
            .from("Provisioning <provisioning@clinic.example>")
            .unwrap()
            .to("it@clinic.example")
            .unwrap()
            .to("Ward 5 <ward5@clinic.example>")
            .unwrap()
            .build()
            .unwrap();
        let at = chrono::DateTime::UNIX_EPOCH;
        let notification = Notification::new("roster", at, NotificationEvent::QuarantineBegan)
            .with_reason("EncounteredQuarantineException", ".a line that begins with a dot");
        let told = async move {
            let told = notifier.notify(&notification).await;
            // Closes the connection, which ends the mail server.
            drop(notifier);
            told
        };
        tokio::join!(told, mail_server(listener, refused))
    }

    #[tokio::test]
    async fn an_e_mail_goes_to_everyone_with_the_text() {
        let (told, said) = send(None).await;
        told.unwrap();
        for line in [
            "MAIL FROM:<provisioning@clinic.example>",
            "RCPT TO:<it@clinic.example>",
            "RCPT TO:<ward5@clinic.example>",
            "Subject: roster: provisioning has stopped",
            "Date: Thu, 01 Jan 1970 00:00:00 +0000",
            "Auto-Submitted: auto-generated",
            "Reason: EncounteredQuarantineException",
        ] {
            assert!(said.contains(line), "{line}: {said}");
        }
        assert!(said.contains("Message-ID: <"), "{said}");
    }

    #[tokio::test]
    async fn a_refusal_is_an_error_without_addresses_and_passwords() {
        for refused in ["AUTH", "MAIL", "RCPT", "DATA", "."] {
            let (told, _) = send(Some(refused)).await;
            let error = told.unwrap_err();
            let cause = std::error::Error::source(&error).unwrap();
            let shown = format!("{error} {error:?} {cause}");
            assert!(shown.contains("it refuses"), "{refused}: {shown}");
            assert!(!shown.contains("clinic") && !shown.contains("s3cret"), "{shown}");
        }
    }

    #[tokio::test]
    async fn a_mail_server_that_is_not_there_is_an_error() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let notifier = SmtpNotifier::builder("127.0.0.1").port(port).tls(SmtpTls::None);
        let notifier = notifier.from("a@b.example").unwrap().to("c@d.example").unwrap();
        let at = chrono::DateTime::UNIX_EPOCH;
        let notification = Notification::new("roster", at, NotificationEvent::CycleFailed);
        notifier.build().unwrap().notify(&notification).await.unwrap_err();
    }

    #[test]
    fn what_makes_no_notifier_is_said() {
        let builder = || SmtpNotifier::builder("mail.example");
        assert_eq!(builder().from("nobody").unwrap_err(), InvalidSmtp::Address);
        assert_eq!(builder().to("a@b@c").unwrap_err(), InvalidSmtp::Address);
        assert_eq!(builder().build().unwrap_err(), InvalidSmtp::NoSender);
        let from = builder().from("a@b.example").unwrap();
        assert_eq!(from.build().unwrap_err(), InvalidSmtp::NoRecipient);
        let shown = format!("{:?}", builder().credentials("user", "s3cret"));
        assert!(!shown.contains("s3cret"), "{shown}");
    }
}
