use std::collections::HashSet;

use async_trait::async_trait;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use scim_core::{Filter, Resource, filter::CompareOp, query::SortOrder};
use serde_json::{Map, Value};

use super::{
    Batch, Change, Following, IdentitySource, ObjectKind, Position, SourceError, SourceId,
    SourceObject, Watermark,
};
use crate::{Client, Error, ErrorKind, Group, User, api::Api};

/// The users of a SCIM service provider, and its groups if they are asked for.
///
/// The attributes are those of the resource. What is inside of one is an attribute as well:
/// `name.givenName`, `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department`. The
/// identifier is the `id`, and everyone is assigned.
///
/// Everyone is read in each cycle, unless it has a
/// [method to know who has changed](Self::with_changes_by_last_modified). A list that has moved
/// while it was read may lack somebody: the read fails then, and the cycle changes nothing.
///
/// ```
/// # use bytes::Bytes;
/// # use http::{Request, Response};
/// use scim_client::{
///     Client,
///     provision::source::{Change, IdentitySource, Position, ScimSource},
///     transport::InProcessTransport,
/// };
///
/// # let service = |_: Request<Bytes>| async {
/// #     Response::new(Bytes::from_static(br#"{"totalResults": 1, "Resources": [
/// #         {"id": "2819", "userName": "bjensen", "name": {"givenName": "Barbara"}}]}"#))
/// # };
/// let client = Client::builder("https://scim.example.com/v2")
///     .transport(InProcessTransport::new(service))
///     .build()?;
/// let source = ScimSource::new(&client).with_roles(["User"]);
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let batch = source.read(&Position::Start).await?;
/// let [Change::Present(user)] = &batch.changes[..] else { panic!("there is one") };
/// assert_eq!(user.id.as_str(), "2819");
/// assert_eq!(user.attributes["name.givenName"], "Barbara");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ScimSource {
    client: Client,
    kinds: Vec<ObjectKind>,
    roles: Roles,
    is_by_last_modified: bool,
    count: Option<u64>,
}

#[derive(Clone, Debug)]
enum Roles {
    Constant(Vec<String>),
    OfResource,
}

/// An answer that gives no whole picture.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("the list at `{0}` has moved while it was read")]
    Moved(String),
    #[error("a resource at `{0}` has no `id`")]
    NoId(String),
    #[error("an `id` comes twice")]
    DuplicateId,
    #[error("a resource at `{0}` has a value of `active` that means nothing")]
    Active(String),
    #[error("a resource at `{0}` has a member without `value`")]
    Member(String),
    #[error("the position was not given out by this source")]
    UnknownPosition,
}

/// What was changed so long before the watermark is read again: a change may be seen only some
/// time after the moment it is dated by, and the clocks of several servers differ.
const OVERLAP: TimeDelta = TimeDelta::minutes(5);
const LAST_MODIFIED: &str = "meta.lastModified";
/// The watermark of a source that does not know who has changed.
const SNAPSHOT: &str = "snapshot";

impl ScimSource {
    /// The users.
    pub fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
            kinds: vec![ObjectKind::User],
            roles: Roles::Constant(Vec::new()),
            is_by_last_modified: false,
            count: None,
        }
    }

    /// The groups as well, with their members; some service providers leave those out of lists.
    #[must_use]
    pub fn with_groups(mut self) -> Self {
        self.kinds = vec![ObjectKind::User, ObjectKind::Group];
        self
    }

    /// Everyone assigned with these roles.
    #[must_use]
    pub fn with_roles(mut self, roles: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.roles = Roles::Constant(roles.into_iter().map(Into::into).collect());
        self
    }

    /// Everyone assigned with the roles of the resource, which are the `value`s of `roles`.
    #[must_use]
    pub fn with_roles_of_resource(mut self) -> Self {
        self.roles = Roles::OfResource;
        self
    }

    /// Asks by `meta.lastModified` who has changed since the cycle before.
    ///
    /// That somebody was deleted is not seen so: an initial cycle from time to time finds it. The
    /// service provider must filter by the attribute, and is asked for the newest resource first,
    /// since only its own clock counts. What it changed in the last five minutes comes again.
    #[must_use]
    pub fn with_changes_by_last_modified(mut self) -> Self {
        self.is_by_last_modified = true;
        self
    }

    /// Asks for pages of no more than that many resources.
    #[must_use]
    pub fn with_count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }

    async fn snapshot(&self) -> Result<Batch, SourceError> {
        // Before the first page: what changes while pages are read is newer then.
        let newest = if self.is_by_last_modified { self.newest().await? } else { None };
        let changes = self.all(None).await?;
        Ok(Batch::new(changes, Following::EndOfSnapshot(watermark(newest))))
    }

    async fn changed_since(&self, since: DateTime<Utc>) -> Result<Batch, SourceError> {
        let newest = self.newest().await?.max(Some(since));
        let filter = Filter::compare(LAST_MODIFIED, CompareOp::GreaterOrEqual, text(since));
        let filter = filter.map_err(SourceError::new)?;
        let changes = self.all(Some(&filter)).await?;
        Ok(Batch::new(changes, Following::End(watermark(newest))))
    }

    /// Everything that the lists hold, or an error if that is not certain.
    async fn all(&self, filter: Option<&Filter>) -> Result<Vec<Change>, SourceError> {
        let mut objects = Vec::new();
        for kind in &self.kinds {
            objects.extend(self.list(*kind, filter).await?);
        }
        let mut ids = HashSet::new();
        if objects.iter().all(|object| ids.insert(&object.id)) {
            Ok(objects.into_iter().map(Change::Present).collect())
        } else {
            Err(Fault::DuplicateId.into())
        }
    }

    async fn list(
        &self,
        kind: ObjectKind,
        filter: Option<&Filter>,
    ) -> Result<Vec<SourceObject>, SourceError> {
        let api = self.api(kind)?;
        let mut list = api.list();
        if let Some(filter) = filter {
            list = list.filter(filter.clone());
        }
        if let Some(count) = self.count {
            list = list.count(count);
        }
        let (mut pages, mut objects) = (list.pages(), Vec::new());
        while let Some(resource) = pages.next().await {
            let resource = resource.map_err(SourceError::new)?;
            objects.push(self.object(kind, resource, api.endpoint())?);
        }
        if pages.consistency().is_certain() {
            Ok(objects)
        } else {
            Err(Fault::Moved(api.endpoint().to_owned()).into())
        }
    }

    /// The moment from which on everything is to be read again: a little before the newest one
    /// that the service provider dates a resource by.
    async fn newest(&self) -> Result<Option<DateTime<Utc>>, SourceError> {
        let mut newest = None;
        for kind in &self.kinds {
            let list = self.api(*kind)?.list().count(1);
            let sorted = list.clone().sort_by(LAST_MODIFIED).sort_order(SortOrder::Descending);
            let page = match sorted.first_page().await {
                // Without the order it is an older moment, from which more is read than must be.
                Err(error) if is_refused(&error) => list.first_page().await,
                page => page,
            };
            let page = page.map_err(SourceError::new)?;
            newest = newest.max(page.resources.iter().filter_map(last_modified).max());
        }
        Ok(newest.and_then(|newest| newest.checked_sub_signed(OVERLAP)))
    }

    fn api(&self, kind: ObjectKind) -> Result<Api<Resource>, SourceError> {
        let endpoint = match kind {
            ObjectKind::User => self.client.api::<User>().endpoint().to_owned(),
            ObjectKind::Group => self.client.api::<Group>().endpoint().to_owned(),
        };
        self.client.dynamic(endpoint).map_err(SourceError::new)
    }

    fn object(
        &self,
        kind: ObjectKind,
        resource: Resource,
        endpoint: &str,
    ) -> Result<SourceObject, Fault> {
        let id = resource.id().filter(|id| !id.is_empty()).map(SourceId::from);
        let id = id.ok_or_else(|| Fault::NoId(endpoint.to_owned()))?;
        let attributes = resource.into_attributes();
        let active = attributes.get("active");
        let is_active = is_active(active).ok_or_else(|| Fault::Active(endpoint.to_owned()))?;
        let roles = match &self.roles {
            Roles::Constant(roles) => roles.clone(),
            Roles::OfResource => {
                values(&attributes, "roles").filter_map(|role| role.map(str::to_owned)).collect()
            }
        };
        let members = match kind {
            ObjectKind::User => Vec::new(),
            ObjectKind::Group => values(&attributes, "members")
                .map(|member| member.map(SourceId::from))
                .collect::<Option<_>>()
                .ok_or_else(|| Fault::Member(endpoint.to_owned()))?,
        };
        Ok(SourceObject {
            id,
            kind,
            attributes: with_inner(attributes),
            roles: Some(roles),
            is_active,
            is_soft_deleted: false,
            members,
        })
    }
}

#[async_trait]
impl IdentitySource for ScimSource {
    /// Everything comes in one batch, since whether it is all is known at the end.
    async fn read(&self, position: &Position) -> Result<Batch, SourceError> {
        match position {
            Position::Start => self.snapshot().await,
            Position::Since(watermark) => {
                let since = DateTime::parse_from_rfc3339(watermark.as_str()).ok();
                match since.filter(|_| self.is_by_last_modified) {
                    Some(since) => self.changed_since(since.to_utc()).await,
                    None => self.snapshot().await,
                }
            }
            Position::Next(_) => Err(Fault::UnknownPosition.into()),
        }
    }

    async fn get(&self, id: &SourceId) -> Result<Option<SourceObject>, SourceError> {
        let Ok(resource_id) = id.as_str().parse() else { return Ok(None) };
        for kind in &self.kinds {
            let api = self.api(*kind)?;
            match api.get(&resource_id).await {
                Ok(found) => {
                    return Ok(Some(self.object(*kind, found.resource, api.endpoint())?));
                }
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(SourceError::new(error)),
            }
        }
        Ok(None)
    }
}

impl From<Fault> for SourceError {
    fn from(fault: Fault) -> Self {
        Self::new(fault)
    }
}

fn is_refused(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Invalid | ErrorKind::Unsupported)
}

fn watermark(moment: Option<DateTime<Utc>>) -> Watermark {
    Watermark::new(moment.map_or_else(|| SNAPSHOT.to_owned(), text))
}

fn text(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn last_modified(resource: &Resource) -> Option<DateTime<Utc>> {
    let text = resource.attributes().get("meta")?.get("lastModified")?.as_str()?;
    Some(DateTime::parse_from_rfc3339(text).ok()?.to_utc())
}

fn is_active(value: Option<&Value>) -> Option<bool> {
    match value {
        None | Some(Value::Null) => Some(true),
        Some(Value::Bool(value)) => Some(*value),
        Some(Value::String(word)) if word.eq_ignore_ascii_case("true") => Some(true),
        Some(Value::String(word)) if word.eq_ignore_ascii_case("false") => Some(false),
        Some(_) => None,
    }
}

/// The `value` of each element, or the element itself.
fn values<'a>(
    attributes: &'a Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = Option<&'a str>> {
    let elements = attributes.get(name).and_then(Value::as_array).into_iter().flatten();
    elements.map(|element| element.get("value").unwrap_or(element).as_str())
}

/// The attributes, and what is inside of those that are objects, by its path.
fn with_inner(attributes: Map<String, Value>) -> Map<String, Value> {
    let mut all = Map::new();
    for (name, value) in &attributes {
        if let Value::Object(inner) = value {
            // An extension has attributes, of which some are objects again.
            let is_extension = name.contains(':');
            put_inner(name, inner, if is_extension { ':' } else { '.' }, &mut all);
        }
    }
    all.extend(attributes);
    all
}

fn put_inner(outer: &str, inner: &Map<String, Value>, sign: char, all: &mut Map<String, Value>) {
    for (name, value) in inner {
        let path = format!("{outer}{sign}{name}");
        match value {
            Value::Object(inner) if sign == ':' => put_inner(&path, inner, '.', all),
            Value::Object(_) => {}
            value => {
                all.insert(path, value.clone());
            }
        }
    }
}
