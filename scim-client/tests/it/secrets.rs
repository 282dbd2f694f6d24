use std::{error::Error as _, fmt::Write as _};

use scim_client::{Client, Error, ErrorKind, User};

use crate::script::{Script, answer, json};

const TOKEN: &str = "hush-hush";

fn shown(error: &Error) -> String {
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(cause) = source {
        write!(shown, " {cause} {cause:?}").unwrap();
        source = cause.source();
    }
    shown
}

#[tokio::test]
async fn the_token_is_sent_and_never_shown() {
    let echo = format!("no such token: {TOKEN}");
    let refused = serde_json::json!({"status": "401", "detail": echo, "scimType": TOKEN});
    let script = Script::new([json(401, &refused), answer(404, echo)]);
    let builder = Client::builder(format!("https://scim.example.com/v2?token={TOKEN}"))
        .bearer_token(TOKEN)
        .transport(script.clone());
    let mut shown_texts = vec![format!("{builder:?}")];
    let client = builder.build().unwrap();
    let users = client.api::<User>();
    let id = "2819".parse().unwrap();
    shown_texts.push(format!("{client:?} {:#?} {users:?}", client.clone()));
    shown_texts.push(format!("{:?} {:?} {:?}", users.get(&id), users.list(), users.delete(&id)));
    let user = User::new("bjensen");
    shown_texts.push(format!("{:?} {:?}", users.create(&user), users.patch(&id)));
    shown_texts.push(shown(&users.get(&id).await.unwrap_err()));
    shown_texts.push(shown(&users.get(&id).await.unwrap_err()));
    for request in script.requests() {
        assert_eq!(request.headers()["authorization"], "Bearer hush-hush");
        assert!(request.headers()["authorization"].is_sensitive());
        shown_texts.push(format!("{request:?}"));
    }
    for text in shown_texts {
        assert!(!text.contains(TOKEN), "{text}");
    }
}

#[test]
fn a_setting_that_is_not_valid_is_refused_without_being_shown() {
    let url = "https://scim.example.com/v2";
    let builder = || Client::builder(url).transport(Script::default());
    let rows = [
        (builder().bearer_token("hush-hush\r\nX-Evil: 1"), "the bearer token is empty"),
        (builder().bearer_token("hush-hush\n"), "the bearer token is empty"),
        (builder().bearer_token("Bearer hush-hush"), "the bearer token is empty"),
        (builder().bearer_token("hush-hush\u{e9}"), "the bearer token is empty"),
        (builder().bearer_token(""), "the bearer token is empty"),
        (builder().user_agent("a\nb"), "the user agent holds a control character"),
        (Client::builder(url).bearer_token(TOKEN), "there is no transport"),
        (
            Client::builder("https://me:hush-hush@a.example").transport(Script::default()),
            "the base url must not hold a user name or a password",
        ),
    ];
    for (builder, cause) in rows {
        assert!(!format!("{builder:?}").contains(TOKEN));
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.source().unwrap().to_string().starts_with(cause), "{cause}");
        assert!(!shown(&error).contains(TOKEN), "{cause}");
    }
}

#[tokio::test]
async fn a_client_without_a_token_sends_none_and_names_the_application() {
    let script = Script::new([answer(204, "")]);
    let builder = Client::builder("https://scim.example.com/v2").user_agent("roster/3");
    let client = builder.transport(script.clone()).build().unwrap();
    client.api::<User>().delete(&"1".parse().unwrap()).await.unwrap();
    let request = &script.requests()[0];
    assert_eq!(request.headers()["user-agent"], "roster/3");
    assert!(!request.headers().contains_key("authorization"));
}
