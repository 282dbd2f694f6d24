use scim_core::SchemaUri;
use serde_json::{Value, json};

use super::{Dialect, EntraId, PARALLEL};
use crate::emulate::{
    Error, Expectation, Provisioned,
    ask::{Ask, path_to},
    parallel::in_parallel,
};

/// A schema that older jobs name, and that nobody has.
const ADSCIM_GROUP: &str =
    "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";

impl EntraId<'_> {
    /// Looks a group up by its name.
    ///
    /// # Errors
    /// If the answer is not a list of one or none, or shows members.
    pub async fn find_group(&self, name: &str) -> Result<Option<Provisioned>, Error> {
        let answer = self.wire.send(Self::find_group_ask(name)).await?.expect_status(&[200])?;
        let found = answer.found()?;
        let has_members = found.as_ref().is_some_and(|group| !group.members().is_empty());
        answer.expect(!has_members, Expectation::MembersLeftOut)?;
        Ok(found)
    }

    /// Creates a group without members.
    ///
    /// # Errors
    /// If it is not created, or not as sent.
    pub async fn create_group(&self, name: &str) -> Result<Provisioned, Error> {
        let mut schemas = vec![SchemaUri::GROUP];
        if self.dialect == Dialect::Default {
            schemas.push(ADSCIM_GROUP);
        }
        let body = json!({
            "schemas": schemas, "externalId": name, "displayName": name,
            "meta": { "resourceType": "Group" },
        });
        let answer = self.wire.send(Ask::post("/Groups", body)).await?.expect_status(&[201])?;
        let group = answer.resource()?;
        for attribute in ["displayName", "externalId"] {
            let is_kept = group.resource()[attribute] == name;
            answer.expect(is_kept, Expectation::Kept(attribute.to_owned()))?;
        }
        Ok(group)
    }

    /// Reads a group without its members; `None` if there is no such group any more.
    ///
    /// # Errors
    /// If the answer is neither the group nor 404, or shows members.
    pub async fn read_group(&self, id: &str) -> Result<Option<Provisioned>, Error> {
        let ask = Ask::get(&path_to("/Groups", id)).with("excludedAttributes", "members");
        let answer = self.wire.send(ask).await?.expect_status(&[200, 404])?;
        if answer.status == 404 {
            return Ok(None);
        }
        let group = answer.resource()?;
        answer.expect(group.id() == id, Expectation::Id)?;
        answer.expect(group.members().is_empty(), Expectation::MembersLeftOut)?;
        Ok(Some(group))
    }

    /// Gives a group another name.
    ///
    /// # Errors
    /// If the change is refused or answered with a body, or the name is another one afterwards.
    pub async fn rename_group(&self, id: &str, name: &str) -> Result<(), Error> {
        self.patch_group(id, self.dialect.group_name(name)).await?;
        let ask = Ask::get(&path_to("/Groups", id)).with("excludedAttributes", "members");
        let answer = self.wire.send(ask).await?.expect_status(&[200])?;
        let is_kept = answer.resource()?.resource()["displayName"] == name;
        answer.expect(is_kept, Expectation::Kept("displayName".to_owned()))
    }

    /// Adds members: a request for each, five of them at a time.
    ///
    /// # Errors
    /// If one is refused, or is no member afterwards.
    pub async fn add_members(&self, id: &str, members: &[&str]) -> Result<(), Error> {
        let operations = members.iter().map(|member| self.dialect.add_member(member)).collect();
        self.patch_group_often(id, operations).await?;
        self.expect_members(id, |now| members.iter().all(|member| now.contains(member))).await
    }

    /// Removes members: a request for each, five of them at a time.
    ///
    /// # Errors
    /// If one is refused, or is still a member afterwards.
    pub async fn remove_members(&self, id: &str, members: &[&str]) -> Result<(), Error> {
        let operations = members.iter().map(|member| self.dialect.remove_member(member)).collect();
        self.patch_group_often(id, operations).await?;
        self.expect_members(id, |now| !members.iter().any(|member| now.contains(member))).await
    }

    /// Deletes a group.
    ///
    /// # Errors
    /// If it is refused, or the group is still there.
    pub async fn delete_group(&self, id: &str) -> Result<(), Error> {
        self.delete_at(&path_to("/Groups", id)).await
    }

    pub(super) fn find_group_ask(name: &str) -> Ask {
        Ask::get("/Groups")
            .with("excludedAttributes", "members")
            .with_filter(&[("displayName", name)])
    }

    /// Reads the group whole, which Entra ID itself never does.
    pub(super) async fn expect_members(
        &self,
        id: &str,
        is_right: impl Fn(&[&str]) -> bool + Send,
    ) -> Result<(), Error> {
        let ask = Ask::get(&path_to("/Groups", id));
        let answer = self.wire.send(ask).await?.expect_status(&[200])?;
        let group = answer.resource()?;
        answer.expect(is_right(&group.members()), Expectation::Members)
    }

    async fn patch_group_often(&self, id: &str, operations: Vec<Value>) -> Result<(), Error> {
        let requests = operations.into_iter().map(|operation| self.patch_group(id, operation));
        in_parallel(PARALLEL, requests.collect()).await.into_iter().collect()
    }

    async fn patch_group(&self, id: &str, operation: Value) -> Result<(), Error> {
        let ask = Ask::patch(&path_to("/Groups", id), &[operation]);
        self.wire.send(ask).await?.expect_status(&[204])?;
        Ok(())
    }
}
