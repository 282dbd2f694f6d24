use std::collections::{BTreeSet, VecDeque};

use scim_core::{
    Filter, PatchOp,
    patch::{PatchOperation, PatchOperationKind, PatchPath},
};
use serde_json::{Map, Value, json};

use super::{Cycle, CycleError, Failure, draft::Draft};
use crate::provision::{
    apply::{ApplyError, Write, Written, is_everyones},
    mapping::Desired,
    plan::Action,
    provisioner::Side,
    report::{ErrorCode, Phase},
    source::{ObjectKind, SourceId},
    state::{Presence, StateWrite},
};

/// So many members come or go in a request, unless the service provider takes fewer.
const MOST_IN_REQUEST: usize = 500;

/// The members of one group that have yet to come or go: one request at a time.
struct Lane {
    place: usize,
    chunks: VecDeque<Chunk>,
}

struct Chunk {
    presence: Presence,
    members: Vec<SourceId>,
}

impl Cycle<'_> {
    /// Puts the first members into a group that is to be created; gives who they are.
    pub(super) fn first_members(
        &self,
        desired: &Desired,
        attributes: &mut Map<String, Value>,
        side: &Side,
    ) -> Vec<SourceId> {
        let (Some(members), Some(definition)) = (&desired.members, side.schema.membership()) else {
            return Vec::new();
        };
        let known = members.iter().filter_map(|id| Some((id.clone(), self.target_id(id)?)));
        let (ids, values): (Vec<SourceId>, Vec<Value>) = known
            .take(self.most_members())
            .map(|(id, target_id)| (id, json!({"value": target_id})))
            .unzip();
        if !values.is_empty() {
            attributes.insert(definition.name.to_string(), Value::Array(values));
        }
        ids
    }

    /// The members that a group of somebody else has, of those who are linked.
    pub(super) fn members_found(&self, draft: &Draft) -> Vec<StateWrite> {
        let (ObjectKind::Group, [candidate]) = (draft.kind, draft.candidates.as_slice()) else {
            return Vec::new();
        };
        let members = candidate.attributes().get("members").and_then(Value::as_array);
        let ids = members.into_iter().flatten().filter_map(|member| member.get("value")?.as_str());
        let found: Vec<_> =
            ids.filter_map(|id| self.owner(id)).map(|id| (id.clone(), Presence::Sent)).collect();
        if found.is_empty() {
            return Vec::new();
        }
        vec![StateWrite::Members(draft.id.clone(), found)]
    }

    /// Sends who comes to groups and who leaves them: of several groups together, of one group one
    /// request after the other.
    pub(super) async fn send_members(&mut self, drafts: &mut [Draft]) -> Result<(), CycleError> {
        // Groups that are members of others may have been linked since.
        let adopted = drafts
            .iter()
            .filter(|draft| draft.is_open() && matches!(draft.action, Action::Adopt { .. }));
        let found = adopted.flat_map(|draft| self.members_found(draft)).collect();
        self.commit(found).await?;
        let mut lanes: Vec<Lane> = drafts
            .iter()
            .enumerate()
            .filter(|(_, draft)| draft.kind == ObjectKind::Group && draft.is_open())
            .filter_map(|(place, draft)| self.lane(place, draft))
            .collect();
        while !lanes.is_empty() {
            self.check_running()?;
            let most = self.target.batch().min(lanes.len());
            let mut turn: Vec<Lane> = lanes.drain(..most).collect();
            self.send_turn(drafts, &mut turn).await?;
            // The others have their turn before these come again.
            lanes.extend(turn.into_iter().filter(|lane| !lane.chunks.is_empty()));
            self.progress(Phase::Members);
        }
        Ok(())
    }

    fn lane(&self, place: usize, draft: &Draft) -> Option<Lane> {
        let sent = self.state.members.get(&draft.id);
        let is_sent = |id: &SourceId| sent.is_some_and(|sent| sent.sent.contains(id));
        let (joining, leaving): (Vec<SourceId>, Vec<SourceId>) = match &draft.action {
            Action::Create(desired) => (desired.members.clone()?, Vec::new()),
            action => {
                let changes = action.changes()?;
                (changes.joining.clone(), changes.leaving.clone())
            }
        };
        // Who could not be created cannot join, and is sent when that succeeds.
        let is_known = |id: &SourceId| self.state.links.contains_key(id);
        let joining: BTreeSet<SourceId> =
            joining.into_iter().filter(|id| is_known(id) && !is_sent(id)).collect();
        let most = self.most_members();
        let chunks = |members: Vec<SourceId>, presence| {
            let chunks =
                members.chunks(most).map(|members| Chunk { presence, members: members.to_vec() });
            chunks.collect::<Vec<_>>()
        };
        let leaving = leaving.into_iter().filter(is_known).collect();
        let mut all: VecDeque<Chunk> = chunks(leaving, Presence::Absent).into();
        all.extend(chunks(joining.into_iter().collect(), Presence::Sent));
        (!all.is_empty() && is_known(&draft.id)).then_some(Lane { place, chunks: all })
    }

    async fn send_turn(
        &mut self,
        drafts: &mut [Draft],
        turn: &mut [Lane],
    ) -> Result<(), CycleError> {
        let (mut writes, mut before, mut sent) = (Vec::new(), Vec::new(), Vec::new());
        for lane in turn.iter_mut() {
            let (Some(chunk), Some(draft)) = (lane.chunks.pop_front(), drafts.get(lane.place))
            else {
                continue;
            };
            let Some(link) = self.state.links.get(&draft.id) else { continue };
            let patch = self.members_patch(&chunk);
            let in_doubt = chunk.members.iter().map(|id| (id.clone(), Presence::InDoubt));
            before.push(StateWrite::Members(draft.id.clone(), in_doubt.collect()));
            writes.push(Write::Patch { kind: draft.kind, id: link.target_id.clone(), patch });
            sent.push((lane, chunk));
        }
        self.commit(before).await?;
        let outcomes = self.target.write_all(&writes.iter().collect::<Vec<_>>()).await;
        let (mut after, mut gone, mut fatal) = (Vec::new(), Vec::new(), None);
        for ((lane, chunk), outcome) in sent.into_iter().zip(outcomes) {
            let Some(draft) = drafts.get_mut(lane.place) else { continue };
            match outcome {
                Ok(Written::Gone) => {
                    lane.chunks.clear();
                    gone.push(draft.id.clone());
                    draft.failure = Some(is_gone());
                }
                Ok(_) => {
                    self.count_members(&chunk);
                    let members = chunk.members.into_iter().map(|id| (id, chunk.presence));
                    after.push(StateWrite::Members(draft.id.clone(), members.collect()));
                }
                Err(ApplyError::Request(error)) if is_everyones(&error) => {
                    fatal = Some(error);
                }
                Err(error) => {
                    lane.chunks.clear();
                    draft.failure = Some(Failure::new(error.code(), error.to_string()));
                }
            }
        }
        self.commit(after).await?;
        self.forget(gone).await?;
        fatal.map_or(Ok(()), |error| Err(CycleError::Target(error)))
    }

    fn members_patch(&self, chunk: &Chunk) -> PatchOp {
        let ids = chunk.members.iter().filter_map(|id| self.target_id(id));
        if chunk.presence == Presence::Sent {
            let values: Vec<Value> = ids.map(|id| json!({"value": id})).collect();
            return PatchOp::new().add("members", values).unwrap_or_default();
        }
        ids.filter_map(|id| {
            let filter = Filter::eq("value", id.as_str()).ok()?;
            let path = PatchPath::value_path("members", filter).ok()?;
            Some(PatchOperation::new(PatchOperationKind::Remove).with_path(path))
        })
        .fold(PatchOp::new(), PatchOp::with_operation)
    }

    fn count_members(&mut self, chunk: &Chunk) {
        match chunk.presence {
            Presence::Sent => self.report.members_joined += chunk.members.len(),
            _ => self.report.members_left += chunk.members.len(),
        }
    }

    fn most_members(&self) -> usize {
        let most = self.target.client.capabilities().max_members.unwrap_or(MOST_IN_REQUEST);
        most.clamp(1, MOST_IN_REQUEST)
    }
}

fn is_gone() -> Failure {
    Failure::new(ErrorCode::InvalidAnchor, "the resource is gone")
}
