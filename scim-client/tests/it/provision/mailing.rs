//! Trouble that is told by e-mail, to a mail server on loopback.

use std::time::Duration;

use chrono::{DateTime, Utc};
use scim_client::provision::report::notify::{
    InvalidSmtp, Notification, NotificationEvent, Notifier as _, NotifyError, SmtpNotifier,
    SmtpNotifierBuilder, SmtpTls,
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    time::Instant,
};

use super::secrets::shown;

/// What a mail server does otherwise than usual: the command, and the answer to it.
type Odd = Option<(&'static str, &'static str)>;

/// Instead of an answer, the connection is closed.
const HANG_UP: &str = "";

/// Speaks SMTP with one client, and gives what was said.
async fn mail_server(listener: TcpListener, odd: Odd) -> String {
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
        let line = said.get(start..).unwrap().trim_end();
        let answer = match (line.split(' ').next().unwrap(), odd) {
            _ if is_message && line != "." => continue,
            (command, Some((odd, answer))) if command == odd => answer,
            ("EHLO", _) => "250-mail\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN",
            ("AUTH", _) => "235 welcome",
            ("DATA", _) => "354 go on",
            ("QUIT", _) => "221 bye",
            _ => "250 ok",
        };
        is_message = answer.starts_with("354");
        if answer == HANG_UP {
            return said;
        }
        say(&mut stream, answer).await;
    }
}

async fn say(stream: &mut BufReader<TcpStream>, text: &str) {
    let _ = stream.get_mut().write_all(format!("{text}\r\n").as_bytes()).await;
}

async fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

/// Without TLS, since the mail server has no certificate.
fn builder(port: u16) -> SmtpNotifierBuilder {
    SmtpNotifier::builder("127.0.0.1")
        .port(port)
        .tls(SmtpTls::None)
        .credentials("provisioning", "s3cret")
        .from("Provisioning <provisioning@clinic.example>")
        .unwrap()
        .to("it@clinic.example")
        .unwrap()
        .to("Ward 5 <ward5@clinic.example>")
        .unwrap()
}

fn notification() -> Notification {
    Notification::new("roster", DateTime::UNIX_EPOCH, NotificationEvent::QuarantineBegan)
        .with_reason("EncounteredQuarantineException", ".a line that begins with a dot")
}

async fn send(notification: &Notification, odd: Odd) -> (Result<(), NotifyError>, String) {
    let (listener, port) = listener().await;
    let notifier = builder(port).build().unwrap();
    tokio::join!(notifier.notify(notification), mail_server(listener, odd))
}

#[tokio::test]
async fn an_e_mail_goes_to_everyone_with_the_text() {
    let (told, said) = send(&notification(), None).await;
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
async fn the_name_of_a_job_adds_no_header_and_no_recipient() {
    let mut forged = notification();
    forged.job = "Größe\r\nBcc: eve@example.com\r\n\r\nRCPT TO:<eve@example.com>".to_owned();
    let (told, said) = send(&forged, None).await;
    told.unwrap();
    let (head, _) = said.split_once("\r\n\r\n").unwrap();
    assert_eq!(head.matches("\r\nRCPT TO:").count(), 2, "{said}");
    assert!(!said.contains("\nBcc:") && !said.contains("\nRCPT TO:<eve"), "{said}");
}

#[tokio::test]
async fn no_time_is_too_far_away_for_an_e_mail() {
    for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        let far = Notification::new("roster", at, NotificationEvent::CycleFailed);
        let (told, said) = send(&far.with_next_attempt(Some(at)), None).await;
        told.unwrap();
        assert_eq!(said.matches("\r\nDate: ").count(), 1, "{said}");
    }
}

#[tokio::test]
async fn what_goes_wrong_is_told_without_addresses_and_passwords() {
    const REFUSED: &str = "550 no it@clinic.example here, s3cret";
    let commands = ["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "."];
    let refused = commands.map(|command| (command, REFUSED, "it refuses"));
    let hung_up = commands.map(|command| (command, HANG_UP, "the mail server did not take"));
    let others = [
        ("MAIL", "451 not now, s3cret", "it asks to try later"),
        ("AUTH", "HTTP/1.1 400 s3cret", "its answer makes no sense"),
        ("EHLO", "250 mail", "it does not offer what is needed"),
    ];
    for (command, answer, words) in refused.into_iter().chain(hung_up).chain(others) {
        let (told, said) = send(&notification(), Some((command, answer))).await;
        let shown = shown(&told.unwrap_err());
        assert!(shown.contains(words), "{command}: {shown}");
        assert!(!shown.contains("clinic") && !shown.contains("s3cret"), "{shown}");
        assert!(command != "EHLO" || !said.contains("AUTH"), "{said}");
    }
}

#[tokio::test]
async fn nothing_is_told_to_a_mail_server_without_the_tls_that_is_wanted() {
    for tls in [SmtpTls::StartTls, SmtpTls::Required] {
        let (listener, port) = listener().await;
        let notifier = builder(port).tls(tls).build().unwrap();
        let message = notification();
        let (told, said) = tokio::join!(notifier.notify(&message), mail_server(listener, None));
        told.unwrap_err();
        assert!(!said.contains("AUTH") && !said.contains("MAIL"), "{said}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_mail_server_that_does_not_answer_is_not_waited_for_for_ever() {
    // The system takes the connection, and nobody speaks.
    let (silent, port) = listener().await;
    let notifier = builder(port).timeout(Duration::from_secs(20)).build().unwrap();
    let start = Instant::now();
    let error = notifier.notify(&notification()).await.unwrap_err();
    assert_eq!(start.elapsed().as_secs(), 20);
    assert!(shown(&error).contains("it does not answer in time"));
    drop(silent);
}

#[tokio::test]
async fn a_mail_server_that_is_not_there_is_an_error() {
    let (listener, port) = listener().await;
    drop(listener);
    let error = builder(port).build().unwrap().notify(&notification()).await.unwrap_err();
    assert!(shown(&error).contains("there is no connection"));
}

#[test]
fn what_makes_no_notifier_is_said() {
    let builder = || SmtpNotifier::builder("mail.example");
    for mailbox in ["", "nobody", "a@b@c", "a@b.example\r\nRCPT TO:<eve@example.com>"] {
        assert_eq!(builder().from(mailbox).unwrap_err(), InvalidSmtp::Address);
        assert_eq!(builder().to(mailbox).unwrap_err(), InvalidSmtp::Address);
    }
    assert_eq!(builder().build().unwrap_err(), InvalidSmtp::NoSender);
    let from = builder().from("a@b.example").unwrap();
    assert_eq!(from.build().unwrap_err(), InvalidSmtp::NoRecipient);
    let shown = format!("{:?}", builder().credentials("user", "s3cret"));
    assert!(!shown.contains("s3cret"), "{shown}");
}
