//! How resources lie in memory, and what a filter and an order ask of them, however they do.

mod compact;
mod json;

use std::{cmp::Ordering, fmt};

use serde_json::{Map, Number, Value};

use crate::{
    comparable::Comparable,
    date_time::{CoarseInstant, DateTime},
    member_name::MemberName,
};
pub(crate) use compact::Table;

/// A resource in the schema's spelling, in any of its forms.
///
/// It is made from a reference to one: [`BoundFilter::matches`](crate::BoundFilter::matches) and
/// [`BoundSort::compare`](crate::query::BoundSort::compare) take them all.
#[derive(Clone, Copy)]
pub struct ResourceRef<'r>(Form<'r>);

#[derive(Clone, Copy)]
enum Form<'r> {
    Json(&'r Map<String, Value>),
    Compact(&'r Table),
}

impl ResourceRef<'_> {
    /// Answers a question about the resource as an object.
    pub(crate) fn answer<Q: Question>(self, question: Q) -> Q::Answer {
        match self.0 {
            Form::Json(object) => question.of(object),
            Form::Compact(table) => question.of(table.root()),
        }
    }
}

impl<'r> From<&'r Map<String, Value>> for ResourceRef<'r> {
    fn from(object: &'r Map<String, Value>) -> Self {
        Self(Form::Json(object))
    }
}

impl<'r> From<&'r Table> for ResourceRef<'r> {
    fn from(table: &'r Table) -> Self {
        Self(Form::Compact(table))
    }
}

impl fmt::Debug for ResourceRef<'_> {
    /// Keeps what the resource says to itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResourceRef").finish_non_exhaustive()
    }
}

/// What can be asked of an object in any layout.
pub(crate) trait Question {
    /// What the answer is.
    type Answer;

    /// The answer.
    fn of<'v>(self, object: impl JsonObject<'v>) -> Self::Answer;
}

/// An object.
pub(crate) trait JsonObject<'v>: Copy {
    /// Its values.
    type Value: JsonValue<'v, Object = Self>;

    /// The value of a member.
    fn member(self, name: &MemberName) -> Option<Self::Value>;
}

/// A value.
pub(crate) trait JsonValue<'v>: Copy {
    /// Objects of the same layout.
    type Object: JsonObject<'v, Value = Self>;

    /// The object that it is.
    fn as_object(self) -> Option<Self::Object>;

    /// The first element that passes, of an array; of any other value that value itself.
    fn find_element(self, passes: impl Fn(Self) -> bool) -> Option<Self>;

    /// Whether an element passes, of an array; of any other value whether that does.
    #[inline]
    fn any_element(self, passes: impl Fn(Self) -> bool) -> bool {
        self.find_element(passes).is_some()
    }

    /// RFC 7643 §2.5: null, an empty array and an object without values are unassigned.
    fn is_assigned(self) -> bool;

    /// Whether it is more than unassigned: the empty string is no value for `pr`.
    fn is_present(self) -> bool;

    /// Looks at the value, so that it is at hand when it is needed; what is seen means nothing.
    fn look(self) -> u8;

    /// Looks at its text, or at what is inside, in the same way.
    fn look_inside(self) -> u8;

    /// The boolean that it is.
    fn as_boolean(self) -> Option<bool>;

    /// The number that it is.
    fn as_number(self) -> Option<Number>;

    /// The text that it is.
    fn as_text(self) -> Option<&'v str>;

    /// The text that it is, as it compares.
    fn as_comparable(self, case_exact: bool) -> Option<Comparable<'v>>;

    /// Whether it can be a text of which the folded form has that hash.
    fn may_fold_to(self, hash: u32) -> bool;

    /// The instant of a text that is a date, to some minutes, where that is known without reading.
    fn coarse_instant(self) -> Option<CoarseInstant>;
}

/// Whether an element is marked as the preferred one of its attribute.
pub(crate) fn is_primary<'v>(element: impl JsonValue<'v>, primary: &MemberName) -> bool {
    let mark = element.as_object().and_then(|object| object.member(primary));
    mark.and_then(JsonValue::as_boolean) == Some(true)
}

/// Compares the instants of two texts; one that is no date is before all that are.
pub(crate) fn compare_instants<'a, 'b>(a: impl JsonValue<'a>, b: impl JsonValue<'b>) -> Ordering {
    match (a.coarse_instant(), b.coarse_instant()) {
        (Some(a), Some(b)) if a != b => a.cmp(&b),
        _ => instant(a).cmp(&instant(b)),
    }
}

/// The instant of a text that is a date.
pub(crate) fn instant<'v>(value: impl JsonValue<'v>) -> Option<DateTime> {
    value.as_text()?.parse().ok()
}
