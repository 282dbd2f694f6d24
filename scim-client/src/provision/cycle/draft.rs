use std::collections::HashMap;

use scim_core::Resource;

use super::{Cycle, Failure, gather::Entry};
use crate::provision::{
    fingerprint,
    mapping::Desired,
    plan::{Action, Conflict, Known, Rules, Skip, Wanted, plan},
    provisioner::Side,
    report::ErrorCode,
    scope::{Cause, Decision},
    source::{ObjectKind, SourceId, SourceObject},
    state::{Intent, Values},
};

/// An object in the hands of a cycle.
pub(super) struct Draft {
    pub(super) id: SourceId,
    pub(super) kind: ObjectKind,
    /// The object, unless it is gone.
    pub(super) object: Option<SourceObject>,
    pub(super) decision: Option<Decision>,
    pub(super) wants: Wants,
    /// The resources that match, if they were looked for.
    pub(super) candidates: Vec<Resource>,
    pub(super) action: Action,
    /// What went wrong, whatever was to be done.
    pub(super) failure: Option<Failure>,
    /// How often it was sent.
    pub(super) attempts: u8,
    /// Whether it is to be sent once more.
    pub(super) is_waiting: bool,
    pub(super) is_finished: bool,
}

/// What an object is to become.
pub(super) enum Wants {
    Resource(Box<Desired>),
    Gone(Cause, Values),
    /// It only has members who come or go.
    Members,
    /// It cannot be said.
    Unknown,
}

impl Draft {
    pub(super) fn new(id: SourceId, kind: ObjectKind, wants: Wants) -> Self {
        Self {
            id,
            kind,
            object: None,
            decision: None,
            wants,
            candidates: Vec::new(),
            action: Action::Nothing,
            failure: None,
            attempts: 0,
            is_waiting: false,
            is_finished: false,
        }
    }

    pub(super) fn desired(&self) -> Option<&Desired> {
        match &self.wants {
            Wants::Resource(desired) => Some(desired),
            _ => None,
        }
    }

    /// Whether it is in scope and was found to be in order so far.
    pub(super) fn is_open(&self) -> bool {
        self.failure.is_none() && !matches!(self.action, Action::Skip(_) | Action::Conflict(_))
    }

    /// What the object looks like, for who fails because of it.
    pub(super) fn fingerprint(&self) -> u64 {
        let Some(object) = &self.object else { return 0 };
        let text = serde_json::to_vec(&(
            &object.attributes,
            &object.roles,
            object.is_active,
            object.is_soft_deleted,
        ));
        fingerprint::of(&text.unwrap_or_default())
    }
}

impl Cycle<'_> {
    /// Decides about each object that is linked, and renders the others.
    pub(super) fn draft(&self, entries: Vec<Entry>, wakes_all: bool) -> Vec<Draft> {
        let mut drafts = Vec::with_capacity(entries.len());
        for entry in entries {
            let Some((mut draft, side)) = self.begin(entry) else { continue };
            if draft.is_open() {
                draft.action = self.action(&draft, side);
            }
            if !wakes_all && self.is_in_escrow(&draft) {
                draft.action = Action::Skip(Skip::Escrow);
            } else if self.is_in_flight(&draft) {
                draft.action = Action::Skip(Skip::InFlight);
            }
            drafts.push(draft);
        }
        drafts
    }

    fn begin(&self, entry: Entry) -> Option<(Draft, &Side)> {
        match entry {
            Entry::Present(object) => {
                let side = self.job.side(object.kind)?;
                let decision = side.scope.decide(&object);
                let wants = self.wants(&object, &decision, side);
                let mut draft = Draft::new(object.id.clone(), object.kind, Wants::Unknown);
                match wants {
                    Ok(wants) => draft.wants = wants,
                    Err(failure) => draft.failure = Some(failure),
                }
                draft.decision = Some(decision);
                draft.object = Some(object);
                Some((draft, side))
            }
            Entry::Gone(id, cause) => {
                let of_link = self.state.links.get(&id).map(|link| link.kind);
                let of_intent = self.state.intents.get(&id).map(|intent| intent.kind);
                let kind = of_link.or(of_intent).unwrap_or_default();
                let side = self.job.side(kind)?;
                let values = side.mapping.render_left(None, &id, self.now).unwrap_or_default();
                Some((Draft::new(id, kind, Wants::Gone(cause, values)), side))
            }
        }
    }

    fn wants(
        &self,
        object: &SourceObject,
        decision: &Decision,
        side: &Side,
    ) -> Result<Wants, Failure> {
        let failed = |error: crate::provision::mapping::RenderError| {
            Failure::new(ErrorCode::AttributeMappingFailed, error.to_string())
        };
        match decision.cause() {
            None => {
                let desired = side.mapping.render(object, self.now).map_err(failed)?;
                Ok(Wants::Resource(Box::new(desired)))
            }
            Some(cause) => {
                let values = side.mapping.render_left(Some(object), &object.id, self.now);
                Ok(Wants::Gone(cause, values.map_err(failed)?))
            }
        }
    }

    /// What to do about an object, as far as it is known.
    pub(super) fn action(&self, draft: &Draft, side: &Side) -> Action {
        self.action_among(draft, side, &HashMap::new())
    }

    /// The same where some objects have resources that are not linked yet.
    pub(super) fn action_among(
        &self,
        draft: &Draft,
        side: &Side,
        found: &HashMap<SourceId, String>,
    ) -> Action {
        let wanted = match &draft.wants {
            Wants::Resource(desired) => Wanted::Resource(desired),
            Wants::Gone(cause, values) => Wanted::Gone { cause: *cause, values },
            Wants::Members | Wants::Unknown => return Action::Nothing,
        };
        let target_id = |id: &SourceId| self.target_id(id).or_else(|| found.get(id).cloned());
        let known = Known::new(wanted, &target_id)
            .with_link(self.state.links.get(&draft.id))
            .with_candidates(&draft.candidates)
            .with_intent(self.has_created(draft));
        plan(&known, &self.rules(side))
    }

    pub(super) fn rules<'r>(&'r self, side: &'r Side) -> Rules<'r> {
        let mut rules = Rules::new(&side.mapping, &side.schema, &side.removal, self.now);
        rules.adopt = self.job.policies.adopt;
        rules
    }

    /// Whether the object failed, has not changed since, and its time has not come.
    fn is_in_escrow(&self, draft: &Draft) -> bool {
        self.state.escrow.get(&draft.id).is_some_and(|escrow| {
            !escrow.is_due(self.now)
                && draft.object.is_some()
                && escrow.fingerprint == draft.fingerprint()
        })
    }

    /// Whether the object is about to be created by a request that may still be under way.
    fn is_in_flight(&self, draft: &Draft) -> bool {
        let grace = self.job.policies.grace;
        let is_recent = |intent: &Intent| !intent.is_refused && intent.at + grace > self.now;
        self.state.intents.get(&draft.id).is_some_and(is_recent)
    }

    /// Whether the resource that matches is what an interrupted creation has left behind.
    fn has_created(&self, draft: &Draft) -> bool {
        let is_own = |intent: &Intent| draft.candidates.iter().all(|one| intent.is_of(one));
        self.state.intents.get(&draft.id).is_some_and(is_own)
    }

    /// Objects that would make the same resource: none of them is touched.
    pub(super) fn find_duplicates(&self, drafts: &mut [Draft]) {
        let mut by_key: HashMap<(ObjectKind, String), Vec<usize>> = HashMap::new();
        for (place, draft) in drafts.iter().enumerate() {
            let Some(side) = self.job.side(draft.kind) else { continue };
            let Some(desired) = draft.desired().filter(|_| self.is_unlinked(draft)) else {
                continue;
            };
            if let Some(text) = side.keys.iter().find_map(|key| key.text(desired)) {
                by_key.entry((draft.kind, text)).or_default().push(place);
            }
        }
        let doubled = by_key.into_values().filter(|places| places.len() > 1);
        doubled.for_each(|places| set_conflict(drafts, &places));
    }

    /// Whether a resource has yet to be found or created for an object.
    pub(super) fn is_unlinked(&self, draft: &Draft) -> bool {
        draft.is_open() && draft.desired().is_some() && !self.state.links.contains_key(&draft.id)
    }
}

/// Some objects would make the same resource, and each hears of the others.
fn set_conflict(drafts: &mut [Draft], places: &[usize]) {
    let id = |place: &usize| drafts.get(*place).map(|draft| draft.id.clone());
    let ids: Vec<SourceId> = places.iter().filter_map(id).collect();
    for (place, id) in places.iter().zip(&ids) {
        let others = ids.iter().filter(|other| *other != id).cloned().collect();
        if let Some(draft) = drafts.get_mut(*place) {
            draft.action = Action::Conflict(Conflict::DuplicateSources(others));
        }
    }
}
