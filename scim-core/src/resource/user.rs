use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{EnterpriseUser, Meta, MultiValued, ResourceId};
use crate::schema_uri::SchemaUri;

/// A user ([RFC 7643 §4.1]), with the enterprise extension.
///
/// Attributes and extensions that this type does not name are kept in `other`.
///
/// ```
/// use scim_core::{MultiValued, User};
///
/// let mut user = User::new("bjensen");
/// user.active = Some(true);
/// user.emails.push(MultiValued::new("bjensen@example.com").with_type("work"));
///
/// let json = serde_json::to_value(&user)?;
/// assert_eq!(json["emails"][0]["type"], "work");
/// assert_eq!(serde_json::from_value::<User>(json)?, user);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// [RFC 7643 §4.1]: https://www.rfc-editor.org/rfc/rfc7643#section-4.1
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct User {
    /// The schemas in use.
    #[serde(default)]
    pub schemas: Vec<SchemaUri>,
    /// The identifier that the service provider gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ResourceId>,
    /// The identifier that the client gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The name that the user signs in with.
    #[serde(default)]
    pub user_name: String,
    /// The parts of the user's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// The name to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What friends call the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nick_name: Option<String>,
    /// The URL of a page about the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_url: Option<String>,
    /// The job title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The user's relation to the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_type: Option<String>,
    /// The languages the user prefers, as in `Accept-Language`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_language: Option<String>,
    /// The locale for dates and numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The time zone, by its name in the tz database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// Whether the user may sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// The password, in clear text; no service provider returns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// E-mail addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<MultiValued>,
    /// Telephone numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phone_numbers: Vec<MultiValued>,
    /// Addresses of instant messengers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ims: Vec<MultiValued>,
    /// URLs of pictures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<MultiValued>,
    /// Postal addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address>,
    /// The groups that the user belongs to, as the service provider tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<MultiValued>,
    /// What the user is entitled to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entitlements: Vec<MultiValued>,
    /// The user's roles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<MultiValued>,
    /// Certificates in DER, in base 64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub x509_certificates: Vec<MultiValued>,
    /// The enterprise extension.
    #[serde(
        rename = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub enterprise: Option<EnterpriseUser>,
    /// What the service provider says about the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
    /// Attributes and extensions that this type does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The parts of a user's name ([RFC 7643 §4.1.1]).
///
/// [RFC 7643 §4.1.1]: https://www.rfc-editor.org/rfc/rfc7643#section-4.1.1
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Name {
    /// The whole name, ready to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    /// The family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// The given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// The middle names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// A title in front, such as `Ms.`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub honorific_prefix: Option<String>,
    /// A title behind, such as `III`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub honorific_suffix: Option<String>,
    /// Sub-attributes that this type does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A postal address ([RFC 7643 §4.1.2]).
///
/// [RFC 7643 §4.1.2]: https://www.rfc-editor.org/rfc/rfc7643#section-4.1.2
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Address {
    /// The whole address, ready to print.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    /// Street, house number, post office box.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    /// The city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    /// The state or region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// The country, as two letters of ISO 3166-1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// What the address is for, such as `work`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub address_type: Option<String>,
    /// Whether it is the preferred address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary: Option<bool>,
    /// Sub-attributes that this type does not name.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl User {
    /// A user with nothing but a name to sign in with.
    pub fn new(user_name: impl Into<String>) -> Self {
        Self {
            schemas: vec![SchemaUri::literal(SchemaUri::USER)],
            id: None,
            external_id: None,
            user_name: user_name.into(),
            name: None,
            display_name: None,
            nick_name: None,
            profile_url: None,
            title: None,
            user_type: None,
            preferred_language: None,
            locale: None,
            timezone: None,
            active: None,
            password: None,
            emails: Vec::new(),
            phone_numbers: Vec::new(),
            ims: Vec::new(),
            photos: Vec::new(),
            addresses: Vec::new(),
            groups: Vec::new(),
            entitlements: Vec::new(),
            roles: Vec::new(),
            x509_certificates: Vec::new(),
            enterprise: None,
            meta: None,
            other: Map::new(),
        }
    }

    /// The user with the enterprise extension, which `schemas` then names too.
    #[must_use]
    pub fn with_enterprise(mut self, enterprise: EnterpriseUser) -> Self {
        let uri = SchemaUri::literal(SchemaUri::ENTERPRISE_USER);
        if !self.schemas.contains(&uri) {
            self.schemas.push(uri);
        }
        self.enterprise = Some(enterprise);
        self
    }
}
