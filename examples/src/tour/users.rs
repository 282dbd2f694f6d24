use scim_client::{
    ErrorKind, Patched, ResourceId, User,
    scim_core::{MultiValued, resource::Name},
};

use super::{
    Odd, Seen, Tour, check,
    lists::{is_not_offered, odd},
};

impl Tour<'_> {
    pub(super) async fn create_people(&mut self) -> Seen {
        let mut users: Vec<User> =
            (0..self.settings.people).map(|number| made_up(&self.prefix, number)).collect();
        let mut bulk = self.client.bulk();
        for user in &users {
            bulk = bulk.create(user)?;
        }
        let report = bulk.await?;
        let requests = report.requests();
        let mut failed = None;
        for (user, outcome) in users.iter_mut().zip(report.into_outcomes()) {
            user.id = outcome.id().cloned();
            failed = failed.or_else(|| outcome.into_error());
        }
        // Who was created is deleted in the end, whatever became of others.
        users.retain(|user| user.id.is_some());
        self.users = users;
        if let Some(error) = failed {
            return Err(error.into());
        }
        let (created, wanted) = (self.users.len(), self.settings.people);
        check(created == wanted, || format!("{created} of {wanted} have an id"))?;
        Ok(Some(format!("{created} people, requests: {requests}")))
    }

    pub(super) async fn read(&mut self) -> Seen {
        let user = self.person(1)?;
        let users = self.client.api::<User>();
        let id = id_of(&user)?;
        let read = users.get(&id).await?.resource;
        let is_same = read.user_name == user.user_name
            && read.name == user.name
            && read.emails == user.emails
            && read.active == user.active;
        check(is_same, || "it is not as it was created".to_owned())?;
        let some = users.get(&id).attributes(["userName"]).await?.resource;
        check(some.user_name == user.user_name, || "without `userName`".to_owned())?;
        Ok(Some(if some.emails.is_empty() { "both" } else { "all attributes come" }.to_owned()))
    }

    pub(super) async fn unchanged(&mut self) -> Seen {
        let id = id_of(&self.person(1)?)?;
        let users = self.client.api::<User>();
        let Some(version) = users.get(&id).await?.version.filter(|_| self.capabilities().etag)
        else {
            return Ok(None);
        };
        let again = users.get(&id).if_none_match(version).await?;
        Ok(again.is_none().then(|| "it has not".to_owned()))
    }

    pub(super) async fn update(&mut self) -> Seen {
        let id = id_of(&self.person(2)?)?;
        let users = self.client.api::<User>();
        let old = users.get(&id).await?.resource;
        let mut new = old.clone();
        new.title = Some("Tour Guide".to_owned());
        new.nick_name = None;
        new.emails
            .push(MultiValued::new(format!("{}home@tour.example", self.prefix)).with_type("home"));
        let patched = users.update(&old, &new).await?;
        check(patched.is_some(), || "nothing differs".to_owned())?;
        let read = users.get(&id).await?.resource;
        let is_changed = read.title == new.title && read.nick_name.is_none();
        check(is_changed && read.emails.len() == 2, || "it is not what was sent".to_owned())?;
        check(users.update(&read, &read).await?.is_none(), || "it was sent again".to_owned())?;
        let by = if self.capabilities().patch { "PATCH" } else { "PUT" };
        let mut disable = users.patch(&id).replace("active", false)?;
        disable = disable.remove(r#"emails[type eq "home"]"#)?;
        let Patched { resource, .. } = disable.await?;
        let read = users.get(&id).await?.resource;
        check(read.active == Some(false), || "it is active still".to_owned())?;
        check(read.emails.len() == 1, || "the address is there still".to_owned())?;
        users.patch(&id).replace("active", true)?.await?;
        let shown = if resource.is_some() { "the resource" } else { "nothing" };
        Ok(Some(format!("by {by}, answered with {shown}")))
    }

    pub(super) async fn replace(&mut self) -> Seen {
        let id = id_of(&self.person(3)?)?;
        let users = self.client.api::<User>();
        let mut user = users.get(&id).await?.resource;
        user.display_name = Some("Another name".to_owned());
        user.nick_name = None;
        users.replace(&id, &user).await?;
        let read = users.get(&id).await?.resource;
        let is_replaced = read.display_name == user.display_name && read.nick_name.is_none();
        check(is_replaced, || "it is not what was sent".to_owned())?;
        Ok(Some("by PUT".to_owned()))
    }

    pub(super) async fn stale(&mut self) -> Seen {
        let id = id_of(&self.person(4)?)?;
        let users = self.client.api::<User>();
        let Some(first) = users.get(&id).await?.version.filter(|_| self.capabilities().etag) else {
            return Ok(None);
        };
        let patch = |title: &str| users.patch(&id).replace("title", title);
        patch("First")?.if_match(first.clone()).await?;
        let Err(error) = patch("Second")?.if_match(first.clone()).await else {
            return Err(Odd::Seen("it was changed all the same".to_owned()));
        };
        check(error.is_precondition_failed(), || error.to_string())?;
        let read = users.get(&id).await?;
        let is_first = read.resource.title.as_deref() == Some("First");
        check(is_first, || "the second change is there".to_owned())?;
        Ok(Some(format!("refused ({})", error.status().map_or(0, |status| status.as_u16()))))
    }

    pub(super) async fn twice(&mut self) -> Seen {
        let user = self.person(0)?;
        match self.client.api::<User>().create(&user).await {
            Err(error) if error.is_conflict() => Ok(Some("refused".to_owned())),
            Err(error) => Err(error.into()),
            Ok(created) => {
                self.users.push(created.resource);
                Ok(None)
            }
        }
    }

    pub(super) async fn nobody(&mut self) -> Seen {
        let nobody: ResourceId = "00000000-0000-4000-8000-000000000000".parse().map_err(odd)?;
        let users = self.client.api::<User>();
        let is_nobody = |error: Option<scim_client::Error>| {
            error.is_some_and(|error| error.kind() == ErrorKind::NotFound)
        };
        let read = users.get(&nobody).await.err();
        check(is_nobody(read), || "it is not 404".to_owned())?;
        check(is_nobody(users.delete(&nobody).await.err()), || "it is not 404".to_owned())?;
        Ok(Some("there is nobody".to_owned()))
    }

    pub(super) async fn me(&mut self) -> Seen {
        match self.client.me::<User>().get().await {
            Ok(me) => Ok(Some(format!("a user with {} e-mails", me.resource.emails.len()))),
            Err(error) if is_not_offered(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

pub(super) fn made_up(prefix: &str, number: usize) -> User {
    let mut user = User::new(format!("{prefix}{number}"));
    user.external_id = Some(format!("{prefix}x{number}"));
    user.display_name = Some(format!("Guest {number}"));
    user.nick_name = Some("Guest".to_owned());
    user.active = Some(true);
    let mut name = Name::default();
    name.given_name = Some("Guest".to_owned());
    name.family_name = Some(format!("Number {number}"));
    user.name = Some(name);
    user.emails =
        vec![MultiValued::new(format!("{prefix}{number}@tour.example")).with_type("work")];
    user
}

pub(super) fn id_of(user: &User) -> Result<ResourceId, Odd> {
    user.id.clone().ok_or_else(|| Odd::Seen("a user without an `id`".to_owned()))
}
