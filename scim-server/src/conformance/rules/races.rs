//! Many who ask at once.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use futures_util::future::{BoxFuture, FutureExt as _};
use serde_json::json;

use crate::{
    conformance::{
        documents::{GROUP, USER, delta, document, document_of, group, new, update, user, values},
        fault::{Fault, Held, done, ensure, ensure_eq, in_words},
        subject::{Subject, give_way, query},
    },
    store::{Expected, StoreError},
};

type Task<T> = BoxFuture<'static, Result<T, Fault>>;

const TASKS: usize = 16;
const ROUNDS: usize = 30;

/// In any case of letters: the key is the same.
pub(in crate::conformance) async fn of_many_creates_of_a_key_one_wins(subject: Subject) -> Held {
    for round in 0..ROUNDS {
        let tasks: Vec<Task<_>> = (0..TASKS)
            .map(|task| {
                let (subject, name) =
                    (subject.clone(), in_some_case(&format!("name{round}"), task));
                let resource = user(&format!("{round}-{task}"), &name);
                async move { Ok(subject.store.create(&subject.cx, new(&resource)?).await) }.boxed()
            })
            .collect();
        let outcomes = subject.at_once(tasks).await?;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        ensure_eq(&won, &1, format!("how many of {TASKS} creates won in round {round}"))?;
        for outcome in &outcomes {
            let is_expected = matches!(outcome, Ok(_) | Err(StoreError::Uniqueness { .. }));
            ensure(is_expected, || format!("create: {}", in_words(outcome)))?;
        }
    }
    ensure_eq(&subject.all(USER).await?.total, &u64::try_from(ROUNDS).ok(), "how many there are")
}

pub(in crate::conformance) async fn of_many_creates_of_an_id_one_wins(subject: Subject) -> Held {
    for round in 0..ROUNDS {
        let tasks: Vec<Task<_>> = (0..TASKS)
            .map(|task| {
                let subject = subject.clone();
                let resource = user(&format!("id{round}"), &format!("name{round}-{task}"));
                async move { Ok(subject.store.create(&subject.cx, new(&resource)?).await) }.boxed()
            })
            .collect();
        let outcomes = subject.at_once(tasks).await?;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        ensure_eq(&won, &1, format!("how many of {TASKS} creates won in round {round}"))?;
    }
    // The names of those who lost are free.
    for place in 0..TASKS {
        let name = format!("name0-{place}");
        if subject.found(USER, &format!(r#"userName eq "{name}""#)).await?.is_empty() {
            subject.create(&user(&format!("free{place}"), &name)).await?;
        }
    }
    Ok(())
}

pub(in crate::conformance) async fn of_many_updates_to_a_key_one_wins(subject: Subject) -> Held {
    for task in 0..TASKS {
        subject.create(&user(&task.to_string(), &format!("own{task}"))).await?;
    }
    for round in 0..ROUNDS / 2 {
        let tasks: Vec<Task<_>> = (0..TASKS)
            .map(|task| {
                let subject = subject.clone();
                let resource =
                    user(&task.to_string(), &in_some_case(&format!("name{round}"), task));
                async move { Ok(subject.store.update(&subject.cx, update(&resource)?).await) }
                    .boxed()
            })
            .collect();
        let outcomes = subject.at_once(tasks).await?;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        ensure_eq(&won, &1, format!("how many of {TASKS} updates won in round {round}"))?;
    }
    Ok(())
}

pub(in crate::conformance) async fn no_compare_and_swap_is_lost(subject: Subject) -> Held {
    const EACH: usize = 12;
    subject.create(&user("counter", "0")).await?;
    let tasks: Vec<Task<()>> = (0..TASKS)
        .map(|_| {
            let subject = subject.clone();
            async move {
                for _ in 0..EACH {
                    increment(&subject).await?;
                }
                Ok(())
            }
            .boxed()
        })
        .collect();
    subject.at_once(tasks).await?;
    let expected = user("counter", &(TASKS * EACH).to_string());
    ensure_eq(&subject.read(USER, "counter").await?, &expected, "the count")
}

async fn increment(subject: &Subject) -> Held {
    loop {
        let read = subject.get(USER, "counter").await?;
        let document = document_of(&read)?;
        let count: usize = document.text("userName").and_then(|n| n.parse().ok()).unwrap_or(0);
        let next = user("counter", &(count + 1).to_string());
        let expected = Expected::Version(read.version().clone());
        let update = update(&next)?.with_expected(expected);
        match subject.store.update(&subject.cx, update).await {
            Ok(_) => return Ok(()),
            Err(StoreError::VersionMismatch) => give_way().await,
            Err(error) => return Err(Fault::new(format!("update: {error}"))),
        }
    }
}

pub(in crate::conformance) async fn versions_are_new_among_many_writes(subject: Subject) -> Held {
    let created = subject.create(&user("1", "a")).await?;
    let mut seen = HashSet::from([created.version().to_string()]);
    let tasks: Vec<Task<Vec<String>>> = (0..TASKS)
        .map(|task| {
            let subject = subject.clone();
            async move {
                let mut versions = Vec::new();
                for _ in 0..10 {
                    let updated = subject.update(&user("1", &format!("a{task}"))).await?;
                    versions.push(updated.version().to_string());
                }
                Ok(versions)
            }
            .boxed()
        })
        .collect();
    for version in subject.at_once(tasks).await?.into_iter().flatten() {
        ensure(seen.insert(version), || "two writes give the same version".to_owned())?;
    }
    let last = subject.get(USER, "1").await?;
    ensure(seen.contains(last.version().as_str()), || "a version that no write gave".to_owned())
}

pub(in crate::conformance) async fn of_many_deletes_one_wins(subject: Subject) -> Held {
    for round in 0..ROUNDS / 2 {
        let id = format!("id{round}");
        subject.create(&user(&id, "bjensen")).await?;
        let tasks: Vec<Task<_>> = (0..TASKS)
            .map(|_| {
                let (subject, id) = (subject.clone(), id.clone());
                async move { subject.try_delete(USER, &id, Expected::Any).await }.boxed()
            })
            .collect();
        let outcomes = subject.at_once(tasks).await?;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        ensure_eq(&won, &1, format!("how many of {TASKS} deletes won in round {round}"))?;
        for outcome in &outcomes {
            let is_expected = matches!(outcome, Ok(()) | Err(StoreError::NotFound));
            ensure(is_expected, || format!("delete: {}", in_words(outcome)))?;
        }
    }
    Ok(())
}

pub(in crate::conformance) async fn a_total_and_its_page_are_of_one_moment(
    subject: Subject,
) -> Held {
    const WRITERS: usize = 4;
    const EACH: usize = 25;
    let left = Arc::new(AtomicU64::new(u64::try_from(WRITERS).unwrap_or(0)));
    let mut tasks: Vec<Task<()>> = (0..WRITERS)
        .map(|task| {
            let (subject, left) = (subject.clone(), Arc::clone(&left));
            async move {
                let written =
                    write_in_turns(&subject, (0..EACH).map(|n| format!("{task}-{n}"))).await;
                left.fetch_sub(1, Ordering::SeqCst);
                written
            }
            .boxed()
        })
        .collect();
    let reader = subject.clone();
    tasks.push(
        async move {
            while left.load(Ordering::SeqCst) > 0 {
                let page = reader.all(USER).await?;
                let length = u64::try_from(page.resources.len()).ok();
                ensure_eq(&page.total, &length, "the total of a page of all")?;
                let mut none = query(USER);
                none.count = 0;
                let later = reader.list(&none).await?.total;
                ensure(later >= page.total, || "a later total is less".to_owned())?;
                give_way().await;
            }
            Ok(())
        }
        .boxed(),
    );
    subject.at_once(tasks).await?;
    let total = u64::try_from(WRITERS * EACH).ok();
    ensure_eq(&subject.all(USER).await?.total, &total, "how many there are")
}

async fn write_in_turns(subject: &Subject, ids: impl Iterator<Item = String>) -> Held {
    for id in ids {
        subject.create(&user(&id, &id)).await?;
        give_way().await;
    }
    Ok(())
}

pub(in crate::conformance) async fn no_change_of_members_is_lost(subject: Subject) -> Held {
    const EACH: usize = 6;
    subject.create(&group("g", &["gone0", "gone1", "gone2", "stays"])).await?;
    let tasks: Vec<Task<()>> = (0..TASKS)
        .map(|task| {
            let subject = subject.clone();
            async move {
                for place in 0..EACH {
                    let value = format!("{task}-{place}");
                    let gone = format!("members[value eq \"gone{}\"]", task % 3);
                    let change = delta(&json!([
                        { "op": "remove", "path": gone },
                        { "op": "add", "path": "members", "value": [{ "value": value }] },
                    ]))?;
                    let outcome = subject.change_members("g", &change, Expected::Any).await?;
                    done(outcome, "change of members")?;
                }
                Ok(())
            }
            .boxed()
        })
        .collect();
    subject.at_once(tasks).await?;
    let mut expected: Vec<_> = (0..TASKS)
        .flat_map(|task| (0..EACH).map(move |place| format!("{task}-{place}")))
        .chain(["stays".to_owned()])
        .collect();
    expected.sort();
    ensure_eq(&values(&subject.read(GROUP, "g").await?, "members"), &expected, "the members")
}

/// What is read is the whole of one write.
pub(in crate::conformance) async fn a_read_is_of_one_moment(subject: Subject) -> Held {
    let person = |n: usize| {
        let text = n.to_string();
        subject.kept(document(
            USER,
            "1",
            json!({ "userName": text, "displayName": text, "title": text, "nickName": text }),
        ))
    };
    subject.create(&person(0)).await?;
    let mut tasks: Vec<Task<()>> = Vec::new();
    for task in 0..4_usize {
        let documents: Vec<_> = (0..20).map(|n| person(1 + 100 * task + n)).collect();
        let writer = subject.clone();
        tasks.push(
            async move {
                for document in &documents {
                    writer.update(document).await?;
                    give_way().await;
                }
                Ok(())
            }
            .boxed(),
        );
        let reader = subject.clone();
        tasks.push(
            async move {
                for _ in 0..40 {
                    let read = reader.read(USER, "1").await?;
                    let name = read.text("userName").unwrap_or_default();
                    let is_whole = ["displayName", "title", "nickName"]
                        .into_iter()
                        .all(|attribute| read.text(attribute).is_none_or(|text| text == name));
                    ensure(is_whole, || "a read is of two writes".to_owned())?;
                    give_way().await;
                }
                Ok(())
            }
            .boxed(),
        );
    }
    subject.at_once(tasks).await.map(drop)
}

/// A name with some of its letters in upper case.
fn in_some_case(name: &str, number: usize) -> String {
    let upper = |place: usize| place < usize::BITS as usize && number >> place & 1 == 1;
    name.chars()
        .enumerate()
        .map(|(place, c)| if upper(place) { c.to_ascii_uppercase() } else { c })
        .collect()
}
