use super::Okta;
use crate::emulate::{Error, Expectation, Person, Provisioned, Report};

impl Okta<'_> {
    /// Plays a whole life with people of its own: connection, creation, import, profile changes,
    /// group push, deactivation and return. Everyone is inactive in the end, as Okta deletes no
    /// user.
    ///
    /// # Errors
    /// The first expectation that is not met.
    pub async fn run_all(&self) -> Result<Report, Error> {
        let place = self.wire.place();
        self.test_connection().await?;
        self.test_credentials().await?;
        self.read_missing_user().await?;
        let people = Person::cast();
        let users = self.create_all(&people).await?;
        let ids = users.each_ref().map(Provisioned::id);
        self.import_all(&ids).await?;
        self.change_profiles(&people, ids).await?;
        self.group_life(&people, ids).await?;
        for id in ids {
            self.deactivate(id).await?;
        }
        Ok(self.wire.report_since(place))
    }

    async fn create_all(&self, people: &[Person; 3]) -> Result<[Provisioned; 3], Error> {
        for person in people {
            let (answer, found) = self.search("/Users", "userName", &person.user_name).await?;
            answer.expect(found.is_none(), Expectation::EmptyList)?;
        }
        let [head, maren, tobias] = people;
        let users = [
            self.create_user(head).await?,
            self.create_user(maren).await?,
            self.create_user(tobias).await?,
        ];
        for (person, user) in people.iter().zip(&users) {
            for name in [person.user_name.clone(), person.user_name.to_uppercase()] {
                self.expect_found(&name, user.id(), true).await?;
            }
        }
        self.create_duplicate(head).await?;
        Ok(users)
    }

    async fn import_all(&self, ids: &[&str]) -> Result<(), Error> {
        let (last, imported) = self.import("/Users").await?;
        let has_all = ids.iter().all(|id| imported.iter().any(|user| user.id() == *id));
        last.expect(has_all, Expectation::Pages)
    }

    async fn change_profiles(&self, people: &[Person; 3], ids: [&str; 3]) -> Result<(), Error> {
        let [_, maren, tobias] = people;
        let [_, id_of_maren, id_of_tobias] = ids;
        let married = maren.clone().with_name("Maren", "Holt-Berg").with_title("Charge nurse");
        self.update(id_of_maren, &married).await?;
        self.change_password(id_of_maren).await?;
        self.deactivate(id_of_tobias).await?;
        self.expect_found(&tobias.user_name, id_of_tobias, false).await?;
        self.activate(id_of_tobias).await
    }

    async fn group_life(&self, people: &[Person; 3], ids: [&str; 3]) -> Result<(), Error> {
        let [head, maren, tobias] = ids;
        let [person, ..] = people;
        let name = format!("Ward of {}", person.external_id);
        let before = self.find_group(&name).await?;
        let group = match before {
            Some(group) => group,
            None => self.push_group(&name).await?,
        };
        let id = group.id();
        let (answer, found) = self.search("/Groups", "displayName", &name).await?;
        let is_found = found.is_some_and(|found| found.id() == id);
        answer.expect(is_found, Expectation::FoundOnce)?;
        self.change_members(id, &[], &[head, maren]).await?;
        self.change_members(id, &[head], &[tobias]).await?;
        // A retry changes nothing.
        self.change_members(id, &[head], &[tobias]).await?;
        self.push_members(id, &[head, maren]).await?;
        self.rename_group(id, &format!("{name} and others")).await?;
        self.push_members_without_path(id, &[tobias]).await?;
        self.push_members(id, &[]).await?;
        self.import_groups().await?;
        self.delete_group(id).await
    }

    async fn expect_found(&self, name: &str, id: &str, active: bool) -> Result<(), Error> {
        let (answer, found) = self.search("/Users", "userName", name).await?;
        let Some(found) = found else { return Err(answer.broken(Expectation::FoundOnce)) };
        answer.expect_active(&found, id, active)
    }
}
