use serde_json::{Map, Value};

use super::FileFault;
use crate::provision::source::{ObjectKind, SourceId, SourceObject};

/// Which fields of a file say more than a value: its columns, or the members of its JSON objects.
///
/// | field | says | without it |
/// |---|---|---|
/// | `id` | what the source calls the object, for ever; a text or a whole number | an error |
/// | `kind` | `user` or `group` | what the file is of, users as a rule |
/// | `roles` | the roles it is assigned with; a text or several | not assigned |
/// | `active` | whether the account is enabled | enabled |
/// | `deleted` | whether it was deleted and can still be restored | not deleted |
/// | `members` | the immediate members of a group: identifiers, or objects with `value` | none |
///
/// All others are attributes, and the identifier is one as well. A column that is named here with
/// a method must be in the header of a CSV file: if it went missing, nobody would be assigned any
/// more.
///
/// ```
/// use scim_client::provision::source::Fields;
///
/// let fields = Fields::new().with_id("objectId").with_active("accountEnabled");
/// assert_ne!(fields, Fields::new());
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Fields {
    id: String,
    kind: String,
    roles: String,
    active: String,
    deleted: String,
    members: String,
    /// Those that were named by a method.
    named: Vec<String>,
}

impl Default for Fields {
    fn default() -> Self {
        Self {
            id: "id".to_owned(),
            kind: "kind".to_owned(),
            roles: "roles".to_owned(),
            active: "active".to_owned(),
            deleted: "deleted".to_owned(),
            members: "members".to_owned(),
            named: Vec::new(),
        }
    }
}

impl Fields {
    /// The names above.
    pub fn new() -> Self {
        Self::default()
    }

    /// The identifier in that field.
    #[must_use]
    pub fn with_id(mut self, name: impl Into<String>) -> Self {
        self.id = self.named(name.into());
        self
    }

    /// `user` or `group` in that field.
    #[must_use]
    pub fn with_kind(mut self, name: impl Into<String>) -> Self {
        self.kind = self.named(name.into());
        self
    }

    /// The roles in that field.
    #[must_use]
    pub fn with_roles(mut self, name: impl Into<String>) -> Self {
        self.roles = self.named(name.into());
        self
    }

    /// Whether the account is enabled in that field.
    #[must_use]
    pub fn with_active(mut self, name: impl Into<String>) -> Self {
        self.active = self.named(name.into());
        self
    }

    /// Whether it was deleted and can still be restored in that field.
    #[must_use]
    pub fn with_deleted(mut self, name: impl Into<String>) -> Self {
        self.deleted = self.named(name.into());
        self
    }

    /// The members of a group in that field.
    #[must_use]
    pub fn with_members(mut self, name: impl Into<String>) -> Self {
        self.members = self.named(name.into());
        self
    }

    fn named(&mut self, name: String) -> String {
        self.named.push(name.clone());
        name
    }

    /// The columns that must be there.
    #[cfg(feature = "csv")]
    pub(in crate::provision::source) fn required(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.id).chain(&self.named).map(String::as_str)
    }

    /// The columns that hold several values.
    #[cfg(feature = "csv")]
    pub(in crate::provision::source) fn lists(&self) -> [&str; 2] {
        [&self.roles, &self.members]
    }

    /// What the fields of one object say.
    pub(super) fn object(
        &self,
        mut fields: Map<String, Value>,
        kind: ObjectKind,
    ) -> Result<SourceObject, FileFault> {
        let id = fields.get(&self.id).and_then(id).ok_or(FileFault::NoId)?;
        let mut take = |name: &String| {
            let value = if *name == self.id { None } else { fields.remove(name) };
            (value.unwrap_or_default(), FileFault::Field(name.clone()))
        };
        let (value, fault) = take(&self.kind);
        let kind = if is_none(&value) { kind } else { read_kind(&value).ok_or(fault)? };
        let (value, fault) = take(&self.roles);
        let roles = if is_none(&value) { None } else { Some(texts(value).ok_or(fault)?) };
        let (value, fault) = take(&self.active);
        let is_active = boolean(&value, true).ok_or(fault)?;
        let (value, fault) = take(&self.deleted);
        let is_soft_deleted = boolean(&value, false).ok_or(fault)?;
        let (value, fault) = take(&self.members);
        let members = if is_none(&value) { Vec::new() } else { members(value).ok_or(fault)? };
        Ok(SourceObject {
            id,
            kind,
            attributes: fields,
            roles,
            is_active,
            is_soft_deleted,
            members,
        })
    }
}

fn is_none(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(str::is_empty)
}

fn id(value: &Value) -> Option<SourceId> {
    match value {
        Value::String(text) => (!text.is_empty()).then(|| SourceId::from(text.as_str())),
        Value::Number(number) if !number.is_f64() => Some(SourceId::from(number.to_string())),
        _ => None,
    }
}

fn read_kind(value: &Value) -> Option<ObjectKind> {
    match value.as_str()? {
        word if word.eq_ignore_ascii_case("user") => Some(ObjectKind::User),
        word if word.eq_ignore_ascii_case("group") => Some(ObjectKind::Group),
        _ => None,
    }
}

fn boolean(value: &Value, default: bool) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        value if is_none(value) => Some(default),
        Value::String(word) if word.eq_ignore_ascii_case("true") => Some(true),
        Value::String(word) if word.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn texts(value: Value) -> Option<Vec<String>> {
    let text = |value| match value {
        Value::String(text) => Some(text),
        _ => None,
    };
    match value {
        Value::Array(values) => values.into_iter().map(text).collect(),
        value => Some(vec![text(value)?]),
    }
}

fn members(value: Value) -> Option<Vec<SourceId>> {
    let member = |value: &Value| match value {
        Value::Object(member) => id(member.get("value")?),
        value => id(value),
    };
    match value {
        Value::Array(values) => values.iter().map(member).collect(),
        value => Some(vec![member(&value)?]),
    }
}
