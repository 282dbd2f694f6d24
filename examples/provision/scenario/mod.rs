//! A week of a hospital, at a roster in the same process: the steps of the tutorial "Configuring
//! Cerner Central for automatic user provisioning".

mod audit;
mod everyday;
mod job;
mod screen;

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use clap::Args;
use scim_client::{
    Client,
    provision::{CycleKind, CycleReport, Provisioner},
    transport::ReqwestTransport,
};
use scim_examples::{
    directory::{Directory, Person},
    directory_source::DirectorySource,
    roster::{Roster, RosterSettings, StoreChoice},
};
use tokio::sync::oneshot;

use self::screen::{Screen, Timed, report, say, table, title, verdict};

/// What the scenario is played with.
#[derive(Args)]
pub(crate) struct ScenarioArguments {
    /// A folder for the SQLite files, to look at them afterwards; a temporary one otherwise
    #[arg(long)]
    folder: Option<PathBuf>,
    /// How many people the directory has
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(100..))]
    people: u32,
    /// What the directory is made up from
    #[arg(long, default_value_t = 42)]
    seed: u64,
}

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Plays the scenario; `true` if the roster ends up as the directory says.
pub(crate) async fn play(arguments: ScenarioArguments) -> Outcome<bool> {
    let temporary = tempfile::tempdir()?;
    let folder = match &arguments.folder {
        Some(folder) => {
            std::fs::create_dir_all(folder)?;
            folder.clone()
        }
        None => temporary.path().to_owned(),
    };
    let people = usize::try_from(arguments.people)?;
    // 40 of 1,000 are not to be provisioned.
    let source = DirectorySource::new(Directory::generate(arguments.seed, people, people / 25));

    let store = StoreChoice::Sqlite(folder.join("roster.sqlite"));
    let settings = RosterSettings::new("127.0.0.1:0".parse()?, store, "clinic".parse()?);
    let roster = Roster::open(settings).await?;
    let target = Target {
        // As the tutorial has it pasted: with the endpoint at its end.
        tenant_url: format!("{}/Users", roster.base_url()),
        token: roster.token().reveal().to_owned(),
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let play = async {
        let outcome = play_steps(&target, &source, &folder).await;
        // The roster ends when nobody holds the other end any more.
        drop(stop);
        outcome
    };
    let (outcome, ()) = tokio::join!(
        play,
        roster.serve(async {
            let _ = stopped.await;
        })
    );
    outcome
}

/// What the administrator of the directory is given by the roster.
struct Target {
    tenant_url: String,
    token: String,
}

impl Target {
    fn client(&self, token: &str) -> Outcome<Client> {
        let client = Client::builder(self.tenant_url.as_str()).bearer_token(token);
        Ok(client.transport(ReqwestTransport::new()?).build()?)
    }
}

async fn play_steps(target: &Target, source: &DirectorySource, folder: &Path) -> Outcome<bool> {
    let began = Instant::now();
    let client = target.client(&target.token)?;
    let mut screen = Screen::new();
    title("A directory provisions a user roster");
    say(&format!("directory  {} people, made up", source.directory().len()));
    say(&format!("roster     {}", client.base_url()));
    say(&format!("files      {}", folder.display()));

    let by_hand = somebody_in_scope(source)?;
    everyday::create_by_hand(&client, &by_hand).await?;
    say("by hand    one account was in the roster before, under a name in capitals");

    screen.step("Test connection");
    say(&client.probe("userName").await?.to_string());
    let stranger = target.client("not-the-token-of-this-realm")?.probe("userName").await?;
    say(&format!("with a wrong token: {stranger}"));
    let is_guarded = !stranger.is_authorized();

    let job = job::job(&client, source, folder, screen.progress())?;
    let mut cycles = Cycles { job, screen: &mut screen, reports: Vec::new() };
    cycles.run("Initial sync", CycleKind::Initial).await?;
    let second = cycles.run("Second sync, nothing has changed", CycleKind::Initial).await?;
    let is_quiet = second.writes == 0;

    let events = everyday::a_week(source)?;
    for event in &events.notes {
        say(event);
    }
    cycles.run("Incremental sync", CycleKind::Incremental).await?;
    everyday::come_back(source, &events.returning)?;
    say("back       one of the leavers returns");
    cycles.run("Incremental sync, one returns", CycleKind::Incremental).await?;
    let quiet = cycles.run("Incremental sync, nothing has changed", CycleKind::Incremental).await?;
    let is_quiet = is_quiet && quiet.writes + quiet.reads == 0;
    let reports = cycles.reports;

    screen.step("Read the roster back and compare");
    let directory = source.directory().clone();
    let audit = audit::compare(&client, &directory, &by_hand).await?;
    for line in audit.lines() {
        say(&line);
    }
    if !is_guarded {
        say("the roster took a wrong token");
    }
    if !is_quiet {
        say("a sync without changes sent requests");
    }
    let agrees = audit.agrees() && is_guarded && is_quiet && no_failures(&reports);
    table(&reports, began.elapsed());
    verdict(agrees);
    Ok(agrees)
}

/// The syncs so far.
struct Cycles<'s> {
    job: Provisioner,
    screen: &'s mut Screen,
    reports: Vec<Timed>,
}

impl Cycles<'_> {
    async fn run(&mut self, name: &str, kind: CycleKind) -> Outcome<CycleReport> {
        self.screen.step(name);
        let began = Instant::now();
        let outcome = self.job.run(kind).await?;
        let timed = Timed { name: name.to_owned(), report: outcome.clone(), took: began.elapsed() };
        report(&timed);
        self.reports.push(timed);
        Ok(outcome)
    }
}

fn no_failures(reports: &[Timed]) -> bool {
    reports.iter().all(|timed| timed.report.failed.is_empty())
}

/// Somebody who is to be provisioned and whose name has letters with two cases.
fn somebody_in_scope(source: &DirectorySource) -> Outcome<Person> {
    let directory = source.directory();
    let found = directory.people().find(|person| audit::is_in_scope(person));
    Ok(found.cloned().ok_or("nobody in the directory is in scope")?)
}
