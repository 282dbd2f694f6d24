//! Matching users beside another crate, as Markdown tables: nanoseconds for each user, and the ratio.
//!
//! Both crates get the same JSON, the other one with its filter parsed already. Where its hits are
//! not those of the filter it is wrong, and what it then takes stands here all the same. The
//! first table is of 10,000 users, more than the caches hold: most of it is waiting for memory. The
//! second is of 100. The closure is what one would write by hand for this one filter, without
//! regard to case folding. The last column is one `bind`.
#![expect(clippy::print_stdout, reason = "the table is the result")]

use std::{cell::Cell, error::Error, hint::black_box};

use scim_benches::{lanes::Lane, markdown, queries, queries::Query, users};
use scim_core::{BoundFilter, Filter, ResourceSchema, SchemaRegistry};
use scim_filter::parser;
use serde_json::Value;

const USERS: [usize; 2] = [10_000, 100];

/// How many users one run goes through.
const CHUNK: u32 = 100;

/// How often each crate has its turn: twice through all users.
const TURNS: usize = 200;

const COLUMNS: [&str; 8] =
    ["filter", "hits", "scim-core", "scim-filter", "its hits", "times faster", "closure", "bind"];

fn main() -> Result<(), Box<dyn Error>> {
    let registry = SchemaRegistry::standard();
    let schema = registry.resource_type("User").ok_or("no such resource type")?;
    for count in USERS {
        let users = (0..count).map(|number| users::user(number).to_string().parse());
        let users = users.collect::<Result<Vec<Value>, _>>()?;
        println!("{count} users\n\n{}", markdown::head(&COLUMNS));
        for query in queries::all() {
            println!("{}", markdown::row(&measure(&query, schema, &users)?));
        }
        println!();
    }
    Ok(())
}

fn measure(
    query: &Query,
    schema: &ResourceSchema,
    users: &[Value],
) -> Result<[String; COLUMNS.len()], Box<dyn Error>> {
    let filter: Filter = query.text.parse()?;
    let bound = filter.bind(schema)?;
    let ours = |user: &Value| matches(&bound, user);
    let (_, tree) = parser::filter(&query.text).map_err(|error| error.to_string())?;
    let theirs = |user: &Value| matches!(tree.r#match(user), Ok(true));
    if users.iter().any(|user| ours(user) != (query.means)(user)) {
        return Err(format!("`{}` is not matched as it means", query.name).into());
    }
    let hits = |matches: &dyn Fn(&Value) -> bool| {
        users.iter().filter(|user| matches(user)).count().to_string()
    };
    // A third of a round apart, so that none finds in the caches what the other looked at.
    let third = users.len() / 3;
    let mut lanes =
        [lane(ours, users, 0), lane(theirs, users, third), lane(query.means, users, 2 * third)];
    Lane::race(TURNS, &mut lanes);
    let mut bind = [Lane::new(|| filter.bind(black_box(schema)))];
    Lane::race(TURNS, &mut bind);
    let ([our_lane, their_lane, closure], [bind]) = (&lanes, &bind);
    let each = |lane: &Lane<'_>| format!("{:.0}", lane.median() / f64::from(CHUNK));
    Ok([
        query.name.to_owned(),
        hits(&ours),
        each(our_lane),
        each(their_lane),
        hits(&theirs),
        format!("{:.1}", their_lane.ratio_to(our_lane)),
        each(closure),
        format!("{:.0}", bind.median()),
    ])
}

/// Matches so many users in each run, those that follow the ones of the run before.
fn lane<'w>(matches: impl Fn(&Value) -> bool + 'w, users: &'w [Value], first: usize) -> Lane<'w> {
    let next = Cell::new(first);
    Lane::new(move || {
        let (before, behind) = users.split_at(next.get());
        next.set((next.get() + CHUNK as usize) % users.len());
        let chunk = behind.iter().chain(before).take(CHUNK as usize);
        chunk.filter(|user| matches(black_box(user))).count()
    })
}

fn matches(bound: &BoundFilter, user: &Value) -> bool {
    user.as_object().is_some_and(|user| bound.matches(user))
}
