//! What hostile requests cost, as Markdown tables.
//!
//! The first table is of single requests, in process, in a service over `MemoryStore` with 10,000
//! users and a group of 10,000 members: the time (a median), the most heap that the request held at
//! once, and both as multiples of a GET by id. The second is of the roster of the examples on
//! loopback: what 8 clients that read a user notice of others that misbehave.
#![expect(clippy::print_stdout, reason = "the tables are the result")]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a bench reports by panicking"
)]

mod alone;
mod beside;
mod bombs;

const TOKEN: &str = "a-token-for-the-bench-of-bombs";

fn main() {
    alone::measure();
    println!();
    beside::measure();
}
