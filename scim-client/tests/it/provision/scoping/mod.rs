//! Who belongs, and why.

mod clauses;
mod documents;
mod modelling;
mod patterns;

use scim_client::provision::{
    Scope, SourceObject,
    scope::{Cause, Clause, Condition, Decision, ScopingFilter, ScopingOperator as Operator},
};

const NOT_DELETED: &str = "is not deleted in the source";
const ACTIVE: &str = "is active in the source";
const ASSIGNED: &str = "is assigned to the application";
const ROLE: &str = "has a role that is provisioned";

fn person() -> SourceObject {
    SourceObject::new("1")
}

fn equals(attribute: &str, text: &str) -> Clause {
    Clause::new(attribute, Operator::Equals(text.to_owned()))
}

fn lines(decision: &Decision) -> Vec<String> {
    decision.conditions().iter().map(ToString::to_string).collect()
}

#[test]
fn assignment_and_roles_decide() {
    let unassigned = person;
    let with = |roles: &[&str]| person().with_roles(roles.iter().copied());
    let assigned = Scope::assigned;
    let without = || assigned().without_role("Default Access");
    let asking = || assigned().with_role("User").with_role("Admin");
    let both = || asking().without_role("Admin");
    let all_without = || Scope::all().without_role("Default Access");
    let all_asking = || Scope::all().with_role("User");
    let rows = [
        (assigned(), unassigned(), Some(ASSIGNED)),
        (assigned(), with(&[]), None),
        (assigned(), with(&["Default Access"]), None),
        (without(), unassigned(), Some(ASSIGNED)),
        (without(), with(&[]), Some(ROLE)),
        (without(), with(&["Default Access"]), Some(ROLE)),
        (without(), with(&["Default Access", "User"]), None),
        (without().without_role("User"), with(&["Default Access", "User"]), Some(ROLE)),
        (asking(), unassigned(), Some(ASSIGNED)),
        (asking(), with(&[]), Some(ROLE)),
        (asking(), with(&["Default Access"]), Some(ROLE)),
        (asking(), with(&["user"]), Some(ROLE)),
        (asking(), with(&["Default Access", "Admin"]), None),
        (both(), with(&["User"]), None),
        (both(), with(&["Admin"]), Some(ROLE)),
        (both(), with(&["Admin", "User"]), None),
        (Scope::all(), unassigned(), None),
        (all_without(), unassigned(), None),
        (all_without(), with(&["Default Access"]), Some(ROLE)),
        (all_without(), with(&["User"]), None),
        (all_asking(), unassigned(), Some(ROLE)),
        (all_asking(), with(&["Default Access"]), Some(ROLE)),
        (all_asking(), with(&["User"]), None),
    ];
    for (scope, object, reason) in rows {
        let decision = scope.decide(&object);
        assert_eq!(decision.reason(), reason, "{scope:?} {object:?}");
        assert_eq!(decision.is_in_scope(), reason.is_none());
        assert_eq!(decision.cause(), reason.map(|_| Cause::Unassigned));
    }
}

#[test]
fn a_decision_lists_every_condition_whatever_the_first_ones_say() {
    let scope = Scope::assigned()
        .without_role("Default Access")
        .with_filter(ScopingFilter::new(equals("userType", "Member")).with_name("members"))
        .with_filter(ScopingFilter::new(equals("site", "Bern")).and(equals("level", "3")));
    let nothing = person().with_active(false).with_soft_deleted(true);
    let everything = person()
        .with_roles(["User"])
        .with_attribute("userType", "Member")
        .with_attribute("site", "Bern")
        .with_attribute("level", 3);
    for (object, answer) in [(nothing, "no"), (everything, "yes")] {
        assert_eq!(
            lines(&scope.decide(&object)),
            [
                "is not deleted in the source",
                "is active in the source",
                "is assigned to the application",
                "has a role that is provisioned",
                "members (`userType` equals `Member`)",
                "`site` equals `Bern` and `level` equals `3`",
            ]
            .map(|name| format!("{name}: {answer}"))
        );
    }
}

#[test]
fn what_a_scope_does_not_ask_is_not_listed() {
    let group = SourceObject::group("g").with_active(false);
    let rows = [
        (Scope::all(), person(), vec![NOT_DELETED, ACTIVE]),
        (Scope::all(), group.clone(), vec![NOT_DELETED]),
        (Scope::assigned(), person(), vec![NOT_DELETED, ACTIVE, ASSIGNED]),
        (Scope::assigned().with_role("User"), group, vec![NOT_DELETED, ASSIGNED, ROLE]),
        (Scope::all().with_nested_groups(), person(), vec![NOT_DELETED, ACTIVE]),
    ];
    for (scope, object, names) in rows {
        let decision = scope.decide(&object);
        let listed: Vec<_> = decision.conditions().iter().map(Condition::name).collect();
        assert_eq!(listed, names);
    }
    assert_eq!(Scope::default(), Scope::assigned());
    assert!(Scope::all().with_nested_groups().includes_nested_groups());
    assert!(!Scope::all().includes_nested_groups());
}

#[test]
fn the_cause_that_takes_precedence_is_given() {
    let scope = Scope::assigned()
        .without_role("Default Access")
        .with_filter(ScopingFilter::new(equals("site", "Bern")));
    let causes = [
        (Cause::SoftDeleted, NOT_DELETED),
        (Cause::Disabled, ACTIVE),
        (Cause::Unassigned, ASSIGNED),
        (Cause::FilteredOut, "`site` equals `Bern`"),
    ];
    assert!(causes.is_sorted_by_key(|(cause, _)| *cause));
    for applying in 0_usize..1 << causes.len() {
        let applies = |cause: Cause| {
            causes
                .iter()
                .zip(0..)
                .any(|((other, _), bit)| *other == cause && applying >> bit & 1 == 1)
        };
        let mut object = person()
            .with_soft_deleted(applies(Cause::SoftDeleted))
            .with_active(!applies(Cause::Disabled));
        if !applies(Cause::Unassigned) {
            object = object.with_roles(["User"]);
        }
        if !applies(Cause::FilteredOut) {
            object = object.with_attribute("site", "Bern");
        }
        let decision = scope.decide(&object);
        let first = causes.into_iter().find(|(cause, _)| applies(*cause));
        assert_eq!(decision.cause(), first.map(|(cause, _)| cause), "{object:?}");
        assert_eq!(decision.reason(), first.map(|(_, reason)| reason));
        assert_eq!(decision.is_in_scope(), first.is_none());
    }
}

#[test]
fn clauses_of_a_filter_hold_together_and_filters_are_alternatives() {
    let in_bern = || ScopingFilter::new(equals("site", "Bern"));
    let members_in_bern = || in_bern().and(equals("userType", "Member"));
    let doctors = || ScopingFilter::new(equals("title", "Doctor"));
    let of = |attributes: &[(&str, &str)]| {
        let all = attributes.iter();
        all.fold(person(), |person, (name, text)| person.with_attribute(*name, *text))
    };
    let bern = ("site", "Bern");
    let member = ("userType", "Member");
    let doctor = ("title", "Doctor");
    let together = "`site` equals `Bern` and `userType` equals `Member`";
    let rows = [
        (vec![], of(&[]), None),
        (vec![in_bern()], of(&[bern]), None),
        (vec![in_bern()], of(&[member]), Some("`site` equals `Bern`")),
        (vec![members_in_bern()], of(&[bern]), Some(together)),
        (vec![members_in_bern()], of(&[member]), Some(together)),
        (vec![members_in_bern()], of(&[bern, member]), None),
        (vec![members_in_bern(), doctors()], of(&[bern]), Some(together)),
        (vec![members_in_bern(), doctors()], of(&[bern, member]), None),
        (vec![members_in_bern(), doctors()], of(&[doctor]), None),
        (vec![doctors(), members_in_bern()], of(&[bern]), Some("`title` equals `Doctor`")),
    ];
    for (filters, object, reason) in rows {
        let count = filters.len();
        let scope = filters.into_iter().fold(Scope::all(), Scope::with_filter);
        let decision = scope.decide(&object);
        assert_eq!(decision.reason(), reason, "{scope:?}");
        assert_eq!(decision.is_in_scope(), reason.is_none());
        assert_eq!(decision.cause(), reason.map(|_| Cause::FilteredOut));
        let alternatives = decision.conditions().iter().filter(|c| c.is_alternative());
        assert_eq!(alternatives.count(), count);
    }
}

#[test]
fn a_filter_that_is_met_makes_up_for_another_filter_alone() {
    let scope = Scope::assigned()
        .with_filter(ScopingFilter::new(equals("site", "Bern")))
        .with_filter(ScopingFilter::new(equals("site", "Basel")));
    let decision = scope.decide(&person().with_attribute("site", "Basel"));
    assert_eq!(decision.reason(), Some(ASSIGNED));
    let met: Vec<_> = decision.conditions().iter().map(Condition::is_met).collect();
    assert_eq!(met, [true, true, false, false, true]);
}

#[test]
fn a_cause_is_a_word_for_programs_and_words_for_people() {
    let rows = [
        (Cause::SoftDeleted, "softDeleted", "deleted in the source, where it can be restored"),
        (Cause::Disabled, "disabled", "disabled in the source"),
        (Cause::Unassigned, "unassigned", "not assigned to the application"),
        (Cause::FilteredOut, "filteredOut", "let through by no scoping filter"),
        (Cause::HardDeleted, "hardDeleted", "gone from the source"),
        (
            Cause::HardDeletedAfterUnassignment,
            "hardDeletedAfterUnassignment",
            "gone from the source, and unassigned before",
        ),
    ];
    for (cause, word, words) in rows {
        assert_eq!(serde_json::to_value(cause).unwrap(), word);
        assert_eq!(serde_json::from_value::<Cause>(word.into()).unwrap(), cause);
        assert_eq!(cause.to_string(), words);
    }
}
