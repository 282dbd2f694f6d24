//! Many resources, one after the other: memory is asked for all that a batch of them takes before
//! any of it is waited for.

use std::hint::black_box;

use smallvec::SmallVec;

use super::bind::{BoundFilter, Condition, Location, Test};
use crate::{
    layout::{JsonObject, JsonValue, Question, ResourceRef},
    member_name::MemberName,
};

/// How many resources are looked at ahead: about as many as memory answers at once.
const BATCH: usize = 16;

/// How many attributes are looked at ahead.
const ATTRIBUTES: usize = 8;

/// What matching will look at: attributes, and whether at what is inside them, too.
#[derive(Clone, Debug, Default)]
pub(super) struct Ahead(SmallVec<[(MemberName, bool); 1]>);

impl Ahead {
    /// Notes what a test of a resource will look at.
    pub(super) fn note(&mut self, test: &Test) {
        if matches!(test.condition, Condition::Never) {
            return;
        }
        let Location { extension, attribute, sub_attribute } = &test.location;
        let is_inside =
            extension.is_some() || sub_attribute.is_some() || test.condition.looks_inside();
        let name = extension.as_ref().unwrap_or(attribute);
        if let Some((_, known)) = self.0.iter_mut().find(|(known, _)| known == name) {
            *known |= is_inside;
        } else if self.0.len() < ATTRIBUTES {
            self.0.push((name.clone(), is_inside));
        }
    }
}

impl BoundFilter {
    /// Those of many resources that match, in their order.
    ///
    /// It answers as [`matches`](Self::matches) does one by one, and is faster where the resources
    /// are more than the caches of the processor hold: it takes some of them from the iterator
    /// before it needs them. That pays for a
    /// [`CompactResource`](crate::resource::CompactResource), which can be looked at ahead.
    ///
    /// ```
    /// use scim_core::{Filter, SchemaRegistry, resource::CompactResource};
    /// use serde_json::json;
    ///
    /// let registry = SchemaRegistry::standard();
    /// let users = registry.resource_type("User").ok_or("no such resource type")?;
    /// let bound = "title pr".parse::<Filter>()?.bind(users)?;
    ///
    /// let user = |number: u32| match number % 3 {
    ///     0 => json!({"userName": number.to_string(), "title": "Tour Guide"}),
    ///     _ => json!({"userName": number.to_string()}),
    /// };
    /// let users = (0..100).map(user);
    /// let users = users.map(|user| Some(CompactResource::from(user.as_object()?)));
    /// let users = users.collect::<Option<Vec<_>>>().ok_or("no object")?;
    /// let guides = bound.select(&users).filter_map(|user| user.text("userName"));
    /// assert_eq!(guides.take(3).collect::<Vec<_>>(), ["0", "3", "6"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn select<'r, T, I>(&self, resources: I) -> impl Iterator<Item = T> + use<'_, 'r, T, I>
    where
        T: Copy + Into<ResourceRef<'r>>,
        I: IntoIterator<Item = T>,
    {
        let resources = resources.into_iter();
        Select { filter: self, resources, batch: SmallVec::new(), next: 0 }
    }
}

impl Condition {
    /// Whether it looks at more of a value than what is known of it at its place.
    fn looks_inside(&self) -> bool {
        match self {
            Self::Present | Self::Never => false,
            Self::Compare(op, operand) => operand.reads_text(*op),
            Self::OneOf(_) | Self::Elements => true,
        }
    }
}

struct Select<'f, T, I> {
    filter: &'f BoundFilter,
    resources: I,
    batch: SmallVec<[T; BATCH]>,
    next: usize,
}

impl<'r, T, I> Iterator for Select<'_, T, I>
where
    T: Copy + Into<ResourceRef<'r>>,
    I: Iterator<Item = T>,
{
    type Item = T;

    fn next(&mut self) -> Option<T> {
        loop {
            let rest = self.batch.get(self.next..).unwrap_or_default();
            if let Some(place) = rest.iter().position(|resource| self.filter.matches(*resource)) {
                let found = rest.get(place).copied();
                self.next += place + 1;
                return found;
            }
            self.batch.clear();
            self.batch.extend(self.resources.by_ref().take(BATCH));
            self.next = 0;
            self.batch.first()?;
            self.look();
        }
    }
}

impl<'r, T: Copy + Into<ResourceRef<'r>>, I> Select<'_, T, I> {
    /// Looks at all attributes before it looks into one, which needs what is seen then.
    fn look(&self) {
        let Ahead(attributes) = &self.filter.ahead;
        let at = attributes.iter().map(|(name, _)| Look { name, inside: false });
        let into = attributes.iter().filter(|(_, inside)| *inside);
        let into = into.map(|(name, _)| Look { name, inside: true });
        // A look without a use would be left out.
        for look in at.chain(into) {
            black_box(self.batch.iter().fold(0, |seen, resource| seen ^ look.at(*resource)));
        }
    }
}

/// A look at an attribute, or at what is inside.
#[derive(Clone, Copy)]
struct Look<'f> {
    name: &'f MemberName,
    inside: bool,
}

impl Look<'_> {
    fn at<'r>(self, resource: impl Into<ResourceRef<'r>>) -> u8 {
        resource.into().answer(self)
    }
}

impl Question for Look<'_> {
    type Answer = u8;

    #[inline]
    fn of<'v>(self, object: impl JsonObject<'v>) -> u8 {
        match object.member(self.name) {
            Some(value) if self.inside => value.look_inside(),
            Some(value) => value.look(),
            None => 0,
        }
    }
}
