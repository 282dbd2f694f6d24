//! Matching users beside another crate, as Markdown tables: nanoseconds for each user, and the ratio.
//!
//! Both crates get the same JSON, the other one with its filter parsed already. Where its hits are
//! not those of the filter it is wrong, and what it then takes stands here all the same. The
//! first table is of 10,000 users, more than the caches hold: most of it is waiting for memory. The
//! second is of 100. `compact` are the same users as `CompactResource`, one by one, and `select`
//! gets many of them at once. The closure is what one would write by hand for this one filter,
//! without regard to case folding. The last column is one `bind`. The third table is of the memory
//! that a user takes.
#![expect(clippy::print_stdout, reason = "the table is the result")]

use std::{
    cell::Cell,
    error::Error,
    hint::black_box,
    iter::{Chain, Take},
    slice::Iter,
};

use scim_benches::{lanes::Lane, markdown, queries, queries::Query, users};
use scim_core::{BoundFilter, Filter, ResourceSchema, SchemaRegistry, resource::CompactResource};
use scim_filter::parser;
use serde_json::{Map, Value};

const USERS: [usize; 2] = [10_000, 100];

/// How many users one run goes through.
const CHUNK: u32 = 100;

/// How often each crate has its turn: twice through all users.
const TURNS: usize = 200;

const COLUMNS: [&str; 12] = [
    "filter",
    "hits",
    "JSON",
    "compact",
    "select",
    "scim-filter",
    "its hits",
    "JSON times faster",
    "compact times faster",
    "select times faster",
    "closure",
    "bind",
];

/// The same users in both forms.
struct Users {
    json: Vec<Value>,
    compact: Vec<CompactResource>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let registry = SchemaRegistry::standard();
    let schema = registry.resource_type("User").ok_or("no such resource type")?;
    for count in USERS {
        let users = Users::new(count)?;
        println!("{count} users\n\n{}", markdown::head(&COLUMNS));
        for query in queries::all() {
            println!("{}", markdown::row(&measure(&query, schema, &users)?));
        }
        println!();
    }
    memory()
}

impl Users {
    fn new(count: usize) -> Result<Self, Box<dyn Error>> {
        let json = (0..count).map(|number| users::user(number).to_string().parse());
        let json = json.collect::<Result<Vec<Value>, _>>()?;
        let compact = json.iter().filter_map(Value::as_object).map(CompactResource::from).collect();
        Ok(Self { json, compact })
    }
}

fn measure(
    query: &Query,
    schema: &ResourceSchema,
    users: &Users,
) -> Result<[String; COLUMNS.len()], Box<dyn Error>> {
    let filter: Filter = query.text.parse()?;
    let bound = filter.bind(schema)?;
    let ours = |user: &Value| matches(&bound, user);
    let compact = |user: &CompactResource| bound.matches(user);
    let (_, tree) = parser::filter(&query.text).map_err(|error| error.to_string())?;
    let theirs = |user: &Value| matches!(tree.r#match(user), Ok(true));
    for (json, user) in users.json.iter().zip(&users.compact) {
        let means = (query.means)(json);
        if ours(json) != means || compact(user) != means {
            return Err(format!("`{}` is not matched as it means", query.name).into());
        }
    }
    let hits = |matches: &dyn Fn(&Value) -> bool| {
        users.json.iter().filter(|user| matches(user)).count().to_string()
    };
    // A part of a round apart, so that none finds in the caches what the other looked at.
    let count = users.json.len();
    let mut lanes = [
        lane(ours, &users.json, 0),
        lane(compact, &users.compact, 0),
        of_chunks(|chunk| bound.select(chunk).count(), &users.compact, count / 2),
        lane(theirs, &users.json, count / 3),
        lane(query.means, &users.json, 2 * count / 3),
    ];
    Lane::race(TURNS, &mut lanes);
    let mut bind = [Lane::new(|| filter.bind(black_box(schema)))];
    Lane::race(TURNS, &mut bind);
    let ([json, compact, select, theirs_lane, closure], [bind]) = (&lanes, &bind);
    let each = |lane: &Lane<'_>| format!("{:.0}", lane.median() / f64::from(CHUNK));
    let faster = |lane: &Lane<'_>| format!("{:.1}", theirs_lane.ratio_to(lane));
    Ok([
        query.name.to_owned(),
        hits(&ours),
        each(json),
        each(compact),
        each(select),
        each(theirs_lane),
        hits(&theirs),
        faster(json),
        faster(compact),
        faster(select),
        each(closure),
        format!("{:.0}", bind.median()),
    ])
}

/// Matches so many users in each run, one by one.
fn lane<'w, U>(matches: impl Fn(&U) -> bool + 'w, users: &'w [U], first: usize) -> Lane<'w> {
    of_chunks(move |chunk| chunk.filter(|user| matches(black_box(user))).count(), users, first)
}

/// Gives so many users to each run, those that follow the ones of the run before.
fn of_chunks<'w, U>(
    count: impl Fn(Take<Chain<Iter<'w, U>, Iter<'w, U>>>) -> usize + 'w,
    users: &'w [U],
    first: usize,
) -> Lane<'w> {
    let next = Cell::new(first);
    Lane::new(move || {
        let (before, behind) = users.split_at(next.get());
        next.set((next.get() + CHUNK as usize) % users.len());
        count(behind.iter().chain(before).take(CHUNK as usize))
    })
}

fn matches(bound: &BoundFilter, user: &Value) -> bool {
    user.as_object().is_some_and(|user| bound.matches(user))
}

/// What a user takes of the heap in each form, and how much lies beside it.
fn memory() -> Result<(), Box<dyn Error>> {
    let text = users::user(7).to_string();
    let user: Value = text.parse()?;
    let user = user.as_object().ok_or("no object")?;
    let rows = [
        ("text", kept(|| text.clone()), size_of::<String>()),
        ("JSON", kept(|| user.clone()), size_of::<Map<String, Value>>()),
        ("compact", kept(|| CompactResource::from(user)), size_of::<CompactResource>()),
    ];
    println!(
        "{}",
        markdown::head(&["a user as", "bytes of the heap", "allocations", "bytes beside"])
    );
    for (form, (bytes, allocations), beside) in rows {
        let cells =
            [form.to_owned(), bytes.to_string(), allocations.to_string(), beside.to_string()];
        println!("{}", markdown::row(&cells));
    }
    Ok(())
}

/// The bytes and the allocations of a value for as long as it is kept.
fn kept<T>(value: impl FnOnce() -> T) -> (i64, i64) {
    let mut kept = None;
    let counted = allocation_counter::measure(|| kept = Some(value()));
    (counted.bytes_current, counted.count_current)
}
