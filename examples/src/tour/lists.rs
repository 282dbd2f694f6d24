use std::collections::BTreeSet;

use scim_client::{ErrorKind, Filter, User};

use super::{Odd, Seen, Tour, check};

impl Tour<'_> {
    /// The people of this tour who are there, read by large pages.
    pub(super) async fn mine(&self) -> Result<Vec<User>, Odd> {
        let mut all = self.client.api::<User>().list().all().await?;
        all.retain(|user| user.user_name.starts_with(&self.prefix));
        Ok(all)
    }

    pub(super) async fn read_pages(&mut self) -> Seen {
        let mut pages = self.client.api::<User>().list().count(self.settings.page).pages();
        let mut names = BTreeSet::new();
        while let Some(user) = pages.next().await {
            let name = user?.user_name;
            check(names.insert(name), || "somebody came twice".to_owned())?;
        }
        let consistency = pages.consistency();
        check(consistency.is_certain(), || format!("{consistency:?}"))?;
        let is_there = |user: &&User| names.contains(&user.user_name);
        let found = self.users.iter().filter(is_there).count();
        check(found == self.users.len(), || format!("{found} of {}", self.users.len()))?;
        Ok(Some(format!("{} users by pages of {}", names.len(), self.settings.page)))
    }

    pub(super) async fn find(&mut self) -> Seen {
        if !self.capabilities().filter {
            return Ok(None);
        }
        let user = self.person(self.users.len() / 2)?;
        let filter = Filter::eq("userName", user.user_name.as_str()).map_err(odd)?;
        let users = self.client.api::<User>();
        let found = users.list().filter(filter).at_most_one().await?;
        check(found.is_some_and(|found| found.id == user.id), || "somebody else".to_owned())?;

        let text = format!(r#"userName sw "{}" and active eq true"#, self.prefix);
        let some = users.list().filter(text.parse::<Filter>().map_err(odd)?).all().await?;
        check(some.len() == self.users.len(), || format!("{} by `sw`", some.len()))?;
        Ok(Some(format!("one by `eq`, {} by `sw` and `and`", some.len())))
    }

    pub(super) async fn search(&mut self) -> Seen {
        let user = self.person(0)?;
        let filter = Filter::eq("userName", user.user_name.as_str()).map_err(odd)?;
        let list = self.client.api::<User>().list().filter(filter).attributes(["userName"]);
        match list.by_search().at_most_one().await {
            Ok(found) => {
                check(found.is_some_and(|found| found.id == user.id), || "nobody".to_owned())?;
                Ok(Some("one".to_owned()))
            }
            Err(error) if is_not_offered(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn sort(&mut self) -> Seen {
        let list = self.client.api::<User>().list().sort_by("userName").count(self.settings.page);
        let page = match list.first_page().await {
            Ok(page) => page.resources,
            Err(error) if is_not_offered(&error) || error.kind() == ErrorKind::Invalid => {
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        let is_sorted = page.is_sorted_by_key(|user| user.user_name.to_lowercase());
        Ok(is_sorted.then(|| format!("{} users in order", page.len())))
    }

    pub(super) fn person(&self, index: usize) -> Result<User, Odd> {
        let user = self.users.get(index).cloned();
        user.ok_or_else(|| Odd::Seen("nobody was created".to_owned()))
    }
}

pub(super) fn is_not_offered(error: &scim_client::Error) -> bool {
    matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::NotScim | ErrorKind::NotFound)
}

/// A text of this program that it cannot read itself.
pub(super) fn odd(error: impl std::fmt::Display) -> Odd {
    Odd::Seen(error.to_string())
}
