//! From the outcome of an operation to a response.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use scim_core::{ListResponse, ResourceSchema, SchemaRegistry, query::Projection};
use serde::Serialize;
use serde_json::Value;

use super::{
    list_writer::ListWriter,
    location::{add_references, location},
};
use crate::{
    error::{Error, to_response},
    operation::{FoundResource, Listed, ListedAll, Shown, Written},
    store::{StoreError, StoredResource},
};

/// RFC 7644 §3.1, §8.1.
const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/scim+json");

/// The bytes that most answers fit in.
const TYPICAL_LENGTH: usize = 2048;

/// What an answer about the resources of a type is made with.
#[derive(Clone, Copy)]
pub(super) struct Answer<'r> {
    pub(super) schema: &'r ResourceSchema,
    pub(super) registry: &'r SchemaRegistry,
    /// The URL that the tenant's endpoints lie behind.
    pub(super) base: &'r str,
}

impl Answer<'_> {
    pub(super) fn resource(&self, shown: &Shown) -> Result<Response<Bytes>, Error> {
        let location = location(self.base, self.schema, shown.stored.id());
        let mut body = Vec::with_capacity(TYPICAL_LENGTH);
        self.write(&shown.stored, &shown.projection, &location, &mut body)?;
        let mut response = of_bytes(StatusCode::OK, body);
        insert(&mut response, header::ETAG, shown.stored.version().as_str())?;
        // RFC 7644 §3.5.1, §3.4.1 show `Location` beside the body.
        insert(&mut response, header::LOCATION, &location)?;
        Ok(response)
    }

    /// The answer to a change.
    pub(super) fn written(&self, written: &Written) -> Result<Response<Bytes>, Error> {
        let mut response = match written {
            Written::Created(shown) | Written::Changed(shown) => self.resource(shown)?,
            Written::ChangedUnshown(_) | Written::Deleted => empty(StatusCode::NO_CONTENT),
        };
        *response.status_mut() = status(written);
        if let Written::ChangedUnshown(shown) = written {
            insert(&mut response, header::ETAG, shown.stored.version().as_str())?;
        }
        Ok(response)
    }

    pub(super) fn list(&self, listed: &Listed) -> Result<Response<Bytes>, Error> {
        let Listed { page, place, projection } = listed;
        let envelope = ListResponse::<()>::of_page(Vec::new(), place.clone());
        let mut list = ListWriter::begin(envelope, page.resources.len())?;
        for stored in &page.resources {
            let location = location(self.base, self.schema, stored.id());
            self.write(stored, projection, &location, list.next())?;
        }
        Ok(of_bytes(StatusCode::OK, list.end()))
    }

    /// The answer to a query of all types.
    pub(super) fn list_all(
        listed: &ListedAll<'_>,
        registry: &SchemaRegistry,
        base: &str,
    ) -> Result<Response<Bytes>, Error> {
        let envelope = ListResponse::<()>::of_page(Vec::new(), listed.place.clone());
        let mut list = ListWriter::begin(envelope, listed.resources.len())?;
        for resource in &listed.resources {
            let FoundResource { schema, projection, stored } = resource;
            let location = location(base, schema, stored.id());
            let answer = Answer { schema, registry, base };
            answer.write(stored, projection, &location, list.next())?;
        }
        Ok(of_bytes(StatusCode::OK, list.end()))
    }

    /// Writes the resource as the client sees it: with location and version, with references to
    /// others, and without what it hides.
    fn write(
        &self,
        stored: &StoredResource,
        projection: &Projection,
        location: &str,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        if let Some(text) = stored.text()
            && projection.is_default()
            && self.schema.shows_all_of(text.as_str())
        {
            return Ok(text.write_with(location, stored.version(), out)?);
        }
        let mut attributes = stored.resource()?.into_owned().into_attributes();
        if let Some(Value::Object(meta)) = attributes.get_mut("meta") {
            meta.insert("location".to_owned(), Value::from(location));
            meta.insert("version".to_owned(), Value::from(stored.version().as_str()));
        }
        add_references(&mut attributes, self.schema, self.registry, self.base);
        projection.apply(&mut attributes, self.schema);
        serde_json::to_writer(out, &attributes).map_err(StoreError::internal)?;
        Ok(())
    }
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
    insert(&mut response, header::ETAG, shown.stored.version().as_str())?;
    Ok(response)
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
        // RFC 6750 §3.1
        Error::InsufficientScope => {
            let challenge =
                HeaderValue::from_static("Bearer realm=\"scim\", error=\"insufficient_scope\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        _ => {}
    }
    if let Some(wait) = error.retry_after() {
        // RFC 9110 §10.2.3: whole seconds, and never sooner than it was said.
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
    }
    response
}

/// Tells the operator of what is not the client's fault.
pub(super) fn log(error: &Error) {
    if let Some(source) = error.cause() {
        tracing::error!(source = source as &(dyn std::error::Error + 'static), "{error}");
    }
}

pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Result<Response<Bytes>, Error> {
    Ok(of_bytes(status, serde_json::to_vec(body).map_err(StoreError::internal)?))
}

fn of_bytes(status: StatusCode, body: Vec<u8>) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, MEDIA_TYPE);
    response
}

/// The answer with where the resource is that it is about.
pub(super) fn with_location(
    mut response: Response<Bytes>,
    location: &str,
) -> Result<Response<Bytes>, Error> {
    insert(&mut response, header::LOCATION, location)?;
    Ok(response)
}

/// The answer to a HEAD request: the length of the body that a GET would get stands for it.
pub(super) fn without_body(response: Response<Bytes>) -> Response<Bytes> {
    let length = HeaderValue::from(response.body().len());
    let has_body = !response.body().is_empty();
    let mut response = response.map(|_| Bytes::new());
    if has_body {
        response.headers_mut().insert(header::CONTENT_LENGTH, length);
    }
    response
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
