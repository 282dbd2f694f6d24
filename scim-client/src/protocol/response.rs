use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use scim_core::{
    ErrorResponse, ListResponse, Resource, ResourceSchema, ResourceVersion, SchemaUri, ScimType,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Request;
use crate::{
    error::{Error, ErrorKind},
    transport::Idempotency,
};

/// A resource with what the answer says about it besides.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Versioned<R> {
    /// The resource.
    pub resource: R,
    /// Its version: the `ETag` of the answer, or else `meta.version`.
    pub version: Option<ResourceVersion>,
    /// Its URI: the `Location` of the answer, or else `meta.location`.
    pub location: Option<String>,
}

/// What a PATCH is answered with ([RFC 7644 §3.5.2]).
///
/// [RFC 7644 §3.5.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Patched<R> {
    /// The changed resource (200), if the service provider returns it rather than nothing (204).
    pub resource: Option<R>,
    /// Its version, if the answer says.
    pub version: Option<ResourceVersion>,
}

/// A successful answer and the request that it answers.
#[derive(Debug)]
pub(crate) struct Answer {
    request: Request,
    response: http::Response<Bytes>,
    told: Told,
    /// The schema of the resources that it is about, if that is known.
    schema: Option<Arc<ResourceSchema>>,
}

/// What is known about an answer besides what it says.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Told {
    /// How long it asks to wait.
    pub(crate) retry_after: Option<Duration>,
    /// Whether an attempt before got no answer, and may have taken effect.
    pub(crate) in_doubt: bool,
}

impl Answer {
    /// Takes the answer if it is a success.
    pub(crate) fn new(
        request: Request,
        response: http::Response<Bytes>,
        told: Told,
    ) -> Result<Self, Error> {
        let answer = Self { request, response, told, schema: None };
        if answer.response.status().is_success() && !is_markup(answer.response.body()) {
            Ok(answer)
        } else {
            Err(answer.refusal())
        }
    }

    /// The answer, whose resources are read by that schema.
    pub(crate) fn with_schema(self, schema: Option<Arc<ResourceSchema>>) -> Self {
        Self { schema, ..self }
    }

    pub(crate) fn endpoint(&self) -> &str {
        self.request.endpoint()
    }

    /// Takes the answer if it is a success, or says that the resource has not changed (304).
    pub(crate) fn unless_unchanged(
        request: Request,
        response: http::Response<Bytes>,
        told: Told,
    ) -> Result<Option<Self>, Error> {
        if response.status() == StatusCode::NOT_MODIFIED {
            return Ok(None);
        }
        Self::new(request, response, told).map(Some)
    }

    /// Reads a message that is no resource.
    pub(crate) fn message<T: DeserializeOwned>(self) -> Result<T, Error> {
        let object = self.object()?;
        self.decode(Value::Object(object))
    }

    /// Reads any JSON.
    pub(crate) fn json(self) -> Result<Value, Error> {
        serde_json::from_slice(self.response.body())
            .map_err(|error| self.error(ErrorKind::Decode).with_detail(Some(error.to_string())))
    }

    /// Reads a resource.
    pub(crate) fn resource<R: DeserializeOwned>(self) -> Result<Versioned<R>, Error> {
        let object = self.object()?;
        let is_error =
            object_schemas(&object).any(|uri| uri.eq_ignore_ascii_case(SchemaUri::ERROR));
        if is_error || !(has_member(&object, "id") || has_member(&object, "schemas")) {
            return Err(self.error(ErrorKind::NotScim).with_detail(detail(self.response.body())));
        }
        let object = self.spelt(object);
        let (version, location) = (self.version(&object), self.location(&object));
        let resource = self.decode(Value::Object(object))?;
        Ok(Versioned { resource, version, location })
    }

    /// Reads a resource or nothing.
    pub(crate) fn patched<R: DeserializeOwned>(self) -> Result<Patched<R>, Error> {
        if self.response.body().iter().all(u8::is_ascii_whitespace) {
            return Ok(Patched { resource: None, version: self.version(&Map::new()) });
        }
        let Versioned { resource, version, location: _ } = self.resource()?;
        Ok(Patched { resource: Some(resource), version })
    }

    /// Reads a page.
    pub(crate) fn list(self) -> Result<ListResponse<Value>, Error> {
        let object = self.object()?;
        // An object about something else would be read as an empty list, and so as "no match".
        let is_list = object_schemas(&object)
            .any(|uri| uri.eq_ignore_ascii_case(SchemaUri::LIST_RESPONSE))
            || has_member(&object, "totalResults")
            || has_member(&object, "Resources");
        if !is_list {
            return Err(self.error(ErrorKind::NotScim).with_detail(detail(self.response.body())));
        }
        let mut page = ListResponse::from_object(object)
            .map_err(|error| self.error(ErrorKind::Decode).with_source(error))?;
        for resource in &mut page.resources {
            if let Value::Object(attributes) = resource {
                *attributes = self.spelt(std::mem::take(attributes));
            }
        }
        Ok(page)
    }

    /// A resource in the spelling of its schema.
    fn spelt(&self, attributes: Map<String, Value>) -> Map<String, Value> {
        match &self.schema {
            Some(schema) => Resource::from_answer(attributes, schema).into_attributes(),
            None => attributes,
        }
    }

    /// Reads one resource of a page of JSON values.
    pub(crate) fn decode_resource<R: DeserializeOwned>(
        request: &Request,
        json: Value,
    ) -> Result<R, Error> {
        serde_json::from_value(json)
            .map_err(|error| request.error(ErrorKind::Decode).with_detail(Some(error.to_string())))
    }

    fn decode<T: DeserializeOwned>(&self, json: Value) -> Result<T, Error> {
        Self::decode_resource(&self.request, json).map_err(|error| self.described(error))
    }

    fn object(&self) -> Result<Map<String, Value>, Error> {
        serde_json::from_slice(self.response.body())
            .map_err(|error| self.error(ErrorKind::Decode).with_detail(Some(error.to_string())))
    }

    fn version(&self, object: &Map<String, Value>) -> Option<ResourceVersion> {
        let etag = text(self.response.headers(), &header::ETAG);
        etag.or_else(|| meta(object, "version")).map(ResourceVersion::from)
    }

    fn location(&self, object: &Map<String, Value>) -> Option<String> {
        text(self.response.headers(), &header::LOCATION).or_else(|| meta(object, "location"))
    }

    fn refusal(&self) -> Error {
        let body = self.response.body();
        let said: ErrorResponse = serde_json::from_slice(body).unwrap_or_default();
        let kind = refusal_kind(self.response.status(), self.request.has_id(), body, &said);
        self.error(kind)
            .with_scim_type(said.scim_type().cloned())
            .with_detail(said.detail().map(str::to_owned))
    }

    fn error(&self, kind: ErrorKind) -> Error {
        self.described(self.request.error(kind))
    }

    fn described(&self, error: Error) -> Error {
        let headers = self.response.headers();
        let request_id = ["x-request-id", "request-id", "x-amzn-requestid"];
        let is_in_doubt = self.told.in_doubt
            || self.request.idempotency() != Idempotency::Safe
                && is_ambiguous(self.response.status());
        error
            .with_status(self.response.status())
            .with_request_id(request_id.iter().find_map(|name| text(headers, *name)))
            .with_retry_after(self.told.retry_after)
            .with_doubt(is_in_doubt)
    }
}

/// What an answer that is no success means; `said` is empty if it is no error of SCIM.
fn refusal_kind(status: StatusCode, has_id: bool, body: &[u8], said: &ErrorResponse) -> ErrorKind {
    let is_foreign = is_foreign(body);
    match status.as_u16() {
        401 => ErrorKind::Unauthorized,
        403 => ErrorKind::Forbidden,
        // A wrong base URL answers 404 as well: that must not pass for "does not exist".
        404 | 410 if has_id && !is_foreign => ErrorKind::NotFound,
        404 | 410 => ErrorKind::NotScim,
        405 | 501 => ErrorKind::Unsupported,
        409 => ErrorKind::Conflict,
        412 | 428 => ErrorKind::Precondition,
        413 | 414 | 431 => ErrorKind::TooLarge,
        429 => ErrorKind::Throttled,
        408 | 425 | 500..=599 => ErrorKind::Server,
        400..=499 if said.scim_type() == Some(&ScimType::Uniqueness) => ErrorKind::Conflict,
        400..=499 if !is_foreign => ErrorKind::Invalid,
        _ => ErrorKind::NotScim,
    }
}

/// Whether there is a body that is not a JSON object.
fn is_foreign(body: &[u8]) -> bool {
    let is_empty = body.iter().all(u8::is_ascii_whitespace);
    !is_empty && serde_json::from_slice::<Map<String, Value>>(body).is_err()
}

/// Whether the body is HTML or XML, whatever its media type claims.
fn is_markup(body: &[u8]) -> bool {
    body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
}

fn has_member(object: &Map<String, Value>, name: &str) -> bool {
    object.keys().any(|key| key.eq_ignore_ascii_case(name))
}

fn object_schemas(object: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let schemas = object.get("schemas").and_then(Value::as_array);
    schemas.into_iter().flatten().filter_map(Value::as_str)
}

fn meta(object: &Map<String, Value>, name: &str) -> Option<String> {
    let text = object.get("meta")?.get(name)?.as_str()?;
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn detail(body: &[u8]) -> Option<String> {
    let said: ErrorResponse = serde_json::from_slice(body).ok()?;
    said.detail().map(str::to_owned)
}

fn text(headers: &HeaderMap, name: impl header::AsHeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?.trim();
    Some(value.to_owned()).filter(|value| !value.is_empty())
}

/// Whether an answer that is an error all the same leaves open whether the request was done: it
/// says that it was, or that the service provider failed.
fn is_ambiguous(status: StatusCode) -> bool {
    status.is_success() || status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED
}
