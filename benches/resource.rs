//! One user of about 1.2 KB: reading, writing, checking and showing, beside other crates, as Markdown tables.
#![expect(clippy::print_stdout, reason = "the tables are the result")]

use std::{error::Error, hint::black_box};

use scim_benches::{lanes::Lane, markdown, users};
use scim_core::{Resource, SchemaRegistry, Tolerances, query::Projection};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// How often each work has its turn.
const TURNS: usize = 151;

fn main() -> Result<(), Box<dyn Error>> {
    let user = users::user(7);
    let text = user.to_string();
    let mut reads = [
        Lane::new(|| read::<scim_core::User>(&text)),
        Lane::new(|| read::<scim_v2::models::user::User>(&text)),
        Lane::new(|| read::<Value>(&text)),
    ];
    Lane::race(TURNS, &mut reads);
    let ours: scim_core::User = serde_json::from_str(&text)?;
    let theirs: scim_v2::models::user::User = serde_json::from_str(&text)?;
    let mut writes =
        [Lane::new(|| write(&ours)), Lane::new(|| write(&theirs)), Lane::new(|| write(&user))];
    Lane::race(TURNS, &mut writes);
    println!("{} bytes\n", text.len());
    println!(
        "{}",
        markdown::head(&["", "scim-core", "scim_v2", "Value", "to scim_v2", "to Value"])
    );
    println!("{}", compared("from_str", &reads));
    println!("{}", compared("to_string", &writes));
    println!();
    language(&user)
}

/// What needs a schema, with the clone of the user that all of them change.
fn language(user: &Value) -> Result<(), Box<dyn Error>> {
    let registry = SchemaRegistry::standard();
    let schema = registry.resource_type("User").ok_or("no such resource type")?;
    let body = user.as_object().ok_or("no object")?;
    let some = Projection::parse(Some("userName,emails.value"), None)?;
    let rest = Projection::parse(None, Some("groups"))?;
    let show = |projection: &Projection| {
        let mut shown = body.clone();
        projection.apply(&mut shown, schema);
        shown
    };
    let mut lanes = [
        Lane::new(|| body.clone()),
        Lane::new(|| Resource::read(user.clone(), schema, Tolerances::default())),
        Lane::new(|| show(&Projection::new())),
        Lane::new(|| show(&some)),
        Lane::new(|| show(&rest)),
    ];
    let names = [
        "clone",
        "clone, Resource::read",
        "clone, Projection::apply",
        "the same, attributes=userName,emails.value",
        "the same, excludedAttributes=groups",
    ];
    Lane::race(TURNS, &mut lanes);
    let [clone, ..] = &lanes;
    println!("{}", markdown::head(&["work", "ns", "to a clone"]));
    for (name, lane) in names.into_iter().zip(&lanes) {
        let figures = [format!("{:.0}", lane.median()), format!("{:.2}", lane.ratio_to(clone))];
        println!("{}", markdown::row(&[&[name.to_owned()], figures.as_slice()].concat()));
    }
    Ok(())
}

fn compared(name: &str, lanes: &[Lane<'_>; 3]) -> String {
    let [ours, peers @ ..] = lanes;
    let mut cells = vec![name.to_owned()];
    cells.extend(lanes.iter().map(|lane| format!("{:.0}", lane.median())));
    cells.extend(peers.iter().map(|peer| format!("{:.2}", ours.ratio_to(peer))));
    markdown::row(&cells)
}

fn read<T: DeserializeOwned>(text: &str) -> bool {
    black_box(&serde_json::from_str::<T>(black_box(text))).is_ok()
}

fn write(value: &impl Serialize) -> Result<String, serde_json::Error> {
    serde_json::to_string(black_box(value))
}
