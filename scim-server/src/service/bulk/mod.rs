//! Many operations in one request (RFC 7644 §3.7).

mod meter;
mod run;

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Response, StatusCode, request::Parts};
use scim_core::BulkRequest;
use serde_json::Value;

use self::{meter::Meter, run::Run};
use super::{ScimService, body, respond, route::Routed};
use crate::{error::Error, operation::Operations, store::ResourceStore};

/// Whether a request is to be read with the limits of a bulk request.
pub(super) fn is_bulk(request: &Parts) -> bool {
    request.method == Method::POST && request.uri.path().trim_end_matches('/').ends_with("/Bulk")
}

fn operations_in(body: &Value) -> usize {
    let members = body.as_object().into_iter().flatten();
    let operations = members.filter(|(name, _)| name.eq_ignore_ascii_case("Operations"));
    operations.filter_map(|(_, operations)| Some(operations.as_array()?.len())).sum()
}

impl ScimService {
    /// Does the operations of the request one after the other, each as if it came alone.
    pub(super) async fn bulk(&self, routed: &Routed<'_>) -> Result<Response<Bytes>, Error> {
        let operations = &self.0.operations;
        let limits = &operations.limits;
        if limits.bulk_operations == 0 {
            return Err(Error::NotImplemented);
        }
        if routed.parts.method != Method::POST {
            return Err(Error::MethodNotAllowed { allow: "POST" });
        }
        let body = body::read(&routed.parts.headers, routed.body, &limits.of_bulk())?;
        // An operation takes many times the room of its text, so they are counted before.
        if operations_in(&body) > limits.bulk_operations {
            return Err(Error::TooManyOperations { limit: limits.bulk_operations });
        }
        let (request, unusable) = BulkRequest::read_usable(body)?;
        let meter = Arc::new(Meter::new(Arc::clone(&operations.store)));
        let store: Arc<dyn ResourceStore> = Arc::<Meter>::clone(&meter);
        let operations = Operations { store, ..operations.clone() };
        let run = Run::new(&operations, &meter, routed, request, unusable);
        respond::json(StatusCode::OK, &run.finish().await)
    }
}
