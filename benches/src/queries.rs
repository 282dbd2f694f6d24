//! The filters that are matched, each beside a plain closure of the same meaning.

use serde_json::Value;

use crate::{texts, users::ENTERPRISE};

/// A filter for users and what it means.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Query {
    /// What tables call it.
    pub name: &'static str,
    /// The filter.
    pub text: String,
    /// Whether it matches a user of [`users`](crate::users).
    pub means: fn(&Value) -> bool,
}

/// Every filter.
pub fn all() -> Vec<Query> {
    vec![
        query("userName eq", r#"userName eq "user04711@example.com""#, |user| {
            text(user, "/userName") == "user04711@example.com"
        }),
        query("name.familyName co", r#"name.familyName co "ensen""#, |user| {
            text(user, "/name/familyName").contains("ensen")
        }),
        query("title pr", "title pr", |user| !text(user, "/title").is_empty()),
        query("date gt", r#"meta.lastModified gt "2025-12-31T23:59:59Z""#, |user| {
            text(user, "/meta/lastModified") > "2025-12-31T23:59:59Z"
        }),
        query(
            "value path",
            r#"emails[type eq "work" and value co "@example.com"]"#,
            has_work_address,
        ),
        parsed("medium", |user| {
            text(user, "/userType") == "Employee"
                && emails(user).any(|email| {
                    let value = text(email, "/value");
                    value.contains("example.com") || value.contains("example.org")
                })
        }),
        parsed("complex", |user| {
            let is_guest = text(user, "/userType") == "Guest";
            let is_old = text(user, "/meta/lastModified") < "2011-05-13T04:42:34Z";
            let is_inactive = user.get("active") == Some(&Value::Bool(false));
            let is_named = text(user, "/userName").starts_with("bjensen");
            (is_named || !text(user, "/title").is_empty())
                && !(is_guest || is_inactive && is_old)
                && emails(user).any(|email| {
                    text(email, "/type") == "work"
                        && !text(email, "/value").ends_with("@example.org")
                })
        }),
        parsed("or200", |user| {
            let number = text(user, "/userName").get(4..9).and_then(|n| n.parse().ok());
            number.is_some_and(|number: usize| (1..=200).contains(&number))
        }),
        parsed("urn", |user| {
            user.get(ENTERPRISE).is_some_and(|user| text(user, "/department") == "Engineering")
        }),
    ]
}

fn query(name: &'static str, text: &str, means: fn(&Value) -> bool) -> Query {
    Query { name, text: text.to_owned(), means }
}

/// A filter that is measured in parsing too.
fn parsed(name: &'static str, means: fn(&Value) -> bool) -> Query {
    let texts = texts::all();
    let text = texts.into_iter().find(|text| text.name == name).map(|text| text.text);
    Query { name, text: text.unwrap_or_default(), means }
}

fn has_work_address(user: &Value) -> bool {
    emails(user).any(|email| {
        text(email, "/type") == "work" && text(email, "/value").contains("@example.com")
    })
}

fn emails(user: &Value) -> impl Iterator<Item = &Value> {
    user.get("emails").and_then(Value::as_array).into_iter().flatten()
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use scim_core::{Filter, SchemaRegistry};

    use super::*;
    use crate::users;

    #[test]
    fn filters_mean_what_the_closures_say() -> Result<(), Box<dyn Error>> {
        let registry = SchemaRegistry::standard();
        let schema = registry.resource_type("User").ok_or("no such resource type")?;
        for query in all() {
            let bound = query.text.parse::<Filter>()?.bind(schema)?;
            for user in (0..300).map(users::user) {
                let matches = user.as_object().is_some_and(|user| bound.matches(user));
                assert_eq!(matches, (query.means)(&user), "{} {user}", query.name);
            }
        }
        Ok(())
    }
}
