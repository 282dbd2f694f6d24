//! Many resources, one after the other: memory is asked for all that a batch of them takes before
//! any of it is waited for.

use std::hint::black_box;

use smallvec::SmallVec;

use super::bind::{BoundFilter, Condition, Location, Test};
use crate::layout::{JsonObject, JsonValue, Question, ResourceRef};

/// How many resources are looked at ahead: about as many as memory answers at once.
const BATCH: usize = 16;

/// How many attributes are looked at ahead.
const ATTRIBUTES: usize = 4;

/// What matching will look at: attributes, and how far into them.
#[derive(Clone, Debug, Default)]
pub(super) struct Ahead(SmallVec<[(Location, usize); 1]>);

impl Ahead {
    /// Notes what a test of a resource will look at.
    pub(super) fn note(&mut self, test: &Test) {
        let Test { location, condition, .. } = test;
        let is_below = location.extension.is_some() || location.sub_attribute.is_some();
        let steps = 1 + usize::from(is_below) + condition.steps();
        if let Some((_, known)) = self.0.iter_mut().find(|(known, _)| known == location) {
            *known = steps.max(*known);
        } else if self.0.len() < ATTRIBUTES {
            self.0.push((location.clone(), steps));
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
    /// How many steps it goes from a value to what it looks at.
    fn steps(&self) -> usize {
        match self {
            Self::Present => 0,
            Self::Compare(op, operand) => usize::from(operand.reads_text(*op)),
            Self::OneOf(_) => 1,
            Self::Elements => 2,
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
            while let Some(resource) = self.batch.get(self.next).copied() {
                self.next += 1;
                if self.filter.matches(resource) {
                    return Some(resource);
                }
            }
            self.batch.clear();
            self.batch.extend(self.resources.by_ref().take(BATCH));
            self.next = 0;
            if self.batch.is_empty() {
                return None;
            }
            self.look();
        }
    }
}

impl<'r, T: Copy + Into<ResourceRef<'r>>, I> Select<'_, T, I> {
    /// Takes each step in all resources before the next, which needs what the one before found.
    fn look(&self) {
        let mut seen = 0_u32;
        for (location, steps) in &self.filter.ahead.0 {
            for step in 0..*steps {
                for resource in &self.batch {
                    let look = Look { location, step };
                    seen = seen.wrapping_add((*resource).into().answer(look).unwrap_or_default());
                }
            }
        }
        // A look without a use would be left out.
        black_box(seen);
    }
}

/// A look at what is so many steps from the resource.
struct Look<'f> {
    location: &'f Location,
    step: usize,
}

impl Question for Look<'_> {
    type Answer = Option<u32>;

    #[inline]
    fn of<'v>(self, object: impl JsonObject<'v>) -> Option<u32> {
        let Location { extension, attribute, sub_attribute } = self.location;
        let mut value = object.member(extension.as_ref().unwrap_or(attribute))?;
        if self.step <= 1 {
            return value.look(self.step);
        }
        if extension.is_some() {
            value = value.as_object()?.member(attribute)?;
            return value.look(self.step - 1);
        }
        if let Some(name) = sub_attribute {
            value = value.find_element(|_| true)?;
            if let Some(object) = value.as_object() {
                value = object.member(name)?;
                return value.look(self.step - 1);
            }
        }
        value.look(self.step)
    }
}
