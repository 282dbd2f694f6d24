//! From the outcome of an operation to a response.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use scim_core::{ListResponse, ResourceSchema};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    error::{Error, to_response},
    operation::{Listed, Shown, Written},
    store::{StoreError, StoredResource},
};

/// RFC 7644 §3.1, §8.1.
const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/scim+json");

/// What a segment of a path cannot carry as it is.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

pub(super) fn resource(
    shown: &Shown,
    schema: &ResourceSchema,
    base: &str,
) -> Result<Response<Bytes>, Error> {
    let location = location_of(&shown.stored, schema, base);
    let mut response = json(StatusCode::OK, &body(shown, schema, &location))?;
    insert(&mut response, header::ETAG, shown.stored.version.as_str())?;
    // RFC 7644 §3.5.1, §3.4.1 show `Location` beside the body.
    insert(&mut response, header::LOCATION, &location)?;
    Ok(response)
}

/// The answer to a change.
pub(super) fn written(
    written: &Written,
    schema: &ResourceSchema,
    base: &str,
) -> Result<Response<Bytes>, Error> {
    let mut response = match written {
        Written::Created(shown) | Written::Changed(shown) => resource(shown, schema, base)?,
        Written::ChangedUnshown(_) | Written::Deleted => empty(StatusCode::NO_CONTENT),
    };
    *response.status_mut() = status(written);
    if let Written::ChangedUnshown(shown) = written {
        insert(&mut response, header::ETAG, shown.stored.version.as_str())?;
    }
    Ok(response)
}

/// The status that tells of a change.
pub(super) fn status(written: &Written) -> StatusCode {
    match written {
        Written::Created(_) => StatusCode::CREATED,
        Written::Changed(_) => StatusCode::OK,
        Written::ChangedUnshown(_) | Written::Deleted => StatusCode::NO_CONTENT,
    }
}

pub(super) fn not_modified(shown: &Shown) -> Result<Response<Bytes>, Error> {
    let mut response = empty(StatusCode::NOT_MODIFIED);
    insert(&mut response, header::ETAG, shown.stored.version.as_str())?;
    Ok(response)
}

pub(super) fn list(
    listed: Listed,
    schema: &ResourceSchema,
    base: &str,
) -> Result<Response<Bytes>, Error> {
    let Listed { page, start_index, projection } = listed;
    let total = page.total;
    let shown = page.resources.into_iter().map(|stored| {
        let location = location_of(&stored, schema, base);
        body(&Shown { stored, projection: projection.clone() }, schema, &location)
    });
    json(StatusCode::OK, &ListResponse::new(shown.collect(), total, start_index))
}

pub(super) fn document(document: &Value) -> Result<Response<Bytes>, Error> {
    json(StatusCode::OK, document)
}

pub(super) fn documents(documents: Vec<Value>) -> Result<Response<Bytes>, Error> {
    let total = u64::try_from(documents.len()).unwrap_or(u64::MAX);
    json(StatusCode::OK, &ListResponse::new(documents, total, 1))
}

/// The answer to a request that was not done.
pub(super) fn error(error: &Error) -> Response<Bytes> {
    log(error);
    let (status, body) = to_response(error);
    let mut response = json(status, &body).unwrap_or_else(|_| empty(status));
    let headers = response.headers_mut();
    match error {
        // RFC 6750 §3: at least one parameter, and no error code without credentials.
        Error::Authentication(crate::auth::AuthenticationError::Missing) => {
            let challenge = HeaderValue::from_static("Bearer realm=\"scim\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        Error::Authentication(crate::auth::AuthenticationError::Invalid) => {
            let challenge =
                HeaderValue::from_static("Bearer realm=\"scim\", error=\"invalid_token\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        Error::MethodNotAllowed { allow } => {
            headers.insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        _ if status == StatusCode::SERVICE_UNAVAILABLE => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        _ => {}
    }
    response
}

/// Tells the operator of what is not the client's fault.
pub(super) fn log(error: &Error) {
    if let Error::Store(StoreError::Internal(source) | StoreError::Unavailable(source)) = error {
        tracing::error!(source = source.as_ref(), "the store failed");
    }
}

/// The resource as the client sees it: with location and version, and without what it hides.
fn body(shown: &Shown, schema: &ResourceSchema, location: &str) -> Map<String, Value> {
    let mut attributes = shown.stored.resource.attributes().clone();
    if let Some(Value::Object(meta)) = attributes.get_mut("meta") {
        meta.insert("location".to_owned(), Value::from(location));
        meta.insert("version".to_owned(), Value::from(shown.stored.version.as_str()));
    }
    shown.projection.apply(&mut attributes, schema);
    attributes
}

/// The URL of a resource.
pub(super) fn location(id: &str, schema: &ResourceSchema, base: &str) -> String {
    format!("{base}{}/{}", schema.endpoint(), utf8_percent_encode(id, SEGMENT))
}

fn location_of(stored: &StoredResource, schema: &ResourceSchema, base: &str) -> String {
    location(stored.resource.id().unwrap_or_default(), schema, base)
}

pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Result<Response<Bytes>, Error> {
    let body = serde_json::to_vec(body).map_err(StoreError::internal)?;
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, MEDIA_TYPE);
    Ok(response)
}

fn empty(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

fn insert(
    response: &mut Response<Bytes>,
    name: header::HeaderName,
    value: &str,
) -> Result<(), Error> {
    let value = HeaderValue::from_str(value).map_err(StoreError::internal)?;
    response.headers_mut().insert(name, value);
    Ok(())
}
