//! The writes as the service calls them: each is taken down once, and a panic in it ends it alone.

use scim_core::{ResourceSchema, query::Projection};
use serde_json::Value;

use super::{Effect, Operations, Shown, Target};
use crate::{
    audit::{Changes, Write},
    auth::OperationKind,
    catch_panic::catch_panic,
    context::Context,
    error::Error,
};

impl Operations {
    /// Creates a resource (RFC 7644 §3.3).
    pub(crate) async fn create(
        &self,
        cx: &Context,
        schema: &ResourceSchema,
        body: Value,
        projection: Projection,
    ) -> Result<Shown, Error> {
        let outcome = caught(self.create_resource(cx, schema, body, projection)).await;
        record(cx, OperationKind::Create, schema, None, &outcome);
        outcome
    }

    /// Replaces a resource (RFC 7644 §3.5.1).
    pub(crate) async fn replace(
        &self,
        cx: &Context,
        target: Target<'_>,
        body: Value,
    ) -> Result<Shown, Error> {
        let (schema, id) = (target.schema, target.id);
        let outcome = caught(self.replace_resource(cx, target, body)).await;
        record(cx, OperationKind::Replace, schema, Some(id), &outcome);
        outcome
    }

    /// Changes parts of a resource (RFC 7644 §3.5.2).
    pub(crate) async fn patch(
        &self,
        cx: &Context,
        target: Target<'_>,
        body: Value,
    ) -> Result<Shown, Error> {
        let (schema, id) = (target.schema, target.id);
        let outcome = caught(self.patch_resource(cx, target, body)).await;
        record(cx, OperationKind::Patch, schema, Some(id), &outcome);
        outcome
    }

    /// Deletes a resource (RFC 7644 §3.6).
    pub(crate) async fn delete(&self, cx: &Context, target: Target<'_>) -> Result<(), Error> {
        let write = Write {
            operation: Some(OperationKind::Delete),
            resource_type: Some(target.schema.name()),
            id: Some(target.id),
        };
        let outcome = caught(self.delete_resource(cx, target)).await;
        let gone = Changes::default();
        cx.trail.record(write, outcome.as_ref().map(|()| Some(&gone)));
        outcome
    }
}

async fn caught<T>(operation: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    catch_panic(operation).await.unwrap_or(Err(Error::Panicked))
}

fn record(
    cx: &Context,
    operation: OperationKind,
    schema: &ResourceSchema,
    id: Option<&str>,
    outcome: &Result<Shown, Error>,
) {
    let id = id.or_else(|| outcome.as_ref().ok().map(|shown| shown.stored.id()));
    let write = Write { operation: Some(operation), resource_type: Some(schema.name()), id };
    let changes = outcome.as_ref().map(|shown| match &shown.effect {
        Effect::Changed(changes) => Some(changes),
        Effect::None => None,
    });
    cx.trail.record(write, changes);
}
