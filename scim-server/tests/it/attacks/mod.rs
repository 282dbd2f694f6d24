//! What a stranger may try, and what holds against it.
//!
//! | what is tried | held by |
//! |---|---|
//! | JSON that nests without end | `parsing::json_that_nests_without_end_is_refused` |
//! | a body larger than allowed, without a length, with a wrong one, or compressed | `parsing::an_endless_body_is_read_no_further_than_the_limit`, `parsing::what_the_head_says_of_the_length_is_not_believed`, `service::bodies::other_media_types_and_encodings_are_refused` |
//! | one attribute under two names | `parsing::neither_the_first_nor_the_last_of_two_wins`, `service::strictness::one_attribute_under_two_names_is_refused` |
//! | text and numbers that a store would change | `parsing::a_number_comes_back_as_it_was_sent_or_not_at_all`, `service::strictness::{the_character_nul_is_refused_wherever_it_stands, text_that_is_no_unicode_is_refused}` |
//! | a long URI, and pages out of range | `parsing::a_uri_has_an_end`, `parsing::a_page_out_of_range_is_a_page` |
//! | ids that are paths, control characters or other things' names | `injection::an_id_is_a_name_and_no_path` |
//! | line breaks for the head of an answer or a log | `injection::line_breaks_get_into_no_head`, `service::strictness::an_identifier_of_the_client_s_is_short_and_printable` |
//! | keys that mean something to other languages | `injection::special_names_are_no_attributes` |
//! | references to what only the server can reach | `injection::nothing_that_a_resource_refers_to_is_fetched` |
//! | routes without, with bad and with others' credentials | `authorisation::no_route_lets_in_what_no_longer_counts`, `service::authentication::{no_route_answers_without_a_token, no_route_answers_to_bad_credentials}` |
//! | resources of another tenant | `authorisation::what_is_another_tenant_s_looks_like_what_is_not_there` |
//! | attributes that are not the client's to set | `authorisation::{what_clients_cannot_set_they_do_not_set, what_clients_cannot_set_they_do_not_patch}` |
//! | the password of somebody | `secrets::a_password_is_nowhere`, `service::password` |
//! | personal values in logs | `service::logs::nothing_of_a_resource_a_filter_or_a_token_is_logged_at_any_level` |
//! | the time that a wrong token takes | `auth::token::tests::a_comparison_tells_nothing_of_the_token` (a unit test), `secrets::a_token_is_known_as_a_whole_or_not_at_all` |
//! | taking over an account that is there, or was | `authorisation::no_account_is_adopted` |
//! | probing what the authorizer hides | `service::authorisation::what_is_hidden_cannot_be_found_out` |
//! | a panic of the application | `service::panics` |

mod authorisation;
mod bombs;
mod bulk_requests;
mod clock;
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
