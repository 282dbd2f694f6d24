use scim_core::SchemaUri;
use serde_json::{Value, json};

use super::Okta;
use crate::emulate::{
    Error, Expectation, Provisioned,
    ask::{Ask, path_to},
};

impl Okta<'_> {
    /// Looks a group up by its name.
    ///
    /// # Errors
    /// If the answer is not a list of one or none, or 404.
    pub async fn find_group(&self, name: &str) -> Result<Option<Provisioned>, Error> {
        Ok(self.search("/Groups", "displayName", name).await?.1)
    }

    /// Pushes a group for the first time, without members.
    ///
    /// # Errors
    /// If it is not created, or is answered without the group.
    pub async fn push_group(&self, name: &str) -> Result<Provisioned, Error> {
        let body = json!({ "schemas": [SchemaUri::GROUP], "displayName": name, "members": [] });
        let answer = self.wire.send(Ask::post("/Groups", body)).await?.expect_status(&[201])?;
        let group = answer.resource()?;
        let is_kept = group.resource()["displayName"] == name;
        answer.expect(is_kept, Expectation::Kept("displayName".to_owned()))?;
        Ok(group)
    }

    /// Gives a group another name: a `replace` whose value holds the read-only `id`.
    ///
    /// # Errors
    /// If it is refused, or the name is another one afterwards.
    pub async fn rename_group(&self, id: &str, name: &str) -> Result<(), Error> {
        let value = json!({ "id": id, "displayName": name });
        self.patch_group(id, &[json!({ "op": "replace", "value": value })]).await?;
        let answer =
            self.wire.send(Ask::get(&path_to("/Groups", id))).await?.expect_status(&[200])?;
        let is_kept = answer.resource()?.resource()["displayName"] == name;
        answer.expect(is_kept, Expectation::Kept("displayName".to_owned()))
    }

    /// Removes some members and adds others in one request.
    ///
    /// # Errors
    /// If it is refused, or the group has not these changes afterwards.
    pub async fn change_members(
        &self,
        id: &str,
        removed: &[&str],
        added: &[&str],
    ) -> Result<(), Error> {
        let removals = removed.iter().map(|member| {
            json!({ "op": "remove", "path": format!("members[value eq {}]", json!(member)) })
        });
        let mut operations: Vec<Value> = removals.collect();
        if !added.is_empty() {
            operations.push(json!({ "op": "add", "path": "members", "value": members(added) }));
        }
        self.patch_group(id, &operations).await?;
        self.expect_members(id, |now| {
            added.iter().all(|member| now.contains(member))
                && !removed.iter().any(|member| now.contains(member))
        })
        .await
    }

    /// Pushes all members; with none, the group is emptied.
    ///
    /// # Errors
    /// If it is refused, or the group has other members afterwards.
    pub async fn push_members(&self, id: &str, all: &[&str]) -> Result<(), Error> {
        let operation = json!({ "op": "replace", "path": "members", "value": members(all) });
        self.patch_group(id, &[operation]).await?;
        self.expect_members(id, |now| is_same(now, all)).await
    }

    /// Pushes all members in a `replace` without path.
    ///
    /// # Errors
    /// If it is refused, or the group has other members afterwards.
    pub async fn push_members_without_path(&self, id: &str, all: &[&str]) -> Result<(), Error> {
        let operation = json!({ "op": "replace", "value": { "members": members(all) } });
        self.patch_group(id, &[operation]).await?;
        self.expect_members(id, |now| is_same(now, all)).await
    }

    /// Deletes a group.
    ///
    /// # Errors
    /// If it is refused, or the group is still there.
    pub async fn delete_group(&self, id: &str) -> Result<(), Error> {
        let path = path_to("/Groups", id);
        self.wire.send(Ask::delete(&path)).await?.expect_status(&[204])?;
        self.wire.send(Ask::get(&path)).await?.expect_status(&[404])?.expect_error_body()
    }

    async fn patch_group(&self, id: &str, operations: &[Value]) -> Result<(), Error> {
        let ask = Ask::patch(&path_to("/Groups", id), operations);
        self.wire.send(ask).await?.expect_status(&[200, 204])?;
        Ok(())
    }

    async fn expect_members(
        &self,
        id: &str,
        is_right: impl Fn(&[&str]) -> bool + Send,
    ) -> Result<(), Error> {
        let answer =
            self.wire.send(Ask::get(&path_to("/Groups", id))).await?.expect_status(&[200])?;
        let group = answer.resource()?;
        answer.expect(is_right(&group.members()), Expectation::Members)
    }
}

fn members(ids: &[&str]) -> Value {
    ids.iter().map(|id| json!({ "value": id, "display": format!("member {id}") })).collect()
}

fn is_same(now: &[&str], all: &[&str]) -> bool {
    now.len() == all.len() && all.iter().all(|member| now.contains(member))
}
