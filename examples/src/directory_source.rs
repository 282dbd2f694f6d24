//! The directory as an identity source of the provisioning engine, read in pages.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use scim_client::provision::{
    IdentitySource, SourceId, SourceObject,
    source::{Batch, Change, Following, Position, SourceError, Watermark},
};

use crate::directory::{ChangeKind, Directory, ObjectId, Person};

/// How many people a page holds.
const PAGE: usize = 250;

/// A directory that others change while it is read; clones share it.
#[derive(Clone, Debug)]
pub struct DirectorySource(Arc<Mutex<Directory>>);

/// A position in the words of another source.
#[derive(Debug, thiserror::Error)]
#[error("the position was not given out by this directory")]
struct UnknownPosition;

impl DirectorySource {
    /// Makes a directory a source.
    pub fn new(directory: Directory) -> Self {
        Self(Arc::new(Mutex::new(directory)))
    }

    /// The directory, to read or to change.
    pub fn directory(&self) -> MutexGuard<'_, Directory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl IdentitySource for DirectorySource {
    async fn read(&self, position: &Position) -> Result<Batch, SourceError> {
        let directory = self.directory();
        match position {
            Position::Since(watermark) => {
                let since = watermark.as_str().parse().map_err(SourceError::new)?;
                let changes = directory.changed_since(since).into_iter();
                let changes = changes.filter_map(|change| match change.kind {
                    ChangeKind::Present => {
                        directory.person(&change.object_id).map(|p| Change::Present(object(p)))
                    }
                    _ => Some(Change::Removed(SourceId::from(change.object_id.as_str()))),
                });
                let watermark = Watermark::new(directory.watermark().to_string());
                Ok(Batch::new(changes.collect(), Following::End(watermark)))
            }
            // What changes while pages are read is read again from the first page's watermark.
            Position::Start => Ok(page(&directory, 0, directory.watermark())),
            Position::Next(text) => {
                let (start, watermark) =
                    text.split_once(' ').ok_or_else(|| SourceError::new(UnknownPosition))?;
                let start = start.parse().map_err(SourceError::new)?;
                Ok(page(&directory, start, watermark.parse().map_err(SourceError::new)?))
            }
        }
    }

    async fn get(&self, id: &SourceId) -> Result<Option<SourceObject>, SourceError> {
        let id = id.as_str().parse().map_err(SourceError::new)?;
        Ok(self.directory().person(&id).map(object))
    }
}

fn page(directory: &Directory, start: usize, watermark: u64) -> Batch {
    let people: Vec<_> = directory.people().skip(start).take(PAGE).collect();
    let next = start + people.len();
    let following = if next < directory.len() {
        Following::More(format!("{next} {watermark}"))
    } else {
        Following::End(Watermark::new(watermark.to_string()))
    };
    Batch::new(
        people.into_iter().map(|person| Change::Present(object(person))).collect(),
        following,
    )
}

/// A person by the names that the directory's own interface has for the attributes.
fn object(person: &Person) -> SourceObject {
    let object = SourceObject::new(person.object_id.as_str())
        .with_attribute("objectId", person.object_id.as_str())
        .with_attribute("userPrincipalName", person.user_principal_name.as_str())
        .with_attribute("mail", person.mail.as_str())
        .with_attribute("otherMails", person.other_mails.clone())
        .with_attribute("givenName", person.given_name.as_str())
        .with_attribute("surname", person.surname.as_str())
        .with_attribute("displayName", person.display_name.as_str())
        .with_attribute("jobTitle", person.job_title.as_str())
        .with_attribute("department", person.department.as_str())
        .with_attribute("employeeId", person.employee_id.as_str())
        .with_attribute("mobile", person.mobile.clone())
        .with_attribute("preferredLanguage", person.preferred_language.as_str())
        .with_attribute("manager", person.manager.as_ref().map(ObjectId::as_str))
        .with_attribute("userType", person.user_type.as_str())
        .with_active(person.account_enabled);
    match person.assignment.role() {
        Some(role) => object.with_roles([role]),
        None => object,
    }
}
