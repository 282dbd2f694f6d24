use scim_core::{DateTime, Meta, Resource, ResourceId, ResourceSchema, query::Projection};
use serde_json::Value;

use super::{Effect, Operations, Shown, membership, permit::check_body, unique::unique_keys};
use crate::{
    audit::Changes,
    auth::OperationKind,
    context::Context,
    error::Error,
    store::{NewResource, ResourceKey, StoreError},
};

impl Operations {
    /// Creates a resource (RFC 7644 §3.3).
    pub(super) async fn create_resource(
        &self,
        cx: &Context,
        schema: &ResourceSchema,
        body: Value,
        projection: Projection,
    ) -> Result<Shown, Error> {
        let hidden = self.permit(cx, OperationKind::Create, schema, None).await?;
        let resource = Resource::read(body, schema, self.policy.tolerances)?;
        check_body(&resource, &hidden, schema)?;
        self.check_members(&resource, schema)?;
        let resource = without_password(resource);
        self.check_bounds(&resource, None, schema)?;
        let resource = self.with_member_types(cx, schema, resource, None).await?;
        let unique = unique_keys(&resource, schema);
        let id = new_id()?;
        let resource = resource.with_id_and_meta(&id, &new_meta(schema, cx.now));
        let key = ResourceKey::new(schema.name(), id);
        let changes = || Changes::between(&Resource::default(), &resource, schema);
        let effect = Effect::Changed(cx.trail.changes(changes));
        let new =
            NewResource::new(key, resource).with_unique(unique).with_membership(membership(schema));
        let stored = self.store.create(cx, new).await?;
        Ok(Shown { stored, projection: projection.with_hidden(hidden), effect })
    }
}

fn new_meta(schema: &ResourceSchema, now: DateTime) -> Meta {
    let mut meta = Meta::default();
    meta.resource_type = Some(schema.name().to_owned());
    meta.created = Some(now);
    meta.last_modified = Some(now);
    meta
}

fn new_id() -> Result<ResourceId, Error> {
    let text = uuid::Uuid::new_v4().to_string();
    text.parse().map_err(|error| StoreError::internal(error).into())
}

/// A password is not kept: a store is no place for one.
pub(super) fn without_password(mut resource: Resource) -> Resource {
    resource.attributes_mut().remove("password");
    resource
}
