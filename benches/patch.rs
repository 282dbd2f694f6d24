//! PATCH on a user and on groups of growing size, as Markdown tables: nanoseconds, and nanoseconds for each member.
//!
//! `patched` leaves the old resource as it is, so that the clone of the resource is its floor. The
//! last table is of members that are kept apart, by their `value`: what a PATCH does to them is
//! taken out of its plan, and carried out there in the last two rows of each size.
#![expect(clippy::print_stdout, reason = "the tables are the result")]

use std::{cell::RefCell, collections::HashMap, error::Error, hint::black_box};

use scim_benches::{lanes::Lane, markdown, users};
use scim_core::{
    PatchOp, Resource, ResourceSchema, SchemaRegistry, Tolerances, patch::MembershipDelta,
};
use serde_json::{Value, json};

/// How often each work has its turn.
const TURNS: usize = 31;

const SIZES: [u32; 3] = [10, 1_000, 100_000];

/// The group that is given many members one by one.
const LARGE: u32 = 10_000;

/// A request and what tables call it.
struct Row {
    name: &'static str,
    patch: PatchOp,
}

impl Row {
    fn new(name: &'static str, patch: PatchOp) -> Self {
        Self { name, patch }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let registry = SchemaRegistry::standard();
    let users = registry.resource_type("User").ok_or("no such resource type")?;
    let groups = registry.resource_type("Group").ok_or("no such resource type")?;
    println!("{}", markdown::head(&["PATCH of a user", "ns", "to a clone"]));
    table(&users::user(7), 1, &of_a_user()?, users)?;
    println!(
        "\n{}",
        markdown::head(&["PATCH of a group", "members", "ns", "ns a member", "to a clone"])
    );
    for size in SIZES {
        table(&users::group(size as usize), size, &of_a_group(size as usize)?, groups)?;
    }
    let adds = (0..100).try_fold(PatchOp::new(), |patch, n| {
        patch.add("members", json!([users::member(LARGE as usize + n)]))
    })?;
    table(&users::group(LARGE as usize), LARGE, &[Row::new("add one, 100 times", adds)], groups)?;
    println!();
    deltas(groups)
}

fn of_a_user() -> Result<Vec<Row>, Box<dyn Error>> {
    let entra = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "Replace", "value": {
            "displayName": "Babs Jensen", "name.familyName": "Jensen", "active": "False",
            "emails[type eq \"work\"].value": "babs@example.com",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "Ops",
        }}],
    });
    Ok(vec![
        Row::new("replace active", PatchOp::new().replace("active", false)?),
        Row::new("replace by dotted names, five", PatchOp::read(entra, Tolerances::default())?),
    ])
}

fn of_a_group(members: usize) -> Result<Vec<Row>, Box<dyn Error>> {
    let middle = users::id(members / 2);
    let others: Vec<_> = (members..2 * members).map(users::member).collect();
    let remove_with_value = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "remove", "path": "members", "value": [{"value": middle}]}],
    });
    Ok(vec![
        Row::new("add one", PatchOp::new().add("members", json!([users::member(members)]))?),
        Row::new(
            "remove one by filter",
            PatchOp::new().remove(&format!("members[value eq \"{middle}\"]"))?,
        ),
        Row::new("remove one by value", PatchOp::read(remove_with_value, Tolerances::default())?),
        Row::new("replace all", PatchOp::new().replace("members", others)?),
    ])
}

fn table(
    resource: &Value,
    members: u32,
    rows: &[Row],
    schema: &ResourceSchema,
) -> Result<(), Box<dyn Error>> {
    let resource = Resource::from_canonical(resource.as_object().ok_or("no object")?.clone());
    let mut lanes = vec![Lane::new(|| resource.clone())];
    for Row { patch, .. } in rows {
        resource.patched(patch, schema, Tolerances::default())?;
        lanes.push(Lane::new(|| {
            resource.patched(black_box(patch), schema, Tolerances::default()).is_ok()
        }));
    }
    Lane::race(TURNS, &mut lanes);
    let names = std::iter::once("clone").chain(rows.iter().map(|row| row.name));
    for (name, lane) in names.zip(&lanes) {
        let mut cells = vec![name.to_owned()];
        if members > 1 {
            cells.push(members.to_string());
        }
        cells.push(format!("{:.0}", lane.median()));
        if members > 1 {
            cells.push(format!("{:.1}", lane.median() / f64::from(members)));
        }
        cells.extend(lanes.first().map(|clone| format!("{:.2}", lane.ratio_to(clone))));
        println!("{}", markdown::row(&cells));
    }
    Ok(())
}

/// The members of a group, by their `value`.
type Members = RefCell<HashMap<String, Value>>;

/// The requests of one size, and what tables call them.
fn one_member(members: usize) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = of_a_group(members)?;
    rows.retain(|row| row.name.contains("one"));
    Ok(rows)
}

/// How many of the requests are carried out.
fn carry_out_all(patches: &[PatchOp], schema: &ResourceSchema, members: &Members) -> usize {
    let deltas = patches.iter().filter_map(|patch| delta(black_box(patch), schema));
    deltas.map(|delta| carry_out(&delta, members)).count()
}

fn deltas(schema: &ResourceSchema) -> Result<(), Box<dyn Error>> {
    let requests = SIZES.map(|size| one_member(size as usize));
    let requests = requests.into_iter().collect::<Result<Vec<_>, _>>()?;
    let (mut lanes, mut names) = (Vec::new(), Vec::new());
    for (size, rows) in SIZES.into_iter().zip(&requests) {
        for Row { name, patch } in rows {
            delta(patch, schema).ok_or("the members are needed")?;
            names.push((format!("{name}: plan, take_delta"), size));
            lanes.push(Lane::new(|| delta(black_box(patch), schema).is_some()));
        }
        let [add, remove, ..] = rows.as_slice() else { continue };
        let leave = PatchOp::new()
            .remove(&format!("members[value eq \"{}\"]", users::id(size as usize)))?;
        let middle = size as usize / 2;
        let back = PatchOp::new().add("members", json!([users::member(middle)]))?;
        for (name, first, second) in [
            ("add one and remove it, both carried out", add.patch.clone(), leave),
            ("remove one and add it, both carried out", remove.patch.clone(), back),
        ] {
            let members = (0..size as usize).map(|n| (users::id(n), users::member(n)));
            let members: Members = RefCell::new(members.collect());
            names.push((name.to_owned(), size));
            let both = [first, second];
            lanes.push(Lane::new(move || carry_out_all(&both, schema, &members)));
        }
    }
    Lane::race(TURNS, &mut lanes);
    println!(
        "{}",
        markdown::head(&["PATCH of members kept apart", "members", "ns", "to that of 10"])
    );
    let of_ten = lanes.len() / SIZES.len();
    for (place, ((name, size), lane)) in names.iter().zip(&lanes).enumerate() {
        let smallest = lanes.get(place % of_ten).ok_or("no such lane")?;
        let ratio = lane.ratio_to(smallest);
        let cells = [
            name.clone(),
            size.to_string(),
            format!("{:.0}", lane.median()),
            format!("{ratio:.2}"),
        ];
        println!("{}", markdown::row(&cells));
    }
    Ok(())
}

fn delta(patch: &PatchOp, schema: &ResourceSchema) -> Option<MembershipDelta> {
    patch.plan(schema, Tolerances::default()).ok()?.take_delta("members")
}

fn carry_out(delta: &MembershipDelta, members: &Members) {
    let mut members = members.borrow_mut();
    if delta.clears() {
        members.clear();
    }
    for id in delta.removed() {
        members.remove(id);
    }
    for element in delta.added() {
        if let Some(id) = element.get("value").and_then(Value::as_str) {
            members.insert(id.to_owned(), element.clone());
        }
    }
}
