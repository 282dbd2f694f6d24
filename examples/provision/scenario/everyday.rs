//! What happens in a hospital in a week.

use scim_client::{Client, User};
use scim_examples::{
    directory::{ObjectId, Person},
    directory_source::DirectorySource,
};

use super::{Outcome, audit::is_in_scope};

/// What happened, in words, and who will come back.
pub(super) struct Events {
    pub(super) notes: Vec<String>,
    pub(super) returning: ObjectId,
}

/// An account that somebody made in the roster before the directory was connected.
pub(super) async fn create_by_hand(client: &Client, person: &Person) -> Outcome {
    let mut user = User::new(person.user_principal_name.to_uppercase());
    user.display_name = Some("made by hand".to_owned());
    user.nick_name = Some("kept".to_owned());
    client.api::<User>().create(&user).await?;
    Ok(())
}

/// Hires, a new title, another manager, a marriage, leavers, and one who is deleted.
pub(super) fn a_week(source: &DirectorySource) -> Outcome<Events> {
    let mut directory = source.directory();
    let in_scope: Vec<Person> = directory.people().filter(|p| is_in_scope(p)).cloned().collect();
    let mut cast = in_scope.iter().rev().map(|person| &person.object_id);
    let mut next = || cast.next().ok_or("the directory is too small for a week");

    for _ in 0..5 {
        directory.hire();
    }
    directory.change_job_title(next()?, "Chief Nursing Officer")?;
    let (report, boss) = (next()?, next()?);
    // Someone cannot report to one of their own reports; then the other way round.
    if directory.change_manager(report, Some(boss)).is_err() {
        directory.change_manager(boss, Some(report))?;
    }
    directory.rename(next()?, "Zoë", "Łukasiewicz-Ångström")?;
    let returning = next()?.clone();
    directory.disable(&returning)?;
    directory.unassign(next()?)?;
    directory.remove(next()?)?;
    let guest = directory.people().find(|p| p.assignment.role() == Some("Default Access"));
    let newcomer = guest.map(|person| person.object_id.clone());
    if let Some(newcomer) = &newcomer {
        directory.assign(newcomer, "User")?;
    }
    let mut notes = vec![
        "hired      five people".to_owned(),
        "promoted   one, with a new title".to_owned(),
        "moved      one, to another manager".to_owned(),
        "married    one, now Zoë Łukasiewicz-Ångström".to_owned(),
        "left       three: one disabled, one unassigned, one deleted".to_owned(),
    ];
    if newcomer.is_some() {
        notes.push("assigned   one who had default access only".to_owned());
    }
    Ok(Events { notes, returning })
}

/// A leaver is enabled again.
pub(super) fn come_back(source: &DirectorySource, person: &ObjectId) -> Outcome {
    Ok(source.directory().enable(person)?)
}
