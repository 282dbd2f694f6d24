//! PATCH on a user and on groups of growing size, as Markdown tables: nanoseconds, and nanoseconds for each member.
//!
//! `patched` leaves the old resource as it is, so that the clone of the resource is its floor.
#![expect(clippy::print_stdout, reason = "the tables are the result")]

use std::{error::Error, hint::black_box};

use scim_benches::{lanes::Lane, markdown, users};
use scim_core::{PatchOp, Resource, ResourceSchema, SchemaRegistry, Tolerances};
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
    table(&users::group(LARGE as usize), LARGE, &[Row::new("add one, 100 times", adds)], groups)
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
