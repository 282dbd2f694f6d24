use std::{fmt, sync::Arc};

use proptest::{collection::vec, prelude::*, sample::select};
use scim_core::{
    ResourceSchema,
    patch::PatchOperationKind,
    schema::{AttributeDefinition, AttributeType, Mutability},
};
use serde_json::Value;

use super::super::model::{Gaps, Place, places};

/// One change, before anybody has written it down.
#[derive(Clone)]
pub(super) struct Change {
    pub(super) op: PatchOperationKind,
    pub(super) place: Place,
    pub(super) selection: Option<Selection>,
    /// None for a `remove`.
    pub(super) value: Option<Value>,
    /// What decides between the forms that are tolerated.
    pub(super) choices: u64,
}

/// The elements that change.
#[derive(Clone, Debug)]
pub(super) enum Selection {
    /// All of these are equal.
    Equal(Vec<(Arc<AttributeDefinition>, Value)>),
    /// One has no value.
    Lacks(Arc<AttributeDefinition>),
}

impl Change {
    pub(super) fn any(schema: &ResourceSchema) -> impl Strategy<Value = Self> + use<> {
        let mut places = places(schema);
        let is_read_only =
            |definition: &AttributeDefinition| definition.mutability == Mutability::ReadOnly;
        places.retain(|place| {
            let is_read_only = is_read_only(&place.attribute) || is_read_only(place.definition());
            // One is kept, so that requests are refused, too. `schemas` follows from the others.
            (!is_read_only || place.name() == "state") && place.name() != "schemas"
        });
        let ops = select(vec![
            PatchOperationKind::Add,
            PatchOperationKind::Add,
            PatchOperationKind::Replace,
            PatchOperationKind::Replace,
            PatchOperationKind::Remove,
        ]);
        (ops, select(places), any::<u64>()).prop_flat_map(|(op, place, choices)| {
            let parts = (selection(&place), value(op, &place));
            parts.prop_map(move |(selection, value)| {
                Self { op, place: place.clone(), selection, value, choices }.of_one_form()
            })
        })
    }

    /// A selection without sub-attribute asks for one element.
    fn of_one_form(mut self) -> Self {
        if self.selection.is_some() && self.place.sub_attribute.is_none() {
            self.value = self.value.map(last);
        }
        self
    }

    /// Whether it asks for a state which, once reached, the same request finds reached.
    ///
    /// Every `remove` does. An `add` or a `replace` does if the elements it selects are still
    /// selected afterwards: if what it gives is not what its filter asks about, or the same.
    pub(super) fn is_settled(&self) -> bool {
        let (Some(selection), Some(value)) = (&self.selection, &self.value) else { return true };
        let sub = self.place.sub_name();
        let replaces_all = sub.is_none() && self.op == PatchOperationKind::Replace;
        let given = |name: &str| match sub {
            Some(sub) => (sub == name).then_some(value),
            None if value.is_object() => value.get(name),
            None => Some(value),
        };
        match selection {
            Selection::Equal(terms) => terms.iter().all(|(definition, literal)| {
                given(definition.name.as_str()).map_or(!replaces_all, |given| given == literal)
            }),
            Selection::Lacks(definition) => given(definition.name.as_str()).is_none(),
        }
    }
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} or {}", self.strict(), self.tolerated())
    }
}

fn selection(place: &Place) -> BoxedStrategy<Option<Selection>> {
    let attribute = &place.attribute;
    if !attribute.multi_valued {
        return Just(None).boxed();
    }
    let mut inside = place.inside();
    inside.retain(|place| place.attribute.attribute_type != AttributeType::Complex);
    let inside = select(inside.into_iter().map(|place| place.attribute).collect::<Vec<_>>());
    let term = inside.clone().prop_flat_map(|definition| {
        let literal = Gaps::None.element(&definition);
        (Just(definition), literal)
    });
    let selected = prop_oneof![
        6 => vec(term, 1..3).prop_map(Selection::Equal),
        1 => inside.prop_map(Selection::Lacks),
    ];
    // Of a list of plain values there are no parts to change.
    let whole = if place.sub_attribute.is_some() { 1 } else { 3 };
    prop_oneof![whole => Just(None), 2 => selected.prop_map(Some)].boxed()
}

/// One element of a list.
fn last(value: Value) -> Value {
    match value {
        Value::Array(mut values) => values.pop().unwrap_or_default(),
        single => single,
    }
}

fn value(op: PatchOperationKind, place: &Place) -> BoxedStrategy<Option<Value>> {
    if op == PatchOperationKind::Remove {
        return Just(None).boxed();
    }
    let definition = place.definition();
    prop_oneof![
        16 => Gaps::None.value(definition),
        1 => Gaps::There.value(definition),
        1 => Just(Value::Null),
        1 => Just(Value::Array(Vec::new())),
        1 => any::<bool>().prop_map(Value::from),
    ]
    .prop_map(Some)
    .boxed()
}
