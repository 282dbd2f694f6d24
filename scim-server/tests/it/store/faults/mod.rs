//! A store with one fault breaks the rule that is meant for it.

mod lists;
mod store;

use scim_server::conformance::Kit;

use self::store::Faulty;
use super::conformance::on_threads;

/// What is wrong with a store.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Planted {
    Nothing,
    // In writes.
    Upsert,
    TypesTogether,
    TextTrimmed,
    NumbersRounded,
    VersionUsedAgain,
    VersionNotCompared,
    VersionComparedBefore,
    VersionNotComparedOnDelete,
    MismatchIsNotFound,
    CaseCountsInKeys,
    KeyCheckedBefore,
    KeyKeptOnDelete,
    KeyKeptOnUpdate,
    HalfOfCreateStays,
    HalfOfUpdateStays,
    CreateInTwoSteps,
    Panic,
    // Between tenants.
    TenantForgottenInGet,
    TenantForgottenInList,
    TenantForgottenInMembers,
    // In lists.
    UnknownTypeIsAnError,
    AbsentMatchesNothing,
    NotForgotten,
    LookUpIsTheAnswer,
    WildcardsInPrefix,
    PageBeginsOneLater,
    TotalOfThePage,
    TotalOfAnotherMoment,
    OrderOfIds,
    EqualOnesTurned,
    WalkByOffset,
    WalkSkipsOne,
    NextOnTheLastPage,
    // In members.
    MembersLostOnUpdate,
    MembersNotReplaced,
    DeltaReplaces,
    RemovalForgotten,
    SubAttributesForgotten,
    UnchangedIsAWrite,
    ChangeNotCompared,
    ChangeWithoutTime,
    ChangeByReadAndWrite,
    ChangesNotOffered,
    GroupsNotTold,
    DeletedMemberStays,
}

const FAULTS: [(Planted, &str); 45] = [
    (Planted::Upsert, "an_id_is_given_once"),
    (Planted::TypesTogether, "types_are_kept_apart"),
    (Planted::TextTrimmed, "awkward_text_comes_back_as_it_was"),
    (Planted::NumbersRounded, "numbers_and_structure_come_back_exactly"),
    (Planted::VersionUsedAgain, "every_write_gives_a_version_never_seen_before"),
    (Planted::VersionNotCompared, "another_version_than_expected_changes_nothing"),
    (Planted::VersionComparedBefore, "no_compare_and_swap_is_lost"),
    (Planted::VersionNotComparedOnDelete, "another_version_than_expected_changes_nothing"),
    (Planted::MismatchIsNotFound, "another_version_than_expected_changes_nothing"),
    (Planted::CaseCountsInKeys, "a_unique_key_has_one_resource"),
    (Planted::KeyCheckedBefore, "of_many_creates_of_a_key_one_wins"),
    (Planted::KeyKeptOnDelete, "a_deleted_resource_frees_its_keys"),
    (Planted::KeyKeptOnUpdate, "an_update_frees_the_keys_it_drops"),
    (Planted::HalfOfCreateStays, "a_refused_create_leaves_nothing_behind"),
    (Planted::HalfOfUpdateStays, "a_refused_update_changes_nothing"),
    (Planted::CreateInTwoSteps, "a_dropped_create_leaves_all_or_nothing"),
    (Planted::Panic, "what_is_created_can_be_read"),
    (Planted::TenantForgottenInGet, "another_tenant_sees_and_touches_nothing"),
    (Planted::TenantForgottenInList, "another_tenant_lists_nothing"),
    (Planted::TenantForgottenInMembers, "another_tenant_changes_no_members"),
    (Planted::UnknownTypeIsAnError, "an_unknown_type_lists_nothing"),
    (Planted::AbsentMatchesNothing, "a_filter_on_users_lists_what_it_matches"),
    (Planted::NotForgotten, "a_filter_on_users_lists_what_it_matches"),
    (Planted::LookUpIsTheAnswer, "a_filter_on_users_lists_what_it_matches"),
    (Planted::WildcardsInPrefix, "wildcards_and_quotes_mean_themselves"),
    (Planted::PageBeginsOneLater, "pages_cut_the_list"),
    (Planted::TotalOfThePage, "pages_cut_the_list"),
    (Planted::TotalOfAnotherMoment, "a_total_and_its_page_are_of_one_moment"),
    (Planted::OrderOfIds, "the_order_of_creation_outlives_updates"),
    (Planted::EqualOnesTurned, "a_sort_puts_absent_values_at_the_far_end"),
    (Planted::WalkByOffset, "a_walk_outlives_inserts_and_deletes"),
    (Planted::WalkSkipsOne, "a_walk_comes_by_everything_once"),
    (Planted::NextOnTheLastPage, "the_last_page_tells_no_next_position"),
    (Planted::MembersLostOnUpdate, "members_stay_where_an_update_says_so"),
    (Planted::MembersNotReplaced, "an_update_replaces_the_members"),
    (Planted::DeltaReplaces, "members_change_as_a_delta_says"),
    (Planted::RemovalForgotten, "members_change_as_a_delta_says"),
    (Planted::SubAttributesForgotten, "members_change_as_a_delta_says"),
    (Planted::UnchangedIsAWrite, "what_is_so_already_makes_no_new_version"),
    (Planted::ChangeNotCompared, "a_change_of_members_is_a_compare_and_swap"),
    (Planted::ChangeWithoutTime, "a_change_of_members_makes_a_new_version"),
    (Planted::ChangeByReadAndWrite, "no_change_of_members_is_lost"),
    (Planted::ChangesNotOffered, "members_change_alone"),
    (Planted::GroupsNotTold, "a_user_tells_the_groups_that_have_it"),
    (Planted::DeletedMemberStays, "a_deleted_member_leaves_its_groups"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_fault_breaks_the_rule_that_is_meant_for_it() {
    for (planted, rule) in FAULTS {
        // What becomes of a race is up to the threads.
        let mut attempts = 0..20;
        while kit(planted).check_rule(rule).await.is_held() {
            assert!(attempts.next().is_some(), "{planted:?} {rule}");
        }
    }
}

/// Whoever has no executor at hand still sees a fault wherever the store waits.
#[tokio::test]
async fn each_fault_shows_in_turns_on_one_thread() {
    for (planted, rule) in FAULTS {
        let kit = Kit::new(move || async move { Faulty::new(planted) });
        assert!(!kit.check_rule(rule).await.is_held(), "{planted:?} {rule}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_wrapper_alone_breaks_nothing() {
    kit(Planted::Nothing).check().await.assert_held();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_report_names_what_is_broken_and_counts_the_rest() {
    let report = kit(Planted::Panic).check_rule("what_is_created_can_be_read").await;
    let text = report.to_string();
    let expected = "0 rules held, 1 broken, 0 skipped\n\
                    what_is_created_can_be_read: a panic: planted (kit.rs:";
    assert!(text.starts_with(expected), "{text}");
    let report = kit(Planted::MismatchIsNotFound).check().await;
    let broken: Vec<_> = report.broken().iter().map(|breach| breach.rule.as_str()).collect();
    assert!(broken.contains(&"another_version_than_expected_changes_nothing"), "{report}");
    assert_eq!(report.held().len() + broken.len(), Kit::rules().count());
    assert!(report.skipped().is_empty());
    assert!(kit(Planted::Nothing).check_rule("no such rule").await.broken()[0].what.contains("no"));
}

fn kit(planted: Planted) -> Kit {
    on_threads(Kit::new(move || async move { Faulty::new(planted) }))
}
