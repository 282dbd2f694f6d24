use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use scim_core::{Resource, filter::BoundFilter};
use serde_json::Value;

use super::{
    Cycle, CycleError, Failure,
    draft::{Draft, Wants},
};
use crate::{
    error::Error,
    provision::{
        apply::{ApplyError, is_everyones},
        plan::{
            Action, Conflict,
            key::{Key, Lookup},
        },
        provisioner::Side,
        scope::Cause,
        source::{ObjectKind, SourceId},
        state::{Link, StateError, StateWrite, Unfinished, Values},
    },
};

/// From so many objects on, reading all resources may be cheaper than asking for each.
const SCAN_FROM: usize = 4;

impl Cycle<'_> {
    /// Looks for the resources of those who have none yet, and decides about them.
    pub(super) async fn match_all(&mut self, drafts: &mut [Draft]) -> Result<(), CycleError> {
        self.find_nameless(drafts);
        self.find_duplicates(drafts);
        self.settle(drafts).await?;
        for kind in [ObjectKind::User, ObjectKind::Group] {
            let Some(side) = self.job.side(kind) else { continue };
            let places: Vec<usize> = drafts
                .iter()
                .enumerate()
                .filter(|(_, draft)| draft.kind == kind && self.is_unlinked(draft))
                .filter(|(_, draft)| draft.candidates.is_empty())
                .map(|(place, _)| place)
                .collect();
            let left = self.scan(drafts, places, side).await?;
            self.look_up_all(drafts, &left, side).await?;
        }
        self.decide_unlinked(drafts);
        self.choose_unique(drafts).await
    }

    /// Whoever has no value to be looked for by cannot be told from others.
    fn find_nameless(&self, drafts: &mut [Draft]) {
        for draft in drafts.iter_mut() {
            let Some(side) = self.job.side(draft.kind) else { continue };
            let Some(desired) = draft.desired().filter(|_| self.is_unlinked(draft)) else {
                continue;
            };
            if side.keys.iter().all(|key| key.text(desired).is_none()) {
                draft.action = Action::Conflict(Conflict::NoMatchingValue);
            }
        }
    }

    /// What to do about those whose resources were looked for.
    fn decide_unlinked(&self, drafts: &mut [Draft]) {
        let mut wanted: HashMap<String, Vec<SourceId>> = HashMap::new();
        let ids = drafts.iter().filter_map(|draft| match draft.candidates.as_slice() {
            [candidate] => Some((draft.id.clone(), candidate.id()?.to_owned())),
            _ => None,
        });
        let ids: HashMap<SourceId, String> = ids.collect();
        for draft in drafts.iter_mut() {
            let Some(side) = self.job.side(draft.kind) else { continue };
            if !self.is_unlinked(draft) {
                continue;
            }
            draft.action = self.action_among(draft, side, &ids);
            if let Some(target_id) = found(draft) {
                wanted.entry(target_id.to_owned()).or_default().push(draft.id.clone());
            }
        }
        for draft in drafts {
            let Some(target_id) = found(draft) else { continue };
            let mut others = wanted.get(target_id).cloned().unwrap_or_default();
            others.extend(self.owner(target_id).filter(|id| !self.is_free(id)).cloned());
            others.retain(|id| *id != draft.id);
            if !others.is_empty() {
                draft.action = Action::Conflict(Conflict::DuplicateSources(others));
            }
        }
    }

    /// Whether the object that a resource is linked to is gone for good, so that another one may
    /// have it.
    pub(super) fn is_free(&self, id: &SourceId) -> bool {
        let left = self.state.links.get(id).and_then(|link| link.left);
        left.is_some_and(|left| {
            matches!(left.cause, Cause::HardDeleted | Cause::HardDeletedAfterUnassignment)
        })
    }

    async fn look_up_all(
        &mut self,
        drafts: &mut [Draft],
        places: &[usize],
        side: &Side,
    ) -> Result<(), CycleError> {
        for place in places {
            let Some(draft) = drafts.get_mut(*place) else { continue };
            self.look_up(draft, side).await?;
        }
        Ok(())
    }

    /// Looks for one object by each key, until one finds something.
    pub(super) async fn look_up(
        &mut self,
        draft: &mut Draft,
        side: &Side,
    ) -> Result<(), CycleError> {
        let Some(desired) = draft.desired() else { return Ok(()) };
        let found = self.candidates(draft.kind, desired, side).await;
        take_candidates(draft, found)
    }

    /// The resources that match; nothing if there is no value to look for.
    async fn candidates(
        &self,
        kind: ObjectKind,
        values: &impl Lookup,
        side: &Side,
    ) -> Result<Option<Vec<Resource>>, ApplyError> {
        let mut had_value = false;
        for key in &side.keys {
            let Some(filter) = key.filter(values) else { continue };
            had_value = true;
            let found = self.target.find(kind, filter).await?;
            if !found.is_empty() {
                return Ok(Some(found));
            }
        }
        Ok(had_value.then(Vec::new))
    }

    /// Looks for what interrupted creations have left behind, by the values that were sent.
    async fn settle(&mut self, drafts: &mut [Draft]) -> Result<(), CycleError> {
        for draft in drafts {
            let Some(intent) = self.state.intents.get(&draft.id).cloned() else { continue };
            let Some(side) = self.job.side(intent.kind) else { continue };
            if !draft.is_open() && !matches!(draft.wants, Wants::Gone(..)) {
                continue;
            }
            let found = self.candidates(intent.kind, &intent.values, side).await;
            take_candidates(draft, found)?;
            draft.candidates.retain(|candidate| intent.is_of(candidate));
            if draft.is_open() {
                self.forget_refused(draft).await?;
            }
            if draft.failure.is_none() && matches!(draft.wants, Wants::Gone(..)) {
                self.settle_gone(draft, side).await?;
            }
        }
        Ok(())
    }

    /// Ends the intent of a creation that was refused, if none of the resources that were found is
    /// the object's.
    pub(super) async fn forget_refused(&mut self, draft: &Draft) -> Result<(), StateError> {
        let Some(intent) = self.state.intents.get(&draft.id) else { return Ok(()) };
        if !intent.is_refused || draft.candidates.iter().any(|one| intent.is_of(one)) {
            return Ok(());
        }
        self.commit(vec![StateWrite::Unlink(draft.id.clone())]).await
    }

    /// Links what was left behind of somebody who is not in scope any more, so that it can be
    /// disabled or deleted.
    async fn settle_gone(&mut self, draft: &mut Draft, side: &Side) -> Result<(), CycleError> {
        let id = |candidate: &Resource| candidate.id().and_then(|id| id.parse().ok());
        let writes = match draft.candidates.as_slice() {
            [] => vec![StateWrite::Unlink(draft.id.clone())],
            [candidate] => {
                let Some(target_id) = id(candidate) else { return Ok(()) };
                let target_id: scim_core::ResourceId = target_id;
                if self.owner(target_id.as_str()).is_some() {
                    // It is another's, so nothing was created.
                    vec![StateWrite::Unlink(draft.id.clone())]
                } else {
                    let link = Link::new(draft.id.clone(), draft.kind, target_id, &in_doubt(side));
                    // Groups may have it as a member now.
                    let these = std::iter::once(draft.id.clone()).collect();
                    let begin = self.beginning(Unfinished::These(these));
                    vec![StateWrite::CommitLink(Box::new(link)), begin]
                }
            }
            several => {
                let ids = several.iter().filter_map(id).collect();
                draft.action = Action::Conflict(Conflict::DuplicateTargets(ids));
                return Ok(());
            }
        };
        self.commit(writes).await?;
        draft.action = self.action(draft, side);
        Ok(())
    }

    /// Reads all resources, if that is cheaper than to ask for each; gives those who still have to
    /// be asked for.
    async fn scan(
        &mut self,
        drafts: &mut [Draft],
        places: Vec<usize>,
        side: &Side,
    ) -> Result<Vec<usize>, CycleError> {
        let kind = match places.first().and_then(|place| drafts.get(*place)) {
            Some(first) => first.kind,
            None => return Ok(places),
        };
        if places.len() < SCAN_FROM && !self.must_scan(side) {
            return Ok(places);
        }
        let wanted = Wanted::of(drafts, &places, side);
        let first = match self.target.first_page(kind).await {
            Ok(first) => first,
            Err(error) => return give_up_scan(error, places),
        };
        let per_page = u64::try_from(first.resources.len()).unwrap_or(u64::MAX);
        let total = first.total_results.unwrap_or(u64::MAX);
        if per_page >= total {
            wanted.take(first.resources, drafts);
            return Ok(Vec::new());
        }
        let pages = total.div_ceil(per_page.max(1));
        let asked = u64::try_from(places.len()).unwrap_or(u64::MAX);
        if pages >= asked && !self.must_scan(side) {
            return Ok(places);
        }
        let mut pages = match self.target.pages(kind) {
            Ok(pages) => pages,
            Err(error) => return give_up_scan(error, places),
        };
        let mut found = Vec::new();
        while let Some(resource) = pages.next().await {
            match resource {
                Ok(resource) if wanted.is_wanted(&resource) => found.push(resource),
                Ok(_) => {}
                Err(error) => return give_up_scan(error, places),
            }
        }
        wanted.take(found, drafts);
        if pages.consistency().is_certain() || self.must_scan(side) {
            return Ok(Vec::new());
        }
        // The list has moved while it was read: who was not seen may be there all the same.
        let is_unseen =
            |place: &usize| drafts.get(*place).is_some_and(|draft| draft.candidates.is_empty());
        Ok(places.into_iter().filter(is_unseen).collect())
    }

    /// Whether the service provider does not filter by what objects are looked for.
    fn must_scan(&self, side: &Side) -> bool {
        let Some(filterable) = &self.target.client.profile().filterable else { return false };
        let is_known = |name: &str| filterable.iter().any(|known| known.eq_ignore_ascii_case(name));
        side.keys.iter().any(|key| !key.attributes().all(is_known))
    }
}

fn take_candidates(
    draft: &mut Draft,
    found: Result<Option<Vec<Resource>>, ApplyError>,
) -> Result<(), CycleError> {
    match found {
        Ok(Some(candidates)) => draft.candidates = candidates,
        Ok(None) => draft.action = Action::Conflict(Conflict::NoMatchingValue),
        Err(ApplyError::Request(error)) if is_everyones(&error) => {
            return Err(CycleError::Target(error));
        }
        Err(error) => draft.failure = Some(Failure::new(error.code(), error.to_string())),
    }
    Ok(())
}

fn give_up_scan(error: Error, places: Vec<usize>) -> Result<Vec<usize>, CycleError> {
    if is_everyones(&error) || error.is_not_scim() {
        return Err(CycleError::Target(error));
    }
    Ok(places)
}

/// The resource that an object is to get, if the policy lets it.
fn found(draft: &Draft) -> Option<&str> {
    match &draft.action {
        Action::Adopt { target_id, .. } | Action::Conflict(Conflict::NotAdopted(target_id)) => {
            Some(target_id.as_str())
        }
        _ => None,
    }
}

/// What an interrupted creation may have sent.
fn in_doubt(side: &Side) -> Values {
    let mut applied = Values::new();
    for mapping in side.mapping.targets() {
        applied.insert(Arc::clone(mapping.name()), Value::Null);
    }
    applied
}

/// The resources that match by the first key that finds any.
#[derive(Default)]
struct Best {
    key: Option<usize>,
    resources: Vec<Resource>,
}

fn take_better(best: &mut Best, key: usize, resource: &Resource) {
    if best.key.is_none_or(|before| key < before) {
        *best = Best { key: Some(key), resources: Vec::new() };
    }
    if best.key == Some(key) {
        best.resources.push(resource.clone());
    }
}

/// The objects whose resources are looked for among all.
struct Wanted<'s> {
    /// By the number of the key and its text: the places of the drafts.
    by_key: HashMap<(usize, String), Vec<usize>>,
    filters: HashMap<(usize, usize), BoundFilter>,
    keys: &'s [Key],
}

impl<'s> Wanted<'s> {
    fn of(drafts: &[Draft], places: &[usize], side: &'s Side) -> Self {
        let (mut by_key, mut filters) = (HashMap::<_, Vec<usize>>::new(), HashMap::new());
        for place in places {
            let Some(desired) = drafts.get(*place).and_then(Draft::desired) else { continue };
            let keys = side.keys.iter().enumerate();
            let found = keys.filter_map(|(number, key)| {
                let filter = key.filter(desired)?.bind(&side.schema).ok()?;
                Some((number, key.text(desired)?, filter))
            });
            for (number, text, filter) in found {
                by_key.entry((number, text)).or_default().push(*place);
                filters.insert((number, *place), filter);
            }
        }
        Self { by_key, filters, keys: &side.keys }
    }

    fn is_wanted(&self, resource: &Resource) -> bool {
        self.matches(resource).next().is_some()
    }

    /// The keys and the drafts that a resource matches.
    fn matches(&self, resource: &Resource) -> impl Iterator<Item = (usize, usize)> {
        let texts = self.keys.iter().enumerate().flat_map(|(number, key)| {
            key.texts(resource).into_iter().map(move |text| (number, text))
        });
        let matches = texts.flat_map(|(number, text)| {
            let places = self.by_key.get(&(number, text)).map(Vec::as_slice).unwrap_or_default();
            places.iter().map(move |place| (number, *place))
        });
        matches.filter(|at| {
            self.filters.get(at).is_some_and(|filter| filter.matches(resource.attributes()))
        })
    }

    /// Gives each draft the resources that match by its first key that finds any.
    fn take(&self, resources: Vec<Resource>, drafts: &mut [Draft]) {
        let mut best: HashMap<usize, Best> = HashMap::new();
        for resource in resources {
            // Two values of one attribute may both match.
            let matches: BTreeSet<(usize, usize)> = self.matches(&resource).collect();
            for (number, place) in matches {
                take_better(best.entry(place).or_default(), number, &resource);
            }
        }
        for (place, found) in best {
            if let Some(draft) = drafts.get_mut(place) {
                draft.candidates = found.resources;
            }
        }
    }
}
