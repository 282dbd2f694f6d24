use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value};

use super::{PatchError, PatchErrorKind, PatchPath};
use crate::{
    filter::ParseError,
    resource::{Conform, Tolerance, Tolerances},
    schema_uri::SchemaUri,
};

/// A request to change parts of a resource ([RFC 7644 §3.5.2]).
///
/// ```
/// use scim_core::PatchOp;
///
/// let patch = PatchOp::new()
///     .replace("active", false)?
///     .remove(r#"emails[type eq "home"]"#)?;
/// let json = serde_json::to_value(&patch)?;
/// assert_eq!(json["Operations"][0]["op"], "replace");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 7644 §3.5.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(try_from = "Value")]
pub struct PatchOp {
    operations: Vec<PatchOperation>,
}

/// One change.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PatchOperation {
    /// What to do.
    pub op: PatchOperationKind,
    /// Where; without it, `value` holds the attributes by name.
    pub path: Option<PatchPath>,
    /// The new value.
    pub value: Option<Value>,
}

/// What an operation does.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "RFC 7644 closes the set")]
pub enum PatchOperationKind {
    /// Adds a value.
    Add,
    /// Removes values.
    Remove,
    /// Puts a value in the place of others.
    Replace,
}

impl PatchOp {
    /// A request without operations yet; one without any is refused when read.
    pub fn new() -> Self {
        Self::default()
    }

    /// The request with an `add`.
    ///
    /// # Errors
    /// If `path` is not a PATCH path.
    pub fn add(self, path: &str, value: impl Into<Value>) -> Result<Self, ParseError> {
        self.with(PatchOperationKind::Add, path, Some(value.into()))
    }

    /// The request with a `replace`.
    ///
    /// # Errors
    /// If `path` is not a PATCH path.
    pub fn replace(self, path: &str, value: impl Into<Value>) -> Result<Self, ParseError> {
        self.with(PatchOperationKind::Replace, path, Some(value.into()))
    }

    /// The request with a `remove`.
    ///
    /// # Errors
    /// If `path` is not a PATCH path.
    pub fn remove(self, path: &str) -> Result<Self, ParseError> {
        self.with(PatchOperationKind::Remove, path, None)
    }

    /// The request with one more operation.
    #[must_use]
    pub fn with_operation(mut self, operation: PatchOperation) -> Self {
        self.operations.push(operation);
        self
    }

    /// Reads a request as a client sent it.
    ///
    /// # Errors
    /// If it is not a PATCH request, has an operation with an unknown `op` or a `path` outside the
    /// grammar, or, unless that is tolerated, none at all.
    pub fn read(body: Value, tolerances: Tolerances) -> Result<Self, PatchError> {
        let message = |text| PatchError::new(PatchErrorKind::Message(text));
        let Value::Object(body) = body else { return Err(message("not a JSON object")) };
        let mut conform = Conform::new(tolerances);
        let mut operations = None;
        let (mut is_patch, mut is_repeated) = (false, false);
        for (name, value) in body {
            if name.eq_ignore_ascii_case("operations") {
                is_repeated = operations.replace(value).is_some();
            } else if name.eq_ignore_ascii_case("schemas") {
                is_patch = value.as_array().is_some_and(|uris| uris.iter().any(is_patch_op));
            }
        }
        if is_repeated {
            return Err(message("`Operations` is given more than once"));
        }
        if !is_patch && !conform.tolerates(Tolerance::MissingSchemas) {
            return Err(message("`schemas` must name the PatchOp message"));
        }
        let Some(Value::Array(operations)) = operations else {
            return Err(message("`Operations` must be an array"));
        };
        if operations.is_empty() && !conform.tolerates(Tolerance::EmptyOperations) {
            return Err(message("`Operations` must not be empty"));
        }
        let operations = operations.into_iter().enumerate().map(|(index, operation)| {
            PatchOperation::read(operation, &mut conform)
                .map_err(|kind| PatchError::in_operation(index, kind))
        });
        Ok(Self { operations: operations.collect::<Result<_, _>>()? })
    }

    /// The operations, in the order they are done.
    pub fn operations(&self) -> &[PatchOperation] {
        &self.operations
    }

    fn with(
        self,
        op: PatchOperationKind,
        path: &str,
        value: Option<Value>,
    ) -> Result<Self, ParseError> {
        Ok(self.with_operation(PatchOperation { op, path: Some(path.parse()?), value }))
    }
}

fn is_patch_op(uri: &Value) -> bool {
    uri.as_str().is_some_and(|uri| uri.eq_ignore_ascii_case(SchemaUri::PATCH_OP))
}

impl PatchOperation {
    /// An operation without path and value yet.
    pub fn new(op: PatchOperationKind) -> Self {
        Self { op, path: None, value: None }
    }

    /// The operation with a path.
    #[must_use]
    pub fn with_path(mut self, path: PatchPath) -> Self {
        self.path = Some(path);
        self
    }

    /// The operation with a value.
    #[must_use]
    pub fn with_value(mut self, value: impl Into<Value>) -> Self {
        self.value = Some(value.into());
        self
    }

    fn read(operation: Value, conform: &mut Conform) -> Result<Self, PatchErrorKind> {
        let Value::Object(members) = operation else {
            return Err(PatchErrorKind::Message("each of `Operations` must be an object"));
        };
        let (mut op, mut path, mut value) = (None, None, None);
        for (name, member) in members {
            match name.to_ascii_lowercase().as_str() {
                "op" => op = Some(member),
                "path" => path = Some(member),
                "value" => value = Some(member),
                _ if conform.tolerates(Tolerance::UnknownOperationMember) => {}
                _ => return Err(PatchErrorKind::UnknownMember),
            }
        }
        let Some(Value::String(op)) = op else { return Err(PatchErrorKind::UnknownOperation) };
        let op = PatchOperationKind::read(&op, conform)?;
        let path = match path {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.is_empty() => None,
            Some(Value::String(text)) => Some(text.parse().map_err(PatchErrorKind::Path)?),
            Some(_) => return Err(PatchErrorKind::Message("`path` must be a string")),
        };
        Ok(Self { op, path, value })
    }
}

impl PatchOperationKind {
    /// The word of the RFC.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Replace => "replace",
        }
    }

    fn read(word: &str, conform: &mut Conform) -> Result<Self, PatchErrorKind> {
        let all = [Self::Add, Self::Remove, Self::Replace];
        let found = all.into_iter().find(|op| op.as_str().eq_ignore_ascii_case(word));
        let is_exact = found.is_some_and(|op| op.as_str() == word);
        found
            .filter(|_| is_exact || conform.tolerates(Tolerance::OpAnyCase))
            .ok_or(PatchErrorKind::UnknownOperation)
    }
}

impl TryFrom<Value> for PatchOp {
    type Error = PatchError;

    fn try_from(body: Value) -> Result<Self, Self::Error> {
        Self::read(body, Tolerances::default())
    }
}

impl Serialize for PatchOp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("schemas", &[SchemaUri::PATCH_OP])?;
        map.serialize_entry("Operations", &self.operations)?;
        map.end()
    }
}

impl Serialize for PatchOperation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = Map::new();
        object.insert("op".to_owned(), Value::from(self.op.as_str()));
        if let Some(path) = &self.path {
            object.insert("path".to_owned(), Value::from(path.to_string()));
        }
        if let Some(value) = &self.value {
            object.insert("value".to_owned(), value.clone());
        }
        object.serialize(serializer)
    }
}
