//! Nothing that is done with a filter takes more of the stack for a deeper one.

use std::{
    convert::Infallible,
    hash::{DefaultHasher, Hash, Hasher},
    thread,
};

use scim_core::{
    AttributePath, Filter, PatchOp, Resource, ResourceSchema, SchemaRegistry, Tolerances,
    filter::{Comparison, Expression, ParseError, ParseLimits, Visitor},
    patch::{PatchOperation, PatchOperationKind, PatchPath},
    resource::CompactResource,
};
use serde_json::json;

/// An eighth of what a thread has by default.
const STACK: usize = 256 * 1024;

const SIZES: [usize; 3] = [1 << 10, 1 << 15, 1 << 20];

/// A filter of any size: a condition with something repeated before and behind it.
struct Shape {
    begin: &'static str,
    before: &'static str,
    condition: &'static str,
    behind: &'static str,
    end: &'static str,
    is_filter: bool,
}

const fn shape(before: &'static str, behind: &'static str) -> Shape {
    Shape { begin: "", before, condition: "title pr", behind, end: "", is_filter: true }
}

const fn elements(before: &'static str, behind: &'static str) -> Shape {
    Shape { begin: "emails[", condition: "type pr", end: "]", ..shape(before, behind) }
}

const fn unclosed(before: &'static str) -> Shape {
    Shape { is_filter: false, ..shape(before, "") }
}

/// Chains, nesting that the tree does not keep, nesting that it keeps, and openings without end.
const FILTERS: [Shape; 10] = [
    shape("", " or title pr"),
    shape("", " and title pr"),
    shape("(", ")"),
    shape("not (", ")"),
    shape("((", " and title pr) or title pr)"),
    shape("title pr or (title pr and (", "))"),
    unclosed("("),
    unclosed("not ("),
    unclosed("a["),
    unclosed("title pr or ("),
];

const VALUE_PATHS: [Shape; 5] = [
    elements("", " or type pr"),
    elements("(", ")"),
    elements("not (", ")"),
    elements("((", " and type pr) or type pr)"),
    Shape { is_filter: false, ..elements("(", "") },
];

impl Shape {
    fn text(&self, bytes: usize) -> String {
        let times = bytes / (self.before.len() + self.behind.len());
        let (before, behind) = (self.before.repeat(times), self.behind.repeat(times));
        [self.begin, &before, self.condition, &behind, self.end].concat()
    }
}

/// Reads each shape in each size on a thread with a small stack, without limits and within the
/// default ones, and has what is accepted exercised there.
fn on_a_small_stack<T: 'static>(
    shapes: &'static [Shape],
    parse: fn(&str, &ParseLimits) -> Result<T, ParseError>,
    exercise: fn(T, &ResourceSchema),
) {
    let unlimited =
        ParseLimits::new().with_length(usize::MAX).with_nesting(usize::MAX).with_nodes(usize::MAX);
    let test = move || {
        let registry = SchemaRegistry::standard();
        let users = registry.resource_type("User").unwrap();
        for (shape, bytes) in shapes.iter().flat_map(|shape| SIZES.map(|bytes| (shape, bytes))) {
            let text = shape.text(bytes);
            for limits in [&unlimited, &ParseLimits::default()] {
                let parsed = parse(&text, limits);
                assert!(shape.is_filter || parsed.is_err(), "accepted: {text:.60}");
                assert!(!shape.is_filter || parsed.is_ok() || *limits != unlimited, "{text:.60}");
                match parsed {
                    Ok(parsed) => exercise(parsed, users),
                    Err(error) => assert!(error.render(&text).contains('^')),
                }
            }
        }
    };
    thread::Builder::new().stack_size(STACK).spawn(test).unwrap().join().unwrap();
}

/// Does with a filter whatever can be done with one.
#[expect(clippy::needless_pass_by_value, reason = "dropping it is a part of the exercise")]
fn exercise(filter: Filter, users: &ResourceSchema) {
    let twin = filter.clone();
    assert!(filter == twin);
    assert_eq!(hashed(&filter), hashed(&twin));
    assert_eq!(format!("{filter:?}"), format!("Filter({filter})"));
    let size = match filter.expression() {
        Expression::And(operands) | Expression::Or(operands) => operands.count(),
        Expression::Not(operand) | Expression::ValuePath(_, operand) => operand.to_string().len(),
        Expression::Present(_) | Expression::Compare(_) => 1,
    };
    assert!(size > 0);
    let bound = filter.bind(users).unwrap();
    let bound_twin = bound.clone();
    let matches = bound.matches(user().attributes());
    assert_eq!(bound_twin.matches(user().attributes()), matches);
    assert_eq!(bound.matches(&CompactResource::from(&user())), matches);
    drop(bound);
    let Ok(depth) = (!twin).visit(&mut Depth);
    assert!(depth > 1);
}

/// Does with a path whatever can be done with one.
fn exercise_path(path: PatchPath, users: &ResourceSchema) {
    let twin = path.clone();
    assert!(path == twin);
    assert_eq!(hashed(&path), hashed(&twin));
    assert!(format!("{path:?}").contains(&path.filter().unwrap().to_string()));
    let operation = PatchOperation::new(PatchOperationKind::Replace).with_path(path);
    let message = PatchOp::new().with_operation(operation.with_value("c@example.com"));
    // Whether an element matches depends on the shape: one that does not is refused.
    drop(user().patched(&message, users, Tolerances::default()));
}

fn hashed(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn user() -> Resource {
    let emails = json!([{"value": "b@example.com", "type": "work"}]);
    super::stored(&json!({"userName": "b", "title": "Tour Guide", "emails": emails}), "User")
}

/// Asks how deep a filter is.
struct Depth;

impl Visitor for Depth {
    type Output = usize;
    type Error = Infallible;

    fn present(&mut self, _: &AttributePath) -> Result<usize, Infallible> {
        Ok(1)
    }

    fn compare(&mut self, _: &Comparison) -> Result<usize, Infallible> {
        Ok(1)
    }

    fn not(&mut self, operand: usize) -> Result<usize, Infallible> {
        Ok(operand + 1)
    }

    fn and(&mut self, operands: Vec<usize>) -> Result<usize, Infallible> {
        Ok(operands.into_iter().fold(0, usize::max) + 1)
    }

    fn or(&mut self, operands: Vec<usize>) -> Result<usize, Infallible> {
        Ok(operands.into_iter().fold(0, usize::max) + 1)
    }

    fn value_path(&mut self, _: &AttributePath, filter: usize) -> Result<usize, Infallible> {
        Ok(filter + 1)
    }
}

#[test]
fn a_filter_of_any_depth_takes_no_more_of_the_stack() {
    on_a_small_stack(&FILTERS, Filter::parse, exercise);
}

#[test]
fn a_value_path_of_any_depth_takes_no_more_of_the_stack() {
    on_a_small_stack(&VALUE_PATHS, Filter::parse, exercise);
}

#[test]
fn a_patch_path_of_any_depth_takes_no_more_of_the_stack() {
    let parse =
        |text: &str, limits: &ParseLimits| PatchPath::parse(&format!("{text}.value"), limits);
    on_a_small_stack(&VALUE_PATHS, parse, exercise_path);
}
