use clap::Args;
use comfy_table::Table;
use scim_client::provision::{
    plan::{Action, Change, Changes, Conflict, Drift, Plan, PlanItem, Skip},
    source::ObjectKind,
};
use serde_json::Value;

use super::KindArguments;
use crate::{
    events::Listeners,
    failure::{Failure, Verdict},
    job::{JobArgument, MappingView},
    job_file::JobTables,
    progress::Bar,
    screen::{SHOWN, and_more, counts, show, table},
};

#[derive(Args)]
pub(crate) struct PlanArguments {
    #[command(flatten)]
    job: JobArgument,
    #[command(flatten)]
    kind: KindArguments,
    /// How many objects to show
    #[arg(long, value_name = "N", default_value_t = SHOWN)]
    items: usize,
    /// Show the values too, but for those that the mappings hide
    #[arg(long)]
    values: bool,
}

/// The names of what changes, with the values or without.
struct Names {
    users: MappingView,
    groups: Option<MappingView>,
    has_values: bool,
}

impl PlanArguments {
    pub(super) async fn run(self) -> Result<Verdict, Failure> {
        let bar = Bar::new("objects");
        let names = Names::new(&self.job.read()?.tables, self.values);
        let job = self.job.open_to_run(Listeners::default().with(bar.sink())).await?;
        let plan = job.plan(self.kind.kind()).await;
        bar.clear();
        let plan = plan?;
        let has_conflict = print(&plan, &names, self.items);
        Ok(Verdict::well_if(!plan.is_held_back && !has_conflict))
    }
}

/// Prints a plan; gives whether it is not clear of somebody who they are.
fn print(plan: &Plan, names: &Names, most: usize) -> bool {
    let number = plan.counts();
    let is_empty = plan.items.is_empty();
    show(&counts(
        ["planned", "objects"],
        [
            ("create", number.create),
            ("adopt", number.adopt),
            ("update", number.update),
            ("enable", number.enable),
            ("disable", number.disable),
            ("delete", number.delete),
            ("unlink", number.unlink),
            ("hold back", number.staged),
            ("conflict", number.conflict),
            ("leave alone", number.skip),
            ("nothing to do", number.nothing),
        ],
    ));
    let worth_it: Vec<&PlanItem> = plan.items.iter().filter(|item| is_worth_it(item)).collect();
    let mut items = table(["object", "kind", "action", "what"]);
    for item in worth_it.iter().take(most) {
        let what = names.what(item);
        items.add_row([&item.source_id.to_string(), kind(item.kind), item.action.name(), &what]);
    }
    show(&items);
    and_more(worth_it.len(), most);
    if let Some(drift) = &plan.drift {
        show(&drift_table(drift));
    }
    if is_empty {
        println!("Nothing has changed since the last cycle.");
    }
    println!("fingerprint: {}", plan.fingerprint());
    if plan.is_held_back {
        println!("Removals are held back. To let these happen and no others:");
        println!("  provision approve {}", plan.removals());
    }
    number.conflict > 0
}

/// What somebody else has changed.
pub(super) fn drift_table(drift: &Drift) -> Table {
    counts(
        ["at the service provider", "resources"],
        [
            ("changed by somebody else", drift.drifted.len()),
            ("gone", drift.missing.len()),
            ("of no object; left alone", drift.orphans.len()),
        ],
    )
}

pub(super) fn kind(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Group => "group",
        _ => "user",
    }
}

fn is_worth_it(item: &PlanItem) -> bool {
    match &item.action {
        Action::Nothing => false,
        Action::Skip(skip) => matches!(skip, Skip::Staged(_)),
        _ => true,
    }
}

impl Names {
    fn new(tables: &JobTables, has_values: bool) -> Self {
        Self {
            users: MappingView::of(&tables.users.mappings),
            groups: tables.groups.as_ref().map(|groups| MappingView::of(&groups.mappings)),
            has_values,
        }
    }

    /// What an item changes, a line for each attribute.
    fn what(&self, item: &PlanItem) -> String {
        self.lines(item.kind, &item.action).join("\n")
    }

    fn lines(&self, kind: ObjectKind, action: &Action) -> Vec<String> {
        match action {
            Action::Create(desired) => {
                let values = desired.values.iter().chain(desired.on_creation.iter());
                let mut lines: Vec<String> = values
                    .map(|(target, value)| self.line(kind, target, None, Some(value)))
                    .collect();
                let members = desired.members.as_ref().map_or(0, Vec::len);
                lines.extend((members > 0).then(|| format!("{members} members")));
                lines
            }
            Action::Adopt { target_id, changes } => {
                let mut lines = vec![format!("resource `{target_id}`")];
                lines.extend(self.changes(kind, changes));
                lines
            }
            Action::Disable(changes, cause) | Action::Unlink(changes, cause) => {
                let mut lines = vec![cause.to_string()];
                lines.extend(self.changes(kind, changes));
                lines
            }
            Action::Update(changes) | Action::Enable(changes) => self.changes(kind, changes),
            Action::Delete(cause) => vec![cause.to_string()],
            Action::Skip(Skip::Staged(action)) => self.lines(kind, action),
            Action::Conflict(conflict) => vec![reason(conflict)],
            _ => Vec::new(),
        }
    }

    fn changes(&self, kind: ObjectKind, changes: &Changes) -> Vec<String> {
        let lines = changes.attributes.iter().map(|change| {
            let Change { target, old, new, .. } = change;
            self.line(kind, target, old.as_ref(), new.as_ref())
        });
        let mut lines: Vec<String> = lines.collect();
        let (joining, leaving) = (changes.joining.len(), changes.leaving.len());
        lines.extend((joining > 0).then(|| format!("{joining} members join")));
        lines.extend((leaving > 0).then(|| format!("{leaving} members leave")));
        lines
    }

    fn line(
        &self,
        kind: ObjectKind,
        target: &str,
        old: Option<&Value>,
        new: Option<&Value>,
    ) -> String {
        let mapping = match kind {
            ObjectKind::Group => self.groups.as_ref(),
            _ => Some(&self.users),
        };
        let is_shown = self.has_values && mapping.is_some_and(|mapping| !mapping.hides(target));
        if !is_shown {
            return target.to_owned();
        }
        match old {
            Some(old) => format!("{target}: {} → {}", text(Some(old)), text(new)),
            None => format!("{target}: {}", text(new)),
        }
    }
}

/// A value for people; a reference names an object of the source until its resource is there.
fn text(value: Option<&Value>) -> String {
    let referenced = value.and_then(|value| value.get("$source")?.as_str());
    match (referenced, value) {
        (Some(id), _) => format!("the resource of {id}"),
        (None, Some(value)) => value.to_string(),
        (None, None) => "nothing".to_owned(),
    }
}

fn reason(conflict: &Conflict) -> String {
    match conflict {
        Conflict::DuplicateTargets(ids) => format!("{} resources match", ids.len()),
        Conflict::DuplicateSources(ids) => {
            let ids: Vec<&str> = ids.iter().map(scim_client::provision::SourceId::as_str).collect();
            format!("the resource is also that of {}", ids.join(", "))
        }
        Conflict::NotAdopted(id) => format!("the resource `{id}` belongs to somebody else"),
        Conflict::NoId => "the resource that matches has no id".to_owned(),
        Conflict::NoMatchingValue => "no matching attribute has a value".to_owned(),
        _ => "it is not clear who is who".to_owned(),
    }
}
