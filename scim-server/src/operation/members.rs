use std::collections::HashMap;

use scim_core::{Resource, ResourceId, ResourceSchema, patch::MembershipDelta};
use serde_json::Value;

use super::{Operations, Target};
use crate::{
    context::Context,
    error::Error,
    store::{
        Expected, MembershipChange, MembershipOutcome, ResourceKey, StoreError, StoredResource,
        Wanted,
    },
};

impl Operations {
    /// Changes the members of a resource and nothing else, without a look at those that stay.
    ///
    /// `None` if the store does not offer that; else also whether anything changed.
    pub(super) async fn change_members(
        &self,
        cx: &Context,
        target: &Target<'_>,
        attribute: &str,
        mut delta: MembershipDelta,
    ) -> Result<Option<(StoredResource, bool)>, Error> {
        let key = target.key()?;
        let expected = if target.preconditions.is_any() {
            Expected::Any
        } else {
            let stored = self.store.get(cx, &key, Wanted::OWN).await?;
            target.preconditions.check(stored.version())?;
            Expected::Version(stored.version().clone())
        };
        for element in delta.added_mut() {
            self.complete(cx, target.schema, element).await?;
        }
        let change = MembershipChange::new(key.clone(), attribute, delta).with_expected(expected);
        let (version, is_changed) = match self.store.change_membership(cx, change).await? {
            MembershipOutcome::NotOffered => return Ok(None),
            MembershipOutcome::Unchanged(version) => (version, false),
            MembershipOutcome::Changed(version) => (version, true),
        };
        if target.is_shown {
            let stored = self.store.get(cx, &key, target.wanted()).await?;
            return Ok(Some((stored, is_changed)));
        }
        Ok(Some((StoredResource::new(Resource::default(), version), is_changed)))
    }

    /// The resource with the `type` of each member that lacks it, as far as there is such a
    /// resource: with it an answer can say where that is.
    ///
    /// Members that were there `before` have been looked up already.
    pub(super) async fn with_member_types(
        &self,
        cx: &Context,
        schema: &ResourceSchema,
        mut resource: Resource,
        before: Option<&Resource>,
    ) -> Result<Resource, Error> {
        let Some(attribute) = schema.membership() else { return Ok(resource) };
        let name = attribute.name.as_str();
        let before = before.and_then(|before| before.attributes().get(name)?.as_array());
        let known: HashMap<&str, &Value> = before
            .into_iter()
            .flatten()
            .filter_map(|element| Some((element.get("value")?.as_str()?, element)))
            .collect();
        let members = resource.attributes_mut().get_mut(name);
        if let Some(Value::Array(elements)) = members {
            for element in elements {
                let value = element.get("value").and_then(Value::as_str);
                let is_known = value.is_some_and(|value| known.get(value) == Some(&&*element));
                if !is_known {
                    self.complete(cx, schema, element).await?;
                }
            }
        }
        Ok(resource)
    }

    async fn complete(
        &self,
        cx: &Context,
        schema: &ResourceSchema,
        element: &mut Value,
    ) -> Result<(), Error> {
        let Some(element) = element.as_object_mut() else { return Ok(()) };
        if element.contains_key("type") {
            return Ok(());
        }
        let value = element.get("value").and_then(Value::as_str);
        let Some(id) = value.and_then(|value| value.parse::<ResourceId>().ok()) else {
            return Ok(());
        };
        let definition = schema.membership().and_then(|members| members.sub_attribute("$ref"));
        for resource_type in
            definition.map(|reference| &reference.reference_types).into_iter().flatten()
        {
            let key = ResourceKey::new(resource_type.as_str(), id.clone());
            match self.store.get(cx, &key, Wanted::OWN).await {
                Ok(_) => {
                    element.insert("type".to_owned(), Value::from(resource_type.as_str()));
                    return Ok(());
                }
                Err(StoreError::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}
