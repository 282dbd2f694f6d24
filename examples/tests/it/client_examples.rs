//! What the examples of the client do, against a roster over loopback.

use std::collections::BTreeSet;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use scim_client::{
    Client, Error, User,
    transport::{InProcessTransport, ReqwestTransport},
};
use scim_examples::{
    export::export,
    import::{Import, Rows, import},
    service_provider::{ServiceProvider, ServiceProviderArguments, provision},
};
use serde_json::{Value, json};

/// Rows that can be imported and rows that cannot, on known lines.
const FILE: &str = "\
userName,givenName,familyName,email,active,externalId,department
secret.ada,Secreta,Lovesecret,secret.ada@clinic.example,true,secret-1,Cardiology
secret.bob,Secretbob,\"Secret
Builder\",secret.bob@clinic.example,FALSE,secret-2,
,Secretcy,Secretson,secret.cy@clinic.example,true,,
secret.dan,,,secret-no-address,true,,
secret.eve,,,,secret-perhaps,,

secret.fay,Secretfay
secret.ada,Secreta,Again,,,,
secret.gus,,,,,,
";
/// Each line that cannot be imported, and what is said of it.
const REFUSED: [(u64, &str); 4] = [
    (5, "`userName` is missing"),
    (6, "`email` is no e-mail address"),
    (7, "`active` is neither `true` nor `false`"),
    (9, "it has 2 columns, and the header has 7"),
];

/// Does something with a roster that nobody is in.
async fn with_roster<T>(work: impl AsyncFnOnce(Client) -> T) -> T {
    let provider = ServiceProvider::open(ServiceProviderArguments::default()).await.unwrap();
    let client = provider.client().clone();
    provider.during(Box::pin(work(client))).await
}

async fn import_text(client: &Client, file: &str) -> Import {
    let mut done = 0;
    let import = import(client, Rows::new(file.as_bytes()).unwrap(), |bytes| done = bytes).await;
    assert_eq!(done, u64::try_from(file.len()).unwrap());
    import.unwrap()
}

async fn user_names(client: &Client) -> Vec<String> {
    let users = client.api::<User>().list().all().await.unwrap();
    users.into_iter().map(|user| user.user_name).collect()
}

#[tokio::test]
async fn an_export_has_a_line_of_json_for_each_user() {
    with_roster(async |client| {
        provision(&client, 52).await.unwrap();
        let pages = client.dynamic("/Users").unwrap().list().count(7).pages();
        let (mut lines, mut seen) = (Vec::new(), Vec::new());
        let export = export(pages, &mut lines, |came, total| seen.push((came, total)));
        let export = export.await.unwrap();
        assert_eq!(export.to_string(), "52 came, 0 came again, and the list has not moved");
        assert!(export.is_whole());
        assert_eq!(seen, (1..=52).map(|came| (came, Some(52))).collect::<Vec<_>>());

        let text = String::from_utf8(lines).unwrap();
        assert!(text.ends_with("}\n"));
        let exported: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(exported.len(), 52);
        let ids: BTreeSet<&str> =
            exported.iter().map(|user| user["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), 52);
        let mut names: Vec<String> =
            exported.iter().map(|user| user["userName"].as_str().unwrap().to_owned()).collect();
        let mut expected = user_names(&client).await;
        names.sort();
        expected.sort();
        assert_eq!(names, expected);
    })
    .await;
}

#[tokio::test]
async fn an_export_that_breaks_off_is_not_whole() {
    with_roster(async |client| {
        let list = client.dynamic("/Nowhere").unwrap().list();
        let export = export(list.pages(), Vec::new(), |_, _| {}).await.unwrap();
        assert_eq!((export.written, export.failed), (0, 1));
        assert!(!export.is_whole());
        assert!(export.to_string().contains("FAILED 1 times: `GET /Nowhere`: "), "{export}");
    })
    .await;
}

#[tokio::test]
async fn an_import_tells_the_lines_that_were_refused_and_no_value() {
    with_roster(async |client| {
        let import = import_text(&client, FILE).await;
        assert_eq!((import.created, import.there), (3, 1));
        let refused: Vec<(u64, &str)> =
            import.refused.iter().map(|row| (row.line, row.reason.as_str())).collect();
        assert_eq!(refused, REFUSED);
        assert!(!import.is_complete());
        let said = format!("{import}\n{import:?}");
        assert!(said.contains("3 created, 1 there already, 4 refused"), "{said}");
        assert!(!said.to_lowercase().contains("secret"), "{said}");

        let mut names = user_names(&client).await;
        names.sort();
        assert_eq!(names, ["secret.ada", "secret.bob", "secret.gus"]);
    })
    .await;
}

#[tokio::test]
async fn a_second_import_creates_nobody() {
    with_roster(async |client| {
        // More than one call takes.
        let row = |number: usize| format!("person.{number},p{number}@clinic.example\n");
        let file = format!("userName,email\n{}", (0..1203).map(row).collect::<String>());
        let first = import_text(&client, &file).await;
        assert_eq!((first.created, first.there, first.is_complete()), (1203, 0, true));
        let second = import_text(&client, &file).await;
        assert_eq!((second.created, second.there, second.is_complete()), (0, 1203, true));
        assert_eq!(user_names(&client).await.len(), 1203);
    })
    .await;
}

#[tokio::test]
async fn what_the_service_provider_refuses_is_told_without_its_words() {
    let refused = json!({
        "method": "POST", "bulkId": "2", "status": "400",
        "response": {"status": "400", "scimType": "invalidValue", "detail": "secret.bob is odd"},
    });
    let answers = json!({"Operations": [
        {"method": "POST", "bulkId": "1", "location": "/v2/Users/1", "status": "201"},
        refused,
        {"method": "POST", "bulkId": "3", "status": "409", "response": {"detail": "secret.cy"}},
    ]});
    let config = json!({
        "bulk": {"supported": true, "maxOperations": 1000, "maxPayloadSize": 1_000_000}
    });
    let transport = InProcessTransport::new(move |request: Request<Bytes>| {
        let is_bulk = request.uri().path() == "/v2/Bulk";
        let answer = if is_bulk { answers.to_string() } else { config.to_string() };
        async move { Response::new(Bytes::from(answer)) }
    });
    let client = Client::builder("https://scim.example/v2").transport(transport).build().unwrap();
    let import = import_text(&client, "userName\nsecret.ada\nsecret.bob\nsecret.cy\n").await;
    assert_eq!((import.created, import.there), (1, 1));
    let [refusal] = &import.refused[..] else { panic!("{import}") };
    assert_eq!((refusal.line, refusal.status), (3, Some(StatusCode::BAD_REQUEST)));
    assert_eq!(refusal.reason, "the service provider refuses the request: `invalidValue`");
    assert!(!format!("{import}\n{import:?}").contains("secret"), "{import}");
}

#[tokio::test]
async fn an_import_ends_where_nobody_would_be_created() {
    with_roster(async |client| {
        let stranger = Client::builder(client.base_url().as_str())
            .bearer_token("not-the-token-of-this-roster")
            .transport(ReqwestTransport::new().unwrap())
            .build()
            .unwrap();
        let rows = Rows::new(FILE.as_bytes()).unwrap();
        let error = import(&stranger, rows, |_| {}).await.unwrap_err();
        assert!(error.is_unauthorized(), "{error}");

        assert_eq!(user_names(&client).await, Vec::<String>::new());
    })
    .await;

    // Nobody who speaks SCIM.
    let transport = InProcessTransport::new(async |_: Request<Bytes>| {
        let mut response = Response::new(Bytes::from("<html></html>"));
        *response.status_mut() = StatusCode::NOT_FOUND;
        response
    });
    let client = Client::builder("https://www.example").transport(transport).build().unwrap();
    let file = format!("userName\n{}", "somebody\n".repeat(700));
    let import = import(&client, Rows::new(file.as_bytes()).unwrap(), |_| {}).await.unwrap();
    assert!(import.lost.as_ref().is_some_and(Error::is_not_scim), "{import}");
    assert_eq!((import.created, import.refused.len()), (0, 500));
    assert!(!import.is_complete());
}
