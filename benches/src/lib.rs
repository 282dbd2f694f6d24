//! What the benches share: the texts, the parsers, and the limit that none can pass.
//!
//! | command | measures |
//! |---|---|
//! | `cargo bench -p scim-benches --bench parse` | parsing and dropping, beside other crates and a bare tokenizer |
//! | `cargo bench -p scim-benches --bench ratios` | the same with the samples of all parsers in turn, as a table with ratios |
//! | `cargo bench -p scim-benches --bench allocations` | heap allocations of a parse and a match, beside other crates |
//! | `cargo bench -p scim-benches --bench growth` | time for each byte, from 1 KB to 1 MB |
//! | `cargo bench -p scim-benches --bench matching` | matching 10,000 users in each form, beside another crate, and the memory they take |
//! | `cargo bench -p scim-benches --bench resource` | reading, writing and showing a user, beside other crates |
//! | `cargo bench -p scim-benches --bench patch` | changing users, and groups of up to 100,000 members, also as deltas |
//! | `cargo bench -p scim-benches --bench language` | matching, and a PATCH |
//! | `cargo bench -p scim-benches --bench service` | whole requests, in process |
//! | `cargo bench -p scim-benches --bench hostile` | what hostile requests cost, and what others notice of them |
//! | `cargo bench -p scim-benches --bench load` | requests a second over loopback, beside a bare route and other servers |
//! | `cargo bench -p scim-benches --bench client` | calls of the client, beside `reqwest` and `serde_json`, and the memory of long lists |
//! | `cargo bench -p scim-benches --bench provision` | the provisioning engine where nothing has changed: planning, links, and a whole cycle |
//!
//! `parse` takes a part of a name as criterion does (`-- complex`), `growth` the names of shapes (`-- or not`).

pub mod http_load;
pub mod lanes;
pub mod markdown;
pub mod parsers;
pub mod queries;
pub mod texts;
pub mod tokenizer;
pub mod users;
