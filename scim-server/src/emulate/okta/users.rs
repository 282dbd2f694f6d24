use serde_json::{Map, Value, json};

use scim_core::SchemaUri;

use super::{Okta, OktaApplication};
use crate::emulate::{
    Error, Expectation, Person, Provisioned,
    answer::Answer,
    ask::{Ask, path_to},
    target::Target,
};

/// The password of everyone who is created.
const PASSWORD: &str = "Okta-emulated-7fQ2";
/// The password that somebody gets later.
const NEW_PASSWORD: &str = "Okta-emulated-9xK4";

impl Okta<'_> {
    /// Looks a user up by `userName`.
    ///
    /// # Errors
    /// If the answer is not a list of one or none, or 404.
    pub async fn find_user(&self, user_name: &str) -> Result<Option<Provisioned>, Error> {
        Ok(self.search("/Users", "userName", user_name).await?.1)
    }

    /// Creates a user, with a password.
    ///
    /// # Errors
    /// If it is not created, is answered without the user, or with the password.
    pub async fn create_user(&self, person: &Person) -> Result<Provisioned, Error> {
        let ask = Ask::post("/Users", representation(person));
        let answer = self.wire.send(ask).await?.expect_status(&[201])?;
        expect_no_password(&answer)?;
        let user = answer.resource()?;
        answer.expect_active(&user, user.id(), true)?;
        answer.expect_kept(user.resource(), &profile(person))?;
        Ok(user)
    }

    /// Creates a user who is there already.
    ///
    /// # Errors
    /// If that is not a conflict with a SCIM error.
    pub async fn create_duplicate(&self, person: &Person) -> Result<(), Error> {
        let ask = Ask::post("/Users", representation(person));
        let answer = self.wire.send(ask).await?.expect_status(&[409])?;
        answer.expect_error_body()
    }

    /// Reads a user.
    ///
    /// # Errors
    /// If the answer is not the user.
    pub async fn read_user(&self, id: &str) -> Result<Provisioned, Error> {
        Ok(self.look_at_user(id).await?.1)
    }

    /// Reads a user that there is not.
    ///
    /// # Errors
    /// If that is not 404 with a SCIM error.
    pub async fn read_missing_user(&self) -> Result<(), Error> {
        let ask = Ask::get(&path_to("/Users", &uuid::Uuid::new_v4().to_string()));
        self.wire.send(ask).await?.expect_status(&[404])?.expect_error_body()
    }

    /// Reads a user, and puts it back with the profile of the person.
    ///
    /// # Errors
    /// If it is refused, answered without the user, or not there afterwards.
    pub async fn update(&self, id: &str, person: &Person) -> Result<(), Error> {
        let profile = profile(person);
        let (answer, user) = self.put(id, Person::resource(&profile)).await?;
        answer.expect_kept(user.resource(), &profile)?;
        let (answer, user) = self.look_at_user(id).await?;
        answer.expect_kept(user.resource(), &profile)
    }

    /// Deactivates a user: no longer assigned, suspended or deactivated in Okta.
    ///
    /// # Errors
    /// If it is refused, or the user cannot be read afterwards.
    pub async fn deactivate(&self, id: &str) -> Result<(), Error> {
        self.switch(id, false).await
    }

    /// Activates a user again.
    ///
    /// # Errors
    /// If it is refused, or the user is not active afterwards.
    pub async fn activate(&self, id: &str) -> Result<(), Error> {
        self.switch(id, true).await
    }

    /// Gives a user another password.
    ///
    /// # Errors
    /// If it is refused, or shown.
    pub async fn change_password(&self, id: &str) -> Result<(), Error> {
        match self.application {
            OktaApplication::IntegrationNetwork => {
                self.patch_user(id, json!({ "password": NEW_PASSWORD })).await
            }
            OktaApplication::Wizard => {
                let password = Map::from_iter([("password".to_owned(), json!(NEW_PASSWORD))]);
                self.put(id, password).await.map(|_| ())
            }
        }
    }

    async fn switch(&self, id: &str, active: bool) -> Result<(), Error> {
        match self.application {
            OktaApplication::IntegrationNetwork => {
                self.patch_user(id, json!({ "active": active })).await?;
            }
            OktaApplication::Wizard => {
                let change = Map::from_iter([("active".to_owned(), json!(active))]);
                let (answer, user) = self.put(id, change).await?;
                answer.expect_active(&user, id, active)?;
            }
        }
        let (answer, user) = self.look_at_user(id).await?;
        answer.expect_active(&user, id, active)
    }

    /// A `replace` without path.
    async fn patch_user(&self, id: &str, value: Value) -> Result<(), Error> {
        let operation = json!({ "op": "replace", "value": value });
        let ask = Ask::patch(&path_to("/Users", id), &[operation]);
        let answer = self.wire.send(ask).await?.expect_status(&[200, 204])?;
        expect_no_password(&answer)
    }

    /// Puts back what is read, with some members changed: `id`, `meta` and `groups` come along.
    async fn put(
        &self,
        id: &str,
        change: Map<String, Value>,
    ) -> Result<(Answer, Provisioned), Error> {
        let (_, user) = self.look_at_user(id).await?;
        let mut body = user.resource().clone();
        if let Value::Object(members) = &mut body {
            members.entry("groups").or_insert_with(|| json!([]));
            members.extend(change);
        }
        let ask = Ask::put(&path_to("/Users", id), body);
        let answer = self.wire.send(ask).await?.expect_status(&[200])?;
        expect_no_password(&answer)?;
        let user = answer.resource()?;
        answer.expect(user.id() == id, Expectation::Id)?;
        Ok((answer, user))
    }

    async fn look_at_user(&self, id: &str) -> Result<(Answer, Provisioned), Error> {
        let ask = Ask::get(&path_to("/Users", id));
        let answer = self.wire.send(ask).await?.expect_status(&[200])?;
        expect_no_password(&answer)?;
        let user = answer.resource()?;
        answer.expect(user.id() == id, Expectation::Id)?;
        Ok((answer, user))
    }
}

fn expect_no_password(answer: &Answer) -> Result<(), Error> {
    let is_shown = answer.holds(PASSWORD) || answer.holds(NEW_PASSWORD);
    answer.expect(!is_shown, Expectation::PasswordHidden)
}

/// Okta maps the core schema alone.
fn profile(person: &Person) -> Vec<(Target, String)> {
    let mut mapped = person.mapped();
    mapped.retain(|(target, _)| !matches!(target, Target::Enterprise(_)));
    mapped
}

/// The body of a creation.
fn representation(person: &Person) -> Value {
    let mut body = Map::from_iter([
        ("schemas".to_owned(), json!([SchemaUri::USER])),
        ("locale".to_owned(), json!("en-US")),
        ("groups".to_owned(), json!([])),
        ("password".to_owned(), json!(PASSWORD)),
        ("active".to_owned(), json!(true)),
    ]);
    body.extend(Person::resource(&profile(person)));
    Value::Object(body)
}
