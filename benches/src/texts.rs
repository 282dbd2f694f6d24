//! The filters and PATCH paths that are parsed.

/// A text to parse.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Text {
    /// What tables call it.
    pub name: &'static str,
    /// What it is to be read as.
    pub grammar: Grammar,
    /// The text itself.
    pub text: String,
    /// Whether it keeps to its grammar; where it does not, refusing it is measured.
    pub valid: bool,
}

/// What a text is to be read as.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Grammar {
    /// A filter.
    Filter,
    /// The path of a PATCH operation.
    PatchPath,
}

/// Every text, from the filters to the paths.
pub fn all() -> Vec<Text> {
    vec![
        filter("short", r#"userName eq "bjensen""#),
        filter(
            "medium",
            r#"userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")"#,
        ),
        filter(
            "valuepath",
            r#"userType eq "Employee" and emails[type eq "work" and value co "@example.com"]"#,
        ),
        filter(
            "complex",
            concat!(
                r#"(userName sw "bjensen" or title pr) and not (userType eq "Guest" or (active eq false "#,
                r#"and meta.lastModified lt "2011-05-13T04:42:34Z")) "#,
                r#"and emails[type eq "work" and not (value ew "@example.org")]"#,
            ),
        ),
        filter("or200", any_user(200)),
        filter("or30", any_user(30)),
        filter(
            "urn",
            r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "Engineering""#,
        ),
        Text { valid: false, ..filter("invalid", r#"userName eq "bjensen" and title eq "Dr"#) },
        path("path", "userName"),
        path("path-sub", "name.familyName"),
        path("path-value", r#"members[value eq "2819c223-7f76-453a-919d-413861904646"]"#),
        path("path-value-sub", r#"addresses[type eq "work"].streetAddress"#),
        path("path-urn", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"),
    ]
}

fn filter(name: &'static str, text: impl Into<String>) -> Text {
    Text { name, grammar: Grammar::Filter, text: text.into(), valid: true }
}

fn path(name: &'static str, text: &str) -> Text {
    Text { name, grammar: Grammar::PatchPath, text: text.to_owned(), valid: true }
}

/// Asks for one of so many users.
fn any_user(users: usize) -> String {
    let clauses: Vec<_> =
        (1..=users).map(|n| format!(r#"userName eq "user{n:05}@example.com""#)).collect();
    clauses.join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_stay_comparable_between_runs() {
        let lengths: Vec<_> = all().iter().map(|text| (text.name, text.text.len())).collect();
        let expected = [
            ("short", 21),
            ("medium", 85),
            ("valuepath", 77),
            ("complex", 195),
            ("or200", 7796),
            ("or30", 1166),
            ("urn", 86),
            ("invalid", 38),
            ("path", 8),
            ("path-sub", 15),
            ("path-value", 56),
            ("path-value-sub", 39),
            ("path-urn", 69),
        ];
        assert_eq!(lengths, expected);
    }
}
