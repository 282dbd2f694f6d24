use futures_util::future::BoxFuture;

use super::{fault::Held, offers::Need, rules, subject::Subject};

/// Something that a store does or does not.
pub(super) struct Rule {
    /// In a sentence.
    pub(super) name: &'static str,
    /// What a store must offer for it to mean anything.
    pub(super) needs: &'static [Need],
    pub(super) check: fn(Subject) -> BoxFuture<'static, Held>,
}

/// Every rule: the module that it stands in, its name, and what it needs.
#[doc(hidden)]
#[macro_export]
macro_rules! __store_rules {
    ($then:ident $arguments:tt) => {
        $crate::$then! { $arguments
            resource::what_is_created_can_be_read []
            resource::what_is_updated_can_be_read []
            resource::an_update_replaces_all_of_a_document []
            resource::what_is_deleted_is_gone []
            resource::what_is_not_there_is_not_found []
            resource::an_id_is_given_once []
            resource::ids_differ_by_the_case_of_letters []
            resource::types_are_kept_apart [Groups]
            content::awkward_text_comes_back_as_it_was []
            content::a_nul_is_kept_or_refused []
            content::numbers_and_structure_come_back_exactly [AnyAttribute]
            content::documents_of_any_kind_come_back_whole []
            versions::every_write_gives_a_version_never_seen_before []
            versions::every_call_tells_the_same_version []
            versions::a_write_leaves_the_versions_of_others []
            versions::another_version_than_expected_changes_nothing []
            versions::the_expected_version_lets_a_write_through []
            versions::a_version_of_an_earlier_life_is_another_one []
            uniqueness::a_unique_key_has_one_resource []
            uniqueness::folded_names_are_one_name []
            uniqueness::each_of_several_keys_counts [OtherKeys]
            uniqueness::a_deleted_resource_frees_its_keys []
            uniqueness::an_update_frees_the_keys_it_drops []
            uniqueness::a_resource_keeps_its_own_key_on_update []
            uniqueness::a_key_is_free_in_other_tenants []
            uniqueness::a_key_is_free_in_other_types [Groups]
            tenants::another_tenant_sees_and_touches_nothing []
            tenants::another_tenant_lists_nothing []
            tenants::another_tenant_changes_no_members [Groups]
            whole::a_refused_create_leaves_nothing_behind []
            whole::a_refused_update_changes_nothing []
            whole::a_refused_group_leaves_no_members [Groups OtherKeys]
            whole::a_dropped_create_leaves_all_or_nothing []
            whole::a_dropped_update_leaves_all_or_nothing []
            whole::a_dropped_delete_leaves_all_or_nothing []
            lists::an_empty_store_lists_nothing []
            lists::an_unknown_type_lists_nothing []
            lists::pages_cut_the_list []
            lists::the_order_of_creation_outlives_updates []
            lists::other_types_are_not_listed [Groups]
            filters::a_filter_on_users_lists_what_it_matches []
            filters::a_filter_on_groups_lists_what_it_matches [Groups]
            filters::wildcards_and_quotes_mean_themselves []
            filters::a_changed_resource_is_found_by_its_new_values_alone []
            filters::a_deleted_resource_is_found_by_nothing []
            filters::case_counts_where_the_schema_says [ExternalId]
            sorts::a_sort_puts_absent_values_at_the_far_end [DisplayName]
            sorts::a_sorted_list_is_cut_into_pages []
            walks::a_walk_comes_by_everything_once []
            walks::the_last_page_tells_no_next_position []
            walks::a_position_leads_to_the_same_page_again []
            walks::a_walk_outlives_inserts_and_deletes []
            members::a_group_is_created_with_its_members [Groups]
            members::what_is_wanted_is_read [Groups]
            members::an_update_replaces_the_members [Groups]
            members::members_stay_where_an_update_says_so [Groups]
            members::a_group_takes_its_members_along [Groups]
            members::a_filter_finds_the_groups_of_a_member [Groups]
            changes::members_change_as_a_delta_says [Groups]
            changes::a_change_of_members_makes_a_new_version [Groups]
            changes::what_is_so_already_makes_no_new_version [Groups]
            changes::a_change_of_members_is_a_compare_and_swap [Groups]
            changes::members_of_nothing_do_not_change [Groups]
            changes::members_change_alone [Groups MembershipChanges]
            groups::a_user_tells_the_groups_that_have_it [ToldGroups]
            groups::a_renamed_group_is_told_by_its_new_name [ToldGroups]
            groups::an_update_of_a_user_leaves_its_groups [ToldGroups]
            groups::a_filter_finds_the_members_of_a_group [ToldGroups]
            groups::a_deleted_member_leaves_its_groups [ToldGroups]
            groups::a_deleted_group_leaves_its_groups [ToldGroups]
            races::of_many_creates_of_a_key_one_wins []
            races::of_many_creates_of_an_id_one_wins []
            races::of_many_updates_to_a_key_one_wins []
            races::no_compare_and_swap_is_lost []
            races::versions_are_new_among_many_writes []
            races::of_many_deletes_one_wins []
            races::a_total_and_its_page_are_of_one_moment []
            races::no_change_of_members_is_lost [Groups]
            races::a_read_is_of_one_moment []
            sequences::any_sequence_of_calls_agrees_with_a_model []
            sequences::any_sequence_of_member_changes_agrees_with_a_model [Groups]
        }
    };
}

/// Makes a test of each rule of the contract of [`ResourceStore`](crate::ResourceStore).
///
/// The attribute that makes a test of an async function comes first, whosever it is; then a
/// [`Kit`](crate::conformance::Kit). A module keeps the names together.
///
/// ```no_run
/// mod memory_store {
///     use scim_server::{conformance::Kit, store::MemoryStore};
///
///     scim_server::store_tests! {
///         #[tokio::test(flavor = "multi_thread")]
///         Kit::new(|| async { MemoryStore::new() }).with_spawner(|task| drop(tokio::spawn(task)))
///     }
/// }
/// ```
#[macro_export]
macro_rules! store_tests {
    ($(#[$attribute:meta])+ $kit:expr) => {
        $crate::__store_rules! { __store_rule_tests ([$(#[$attribute])+] [$kit]) }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __store_rule_tests {
    ($arguments:tt $($module:ident::$rule:ident [$($need:ident)*])+) => {
        $($crate::__store_rule_test! { $rule $arguments })+
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __store_rule_test {
    ($rule:ident ([$(#[$attribute:meta])+] [$kit:expr])) => {
        $(#[$attribute])+
        async fn $rule() {
            $kit.check_rule(stringify!($rule)).await.assert_held();
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __store_rule_table {
    (() $($module:ident::$rule:ident [$($need:ident)*])+) => {
        &[$(Rule {
            name: stringify!($rule),
            needs: &[$(Need::$need),*],
            check: |subject| Box::pin(rules::$module::$rule(subject)),
        }),+]
    };
}

pub(super) const RULES: &[Rule] = __store_rules!(__store_rule_table());
