//! What a service provider does otherwise than the one in this process.

use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::Value;

use super::wire::{Sent, error};

/// The ways of a service provider.
#[derive(Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a way of its own")]
pub(super) struct Ways {
    /// It has no PATCH.
    pub(super) has_no_patch: bool,
    /// It has no PUT of groups.
    pub(super) has_no_put_of_groups: bool,
    /// It has no bulk, and says nothing of itself.
    pub(super) has_no_bulk: bool,
    /// So many members come or go in a request.
    pub(super) most_members: Option<usize>,
    /// It shows no members.
    pub(super) hides_members: bool,
    pub(super) filters: Filters,
    /// It shows no `externalId`.
    pub(super) hides_external_ids: bool,
}

/// What lists can be filtered by.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Filters {
    #[default]
    All,
    /// One attribute and one value.
    Equal,
    None,
}

impl Ways {
    pub(super) fn refusal(&self, sent: &Sent) -> Option<Response<Bytes>> {
        let is_of_groups = sent.path.starts_with("/Groups");
        let is_unknown = sent.path.starts_with("/Bulk")
            || sent.path == "/ServiceProviderConfig"
            || sent.path.ends_with("/.search");
        if self.has_no_patch && sent.method == Method::PATCH {
            return Some(error(501));
        }
        if self.has_no_put_of_groups && is_of_groups && sent.method == Method::PUT {
            return Some(error(405));
        }
        if self.has_no_bulk && is_unknown {
            return Some(error(404));
        }
        if self.most_members.is_some_and(|most| members(&sent.json()) > most) {
            return Some(error(400));
        }
        let filter = sent.query.split('&').find_map(|pair| pair.strip_prefix("filter="))?;
        let is_simple = ["%20eq%20", "+eq+"].iter().any(|word| filter.contains(word))
            && !["%20and%20", "%20or%20", "+and+", "+or+", "["].iter().any(|w| filter.contains(w));
        let is_taken = match self.filters {
            Filters::All => true,
            Filters::Equal => is_simple,
            Filters::None => false,
        };
        (!is_taken).then(|| error(400))
    }

    /// The request as it is done.
    pub(super) fn received(request: Request<Bytes>) -> Request<Bytes> {
        request.map(poisoned)
    }

    /// The answer as it is given.
    pub(super) fn shown(&self, answer: Response<Bytes>) -> Response<Bytes> {
        let hidden = [(self.hides_members, "members"), (self.hides_external_ids, "externalId")];
        let hidden = hidden.into_iter().filter(|(is_hidden, _)| *is_hidden);
        hidden.fold(answer, |answer, (_, name)| {
            answer.map(|body| match serde_json::from_slice::<Value>(&body) {
                Ok(json) => without(json, name).to_string().into(),
                Err(_) => body,
            })
        })
    }
}

/// What somebody whose title is `poison` is refused for: the title arrives as an object.
fn poisoned(body: Bytes) -> Bytes {
    const POISON: &str = r#""title":"poison""#;
    match std::str::from_utf8(&body) {
        Ok(text) if text.contains(POISON) => {
            text.replace(POISON, r#""title":{"is":"poison"}"#).into()
        }
        _ => body,
    }
}

/// How many members a request brings or takes.
fn members(body: &Value) -> usize {
    let of = |value: &Value| value.as_array().map_or(1, Vec::len);
    let operations = body.get("Operations").and_then(Value::as_array);
    let changed = operations.into_iter().flatten().filter(|operation| {
        operation["path"].as_str().is_some_and(|path| path.starts_with("members"))
    });
    let changed: usize = changed.map(|operation| of(&operation["value"])).sum();
    changed + body.get("members").map_or(0, of)
}

fn without(json: Value, name: &str) -> Value {
    match json {
        Value::Object(mut object) => {
            object.remove(name);
            Value::Object(object.into_iter().map(|(key, one)| (key, without(one, name))).collect())
        }
        Value::Array(values) => values.into_iter().map(|one| without(one, name)).collect(),
        other => other,
    }
}
