use super::{
    bind::{BoundFilter, Condition, Location, Test},
    decide::Next,
};
use crate::{
    layout::{JsonObject, JsonValue, Question},
    member_name::MemberName,
};

/// Whether an object matches.
impl Question for &BoundFilter {
    type Answer = bool;

    fn of<'v>(self, object: impl JsonObject<'v>) -> bool {
        self.passes(0, object)
    }
}

impl BoundFilter {
    /// Whether an element passes the filter of a value path.
    pub(super) fn element_matches<'v>(&self, element: impl JsonValue<'v>) -> bool {
        self.element_passes(0, element)
    }

    /// Whether a resource passes the tests, beginning with one of them.
    fn passes<'v, O: JsonObject<'v>>(&self, first: usize, resource: O) -> bool {
        self.go(first, |index, test| {
            test.location.any(resource, |value: O::Value| match &test.condition {
                // Value paths do not nest: this goes one level down and no further.
                Condition::Elements => value.is_assigned() && self.element_passes(index + 1, value),
                condition => condition.holds(value),
            })
        })
    }

    /// The same for an element: one that is a plain value is its own `value`.
    fn element_passes<'v, V: JsonValue<'v>>(&self, first: usize, element: V) -> bool {
        match element.as_object() {
            Some(object) => self.go(first, |_, test| {
                test.location.any(object, |value| test.condition.holds(value))
            }),
            None => self.go(first, |_, test| test.condition.holds(element)),
        }
    }

    /// Goes from test to test, as each holds or fails, to the answer.
    #[inline]
    fn go(&self, first: usize, holds: impl Fn(usize, &Test) -> bool) -> bool {
        let mut next = Next::Test(first);
        while let Next::Test(index) = next {
            let Some(test) = self.tests.get(index) else { break };
            next = if holds(index, test) { test.way.if_true } else { test.way.if_false };
        }
        matches!(next, Next::Answer(true))
    }
}

impl Condition {
    /// Whether it holds for one value.
    #[inline]
    fn holds<'v>(&self, value: impl JsonValue<'v>) -> bool {
        match self {
            Self::Present => value.is_present(),
            Self::Compare(op, operand) => operand.holds(*op, value),
            Self::OneOf(texts) => texts.holds(value),
            Self::Elements | Self::Never => false,
        }
    }
}

impl Location {
    /// Whether one of the values at this place passes.
    #[inline]
    fn any<'v, O: JsonObject<'v>>(&self, object: O, passes: impl Fn(O::Value) -> bool) -> bool {
        let Some(value) = self.attribute_of(object) else { return false };
        match &self.sub_attribute {
            None => value.any_element(passes),
            Some(name) => value.any_element(|element| {
                let sub = element.as_object().and_then(|object| object.member(name));
                sub.is_some_and(|sub| sub.any_element(&passes))
            }),
        }
    }

    /// The value of the attribute, its elements if it has several.
    #[inline]
    pub(crate) fn attribute_of<'v, O: JsonObject<'v>>(&self, object: O) -> Option<O::Value> {
        match &self.extension {
            None => object.member(&self.attribute),
            Some(uri) => self.attribute_of_extension(uri, object),
        }
    }

    fn attribute_of_extension<'v, O: JsonObject<'v>>(
        &self,
        uri: &MemberName,
        object: O,
    ) -> Option<O::Value> {
        object.member(uri)?.as_object()?.member(&self.attribute)
    }
}
