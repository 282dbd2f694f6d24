use std::collections::BTreeSet;

use scim_client::{Group, ResourceId, scim_core::resource::Member};
use serde_json::json;

use super::{
    Odd, Seen, Tour, check,
    lists::{is_not_offered, odd},
    users::{id_of, made_up},
};

impl Tour<'_> {
    pub(super) async fn create_groups(&mut self) -> Seen {
        if let Err(error) = self.client.api::<Group>().list().count(1).first_page().await {
            return if is_not_offered(&error) { Ok(None) } else { Err(error.into()) };
        }
        let old = id_of(&self.person(0)?)?;
        let mut group = Group::new(format!("{}group", self.prefix));
        group.members = vec![member(old.as_str()), member("bulkId:guest")];
        let guest = made_up(&self.prefix, self.settings.people);
        // The group comes before the guest whom it holds.
        let bulk = self.client.bulk().create_as("group".parse().map_err(odd)?, &group)?;
        let report = bulk.create_as("guest".parse().map_err(odd)?, &guest)?.await?;
        let requests = report.requests();
        let mut ids = Vec::new();
        for outcome in report.into_outcomes() {
            ids.extend(outcome.id().cloned());
            outcome.into_error().map_or(Ok(()), Err)?;
        }
        let [group, guest_id] = &*ids else {
            return Err(Odd::Seen(format!("{} of 2 have an id", ids.len())));
        };
        self.groups.push(group.clone());
        let mut guest = guest;
        guest.id = Some(guest_id.clone());
        self.users.push(guest);
        self.check_members(group, [&old, guest_id]).await?;
        Ok(Some(format!("with two members, requests: {requests}")))
    }

    pub(super) async fn change_members(&mut self) -> Seen {
        let Some(group) = self.groups.first().cloned() else { return Ok(None) };
        let people =
            (1..4).map(|index| id_of(&self.person(index)?)).collect::<Result<Vec<_>, Odd>>()?;
        let added: Vec<_> = people.iter().map(|id| json!({"value": id.as_str()})).collect();
        let groups = self.client.api::<Group>();
        groups.patch(&group).add("members", added)?.await?;
        let before = self.members(&group).await?;
        check(before.len() == 5, || format!("{} members", before.len()))?;

        let old = groups.get(&group).await?.resource;
        let mut new = old.clone();
        new.members.retain(|member| people.iter().any(|id| member.value == id.as_str()));
        groups.update(&old, &new).await?;
        self.check_members(&group, &people).await?;
        Ok(Some("three came, two went".to_owned()))
    }

    async fn check_members<'a>(
        &self,
        group: &ResourceId,
        expected: impl IntoIterator<Item = &'a ResourceId>,
    ) -> Result<(), Odd> {
        let expected: BTreeSet<_> = expected.into_iter().map(|id| id.as_str().to_owned()).collect();
        let found = self.members(group).await?;
        check(found == expected, || format!("{} members, others than expected", found.len()))
    }

    async fn members(&self, group: &ResourceId) -> Result<BTreeSet<String>, Odd> {
        let group = self.client.api::<Group>().get(group).await?.resource;
        Ok(group.members.into_iter().map(|member| member.value).collect())
    }
}

fn member(value: &str) -> Member {
    let mut member = Member::default();
    value.clone_into(&mut member.value);
    member
}
