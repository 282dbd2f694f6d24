use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::{AttributeType, Mutability, Returned, Uniqueness};
use crate::{attribute::AttributeName, fold::fold, members::Members};

/// What a schema says about one attribute ([RFC 7643 §7]).
///
/// Reading takes members and words in any case, and booleans as text. A characteristic that a
/// schema document leaves out, or gives a word that the RFC lacks, has the default of
/// [RFC 7643 §2.2].
///
/// [RFC 7643 §7]: https://www.rfc-editor.org/rfc/rfc7643#section-7
/// [RFC 7643 §2.2]: https://www.rfc-editor.org/rfc/rfc7643#section-2.2
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AttributeDefinition {
    /// The name.
    pub name: AttributeName,
    /// The data type.
    #[serde(rename = "type")]
    pub attribute_type: AttributeType,
    /// Whether it holds any number of values.
    pub multi_valued: bool,
    /// A sentence for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether every resource has it.
    pub required: bool,
    /// Values that the RFC or the service provider suggests.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub canonical_values: Vec<String>,
    /// Whether upper and lower case differ.
    pub case_exact: bool,
    /// Who may change it.
    pub mutability: Mutability,
    /// When it is part of an answer.
    pub returned: Returned,
    /// Among what its value must be unique.
    pub uniqueness: Uniqueness,
    /// What a reference may point to: resource types, `external` or `uri`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reference_types: Vec<String>,
    /// What a complex attribute is made of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sub_attributes: Vec<Self>,
}

impl AttributeDefinition {
    /// A single-valued attribute with the default characteristics.
    pub fn new(name: AttributeName, attribute_type: AttributeType) -> Self {
        Self {
            name,
            attribute_type,
            multi_valued: false,
            description: None,
            required: false,
            canonical_values: Vec::new(),
            case_exact: false,
            mutability: Mutability::default(),
            returned: Returned::default(),
            uniqueness: Uniqueness::default(),
            reference_types: Vec::new(),
            sub_attributes: Vec::new(),
        }
    }

    /// The sub-attribute of that name, in any case.
    pub fn sub_attribute(&self, name: &str) -> Option<&Self> {
        self.sub_attributes.iter().find(|sub| sub.name == name)
    }

    /// Whether it is made of sub-attributes.
    pub fn is_complex(&self) -> bool {
        self.attribute_type == AttributeType::Complex
    }

    /// Whether its values are URIs.
    pub(crate) fn is_reference(&self) -> bool {
        self.attribute_type == AttributeType::Reference
    }

    /// Whether its elements refer to resources and are known by their `value` alone, as the
    /// `members` of a group are: such an attribute can be changed without a look at those that stay.
    ///
    /// ```
    /// use scim_core::SchemaRegistry;
    ///
    /// let registry = SchemaRegistry::standard();
    /// let groups = registry.resource_type("Group").ok_or("no such resource type")?;
    /// assert!(groups.attribute("members").is_some_and(|members| members.is_membership()));
    /// assert!(groups.attribute("displayName").is_some_and(|name| !name.is_membership()));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn is_membership(&self) -> bool {
        self.multi_valued
            && self.sub_attribute("$ref").is_some()
            && self.sub_attribute("value").is_some_and(Self::is_case_exact)
            && self.sub_attribute("primary").is_none()
            && self.mutability == Mutability::ReadWrite
    }

    /// Whether its text compares with regard to case.
    ///
    /// References and binary values always do ([RFC 7643 §2.3.6, §2.3.7]).
    ///
    /// [RFC 7643 §2.3.6, §2.3.7]: https://www.rfc-editor.org/rfc/rfc7643#section-2.3.6
    pub fn is_case_exact(&self) -> bool {
        let always =
            matches!(self.attribute_type, AttributeType::Binary | AttributeType::Reference);
        self.case_exact || always
    }

    /// The form in which text of the attribute compares, sorts and is unique: as it is, or folded.
    ///
    /// ```
    /// use scim_core::SchemaRegistry;
    ///
    /// let registry = SchemaRegistry::standard();
    /// let users = registry.resource_type("User").ok_or("no such resource type")?;
    /// let user_name = users.attribute("userName").ok_or("no such attribute")?;
    /// assert_eq!(user_name.comparable("BJensen"), "bjensen");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn comparable<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.is_case_exact() { Cow::Borrowed(text) } else { fold(text) }
    }
}

impl<'de> Deserialize<'de> for AttributeDefinition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut members = Members::deserialize(deserializer)?;
        let name = members.text("name").unwrap_or_default();
        Ok(Self {
            name: name.trim().parse().map_err(D::Error::custom)?,
            attribute_type: members.word("type", &AttributeType::WORDS),
            multi_valued: members.boolean("multiValued").unwrap_or_default(),
            description: members.text("description"),
            required: members.boolean("required").unwrap_or_default(),
            canonical_values: members.texts("canonicalValues"),
            case_exact: members.boolean("caseExact").unwrap_or_default(),
            mutability: members.word("mutability", &Mutability::WORDS),
            returned: members.word("returned", &Returned::WORDS),
            uniqueness: members.word("uniqueness", &Uniqueness::WORDS),
            reference_types: members.texts("referenceTypes"),
            sub_attributes: members.read_list("subAttributes"),
        })
    }
}
