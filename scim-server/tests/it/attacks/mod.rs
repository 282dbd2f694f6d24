//! What a stranger may try, and what holds against it.
//!
//! | what is tried | held by |
//! |---|---|
//! | filters of a megabyte, of thousands of parts or levels | `filters::a_filter_that_is_a_bomb_is_refused_before_it_goes_off` |
//! | JSON that nests without end | `parsing::json_that_nests_without_end_is_refused` |
//! | a body larger than allowed, without a length, with a wrong one, or compressed | `parsing::an_endless_body_is_read_no_further_than_the_limit`, `parsing::what_the_head_says_of_the_length_is_not_believed`, `service::bodies::other_media_types_and_encodings_are_refused` |
//! | small bodies that are large in memory | `bombs::a_body_that_is_larger_in_memory_than_on_the_wire_is_refused` |
//! | one attribute under two names | `parsing::neither_the_first_nor_the_last_of_two_wins`, `bulk_requests::neither_the_first_nor_the_last_of_two_wins_among_many`, `service::strictness::one_attribute_under_two_names_is_refused` |
//! | text and numbers that a store would change | `parsing::a_number_comes_back_as_it_was_sent_or_not_at_all`, `service::strictness::{the_character_nul_is_refused_wherever_it_stands, text_that_is_no_unicode_is_refused}` |
//! | a PATCH of very many operations, values or comparisons | `bombs::a_patch_that_is_a_bomb_is_refused_or_done` |
//! | a bulk request of very many operations, circles, or work | `bombs::{a_bulk_request_that_is_a_bomb_is_refused_or_done, references_of_a_thousand_operations_are_followed, operations_that_each_read_a_huge_group_are_stopped}` |
//! | a huge group | `bombs::a_huge_group_can_be_filled_read_searched_and_deleted` |
//! | a long URI, and pages out of range | `parsing::a_uri_has_an_end`, `parsing::a_page_out_of_range_is_a_page` |
//! | cursors that are forged, of others, or too old | `service::cursors::a_cursor_is_good_for_its_query_and_its_time_alone` |
//! | names that look like others | `names::{what_is_one_name_is_one_name_on_every_way_to_it, a_name_that_cannot_be_seen_for_what_it_is_is_refused_on_every_way_to_it}` |
//! | text that searches take for patterns | `filters::a_search_takes_text_for_text` |
//! | commands of a database | `injection::a_command_is_a_text_like_any_other` |
//! | ids that are paths, control characters or other things' names | `injection::an_id_is_a_name_and_no_path` |
//! | line breaks for the head of an answer or a log | `injection::line_breaks_get_into_no_head`, `service::strictness::an_identifier_of_the_client_s_is_short_and_printable` |
//! | keys that mean something to other languages | `injection::special_names_are_no_attributes` |
//! | references to what only the server can reach | `injection::nothing_that_a_resource_refers_to_is_fetched` |
//! | routes without, with bad and with others' credentials | `authorisation::no_route_lets_in_what_no_longer_counts`, `service::authentication::{no_route_answers_without_a_token, no_route_answers_to_bad_credentials}` |
//! | resources of another tenant | `authorisation::what_is_another_tenant_s_looks_like_what_is_not_there`, `bulk_requests::what_is_another_tenant_s_is_not_there_among_many` |
//! | attributes that are not the client's to set | `authorisation::{what_clients_cannot_set_they_do_not_set, what_clients_cannot_set_they_do_not_patch}`, `bulk_requests::what_clients_cannot_set_they_do_not_set_among_many` |
//! | the password of somebody | `secrets::a_password_is_nowhere`, `service::password` |
//! | personal values in logs | `service::logs::nothing_of_a_resource_a_filter_or_a_token_is_logged_at_any_level` |
//! | the time that a wrong token takes | `auth::token::tests::a_comparison_tells_nothing_of_the_token` (a unit test), `secrets::a_token_is_known_as_a_whole_or_not_at_all` |
//! | taking over an account that is there, or was | `authorisation::no_account_is_adopted` |
//! | probing what the authorizer hides | `service::authorisation::what_is_hidden_cannot_be_found_out` |
//! | the same name at once | `service::races::of_many_who_create_one_name_one_wins` |
//! | changes of one resource at once | `service::races` |
//! | members that come, go and are deleted at once, groups in circles | `crowds` |
//! | inserts and deletions during a walk | `service::cursors::what_comes_and_goes_meanwhile_hides_nothing_and_repeats_nothing` |
//! | the end of the process at any time | `store::crash` (100 times) |
//! | clients that go away in the middle | `gone` |
//! | clients that take their time | `slow_clients` among the tests of the examples, since it is the socket's matter |
//! | a clock that goes wrong | `clock` |
//! | a panic of the application | `service::panics` |

mod authorisation;
mod bombs;
mod bulk_requests;
mod clock;
mod crowds;
mod filters;
mod gone;
mod injection;
mod names;
mod parsing;
mod secrets;

use scim_core::SchemaUri;
use serde_json::{Value, json};

use crate::service::{Server, post};

/// Sends a bulk request that is taken, and gives the answer to each operation.
async fn bulk(server: &Server, operations: Value) -> Vec<Value> {
    let body = json!({ "schemas": [SchemaUri::BULK_REQUEST], "Operations": operations });
    let reply = server.send(post("/Bulk", &body)).await.assert_status(200).json();
    reply["Operations"].as_array().unwrap().clone()
}
