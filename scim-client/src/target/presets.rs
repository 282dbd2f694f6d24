//! What is published about service providers, as data.

use std::time::Duration;

use super::{Deletion, Feature, MediaType, MemberForm, Paging, Profile};
use crate::transport::{Operation, Rate, RateLimit};

/// Beyond it, servers and proxies begin to refuse a URL.
const MAX_URL: usize = 2000;
const MINUTE: Duration = Duration::from_mins(1);

impl Profile {
    /// Whoever does as RFC 7644 says, and as it says of itself.
    pub fn rfc() -> Self {
        Self {
            name: "RFC 7644".to_owned(),
            refused: Vec::new(),
            offered: Vec::new(),
            members: MemberForm::RemoveByFilter,
            replaces_members: true,
            max_members: None,
            shows_members: true,
            repeats_attributes: true,
            paging: Paging::Either,
            max_page_size: None,
            filterable: None,
            projects: true,
            takes_several_values: true,
            required: Vec::new(),
            omitted: Vec::new(),
            deletion: Deletion::Removes,
            media_type: MediaType::ScimJson,
            max_url: MAX_URL,
            rate_limit: RateLimit::default(),
        }
    }

    /// AWS IAM Identity Center: no PUT of groups, no bulk and no search, no members shown and 100
    /// of them changed in a request, one value for each attribute of a user, pages by cursor.
    pub fn aws() -> Self {
        let omitted = ["password", "groups", "ims", "photos", "x509Certificates", "entitlements"];
        Self {
            name: "AWS IAM Identity Center".to_owned(),
            refused: [without_extras(), vec![Feature::at(Operation::Replace, "/Groups")]].concat(),
            offered: vec![
                Feature::new(Operation::Patch),
                Feature::at(Operation::Replace, "/Users"),
            ],
            members: MemberForm::RemoveByFilter,
            replaces_members: false,
            max_members: Some(100),
            shows_members: false,
            repeats_attributes: false,
            paging: Paging::Cursor,
            max_page_size: Some(100),
            filterable: Some(owned(&["userName", "externalId", "displayName", "id", "manager"])),
            projects: false,
            takes_several_values: false,
            required: owned(&["displayName", "name.givenName", "name.familyName"]),
            omitted: owned(&omitted),
            media_type: MediaType::Json,
            ..Self::rfc()
        }
    }

    /// Microsoft Entra ID, where it receives accounts: no PUT, no bulk and no search, pages by
    /// cursor.
    pub fn entra() -> Self {
        Self {
            name: "Microsoft Entra ID".to_owned(),
            refused: [without_extras(), vec![Feature::new(Operation::Replace)]].concat(),
            offered: vec![Feature::new(Operation::Patch)],
            paging: Paging::Cursor,
            ..Self::rfc()
        }
    }

    /// GitHub Enterprise: endpoints in the RFC's case, no bulk and no search; a user who is made
    /// inactive stays in the lists.
    pub fn github() -> Self {
        Self { name: "GitHub Enterprise".to_owned(), refused: without_extras(), ..Self::rfc() }
    }

    /// Slack: 600 writes a minute; who is deleted is deactivated.
    pub fn slack() -> Self {
        let writes = Rate::new(600, MINUTE).with_burst(180);
        Self {
            name: "Slack".to_owned(),
            refused: without_extras(),
            deletion: Deletion::Deactivates,
            rate_limit: RateLimit::default().with_writes(writes),
            ..Self::rfc()
        }
    }

    /// Salesforce: members wrapped in an object.
    pub fn salesforce() -> Self {
        Self {
            name: "Salesforce".to_owned(),
            refused: without_extras(),
            members: MemberForm::Wrapped,
            ..Self::rfc()
        }
    }

    /// Atlassian: filters by `userName` and `externalId` only; who is deleted is deactivated, and
    /// answers 404 from then on.
    pub fn atlassian() -> Self {
        Self {
            name: "Atlassian".to_owned(),
            refused: without_extras(),
            filterable: Some(owned(&["userName", "externalId"])),
            deletion: Deletion::Deactivates,
            ..Self::rfc()
        }
    }

    /// Google Cloud Identity: one page holds all.
    pub fn google() -> Self {
        Self {
            name: "Google Cloud Identity".to_owned(),
            refused: without_extras(),
            paging: Paging::None,
            ..Self::rfc()
        }
    }

    /// The user roster of Cerner Central: users only, who are created, updated and disabled.
    pub fn cerner() -> Self {
        let at_groups = |operation| Feature::at(operation, "/Groups");
        let groups = [
            Operation::Create,
            Operation::Get,
            Operation::List,
            Operation::Replace,
            Operation::Patch,
            Operation::Delete,
        ];
        Self {
            name: "Cerner Central".to_owned(),
            refused: [without_extras(), groups.map(at_groups).to_vec()].concat(),
            offered: vec![Feature::at(Operation::Patch, "/Users")],
            ..Self::rfc()
        }
    }

    /// The preset of that name: `rfc`, `aws`, `entra`, `github`, `slack`, `salesforce`,
    /// `atlassian`, `google` or `cerner`.
    ///
    /// ```
    /// use scim_client::target::Profile;
    ///
    /// assert_eq!(Profile::preset("aws"), Some(Profile::aws()));
    /// assert_eq!(Profile::preset("acme"), None);
    /// ```
    pub fn preset(name: &str) -> Option<Self> {
        Some(match name {
            "rfc" => Self::rfc(),
            "aws" => Self::aws(),
            "entra" => Self::entra(),
            "github" => Self::github(),
            "slack" => Self::slack(),
            "salesforce" => Self::salesforce(),
            "atlassian" => Self::atlassian(),
            "google" => Self::google(),
            "cerner" => Self::cerner(),
            _ => return None,
        })
    }
}

/// Neither bulk nor search.
fn without_extras() -> Vec<Feature> {
    vec![Feature::new(Operation::Bulk), Feature::new(Operation::Search)]
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
