use super::{
    Cycle, Failure,
    draft::{Draft, Wants},
};
use crate::provision::{
    plan::{Action, Changes},
    report::{Step, StepKind, StepStatus},
    scope::Decision,
};

impl Cycle<'_> {
    /// How it came to what was done, step by step.
    pub(super) fn steps(&self, draft: &Draft, failure: Option<&Failure>) -> Vec<Step> {
        let mut steps = vec![import(draft)];
        steps.extend(draft.decision.as_ref().map(scoping));
        let is_wanted = draft.desired().is_some();
        if is_wanted {
            steps.push(self.matching(draft));
        }
        steps.push(processing(draft));
        steps.extend(self.references(draft));
        steps.extend(export(draft, failure));
        steps
    }

    fn matching(&self, draft: &Draft) -> Step {
        let ids = draft.candidates.iter().filter_map(|candidate| candidate.id());
        let ids: Vec<String> = ids.map(|id| format!("found `{id}`")).collect();
        let description = match (self.state.links.get(&draft.id), ids.len()) {
            (_, 1) => "one resource matches",
            (_, 2..) => "several resources match",
            (Some(_), _) if draft.attempts == 0 || !matches!(draft.action, Action::Create(_)) => {
                "linked before"
            }
            _ => "no resource matches",
        };
        Step::new(StepKind::Matching, StepStatus::Success, description).with_details(ids)
    }

    fn references(&self, draft: &Draft) -> Option<Step> {
        let link = self.state.links.get(&draft.id)?;
        if link.pending.is_empty() {
            return None;
        }
        let step = Step::new(
            StepKind::ReferenceResolution,
            StepStatus::Skipped,
            "what it refers to is not provisioned yet",
        );
        Some(step.with_details(link.pending.iter().cloned()))
    }
}

fn import(draft: &Draft) -> Step {
    let description = match (&draft.object, &draft.wants) {
        (Some(_), _) => "read from the source",
        (None, Wants::Members) => "known from before; its members have come or gone",
        (None, _) => "gone from the source",
    };
    Step::new(StepKind::Import, StepStatus::Success, description)
}

fn scoping(decision: &Decision) -> Step {
    let (status, description) = if decision.is_in_scope() {
        (StepStatus::Success, "in scope")
    } else {
        (StepStatus::Skipped, "not in scope")
    };
    let conditions = decision.conditions().iter().map(ToString::to_string);
    Step::new(StepKind::Scoping, status, description).with_details(conditions)
}

fn processing(draft: &Draft) -> Step {
    let targets = draft.action.changes().into_iter().flat_map(Changes::targets);
    let targets: Vec<String> = targets.map(str::to_owned).collect();
    let status = match draft.action {
        Action::Conflict(_) => StepStatus::Failure,
        Action::Nothing | Action::Skip(_) => StepStatus::Skipped,
        _ => StepStatus::Success,
    };
    Step::new(StepKind::Processing, status, draft.action.name()).with_details(targets)
}

fn export(draft: &Draft, failure: Option<&Failure>) -> Option<Step> {
    let kind = StepKind::Export;
    match failure {
        Some(failure) => {
            let step = Step::new(kind, StepStatus::Failure, failure.reason.clone());
            Some(step.with_details([failure.code.to_string()]))
        }
        None if draft.action.is_write() => Some(Step::new(kind, StepStatus::Success, "sent")),
        None => None,
    }
}
