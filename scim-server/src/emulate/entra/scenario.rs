use super::EntraId;
use crate::emulate::{Error, Expectation, Person, Provisioned, Report};

impl EntraId<'_> {
    /// Plays a whole life with people of its own: connection, initial cycle, changes, group
    /// membership, leavers, return, deletion. Nobody is left when it has succeeded.
    ///
    /// # Errors
    /// The first expectation that is not met.
    pub async fn run_all(&self) -> Result<Report, Error> {
        let place = self.wire.place();
        self.test_connection().await?;
        self.test_credentials().await?;
        self.discover_schemas().await?;
        let people = Person::cast();
        let users = self.initial_cycle(&people).await?;
        let [head, maren, tobias] = users.each_ref().map(Provisioned::id);
        self.references(maren, head, tobias).await?;
        self.incremental_cycle(&people, maren, tobias).await?;
        self.group_life(&people, [head, maren, tobias]).await?;
        self.leave_and_return(&people, tobias).await?;
        for id in [head, maren, tobias] {
            self.delete(id).await?;
        }
        let (answer, found) = self.search(&[("userName", &people[1].user_name)]).await?;
        answer.expect(found.is_none(), Expectation::EmptyList)?;
        Ok(self.wire.report_since(place))
    }

    /// Nobody is there: all are created, and found from then on, in whatever case.
    pub(in crate::emulate) async fn initial_cycle(
        &self,
        people: &[Person; 3],
    ) -> Result<[Provisioned; 3], Error> {
        for person in people {
            let (answer, found) = self.search(&[self.matching.term(person)]).await?;
            answer.expect(found.is_none(), Expectation::EmptyList)?;
        }
        let [head, maren, tobias] = people;
        let users = [
            self.create_user(head).await?,
            self.create_user(maren).await?,
            self.create_user(tobias).await?,
        ];
        for (person, user) in people.iter().zip(&users) {
            self.expect_found(&[self.matching.term(person)], user.id()).await?;
            let upper = person.user_name.to_uppercase();
            self.expect_found(&[("userName", &upper)], user.id()).await?;
        }
        self.create_duplicate(head).await?;
        Ok(users)
    }

    async fn references(&self, id: &str, manager: &str, other: &str) -> Result<(), Error> {
        self.set_manager(id, Some(manager)).await?;
        for (asked, expected) in [(manager, true), (other, false)] {
            let (answer, found) = self.search(&[("manager", asked), ("id", id)]).await?;
            answer.expect(found.is_some() == expected, Expectation::FoundOnce)?;
            let has = self.has_manager(id, asked).await?;
            answer.expect(has == expected, Expectation::FoundOnce)?;
        }
        self.set_manager(id, Some(other)).await?;
        self.set_manager(id, None).await
    }

    /// A marriage and a transfer, and someone who gets an address, a name and a department.
    async fn incremental_cycle(
        &self,
        [_, maren, tobias]: &[Person; 3],
        id_of_maren: &str,
        id_of_tobias: &str,
    ) -> Result<(), Error> {
        let married = maren.clone().with_name("Maren", "Holt-Berg").with_department("Oncology");
        let email = format!("{}.berg@clinic.example", maren.external_id);
        self.update(id_of_maren, maren, &married.with_email(email)).await?;
        let equipped = tobias
            .clone()
            .with_email(&tobias.user_name)
            .with_phone_number("+1 555 0101")
            .with_title("Radiographer")
            .with_department("Radiology")
            .with_employee_number("81007");
        self.update(id_of_tobias, tobias, &equipped).await
    }

    async fn group_life(&self, people: &[Person; 3], ids: [&str; 3]) -> Result<(), Error> {
        let name = format!("Ward of {}", people[0].external_id);
        let [head, maren, tobias] = ids;
        let before = self.find_group(&name).await?;
        let group = match before {
            Some(group) => group,
            None => self.create_group(&name).await?,
        };
        let id = group.id();
        self.add_members(id, &ids).await?;
        // A retry changes nothing.
        self.add_members(id, &[maren]).await?;
        self.expect_members(id, |now| now.len() == 3).await?;
        self.find_group(&name).await?;
        self.read_group(id).await?;
        let renamed = format!("{name} and others");
        self.rename_group(id, &renamed).await?;
        self.remove_members(id, &[maren]).await?;
        // One who left is not taken for all.
        self.remove_members(id, &[maren]).await?;
        self.expect_members(id, |now| now.len() == 2).await?;
        self.remove_members(id, &[head, tobias]).await?;
        self.delete_group(id).await
    }

    /// A leaver is disabled and can still be found; who comes back is enabled.
    async fn leave_and_return(&self, people: &[Person; 3], tobias: &str) -> Result<(), Error> {
        self.disable(tobias).await?;
        let (answer, found) = self.search(&[("userName", &people[2].user_name)]).await?;
        let Some(found) = found else { return Err(answer.broken(Expectation::FoundOnce)) };
        answer.expect_active(&found, tobias, false)?;
        self.restore(tobias).await
    }

    async fn expect_found(&self, terms: &[(&str, &str)], id: &str) -> Result<(), Error> {
        let (answer, found) = self.search(terms).await?;
        let Some(found) = found else { return Err(answer.broken(Expectation::FoundOnce)) };
        answer.expect(found.id() == id, Expectation::Id)
    }
}
