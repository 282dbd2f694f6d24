//! Who is told of trouble, what, and how often.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use scim_client::{
    TransportError,
    provision::{
        CycleError, CycleKind, Provisioner, Restart,
        report::notify::{
            InvalidWebhook, Notification, NotificationEvent, Notifier, NotifyError, WebhookNotifier,
        },
        state::QuarantinePolicy,
    },
    transport::{FunctionTransport, InProcessTransport, TransportErrorKind},
};
use serde_json::{Value, json};

use super::{
    house::{House, person},
    provider::Fault,
    secrets::shown,
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
async fn a_source_that_cannot_be_read_is_told_once_until_it_can() {
    use NotificationEvent::CycleFailed;

    let (house, ear) = (House::with([person("ada")]).await, Ear::default());
    let run = async |fails: bool| {
        house.people.fail_read(fails.then_some(0));
        let outcome = job(&house, &ear).run(CycleKind::Incremental).await;
        (outcome.is_ok(), ear.take())
    };
    for _ in 0..2 {
        assert_eq!(run(true).await, (false, vec![CycleFailed]));
        assert_eq!(run(true).await, (false, vec![]), "the same trouble");
        assert_eq!(run(false).await, (true, vec![]));
    }
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
                // A transport that says more than it should.
                None => Err(TransportError::new(TransportErrorKind::Connect, "no /s3cret")),
            }
        });
        let notifier = WebhookNotifier::new("https://chat.example.com/s3cret", hook).unwrap();
        let at = chrono::DateTime::UNIX_EPOCH;
        let notification = Notification::new("roster", at, NotificationEvent::CycleFailed);
        let error = notifier.notify(&notification).await.unwrap_err();
        let shown = shown(&error);
        assert!(!shown.contains("s3cret"), "{shown}");
        let words = match status {
            Some(status) => status.to_string(),
            None => "there is no connection to the webhook".to_owned(),
        };
        assert!(shown.contains(&words), "{shown}");
    }
}

#[tokio::test]
async fn a_webhook_with_a_secret_is_sent_a_signature_of_the_body() {
    let hook = InProcessTransport::new(async |request: Request<Bytes>| {
        assert_eq!(
            request.body(),
            r#"{"job":"hr","at":"2026-03-01T12:00:00Z","event":"jobDisabled"}"#
        );
        assert_eq!(
            request.headers()["x-signature-256"],
            "sha256=8d6c1346a6689fdadc556b158b260cbd09bebfa9451e8fdec3b41d5906210cd4"
        );
        Response::new(Bytes::new())
    });
    let notifier = WebhookNotifier::new("https://chat.example.com/", hook).unwrap();
    let notifier = notifier.with_secret("hush-secret").unwrap();
    assert!(!format!("{notifier:?}").contains("hush"));
    let noon = "2026-03-01T12:00:00Z".parse().unwrap();
    let notification = Notification::new("hr", noon, NotificationEvent::JobDisabled);
    notifier.notify(&notification).await.unwrap();
}

#[test]
fn what_is_no_webhook_is_refused_without_being_repeated() {
    let new = |url: &str| {
        WebhookNotifier::new(url, InProcessTransport::new(async |_| Response::new(Bytes::new())))
    };
    for url in [
        "",
        "/s3cret",
        "chat.example.com/s3cret",
        "ftp://chat.example.com/s3cret",
        "https://",
        "https://me:s3cret@chat.example.com/",
        "https://s3cret@chat.example.com/",
    ] {
        let error = new(url).unwrap_err();
        assert_eq!(error, InvalidWebhook::Url, "{url}");
        assert!(!shown(&error).contains("s3cret"));
    }
    let notifier = || new(" https://chat.example.com/a@b ").unwrap();
    for (name, value) in [("x token", "s3cret"), ("x-token", "s3cret\r\nx-other: 1")] {
        let error = notifier().with_header(name, value).unwrap_err();
        assert_eq!(error, InvalidWebhook::Header);
        assert!(!shown(&error).contains("s3cret"));
    }
    assert_eq!(notifier().with_secret("").unwrap_err(), InvalidWebhook::Secret);
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

#[test]
fn nothing_forges_a_line() {
    let at = chrono::DateTime::UNIX_EPOCH;
    for event in EVENTS {
        let with = |job: &str, other: &str| {
            Notification::new(job, at, event).with_reason(other, other).with_approval(other)
        };
        let forged = with("hr\r\nBcc: eve@example.com", "a\r\nApproval: b\u{85}c");
        let lines = with("hr", "a").text().lines().count();
        assert_eq!(forged.text().lines().count(), lines, "{event:?}");
        assert!(!forged.text().contains(['\r', '\u{85}']));
        assert!(!forged.subject().contains(char::is_control));
    }
}
