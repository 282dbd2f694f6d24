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

    #[inline]
    fn holds<'v, O: JsonObject<'v>>(
        &self,
        index: usize,
        test: &Test,
        subject: Subject<O, O::Value>,
    ) -> bool {
        let object = match subject {
            Subject::Object(object) => object,
            Subject::Plain(value) => return self.value_holds(index, test, value),
        };
        let Some(value) = test.location.attribute_of(object) else { return false };
        let holds = |value: O::Value| self.value_holds(index, test, value);
        match &test.location.sub_attribute {
            None => value.any_element(holds),
            Some(name) => value.any_element(|element| {
                let sub = element.as_object().and_then(|object| object.member(name));
                sub.is_some_and(|sub| sub.any_element(holds))
            }),
        }
    }

    #[inline]
    fn value_holds<'v, V: JsonValue<'v>>(&self, index: usize, test: &Test, value: V) -> bool {
        match &test.condition {
            Condition::Present => value.is_present(),
            Condition::Compare(op, operand) => operand.holds(*op, value),
            Condition::OneOf(texts) => texts.holds(value),
            // Value paths do not nest: this goes one level down and no further.
            Condition::Elements => {
                let element = Subject::<V::Object, V>::of_element(value);
                value.is_assigned() && self.passes(index + 1, element)
            }
        }
    }
}

impl Location {
    /// The value of the attribute, its elements if it has several.
    #[inline]
    pub(crate) fn attribute_of<'v, O: JsonObject<'v>>(&self, object: O) -> Option<O::Value> {
        let container = match &self.extension {
            Some(uri) => object.member(uri)?.as_object()?,
            None => object,
        };
        container.member(&self.attribute)
    }
}
