//! Users and groups to match, to read and to change.

use serde_json::{Value, json};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// The URI of the enterprise extension, under which its attributes lie.
pub const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

const FAMILY_NAMES: [&str; 10] = [
    "Jensen", "Smith", "Garcia", "Mueller", "Nguyen", "Sorensen", "Rossi", "Tanaka", "Okafor",
    "Brown",
];
const USER_TYPES: [&str; 3] = ["Employee", "Contractor", "Guest"];
const DEPARTMENTS: [&str; 8] = [
    "Engineering",
    "Sales",
    "Finance",
    "Support",
    "Legal",
    "Marketing",
    "Research",
    "Tour Operations",
];

/// The user of a number below 100,000, in about 1.2 KB of JSON. Those of even numbers were changed last year.
pub fn user(number: usize) -> Value {
    let id = id(number);
    let (family, given) = (pick(&FAMILY_NAMES, number), "Barbara");
    let handle = format!("user{number:05}");
    let (year, day) = (2025 + number % 2, number % 28 + 1);
    json!({
        "schemas": [USER, ENTERPRISE],
        "id": id,
        "externalId": format!("701{number:05}"),
        "userName": format!("{handle}@example.com"),
        "name": {
            "formatted": format!("Ms. {given} {family}"), "familyName": family, "givenName": given,
        },
        "displayName": format!("{given} {family}"),
        "title": "Tour Guide",
        "userType": pick(&USER_TYPES, number),
        "preferredLanguage": "en-US",
        "locale": "en-US",
        "timezone": "America/Los_Angeles",
        "active": !number.is_multiple_of(4),
        "emails": [
            {"value": format!("{handle}@example.com"), "type": "work", "primary": true},
            {"value": format!("{handle}@home.example.net"), "type": "home"},
        ],
        "phoneNumbers": [{"value": format!("+1-555-{number:07}"), "type": "work"}],
        "addresses": [{
            "type": "work", "streetAddress": format!("{number} Universal City Plaza"),
            "locality": "Hollywood", "region": "CA", "postalCode": format!("{number:05}"),
            "country": "US", "primary": true,
        }],
        ENTERPRISE: {
            "employeeNumber": format!("{number:05}"), "costCenter": "4130",
            "department": pick(&DEPARTMENTS, number),
            "manager": {"value": "26118915-6090-4610-87e4-49d8ca9f808d"},
        },
        "meta": {
            "resourceType": "User", "created": "2024-01-23T04:56:22Z",
            "lastModified": format!("{year}-05-{day:02}T04:42:34Z"),
            "location": format!("https://example.com/scim/v2/Users/{id}"), "version": "W/\"3\"",
        },
    })
}

/// A page of a list of so many users, which begins at `start`, counted from 1.
pub fn page(users: usize, start: usize, count: usize) -> String {
    let numbers = (start.saturating_sub(1)..users).take(count);
    let resources: Vec<String> = numbers.map(|number| user(number).to_string()).collect();
    format!(
        r#"{{"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": {users}, "startIndex": {start}, "itemsPerPage": {},
        "Resources": [{}]}}"#,
        resources.len(),
        resources.join(",")
    )
}

/// A group with the users of the first numbers as its members.
pub fn group(members: usize) -> Value {
    json!({
        "schemas": [GROUP], "id": "e9e30dba-f08f-4109-8486-d5c6a331660a",
        "displayName": "Tour Guides", "members": (0..members).map(member).collect::<Vec<_>>(),
    })
}

/// The user of a number as the member of a group.
pub fn member(number: usize) -> Value {
    json!({"value": id(number), "display": format!("User {number}"), "type": "User"})
}

/// The `id` of the user of a number.
pub fn id(number: usize) -> String {
    format!("2819c223-7f76-453a-919d-{number:012x}")
}

fn pick(texts: &[&'static str], number: usize) -> &'static str {
    texts.iter().cycle().nth(number % texts.len()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_about_as_long_as_those_of_earlier_measurements() {
        let lengths = [0, 7, 9_999].map(|number| user(number).to_string().len());
        assert!(lengths.iter().all(|length| (1200..1300).contains(length)), "{lengths:?}");
    }

    #[test]
    fn the_last_page_holds_the_rest() {
        let page: Value = page(25, 21, 10).parse().unwrap();
        assert_eq!((&page["itemsPerPage"], &page["totalResults"]), (&json!(5), &json!(25)));
        assert_eq!(page["Resources"][0], user(20));
    }
}
