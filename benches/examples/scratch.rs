#![allow(warnings, clippy::all)]
use std::{hint::black_box, cell::Cell, time::Instant};
use scim_benches::{lanes::Lane, queries, users};
use scim_core::{Filter, SchemaRegistry, resource::CompactResource};
use scim_filter::parser;
use serde_json::Value;

fn lane<'w, U>(matches: impl Fn(&U) -> bool + 'w, users: &'w [U], first: usize) -> Lane<'w> {
    let next = Cell::new(first);
    Lane::new(move || {
        let (before, behind) = users.split_at(next.get());
        next.set((next.get() + 100) % users.len());
        behind.iter().chain(before).take(100).filter(|user| matches(black_box(user))).count()
    })
}
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let only = args.get(1).cloned().unwrap_or_default();
    let spin = args.get(2).is_some();
    let registry = SchemaRegistry::standard();
    let schema = registry.resource_type("User").unwrap();
    let json: Vec<Value> = (0..if std::env::args().nth(2).is_some_and(|a| a == "count") {100} else {10_000}).map(|n| users::user(n).to_string().parse().unwrap()).collect();
    let compact: Vec<CompactResource> = json.iter().map(|u| CompactResource::from(u.as_object().unwrap())).collect();
    for q in queries::all().into_iter().filter(|q| q.name.contains(&only)) {
        let bound = q.text.parse::<Filter>().unwrap().bind(schema).unwrap();
        let (_, tree) = parser::filter(&q.text).unwrap();
        if spin {
            let small = &compact[..if args[2] == "hot" {100} else {compact.len()}];
            if args[2] == "count" { let mut hits = 0; let reps: usize = args[3].parse().unwrap(); for _ in 0..reps { for u in &compact[..100] { hits += bound.matches(black_box(u)) as u64; } } println!("{hits}"); return; }
            let t = Instant::now();
            let mut n = 0u64; let mut hits = 0;
            while t.elapsed().as_secs_f64() < 3.0 { for u in small { hits += bound.matches(black_box(u)) as u64; n += 1; } }
            println!("{} {} {:.1} ns {hits}", q.name, small.len(), t.elapsed().as_secs_f64()*1e9/n as f64);
            continue;
        }
        let next = Cell::new(0);
        let sel = || {
            let (before, behind) = compact.split_at(next.get());
            next.set((next.get() + 100) % compact.len());
            bound.select(black_box(behind.iter().chain(before).take(100))).count()
        };
        let hot = || bound.select(black_box(&compact[..100])).count();
        let mut lanes = [
            lane(|u: &CompactResource| bound.matches(u), &compact, 0),
            lane(|u: &Value| matches!(tree.r#match(u), Ok(true)), &json, 3333),
            lane(|u: &Value| bound.matches(u.as_object().unwrap()), &json, 6666),
            lane(|u: &CompactResource| bound.matches(u), &compact[..100], 0),
            Lane::new(sel), Lane::new(hot),
        ];
        Lane::race(100, &mut lanes);
        println!("{:20} compact {:.0} theirs {:.0} json {:.0} hot compact {:.0} | {:.1} {:.1} | select {:.0} hot {:.0} {:.1}", q.name, lanes[0].median()/100., lanes[1].median()/100., lanes[2].median()/100., lanes[3].median()/100., lanes[1].ratio_to(&lanes[0]), lanes[1].ratio_to(&lanes[2]), lanes[4].median()/100., lanes[5].median()/100., lanes[1].ratio_to(&lanes[4]));
    }
}
