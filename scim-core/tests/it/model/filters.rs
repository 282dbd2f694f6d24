//! Filters that mean something for a resource type.

use proptest::{collection::vec, prelude::*, sample::select};
use scim_core::schema::AttributeType;

use super::{
    literals::{BINARIES, DATES, NUMBERS, PARTS_OF_DATES, REFERENCES, TEXTS, TYPES},
    places::Place,
    tree::{Op, Path, Tree},
};

const EQUAL: [Op; 2] = [Op::Eq, Op::Ne];
const PARTS: [Op; 3] = [Op::Co, Op::Sw, Op::Ew];
const ORDER: [Op; 4] = [Op::Gt, Op::Ge, Op::Lt, Op::Le];

pub(super) fn filter(mut places: Vec<Place>) -> BoxedStrategy<Tree> {
    places.retain(Place::is_visible);
    let mut elements = places.clone();
    elements.retain(|place| {
        let attribute = &place.attribute;
        place.sub_attribute.is_none() && (attribute.is_complex() || attribute.multi_valued)
    });
    let elements = select(elements).prop_flat_map(|place| {
        let inside = combined(test(place.inside()).boxed());
        (path(&place), inside).prop_map(|(path, inside)| Tree::Elements(path, Box::new(inside)))
    });
    combined(prop_oneof![3 => test(places), 2 => elements].boxed())
}

fn combined(leaf: BoxedStrategy<Tree>) -> BoxedStrategy<Tree> {
    let inner = leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Tree::And),
            vec(inner.clone(), 2..4).prop_map(Tree::Or),
            inner.prop_map(|inner| Tree::Not(Box::new(inner))),
        ]
    });
    inner.boxed()
}

fn path(place: &Place) -> impl Strategy<Value = Path> + use<> {
    let place = place.clone();
    place.spelling().prop_map(move |written| Path { written, place: place.clone() })
}

fn test(places: Vec<Place>) -> impl Strategy<Value = Tree> {
    select(places).prop_flat_map(|place| {
        let present = path(&place).prop_map(Tree::Present);
        let null = (path(&place), select(&EQUAL[..]))
            .prop_map(|(path, op)| Tree::Compare(path, op, "null".to_owned()));
        match comparison(&place) {
            Some(compared) => prop_oneof![1 => present, 1 => null, 8 => compared].boxed(),
            None => prop_oneof![present, null].boxed(),
        }
    })
}

fn comparison(place: &Place) -> Option<BoxedStrategy<Tree>> {
    let written = |op: Vec<Op>, literals: Vec<String>| (select(op), select(literals)).boxed();
    let quoted = |texts: &[&str]| texts.iter().map(|text| quoted(text)).collect::<Vec<_>>();
    let texts = TEXTS.map(|(text, _)| text);
    let dates = DATES.map(|(text, _)| text);
    // The last of them is no date.
    let (_, dates) = dates.split_last().unwrap();
    let compared = place.compared()?;
    let test = match compared.attribute_type {
        AttributeType::String if compared.name == "type" => {
            written([&EQUAL[..], &PARTS, &ORDER].concat(), quoted(&TYPES))
        }
        AttributeType::String => written([&EQUAL[..], &PARTS, &ORDER].concat(), quoted(&texts)),
        AttributeType::Reference => {
            written([&EQUAL[..], &PARTS, &ORDER].concat(), quoted(&REFERENCES))
        }
        AttributeType::Binary => written([&EQUAL[..], &PARTS].concat(), quoted(&BINARIES)),
        AttributeType::DateTime => prop_oneof![
            written([&EQUAL[..], &ORDER].concat(), quoted(dates)),
            written(PARTS.to_vec(), quoted(&PARTS_OF_DATES)),
        ]
        .boxed(),
        AttributeType::Integer | AttributeType::Decimal => {
            written([&EQUAL[..], &ORDER].concat(), NUMBERS.map(ToOwned::to_owned).to_vec())
        }
        AttributeType::Boolean => {
            let literals = ["true", "false", "\"True\"", "\"FALSE\""];
            written(EQUAL.to_vec(), literals.map(ToOwned::to_owned).to_vec())
        }
        AttributeType::Complex => return None,
    };
    let compared = (path(place), test)
        .prop_map(|(path, (op, literal))| Tree::Compare(path, op, literal))
        .boxed();
    Some(compared)
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
