use super::{
    bind::{BoundFilter, Condition, Location, Test},
    decide::Next,
};
use crate::layout::{JsonObject, JsonValue, Question};

/// What a filter is matched against.
#[derive(Clone, Copy)]
pub(super) enum Subject<O, V> {
    /// A resource, or an element that is an object.
    Object(O),
    /// An element that is a plain value: it is its own `value`.
    Plain(V),
}

impl<'v, O: JsonObject<'v>> Subject<O, O::Value> {
    pub(super) fn of_element(element: O::Value) -> Self {
        element.as_object().map_or(Self::Plain(element), Self::Object)
    }
}

/// Whether an object matches.
impl Question for &BoundFilter {
    type Answer = bool;

    fn of<'v>(self, object: impl JsonObject<'v>) -> bool {
        self.passes(0, Subject::Object(object))
    }
}

impl BoundFilter {
    /// Whether a subject passes the tests, beginning with one of them.
    pub(super) fn passes<'v, O: JsonObject<'v>>(
        &self,
        first: usize,
        subject: Subject<O, O::Value>,
    ) -> bool {
        let mut next = Next::Test(first);
        while let Next::Test(index) = next {
            let Some(test) = self.tests.get(index) else { break };
            let holds = self.holds(index, test, subject);
            next = if holds { test.way.if_true } else { test.way.if_false };
        }
        matches!(next, Next::Answer(true))
    }

    fn holds<'v, O: JsonObject<'v>>(
        &self,
        index: usize,
        test: &Test,
        subject: Subject<O, O::Value>,
    ) -> bool {
        let holds = |value: O::Value| match &test.condition {
            Condition::Present => value.is_present(),
            Condition::Compare(op, operand) => operand.holds(*op, value),
            Condition::OneOf(texts) => texts.holds(value),
            // Value paths do not nest: this goes one level down and no further.
            Condition::Elements => {
                value.is_assigned() && self.passes(index + 1, Subject::<O, _>::of_element(value))
            }
        };
        match subject {
            Subject::Object(object) => test.location.any(object, &holds),
            Subject::Plain(value) => holds(value),
        }
    }
}

impl Location {
    /// Whether one of the values at this place passes the test.
    fn any<'v, O: JsonObject<'v>>(&self, object: O, test: &impl Fn(O::Value) -> bool) -> bool {
        let Some(value) = self.attribute_of(object) else { return false };
        let passes = |value: O::Value| match &self.sub_attribute {
            Some(name) => {
                let sub = value.as_object().and_then(|object| object.member(name));
                sub.is_some_and(|sub| sub.find_element(test).is_some())
            }
            None => test(value),
        };
        value.find_element(passes).is_some()
    }

    /// The value of the attribute, its elements if it has several.
    pub(crate) fn attribute_of<'v, O: JsonObject<'v>>(&self, object: O) -> Option<O::Value> {
        let container = match &self.extension {
            Some(uri) => object.member(uri)?.as_object()?,
            None => object,
        };
        container.member(&self.attribute)
    }
}
