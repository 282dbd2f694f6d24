//! The store of the example over an application's own table.

use std::{
    env,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
};

use scim_server::{
    conformance::{Kit, Offers},
    store::Typed,
};
use tempfile::TempDir;

use employees::Employees;

#[path = "../../custom_store/employees.rs"]
mod employees;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_table_of_employees_holds_the_contract_of_a_store() {
    let folder = TempDir::new().unwrap();
    let opened = AtomicUsize::new(0);
    let kit = Kit::new(move || {
        let number = opened.fetch_add(1, Ordering::Relaxed);
        let table = Employees::open(&folder.path().join(format!("{number}.db"))).unwrap();
        async move { Typed::new(table) }
    });
    #[expect(clippy::disallowed_methods, reason = "a test owns its executor")]
    let kit = kit.with_spawner(|task| drop(tokio::spawn(task)));
    let offers = Offers::new().without_groups().without_other_keys();
    kit.with_offers(offers).check().await.assert_held();
}

#[test]
fn the_example_shows_that_all_went_as_expected() {
    let test = env::current_exe().unwrap();
    let example = test.parent().unwrap().parent().unwrap().join("examples/custom_store");
    assert!(example.exists(), "build it first: cargo build --examples");
    let output = Command::new(example).output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{shown}");
    assert_eq!(shown.matches(" as expected ").count(), 6, "{shown}");
}
