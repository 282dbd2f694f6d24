use std::collections::{BTreeMap, BTreeSet};

use super::*;

fn thousand() -> Directory {
    Directory::generate(42, 1_000, 40)
}

fn first(directory: &Directory) -> ObjectId {
    directory.people().next().unwrap().object_id.clone()
}

fn is_in_scope(person: &Person) -> bool {
    person.assignment.role() == Some(Assignment::USER) && person.user_type == UserType::Member
}

fn kinds(directory: &Directory, watermark: u64) -> Vec<(ObjectId, ChangeKind)> {
    let changes = directory.changed_since(watermark).into_iter();
    changes.map(|change| (change.object_id, change.kind)).collect()
}

#[test]
fn a_seed_always_gives_the_same_people() {
    let (mut one, mut other) = (thousand(), thousand());
    assert_eq!(one.hire(), other.hire());
    assert!(one.people().eq(other.people()));
    let different = Directory::generate(43, 1_000, 40);
    assert!(one.people().zip(different.people()).all(|(a, b)| a.object_id != b.object_id));
}

#[test]
fn small_and_odd_sizes_are_served() {
    for (people, out_of_scope, expected) in
        [(0, 0, 0), (0, 5, 0), (1, 0, 0), (1, 1, 1), (2, 9, 2), (17, 3, 3), (300, 300, 300)]
    {
        let directory = Directory::generate(1, people, out_of_scope);
        assert_eq!(directory.len(), people);
        assert_eq!(directory.is_empty(), people == 0);
        assert_eq!(directory.people().filter(|person| !is_in_scope(person)).count(), expected);
    }
}

#[test]
fn exactly_so_many_are_out_of_scope() {
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    let directory = thousand();
    for person in directory.people() {
        assert!(person.account_enabled);
        *counts.entry((person.assignment.role(), person.user_type.as_str())).or_default() += 1;
    }
    let expected = [
        ((None, "Member"), 10),
        ((Some("Default Access"), "Member"), 10),
        ((Some("User"), "Guest"), 20),
        ((Some("User"), "Member"), 960),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
}

#[test]
fn accounts_and_addresses_are_unique_and_ascii() {
    let mut directory = Directory::generate(7, 5_000, 0);
    for _ in 0..500 {
        directory.hire();
    }
    let mut accounts = BTreeSet::new();
    let mut addresses = BTreeSet::new();
    let mut employees = BTreeSet::new();
    for person in directory.people() {
        assert!(person.mail.is_ascii() && person.mail.ends_with("@clinic.example"));
        assert_eq!(person.mail, person.mail.to_lowercase());
        assert!(accounts.insert(person.user_principal_name.to_lowercase()));
        assert!(employees.insert(&person.employee_id));
        assert!(person.other_mails.len() <= 2);
        for address in person.other_mails.iter().chain([&person.mail]) {
            assert!(addresses.insert(address.to_lowercase()), "{address}");
        }
    }
}

#[test]
fn managers_exist_and_form_a_tree() {
    let directory = thousand();
    let mut has_manager_out_of_scope = false;
    let mut chiefs = 0;
    for person in directory.people() {
        let mut above = person;
        let mut levels = 0;
        while let Some(manager) = &above.manager {
            above = directory.person(manager).unwrap();
            has_manager_out_of_scope |= !is_in_scope(above);
            levels += 1;
            assert!(levels <= 3);
        }
        assert_eq!(above.job_title, "Chief Medical Officer");
        chiefs += usize::from(levels == 0);
    }
    assert_eq!(chiefs, 1);
    assert!(has_manager_out_of_scope);
}

#[test]
fn names_come_in_many_scripts() {
    let directory = thousand();
    let mut shares: BTreeMap<&str, usize> = BTreeMap::new();
    for person in directory.people() {
        *shares.entry(script(&person.given_name)).or_default() += 1;
    }
    assert!(shares.len() >= 8, "{shares:?}");
    assert!((550..=650).contains(&shares["Latin"]), "{shares:?}");
}

fn script(name: &str) -> &'static str {
    match name.chars().next().unwrap() {
        '\u{370}'..='\u{3ff}' => "Greek",
        '\u{400}'..='\u{4ff}' => "Cyrillic",
        '\u{590}'..='\u{5ff}' => "Hebrew",
        '\u{600}'..='\u{6ff}' => "Arabic",
        '\u{900}'..='\u{97f}' => "Devanagari",
        '\u{e00}'..='\u{e7f}' => "Thai",
        '\u{1200}'..='\u{137f}' => "Ethiopic",
        '\u{3040}'..='\u{30ff}' => "Kana",
        '\u{4e00}'..='\u{9fff}' => "Han",
        '\u{ac00}'..='\u{d7a3}' => "Hangul",
        _ => "Latin",
    }
}

#[test]
fn the_feed_gives_each_person_once_in_the_order_of_the_last_change() {
    let mut directory = thousand();
    assert_eq!(directory.watermark(), 0);
    assert_eq!(directory.changed_since(0), []);

    let hired = directory.hire();
    let leaver = first(&directory);
    directory.disable(&leaver).unwrap();
    directory.change_job_title(&hired, "Consultant").unwrap();
    assert_eq!(directory.watermark(), 3);
    let both = [(leaver.clone(), ChangeKind::Present), (hired.clone(), ChangeKind::Present)];
    assert_eq!(kinds(&directory, 0), both);
    assert_eq!(kinds(&directory, 2), both[1..]);

    directory.remove(&hired).unwrap();
    assert_eq!(kinds(&directory, 0), [both[0].clone(), (hired, ChangeKind::Removed)]);
    assert_eq!(directory.changed_since(directory.watermark()), []);
    assert_eq!(directory.changed_since(u64::MAX), []);
}

#[test]
fn a_new_name_brings_a_new_address_and_keeps_the_account() {
    let mut directory = thousand();
    let before = directory.people().find(|person| person.preferred_language == "de-DE");
    let before = before.unwrap().clone();
    for (surname, mail) in [("Łęcka-Weiß", "zoe.leckaweiss"), ("Ћосић", "zoe")] {
        directory.rename(&before.object_id, "Zoë", surname).unwrap();
        let person = directory.person(&before.object_id).unwrap();
        assert_eq!(person.display_name, format!("Zoë {surname}"));
        assert_eq!(person.mail, format!("{mail}@clinic.example"));
        assert_eq!(person.user_principal_name, before.user_principal_name);
        assert!(person.other_mails.contains(&before.mail));
    }
    directory.rename(&before.object_id, "Ћ", "Ћ").unwrap();
    let person = directory.person(&before.object_id).unwrap();
    assert_eq!(person.mail, format!("{}@clinic.example", before.employee_id.to_lowercase()));
}

#[test]
fn a_new_colleague_is_an_enabled_member_of_a_team() {
    let mut directory = thousand();
    for _ in 0..50 {
        let id = directory.hire();
        let person = directory.person(&id).unwrap();
        assert!(is_in_scope(person) && person.account_enabled);
        assert!(!person.job_title.is_empty());
        assert!(directory.person(person.manager.as_ref().unwrap()).is_some());
    }
    let mut empty = Directory::generate(1, 0, 0);
    let id = empty.hire();
    assert_eq!(empty.person(&id).unwrap().manager, None);
}

#[test]
fn assignment_and_account_can_be_taken_and_given_back() {
    let mut directory = thousand();
    let id = first(&directory);
    directory.unassign(&id).unwrap();
    directory.disable(&id).unwrap();
    let person = directory.person(&id).unwrap();
    assert_eq!((&person.assignment, person.account_enabled), (&Assignment::None, false));
    directory.assign(&id, Assignment::DEFAULT_ACCESS).unwrap();
    directory.enable(&id).unwrap();
    let person = directory.person(&id).unwrap();
    assert_eq!((person.assignment.role(), person.account_enabled), (Some("Default Access"), true));
}

#[test]
fn nobody_becomes_their_own_superior() {
    let mut directory = thousand();
    let report = directory.people().find(|person| person.manager.is_some()).unwrap();
    let (report, manager) = (report.object_id.clone(), report.manager.clone().unwrap());
    for (id, manager) in [(&manager, &report), (&report, &report)] {
        let refused = directory.change_manager(id, Some(manager));
        assert_eq!(refused, Err(DirectoryError::ManagerIsReport));
    }
    assert_eq!(directory.watermark(), 0);
    directory.change_manager(&report, None).unwrap();
    assert_eq!(directory.person(&report).unwrap().manager, None);
    directory.change_manager(&report, Some(&manager)).unwrap();
    assert_eq!(directory.person(&report).unwrap().manager, Some(manager));
}

#[test]
fn who_is_deleted_leaves_no_link_behind() {
    let mut directory = thousand();
    let manager = directory.people().find_map(|person| person.manager.clone()).unwrap();
    let reports = directory.people().filter(|person| person.manager.as_ref() == Some(&manager));
    let reports: Vec<_> = reports.map(|person| person.object_id.clone()).collect();
    directory.remove(&manager).unwrap();
    assert!(reports.iter().all(|id| directory.person(id).unwrap().manager.is_none()));
    let mut expected: Vec<_> = reports.into_iter().map(|id| (id, ChangeKind::Present)).collect();
    expected.push((manager.clone(), ChangeKind::Removed));
    assert_eq!(kinds(&directory, 0), expected);
    assert_eq!(directory.remove(&manager), Err(DirectoryError::UnknownPerson));
}

#[test]
fn an_event_for_nobody_is_refused() {
    let mut directory = thousand();
    let nobody = "00000000-0000-4000-8000-000000000000".parse().unwrap();
    let somebody = first(&directory);
    let unknown = Err(DirectoryError::UnknownPerson);
    assert_eq!(directory.rename(&nobody, "A", "B"), unknown);
    assert_eq!(directory.change_job_title(&nobody, "Porter"), unknown);
    assert_eq!(directory.change_manager(&nobody, None), unknown);
    assert_eq!(directory.disable(&nobody), unknown);
    assert_eq!(directory.enable(&nobody), unknown);
    assert_eq!(directory.assign(&nobody, "User"), unknown);
    assert_eq!(directory.unassign(&nobody), unknown);
    assert_eq!(directory.remove(&nobody), unknown);
    let refused = directory.change_manager(&somebody, Some(&nobody));
    assert_eq!(refused, Err(DirectoryError::UnknownManager));
    assert_eq!(directory.watermark(), 0);
}
