//! What a client asks of the service, and what comes of it.

use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};
use scim_client::{Client, Error, Filter, User};

/// A request with what was to come of it, and what did.
pub(crate) struct Played {
    request: &'static str,
    expected: &'static str,
    came: String,
}

/// Plays a person's life, and two mistakes.
pub(crate) async fn play(
    client: &Client,
) -> Result<Vec<Played>, Box<dyn std::error::Error + Send + Sync>> {
    let users = client.api::<User>();
    let mut played = Vec::new();
    let mut note = |request, expected, came: String| {
        played.push(Played { request, expected, came });
    };

    let mut babs = User::new("BJensen");
    babs.active = Some(true);
    babs.title = Some("Tour Guide".to_owned());
    let created = users.create(&babs).await?.resource;
    let Some(id) = created.id else { return Ok(played) };
    note("create BJensen, a tour guide", "Tour Guide", created.title.unwrap_or_default());

    let again = users.create(&User::new("bjensen")).await;
    note("create bjensen", "refused: uniqueness", outcome(again.err()));

    let found = users.list().filter(Filter::eq("userName", "BJENSEN")?).at_most_one().await?;
    let name = found.map(|user| user.user_name).unwrap_or_default();
    note("find BJENSEN", "BJensen", name);

    users.patch(&id).replace("active", false)?.await?;
    let active = users.get(&id).await?.resource.active;
    note("set inactive, and read", "inactive", state(active).to_owned());

    let employed = users.list().filter(Filter::eq("active", true)?).all().await?;
    note("list who is active", "0 people", format!("{} people", employed.len()));

    users.delete(&id).await?;
    let gone = users.get(&id).await;
    note("delete, and read", "refused: 404", outcome(gone.err()));
    Ok(played)
}

fn state(active: Option<bool>) -> &'static str {
    if active == Some(true) { "active" } else { "inactive" }
}

/// How a request was refused.
fn outcome(error: Option<Error>) -> String {
    let Some(error) = error else { return "accepted".to_owned() };
    let reason = error.scim_type().map(ToString::to_string);
    let status = || error.status().map_or_else(String::new, |status| status.as_u16().to_string());
    format!("refused: {}", reason.unwrap_or_else(status))
}

impl Played {
    pub(crate) fn is_as_expected(&self) -> bool {
        self.expected == self.came
    }
}

pub(crate) fn table(played: &[Played]) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_header(["request", "what came of it", ""]);
    for step in played {
        let mark = if step.is_as_expected() { "as expected" } else { "NOT AS EXPECTED" };
        table.add_row([step.request, step.came.as_str(), mark]);
    }
    table
}
