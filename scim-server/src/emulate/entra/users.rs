use scim_core::SchemaUri;
use serde_json::{Map, Value, json};

use super::{EntraId, change::Change};
use crate::emulate::{
    Error, Expectation, Person, Provisioned,
    answer::Answer,
    ask::{Ask, path_to},
};

impl EntraId<'_> {
    /// Looks a person up by the matching attribute.
    ///
    /// # Errors
    /// If the answer is not a list of one or none.
    pub async fn find_user(&self, person: &Person) -> Result<Option<Provisioned>, Error> {
        Ok(self.search(&[self.matching.term(person)]).await?.1)
    }

    /// Reads a user; `None` if there is no such user any more.
    ///
    /// # Errors
    /// If the answer is neither the user nor 404.
    pub async fn read_user(&self, id: &str) -> Result<Option<Provisioned>, Error> {
        let ask = Ask::get(&path_to("/Users", id));
        let answer = self.wire.send(ask).await?.expect_status(&[200, 404])?;
        if answer.status == 404 {
            return Ok(None);
        }
        let user = answer.resource()?;
        answer.expect(user.id() == id, Expectation::Id)?;
        Ok(Some(user))
    }

    /// Creates a user, in the way of an initial cycle.
    ///
    /// # Errors
    /// If it is not created, or not as sent.
    pub async fn create_user(&self, person: &Person) -> Result<Provisioned, Error> {
        let ask = Ask::post("/Users", representation(person));
        let answer = self.wire.send(ask).await?.expect_status(&[201])?;
        let user = answer.resource()?;
        answer.expect_active(&user, user.id(), true)?;
        answer.expect_kept(user.resource(), &person.mapped())?;
        Ok(user)
    }

    /// Creates a user who is there already.
    ///
    /// # Errors
    /// If that is not a conflict: with any other answer Entra ID does not look the user up again.
    pub async fn create_duplicate(&self, person: &Person) -> Result<(), Error> {
        let ask = Ask::post("/Users", representation(person));
        self.wire.send(ask).await?.expect_status(&[409])?;
        Ok(())
    }

    /// Sends what is other in a person than before, if anything, and reads the user.
    ///
    /// # Errors
    /// If the change is refused, or is not there afterwards.
    pub async fn update(&self, id: &str, before: &Person, after: &Person) -> Result<(), Error> {
        let (old, new) = (before.mapped(), after.mapped());
        let changes: Vec<Change> = new
            .iter()
            .filter(|mapped| !old.contains(mapped))
            .map(|(target, value)| {
                let is_new = !old.iter().any(|(known, _)| known == target);
                Change { target: *target, value: value.clone(), is_new }
            })
            .collect();
        if changes.is_empty() {
            return Ok(());
        }
        self.patch_user(id, &self.dialect.changes(&changes)).await?;
        let (answer, user) = self.look_at_user(id).await?;
        answer.expect_kept(user.resource(), &new)
    }

    /// Disables a user, which is what becomes of whoever is no longer assigned, is deleted in the
    /// directory, or may no longer sign in.
    ///
    /// # Errors
    /// If the change is refused, or the user cannot be read afterwards.
    pub async fn disable(&self, id: &str) -> Result<(), Error> {
        self.switch(id, false).await
    }

    /// Enables a user again.
    ///
    /// # Errors
    /// If the change is refused, or the user is not enabled afterwards.
    pub async fn restore(&self, id: &str) -> Result<(), Error> {
        self.switch(id, true).await
    }

    /// Deletes a user, 30 days after the deletion in the directory.
    ///
    /// # Errors
    /// If it is refused, or the user is still there.
    pub async fn delete(&self, id: &str) -> Result<(), Error> {
        self.delete_at(&path_to("/Users", id)).await
    }

    /// Gives a user a manager, or none.
    ///
    /// # Errors
    /// If the change is refused, or the manager is not shown in the enterprise extension: Entra ID
    /// would send it again in each cycle.
    pub async fn set_manager(&self, id: &str, manager: Option<&str>) -> Result<(), Error> {
        self.patch_user(id, &[self.dialect.manager(manager)]).await?;
        let (answer, user) = self.look_at_user(id).await?;
        let shown = user.resource().get(SchemaUri::ENTERPRISE_USER);
        let shown = shown.and_then(|extension| extension.get("manager")?.get("value")?.as_str());
        let path = format!("{}:manager", SchemaUri::ENTERPRISE_USER);
        answer.expect(shown == manager, Expectation::Kept(path))
    }

    /// Asks whether a user has that manager.
    ///
    /// # Errors
    /// If the answer is not a list of one or none.
    pub async fn has_manager(&self, id: &str, manager: &str) -> Result<bool, Error> {
        let ask = Ask::get("/Users")
            .with_filter(&[("id", id), ("manager", manager)])
            .with("attributes", "id");
        let answer = self.wire.send(ask).await?.expect_status(&[200])?;
        let found = answer.found()?;
        answer.expect(found.as_ref().is_none_or(|user| user.id() == id), Expectation::Id)?;
        Ok(found.is_some())
    }

    pub(in crate::emulate) async fn search(
        &self,
        terms: &[(&str, &str)],
    ) -> Result<(Answer, Option<Provisioned>), Error> {
        let ask = Ask::get("/Users").with_filter(terms);
        let answer = self.wire.send(ask).await?.expect_status(&[200])?;
        let found = answer.found()?;
        Ok((answer, found))
    }

    pub(super) async fn delete_at(&self, path: &str) -> Result<(), Error> {
        self.wire.send(Ask::delete(path)).await?.expect_status(&[204])?;
        self.wire.send(Ask::get(path)).await?.expect_status(&[404])?;
        Ok(())
    }

    /// A disabled user must still be read.
    async fn switch(&self, id: &str, active: bool) -> Result<(), Error> {
        self.patch_user(id, &[self.dialect.active(active)]).await?;
        let (answer, user) = self.look_at_user(id).await?;
        answer.expect_active(&user, id, active)
    }

    async fn patch_user(&self, id: &str, operations: &[Value]) -> Result<(), Error> {
        let ask = Ask::patch(&path_to("/Users", id), operations);
        self.wire.send(ask).await?.expect_status(&[200, 204])?;
        Ok(())
    }

    async fn look_at_user(&self, id: &str) -> Result<(Answer, Provisioned), Error> {
        let ask = Ask::get(&path_to("/Users", id));
        let answer = self.wire.send(ask).await?.expect_status(&[200])?;
        let user = answer.resource()?;
        Ok((answer, user))
    }
}

/// The body of a creation.
fn representation(person: &Person) -> Value {
    let mut body = Map::from_iter([
        ("schemas".to_owned(), json!([SchemaUri::USER, SchemaUri::ENTERPRISE_USER])),
        ("active".to_owned(), json!(true)),
        ("meta".to_owned(), json!({ "resourceType": "User" })),
        ("roles".to_owned(), json!([])),
    ]);
    body.extend(Person::resource(&person.mapped()));
    Value::Object(body)
}
