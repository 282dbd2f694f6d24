use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};

use super::{
    Cycle, CycleError, CycleKind, draft::Draft, gather::Gathered, owners::Owners,
    referrers::Referrers,
};
use crate::provision::{
    Provisioner,
    apply::Target,
    plan::{self, Action, Plan},
    random_name,
    report::{CycleReport, Event, Phase},
    source::{ObjectKind, SourceId},
    state::{Fence, JobRecord, LeaseRequest, State, StateError, StateWrite, Unfinished},
};

/// What somebody wants of a cycle.
#[derive(Clone, Copy)]
enum Order<'o> {
    Kind(CycleKind),
    Named(&'o [SourceId]),
}

impl Provisioner {
    /// Runs a cycle.
    ///
    /// # Errors
    /// If the source or the state fails, or the service provider cannot be used at all. What
    /// fails for one object is in the report.
    pub async fn run(&self, kind: CycleKind) -> Result<CycleReport, CycleError> {
        self.run_order(Order::Kind(kind)).await
    }

    /// Provisions some objects now, whatever has changed; their events tell each step.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn provision(&self, ids: &[SourceId]) -> Result<CycleReport, CycleError> {
        self.run_order(Order::Named(ids)).await
    }

    /// What a cycle would do: it reads the source and the service provider, and sends and
    /// remembers nothing.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn plan(&self, kind: CycleKind) -> Result<Plan, CycleError> {
        let (fence, state, now) = (Fence::default(), self.state.load().await?, self.now());
        let mut cycle = Cycle { is_dry: true, ..self.cycle(fence, state, now, now) };
        let (drafts, _, is_held_back) = cycle.plan_all(Order::Kind(kind)).await?;
        Ok(cycle.to_plan(&drafts, is_held_back))
    }

    async fn run_order(&self, order: Order<'_>) -> Result<CycleReport, CycleError> {
        let mut memory = self.memory.lock().await;
        let mut cycle = self.begin(&mut memory).await?;
        let outcome = cycle.run(order).await;
        let noted = match &outcome {
            Ok(()) => Ok(()),
            Err(error) => cycle.note_failure(error).await,
        };
        // What could not be remembered may be there all the same: then it is read again.
        let is_sure = noted.is_ok() && !matches!(outcome, Err(CycleError::State(_)));
        cycle.report.ended = self.now();
        cycle.report.reads = cycle.target.meter.reads();
        cycle.report.writes = cycle.target.meter.writes();
        let Cycle { fence, state, report, .. } = cycle;
        if is_sure {
            *memory = Some((fence, state));
        }
        self.record(&Event::Ended(Box::new(report.clone())));
        outcome?;
        noted?;
        Ok(report)
    }

    async fn begin(&self, memory: &mut Option<(Fence, State)>) -> Result<Cycle<'_>, CycleError> {
        if self.control.is_halted() {
            return Err(CycleError::Paused);
        }
        let now = self.now();
        let before = memory.take();
        let request = LeaseRequest::new(self.holder.clone(), now, now + self.policies.lease)
            .with_fence(before.as_ref().map(|(fence, _)| *fence));
        let fence = self.state.lease(&request).await?;
        let state = match before {
            Some((mine, state)) if mine == fence => state,
            _ => self.state.load().await?,
        };
        Ok(self.cycle(fence, state, now, request.until))
    }

    fn cycle(
        &self,
        fence: Fence,
        state: State,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
    ) -> Cycle<'_> {
        Cycle {
            job: self,
            target: Target::new(&self.client, &self.users, self.groups.as_ref()),
            state,
            fence,
            lease_until,
            now,
            report: CycleReport { cycle: random_name(), began: now, ..CycleReport::default() },
            groups: BTreeMap::new(),
            owners: Owners::default(),
            referrers: Referrers::default(),
            is_dry: false,
            uses_approval: false,
        }
    }
}

impl Cycle<'_> {
    async fn run(&mut self, order: Order<'_>) -> Result<(), CycleError> {
        if matches!(order, Order::Kind(_)) {
            self.pass_quarantine().await?;
        }
        let (mut drafts, gathered, is_held_back) = self.plan_all(order).await?;
        if is_held_back {
            self.report.approval = Some(plan::removals(&super::planning::items(&drafts)));
        }
        self.report.plan = self.to_plan(&drafts, is_held_back).fingerprint();
        let outcome = self.execute(&mut drafts).await;
        // Whatever has happened until then is told.
        self.finish_all_sent(&mut drafts, outcome.is_ok()).await?;
        outcome?;
        self.conclude(gathered).await?;
        Ok(())
    }

    /// Reads, decides and plans; nothing is sent.
    async fn plan_all(
        &mut self,
        order: Order<'_>,
    ) -> Result<(Vec<Draft>, Gathered, bool), CycleError> {
        let mut gathered = match order {
            Order::Kind(kind) => self.gather(kind).await?,
            Order::Named(ids) => self.gather_named(ids).await?,
        };
        let is_configured = self.state.job.configuration == Some(self.job.configuration());
        let wakes_all = !is_configured || matches!(order, Order::Named(_));
        let drafts = self.draft(std::mem::take(&mut gathered.entries), wakes_all);
        let mut drafts = self.ordered(drafts);
        self.report.kind = gathered.kind;
        self.report.objects = drafts.len();
        if !self.is_dry {
            let (cycle, kind) = (self.report.cycle.clone(), gathered.kind);
            self.job.record(&Event::Began { cycle, kind, objects: drafts.len() });
        }
        self.progress(Phase::Matching);
        if gathered.kind == CycleKind::Reconcile {
            self.reconcile(&mut drafts).await?;
        }
        self.match_all(&mut drafts).await?;
        self.plan_members(&mut drafts);
        self.report.objects = drafts.len();
        let is_held_back = self.guard(&mut drafts);
        Ok((drafts, gathered, is_held_back))
    }

    async fn execute(&mut self, drafts: &mut Vec<Draft>) -> Result<(), CycleError> {
        self.finish_idle(drafts).await?;
        let writes = drafts.iter().filter(|draft| draft.is_open() && draft.action.is_write());
        let writes = writes.count();
        self.target.discover(writes).await.map_err(CycleError::Target)?;
        if writes > 0 {
            self.note_unfinished(drafts).await?;
        }
        self.progress(Phase::Sending);
        let anew = self.send(drafts, ObjectKind::User).await?;
        self.plan_members_again(drafts, &anew);
        self.repair_references(drafts).await?;
        let anew = self.send(drafts, ObjectKind::Group).await?;
        self.plan_members_again(drafts, &anew);
        self.send_members(drafts).await?;
        let doomed: HashSet<SourceId> = drafts
            .iter()
            .filter(|draft| draft.is_open() && matches!(draft.action, Action::Delete(_)))
            .map(|draft| draft.id.clone())
            .collect();
        self.release_references(&doomed, drafts).await?;
        self.send_removals(drafts).await
    }

    /// Remembers whom the cycle may change: if it does not come to its end, the next one looks at
    /// them whatever the source says of them.
    async fn note_unfinished(&mut self, drafts: &[Draft]) -> Result<(), StateError> {
        let mut writes = Vec::new();
        let unfinished = match self.report.kind {
            CycleKind::Initial | CycleKind::Reconcile => Unfinished::Everyone,
            CycleKind::Incremental | CycleKind::OnDemand => {
                let writes = drafts.iter().filter(|draft| draft.action.is_write());
                Unfinished::These(writes.map(|draft| draft.id.clone()).collect())
            }
        };
        // The next one reads everything again.
        if unfinished == Unfinished::Everyone && self.state.job.watermark.is_some() {
            let job = JobRecord { watermark: None, ..self.state.job.clone() };
            writes.push(StateWrite::Job(Box::new(job)));
        }
        writes.push(self.beginning(unfinished));
        self.commit(writes).await
    }

    /// Whom the cycle may change, together with those of cycles before that broke off.
    pub(super) fn beginning(&self, unfinished: Unfinished) -> StateWrite {
        StateWrite::Begin(match self.state.unfinished.clone() {
            Some(before) => before.and(unfinished),
            None => unfinished,
        })
    }

    async fn finish_all_sent(
        &mut self,
        drafts: &mut [Draft],
        is_complete: bool,
    ) -> Result<(), StateError> {
        if is_complete {
            return self.finish_all(drafts).await;
        }
        let places: Vec<usize> = (0..drafts.len()).collect();
        self.finish_sent(drafts, &places).await
    }

    /// Remembers how far the source was read, and that all is well.
    async fn conclude(&mut self, gathered: Gathered) -> Result<(), CycleError> {
        self.check_verdict()?;
        let before = self.state.job.clone();
        self.report.is_complete = true;
        self.report.ended = self.job.now();
        self.report.reads = self.target.meter.reads();
        self.report.writes = self.target.meter.writes();
        let mut writes = Vec::new();
        let mut job = self.state.job.clone();
        if let Some(watermark) = gathered.watermark {
            job.watermark = Some(watermark);
            writes.extend(self.state.unfinished.as_ref().map(|_| StateWrite::End));
            job.configuration = Some(self.job.configuration());
            writes.extend(self.group_writes());
        }
        if self.uses_approval || self.report.approval.is_some() {
            job.approval = None;
        }
        if gathered.kind != CycleKind::OnDemand {
            job.quarantine = None;
            self.note_success(&mut job);
        }
        if job != self.state.job {
            writes.push(StateWrite::Job(Box::new(job)));
        }
        self.commit(writes).await?;
        self.progress(Phase::Ended);
        if self.tell_of_end(&before).await && self.state.job.told != self.report.approval {
            let told = self.report.approval.clone();
            let job = JobRecord { told, ..self.state.job.clone() };
            self.commit(vec![StateWrite::Job(Box::new(job))]).await?;
        }
        Ok(())
    }

    fn note_success(&self, job: &mut JobRecord) {
        let ended = self.report.ended;
        job.failed_cycles = 0;
        job.failed_reads = 0;
        job.last_success = Some(ended);
        if self.report.writes > 0 {
            job.last_success_with_writes = Some(ended);
        }
        if self.report.failed.is_empty() && self.report.staged.is_empty() {
            job.steady_since.get_or_insert(ended);
            job.steady_last = Some(ended);
        }
        job.last_cycle = Some(self.report.summary());
    }

    /// The groups of the source that have changed.
    fn group_writes(&self) -> Vec<StateWrite> {
        let (before, now) = (&self.state.groups, &self.groups);
        let changed = now.values().filter(|group| before.get(&group.source_id) != Some(group));
        let gone = before.keys().filter(|id| !now.contains_key(*id));
        let changed = changed.cloned().map(StateWrite::Group);
        changed.chain(gone.cloned().map(StateWrite::ForgetGroup)).collect()
    }
}
