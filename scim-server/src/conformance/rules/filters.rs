//! A filter finds what it matches, by whatever a store has of indexes.

use serde_json::{Value, json};

use crate::{
    conformance::{
        documents::{GROUP, USER, document, user},
        fault::{Fault, Held, ensure_eq},
        generate::{documents, filters::Filters},
        subject::{Subject, bound, ids, query},
    },
    store::{Start, Wanted},
};

pub(in crate::conformance) async fn a_filter_on_users_lists_what_it_matches(
    subject: Subject,
) -> Held {
    let people = documents::people(&subject, 40);
    for person in &people {
        subject.create(person).await?;
    }
    let mut filters = Filters::new(USER, &people, subject.seed);
    agree(&subject, USER, &people, &mut filters, 120).await
}

pub(in crate::conformance) async fn a_filter_on_groups_lists_what_it_matches(
    subject: Subject,
) -> Held {
    let values: Vec<_> =
        ["u", "U", "%"].iter().flat_map(|text| (0..4).map(move |n| format!("{text}{n}"))).collect();
    let groups = documents::groups(&subject, 25, &values);
    for group in &groups {
        subject.create(group).await?;
    }
    let mut filters = Filters::new(GROUP, &groups, subject.seed);
    agree(&subject, GROUP, &groups, &mut filters, 80).await
}

/// Holds what filters find against what the evaluator says.
async fn agree(
    subject: &Subject,
    resource_type: &str,
    resources: &[scim_core::Resource],
    filters: &mut Filters<'_>,
    count: usize,
) -> Held {
    for _ in 0..count {
        let text = filters.next();
        let filter = bound(resource_type, &text)?;
        let matching = resources.iter().filter(|resource| filter.matches(resource.attributes()));
        let expected: Vec<_> =
            matching.filter_map(|resource| resource.id()).map(str::to_owned).collect();
        let found = subject.found(resource_type, &text).await?;
        ensure_eq(&found, &expected, format!("`{text}`"))?;
        // Part of it, with what only the document has left out.
        let mut page = query(resource_type);
        (page.filter, page.wanted) = (Some(filter), Wanted::OWN);
        (page.start, page.count) = (Start::Offset(1), 3);
        let page = subject.list(&page).await?;
        let part: Vec<_> = expected.iter().skip(1).take(3).cloned().collect();
        let total = u64::try_from(expected.len()).ok();
        ensure_eq(&(ids(&page), page.total), &(part, total), format!("a page of `{text}`"))?;
    }
    Ok(())
}

/// What is a sign in SQL or in a pattern is a letter in a filter.
pub(in crate::conformance) async fn wildcards_and_quotes_mean_themselves(subject: Subject) -> Held {
    let texts =
        ["a_b", "axb", "a%b", "ab", "a\\b", "a'b", "a\"b", "[ab]", "a*b", "a?b", ".*", "ÀB"];
    let person = |(place, text): (usize, &&str)| {
        let attributes = json!({ "userName": text, "displayName": text, "externalId": text });
        subject.kept(document(USER, &place.to_string(), attributes))
    };
    let people: Vec<_> = texts.iter().enumerate().map(person).collect();
    for person in &people {
        subject.create(person).await?;
    }
    let parts = ["a_", "_", "a%", "%", "\\", "a'", "\"", "[a", "*", "?", ".", "à", "A", "b"];
    for path in ["userName", "displayName", "externalId"] {
        for op in ["sw", "co", "ew", "eq"] {
            for part in parts {
                let text = format!("{path} {op} {}", Value::from(part));
                let filter = bound(USER, &text)?;
                let matching = people.iter().filter(|person| filter.matches(person.attributes()));
                let expected: Vec<_> =
                    matching.filter_map(|person| person.id()).map(str::to_owned).collect();
                ensure_eq(&subject.found(USER, &text).await?, &expected, format!("`{text}`"))?;
            }
        }
    }
    Ok(())
}

pub(in crate::conformance) async fn a_changed_resource_is_found_by_its_new_values_alone(
    subject: Subject,
) -> Held {
    let with = |name: &str, text: &str| {
        subject.kept(document(USER, "1", json!({
            "userName": name, "externalId": text, "displayName": text, "emails": [{"value": text}],
        })))
    };
    let person = with("old", "before");
    subject.create(&person).await?;
    let next = with("new", "after");
    subject.update(&next).await?;
    let filters = [
        r#"userName eq "old""#,
        r#"userName eq "NEW""#,
        r#"userName sw "o""#,
        r#"userName sw "n""#,
        r#"externalId eq "before""#,
        r#"externalId eq "after""#,
        r#"displayName eq "Before""#,
        r#"displayName eq "AFTER""#,
        r#"emails.value eq "before""#,
        r#"emails[value eq "after"]"#,
    ];
    for text in filters {
        let is_found = bound(USER, text)?.matches(next.attributes());
        let expected: Vec<String> = is_found.then(|| "1".to_owned()).into_iter().collect();
        ensure_eq(&subject.found(USER, text).await?, &expected, format!("`{text}`"))?;
    }
    subject.update(&user("1", "bare")).await?;
    for text in filters {
        ensure_eq(&subject.found(USER, text).await?, &Vec::new(), format!("`{text}`, bare"))?;
    }
    // A name that another one takes over leads to the other one.
    subject.create(&user("2", "old")).await?;
    ensure_eq(&subject.found(USER, filters[0]).await?, &vec!["2".to_owned()], filters[0])
}

pub(in crate::conformance) async fn a_deleted_resource_is_found_by_nothing(
    subject: Subject,
) -> Held {
    let person = |id: &str, name: &str| {
        let attributes = json!({
            "userName": name, "externalId": "shared", "displayName": "shared",
            "emails": [{"value": "shared"}],
        });
        subject.kept(document(USER, id, attributes))
    };
    for (id, name) in [("1", "a"), ("2", "b"), ("3", "c")] {
        subject.create(&person(id, name)).await?;
    }
    subject.delete(USER, "2").await?;
    // Whoever comes back stands behind those who stayed.
    for expected in [["1", "3"].as_slice(), &["1", "3", "2"]] {
        let shared = ["externalId", "displayName", "emails.value"];
        for path in shared.into_iter().filter(|path| subject.offers().keeps(attribute(path))) {
            let found = subject.found(USER, &format!(r#"{path} eq "shared""#)).await?;
            ensure_eq(
                &found.iter().map(String::as_str).collect::<Vec<_>>().as_slice(),
                &expected,
                path,
            )?;
        }
        for text in [r#"id eq "2""#, r#"userName eq "b""#, r#"id eq "2" or userName eq "b""#] {
            let found = subject.found(USER, text).await?;
            ensure_eq(&found.len(), &(expected.len() - 2), format!("`{text}`"))?;
        }
        if expected.len() == 2 {
            subject.create(&person("2", "b")).await?;
        }
    }
    Ok(())
}

fn attribute(path: &str) -> &str {
    path.split('.').next().unwrap_or(path)
}

/// A unique attribute is looked up by its folded form, and `externalId` by the exact one.
pub(in crate::conformance) async fn case_counts_where_the_schema_says(subject: Subject) -> Held {
    let person = json!({ "userName": "BJensen", "externalId": "Ext" });
    subject.create(&document(USER, "Id", person)).await?;
    let cases = [
        (r#"userName eq "bjensen""#, 1),
        (r#"userName eq "BJENSEN""#, 1),
        (r#"externalId eq "Ext""#, 1),
        (r#"externalId eq "ext""#, 0),
        (r#"id eq "Id""#, 1),
        (r#"id eq "id""#, 0),
    ];
    for (text, count) in cases {
        let found =
            subject.found(USER, text).await.map_err(|fault: Fault| fault.while_doing(text))?;
        ensure_eq(&found.len(), &count, format!("`{text}`"))?;
    }
    Ok(())
}
