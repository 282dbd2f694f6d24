use serde::{
    Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned, ser::SerializeMap,
};
use serde_json::{Map, Value};

use crate::{members::Members, query::PagePlace, schema_uri::SchemaUri};

/// The answer to a query ([RFC 7644 §3.4.2]), one page of it.
///
/// Reading takes the members in any case, counts that are missing or written as text, and
/// `Resources` that is missing or null.
///
/// ```
/// use scim_core::{ListResponse, User};
///
/// let page: ListResponse<User> = serde_json::from_str(
///     r#"{"totalResults": 1, "resources": [{"userName": "bjensen"}]}"#,
/// )?;
/// assert_eq!(page.resources[0].user_name, "bjensen");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// [RFC 7644 §3.4.2]: https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ListResponse<T> {
    /// How many resources match in all; a service provider with cursors may not say.
    pub total_results: Option<u64>,
    /// The place of the first resource of this page, counted from 1.
    pub start_index: Option<u64>,
    /// How many resources this page holds.
    pub items_per_page: Option<u64>,
    /// Where the next page begins ([RFC 9865](https://www.rfc-editor.org/rfc/rfc9865)).
    pub next_cursor: Option<String>,
    /// Where the page before this one begins.
    pub previous_cursor: Option<String>,
    /// The resources.
    pub resources: Vec<T>,
}

impl<T> ListResponse<T> {
    /// The page that begins at `start_index`, counted from 1.
    pub fn new(resources: Vec<T>, total_results: u64, start_index: u64) -> Self {
        Self::of_page(resources, PagePlace::by_index(start_index, total_results))
    }

    /// The page at that place.
    pub fn of_page(resources: Vec<T>, place: PagePlace) -> Self {
        Self {
            total_results: place.total_results,
            start_index: place.start_index,
            items_per_page: u64::try_from(resources.len()).ok(),
            next_cursor: place.next.map(String::from),
            previous_cursor: place.previous.map(String::from),
            resources,
        }
    }

    /// The same page with something else in the place of each resource.
    ///
    /// # Errors
    /// The first one of `change`.
    pub fn try_map<U, E>(
        self,
        change: impl FnMut(T) -> Result<U, E>,
    ) -> Result<ListResponse<U>, E> {
        Ok(ListResponse {
            total_results: self.total_results,
            start_index: self.start_index,
            items_per_page: self.items_per_page,
            next_cursor: self.next_cursor,
            previous_cursor: self.previous_cursor,
            resources: self.resources.into_iter().map(change).collect::<Result<_, _>>()?,
        })
    }
}

impl<T: Serialize> Serialize for ListResponse<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schemas", &[SchemaUri::LIST_RESPONSE])?;
        for (name, count) in [
            ("totalResults", self.total_results),
            ("startIndex", self.start_index),
            ("itemsPerPage", self.items_per_page),
        ] {
            if let Some(count) = count {
                map.serialize_entry(name, &count)?;
            }
        }
        for (name, cursor) in
            [("nextCursor", &self.next_cursor), ("previousCursor", &self.previous_cursor)]
        {
            if let Some(cursor) = cursor {
                map.serialize_entry(name, cursor)?;
            }
        }
        map.serialize_entry("Resources", &self.resources)?;
        map.end()
    }
}

impl ListResponse<Value> {
    /// Reads a page that is a JSON object already, whose resources are moved and not copied.
    ///
    /// ```
    /// use scim_core::ListResponse;
    /// use serde_json::json;
    ///
    /// let object = json!({"totalResults": "1", "Resources": [{"userName": "bjensen"}]});
    /// let page = ListResponse::from_object(object.as_object().cloned().unwrap_or_default())?;
    /// assert_eq!((page.total_results, page.resources.len()), (Some(1), 1));
    /// # Ok::<(), scim_core::message::InvalidListResponse>(())
    /// ```
    ///
    /// # Errors
    /// If `Resources` is there and no array.
    pub fn from_object(object: Map<String, Value>) -> Result<Self, InvalidListResponse> {
        Self::of_members(Members::from(object), |resources| match resources {
            Value::Array(resources) => Ok(resources),
            _ => Err(InvalidListResponse),
        })
    }
}

/// An object that is no page of a list.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`Resources` is not an array")]
#[non_exhaustive]
pub struct InvalidListResponse;

impl<T> ListResponse<T> {
    fn of_members<E>(
        mut members: Members,
        read: impl FnOnce(Value) -> Result<Vec<T>, E>,
    ) -> Result<Self, E> {
        let resources = members.take("Resources").map(read).transpose()?.unwrap_or_default();
        Ok(Self {
            total_results: members.count("totalResults"),
            start_index: members.count("startIndex"),
            items_per_page: members.count("itemsPerPage"),
            next_cursor: members.nonempty("nextCursor"),
            previous_cursor: members.nonempty("previousCursor"),
            resources,
        })
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for ListResponse<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Members::deserialize(deserializer)?;
        Self::of_members(members, Vec::deserialize).map_err(serde::de::Error::custom)
    }
}
