//! Documents come back as they were given.

use serde_json::json;

use crate::{
    conformance::{
        documents::{ENTERPRISE, UNKNOWN_EXTENSION, USER, document, document_of, user},
        fault::{Held, ensure, ensure_eq, not_found, taken},
        generate::{Texts, documents},
        subject::{Subject, query},
    },
    store::Wanted,
};

pub(in crate::conformance) async fn awkward_text_comes_back_as_it_was(subject: Subject) -> Held {
    for (place, text) in Texts::AWKWARD.iter().enumerate() {
        let (id, name) = (place.to_string(), format!("{text}{place}"));
        let resource = json!({ "userName": name, "externalId": text, "displayName": text });
        let resource = subject.kept(document(USER, &id, resource));
        subject.create(&resource).await?;
        ensure_eq(&subject.read(USER, &id).await?, &resource, "what get gives")?;
        let again = subject.try_create(&user("again", &name)).await?;
        taken(&again, "userName", format!("a second create of {name:?}"))?;
        subject.update(&resource).await?;
        ensure_eq(&subject.read(USER, &id).await?, &resource, "what get gives after an update")?;
    }
    let total = u64::try_from(Texts::AWKWARD.len()).ok();
    ensure_eq(&subject.all(USER).await?.total, &total, "how many there are")
}

pub(in crate::conformance) async fn a_nul_is_kept_or_refused(subject: Subject) -> Held {
    let resource = subject.kept(document(
        USER,
        "1",
        json!({ "userName": "a\0b", "displayName": "\0", "title": "x\0" }),
    ));
    if subject.try_create(&resource).await?.is_ok() {
        return ensure_eq(&subject.read(USER, "1").await?, &resource, "what get gives");
    }
    not_found(&subject.try_get(USER, "1", Wanted::ALL).await?, "get of what was refused")?;
    subject.create(&user("1", "a")).await.map(drop)
}

pub(in crate::conformance) async fn numbers_and_structure_come_back_exactly(
    subject: Subject,
) -> Held {
    let resource = document(
        USER,
        "1",
        json!({
            "userName": "bjensen",
            (ENTERPRISE): { "employeeNumber": "007", "manager": { "value": "26" } },
            (UNKNOWN_EXTENSION): {
                "large": [9_007_199_254_740_993_i64, u64::MAX, i64::MIN],
                "small": [0.1, 1e-300, -0.5, 1.5e300],
                "deep": [[{ "a": [true, false, {}] }, []], "", { "b": { "c": { "d": [1] } } }],
            },
        }),
    );
    let created = subject.create(&resource).await?;
    ensure_eq(&document_of(&created)?, &resource, "what create gives back")?;
    ensure_eq(&subject.read(USER, "1").await?, &resource, "what get gives")?;
    let page = subject.list(&query(USER)).await?;
    for stored in &page.resources {
        ensure_eq(&document_of(stored)?, &resource, "what list gives")?;
    }
    ensure(page.resources.len() == 1, || "list gives another number of resources".to_owned())
}

pub(in crate::conformance) async fn documents_of_any_kind_come_back_whole(
    subject: Subject,
) -> Held {
    let people = documents::people(&subject, 60);
    for person in &people {
        let created = subject.create(person).await?;
        ensure_eq(&document_of(&created)?, person, "what create gives back")?;
    }
    let page = subject.all(USER).await?;
    ensure_eq(&page.resources.len(), &people.len(), "how many there are")?;
    for (stored, person) in page.resources.iter().zip(&people) {
        ensure_eq(&document_of(stored)?, person, "what list gives")?;
        let id = person.id().unwrap_or_default();
        ensure_eq(&subject.read(USER, id).await?, person, "what get gives")?;
    }
    Ok(())
}
