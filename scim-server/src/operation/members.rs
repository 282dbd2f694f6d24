use std::collections::HashMap;

use scim_core::{
    Resource, ResourceId, ResourceSchema, patch::MembershipDelta, schema::AttributeDefinition,
};
use serde_json::Value;

use super::{Operations, Target};
use crate::{
    context::Context,
    error::Error,
    service::UnknownMembers,
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
        if let Some(attribute) = target.schema.membership() {
            for element in delta.added_mut() {
                self.complete(cx, attribute, element, true).await?;
            }
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
    /// Members that were there `before` as they are now have been looked for already.
    ///
    /// # Errors
    /// If the policy refuses members that no resource is known by, and one of them was not in
    /// `before`.
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
        let before = before.into_iter().flatten();
        let known: HashMap<_, _> = before.map(|element| (value(element), element)).collect();
        let members = resource.attributes_mut().get_mut(name);
        for element in members.and_then(Value::as_array_mut).into_iter().flatten() {
            let earlier = known.get(&value(element));
            if earlier != Some(&&*element) {
                self.complete(cx, attribute, element, earlier.is_none()).await?;
            }
        }
        Ok(resource)
    }

    /// Notes the type of the resource that an element of the membership names, if there is one.
    async fn complete(
        &self,
        cx: &Context,
        attribute: &AttributeDefinition,
        element: &mut Value,
        is_new: bool,
    ) -> Result<(), Error> {
        let may_be_unknown = self.policy.unknown_members == UnknownMembers::Kept;
        if may_be_unknown && element.get("type").is_some_and(Value::is_string) {
            return Ok(());
        }
        match self.type_of(cx, attribute, element).await? {
            Some(name) => {
                if let Some(element) = element.as_object_mut() {
                    element.insert("type".to_owned(), Value::from(name));
                }
                Ok(())
            }
            None if may_be_unknown || !is_new => Ok(()),
            None => Err(Error::UnknownMember { attribute: attribute.name.to_string() }),
        }
    }

    /// The type of the resource that an element of the membership names: that which it says
    /// itself, or one that may be a member.
    async fn type_of<'a>(
        &self,
        cx: &Context,
        attribute: &'a AttributeDefinition,
        element: &Value,
    ) -> Result<Option<&'a str>, Error> {
        let said = element.get("type").and_then(Value::as_str);
        let id = value(element).and_then(|value| value.parse::<ResourceId>().ok());
        let Some(id) = id else { return Ok(None) };
        let types = attribute.sub_attribute("$ref").map(|reference| &reference.reference_types);
        let types = types.into_iter().flatten().map(AsRef::as_ref);
        for name in types.filter(|name| said.is_none_or(|said| said == *name)) {
            match self.store.get(cx, &ResourceKey::new(name, id.clone()), Wanted::OWN).await {
                Ok(_) => return Ok(Some(name)),
                Err(StoreError::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }
}

fn value(element: &Value) -> Option<&str> {
    element.get("value").and_then(Value::as_str)
}
