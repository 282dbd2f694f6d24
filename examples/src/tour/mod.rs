//! A tour of a service provider: every operation that it offers, with people made up for it.
//!
//! What it creates it deletes again, even if it fails on the way.

mod groups;
mod lists;
mod users;

use std::{
    fmt,
    time::{SystemTime, UNIX_EPOCH},
};

use scim_client::{
    Client, Group, ResourceId, User,
    target::{Capabilities, ConnectionReport},
};

/// A tour that is under way.
pub struct Tour<'c> {
    client: &'c Client,
    settings: TourSettings,
    /// What the names of all that is created begin with.
    prefix: String,
    users: Vec<User>,
    groups: Vec<ResourceId>,
    stations: Vec<Station>,
}

/// How many people there are, and how many go on a page.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct TourSettings {
    /// How many people are created; a few at least.
    pub people: usize,
    /// How many go on a page.
    pub page: u64,
}

/// Something that was tried.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Station {
    /// What was tried.
    pub name: &'static str,
    /// What was seen, or nothing if the service provider does not offer it.
    pub seen: Option<String>,
}

/// What a service provider did otherwise than it should.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TourError {
    /// A request failed.
    #[error("{station}: {error}")]
    Request {
        /// What was tried.
        station: &'static str,
        /// What went wrong.
        error: scim_client::Error,
    },
    /// An answer is not what it should be.
    #[error("{station}: {seen}")]
    Seen {
        /// What was tried.
        station: &'static str,
        /// What was seen.
        seen: String,
    },
}

type Seen = Result<Option<String>, Odd>;

/// What goes wrong at a station.
enum Odd {
    Request(scim_client::Error),
    Seen(String),
}

impl From<scim_client::Error> for Odd {
    fn from(error: scim_client::Error) -> Self {
        Self::Request(error)
    }
}

impl Default for TourSettings {
    fn default() -> Self {
        Self { people: 500, page: 7 }
    }
}

impl<'c> Tour<'c> {
    /// A tour that has not begun.
    pub fn new(client: &'c Client, settings: TourSettings) -> Self {
        let prefix = format!("tour-{:x}-", now());
        let stations = Vec::new();
        Self { client, settings, prefix, users: Vec::new(), groups: Vec::new(), stations }
    }

    /// Tries everything, and tells what was seen.
    ///
    /// # Errors
    /// At the first station that goes wrong; what was created is deleted all the same, as far as
    /// that is possible.
    pub async fn go(mut self) -> Result<Vec<Station>, TourError> {
        let outcome = self.stations().await;
        let left = self.leave().await;
        outcome.and(left).map(|()| self.stations)
    }

    async fn stations(&mut self) -> Result<(), TourError> {
        let seen = self.connection().await;
        self.note("test of the connection", seen)?;
        let seen = self.create_people().await;
        self.note("create people, in bulk where there is bulk", seen)?;
        let seen = self.read_pages().await;
        self.note("read all of them page by page", seen)?;
        let seen = self.find().await;
        self.note("find one by a filter", seen)?;
        let seen = self.search().await;
        self.note("find one by .search", seen)?;
        let seen = self.sort().await;
        self.note("sort", seen)?;
        let seen = self.read().await;
        self.note("read one, and some of its attributes", seen)?;
        let seen = self.unchanged().await;
        self.note("read one only if it has changed", seen)?;
        let seen = self.update().await;
        self.note("send what differs", seen)?;
        let seen = self.replace().await;
        self.note("replace one", seen)?;
        let seen = self.stale().await;
        self.note("change a version that has passed", seen)?;
        let seen = self.twice().await;
        self.note("create somebody twice", seen)?;
        let seen = self.nobody().await;
        self.note("read and delete nobody", seen)?;
        let seen = self.create_groups().await;
        self.note("create a group of people who are created with it", seen)?;
        let seen = self.change_members().await;
        self.note("add and remove members", seen)?;
        let seen = self.me().await;
        self.note("read oneself", seen)
    }

    fn note(&mut self, name: &'static str, seen: Seen) -> Result<(), TourError> {
        match seen {
            Ok(seen) => {
                self.stations.push(Station { name, seen });
                Ok(())
            }
            Err(Odd::Request(error)) => Err(TourError::Request { station: name, error }),
            Err(Odd::Seen(seen)) => Err(TourError::Seen { station: name, seen }),
        }
    }

    async fn connection(&mut self) -> Seen {
        let report = self.client.test_connection("userName").await?;
        let ConnectionReport { probe, .. } = &report;
        check(probe.is_scim(), || probe.to_string())?;
        Ok(Some(format!("{} by profile `{}`", yes(probe.is_ready()), report.profile)))
    }

    /// Deletes all that was created, and looks whether it is gone.
    async fn leave(&mut self) -> Result<(), TourError> {
        let seen = self.delete_all().await;
        self.note("delete all of them", seen)
    }

    async fn delete_all(&mut self) -> Seen {
        let mut bulk = self.client.bulk();
        for group in &self.groups {
            bulk = bulk.delete::<Group>(group)?;
        }
        for id in self.users.iter().filter_map(|user| user.id.as_ref()) {
            bulk = bulk.delete::<User>(id)?;
        }
        let report = bulk.await?;
        let failed = report.outcomes().iter().find_map(|outcome| outcome.error());
        check(failed.is_none(), || format!("{failed:?}"))?;
        let left = self.mine().await?;
        check(left.is_empty(), || format!("{} are there still", left.len()))?;
        let deleted = report.outcomes().len();
        Ok(Some(format!("{deleted} resources, requests: {}", report.requests())))
    }

    fn capabilities(&self) -> Capabilities {
        self.client.capabilities()
    }
}

/// Whether an answer is as it should be; if not, what it is instead.
fn check(is_right: bool, seen: impl FnOnce() -> String) -> Result<(), Odd> {
    if is_right { Ok(()) } else { Err(Odd::Seen(seen())) }
}

fn yes(is: bool) -> &'static str {
    if is { "all is well" } else { "it does not filter by `userName`" }
}

#[expect(clippy::disallowed_methods, reason = "an example has no other clock")]
fn now() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_micros()).unwrap_or_default()
}

impl fmt::Debug for Tour<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tour").field("settings", &self.settings).finish_non_exhaustive()
    }
}
