use std::collections::HashMap;

use super::{BulkId, BulkMethod, BulkRequest};

/// What to do next of a bulk request; operations are named by their places, counted from 0.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Step {
    /// Do the operation: all that it refers to has been created before.
    Do(usize),
    /// Create a resource that is part of a circle of references, or refers to itself.
    Begin {
        /// The place of the operation.
        index: usize,
        /// What its references lead to that does not exist yet: values with them are to be
        /// [postponed](super::BulkOperation::postpone).
        later: Vec<BulkId>,
    },
    /// Put in what was postponed when the operation was begun.
    Complete(usize),
    /// Answer that the operation refers to a `bulkId` that nothing in the request creates.
    Refuse(usize),
}

impl BulkRequest {
    /// The steps in which the request can be done.
    ///
    /// The operations keep their order, but that a creation moves before the first operation that
    /// refers to it. Of a circle, the operation that the order comes to first is begun without the
    /// references that lead to later ones, and completed when those are done. The time that it
    /// takes grows with the request, and the stack does not.
    ///
    /// ```
    /// use scim_core::bulk::{BulkRequest, Step};
    /// use serde_json::json;
    ///
    /// let request = BulkRequest::read(json!({"Operations": [
    ///     {"method": "PUT", "path": "/Users/7", "data": {"manager": {"value": "bulkId:boss"}}},
    ///     {"method": "DELETE", "path": "/Users/bulkId:nobody"},
    ///     {"method": "POST", "path": "/Users", "bulkId": "boss", "data": {"userName": "boss"}},
    /// ]}))?;
    /// assert_eq!(request.steps(), [Step::Do(2), Step::Do(0), Step::Refuse(1)]);
    /// # Ok::<(), scim_core::bulk::BulkError>(())
    /// ```
    pub fn steps(&self) -> Vec<Step> {
        let graph = Graph::of(self);
        let mut order = Order::new(&graph);
        for index in 0..graph.needs.len() {
            order.visit(index);
        }
        order.steps
    }
}

/// What each operation needs.
struct Graph {
    needs: Vec<Needs>,
}

enum Needs {
    /// Creations, by their places, and the names they go by.
    Operations(Vec<(usize, BulkId)>),
    /// One that there is not.
    Unknown,
}

impl Graph {
    fn of(request: &BulkRequest) -> Self {
        let operations = request.operations();
        let creations = operations.iter().enumerate().filter_map(|(index, operation)| {
            let creates = operation.method() == BulkMethod::Post;
            Some((operation.bulk_id().filter(|_| creates)?, index))
        });
        let creations: HashMap<&BulkId, usize> = creations.collect();
        let needs = operations.iter().map(|operation| {
            let needed = operation.references().into_iter().map(|bulk_id| {
                let index = *creations.get(&bulk_id)?;
                Some((index, bulk_id))
            });
            needed.collect::<Option<_>>().map_or(Needs::Unknown, Needs::Operations)
        });
        Self { needs: needs.collect() }
    }

    fn needs(&self, index: usize) -> &[(usize, BulkId)] {
        match self.needs.get(index) {
            Some(Needs::Operations(needed)) => needed,
            Some(Needs::Unknown) | None => &[],
        }
    }

    fn is_unknown(&self, index: usize) -> bool {
        matches!(self.needs.get(index), Some(Needs::Unknown))
    }
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum State {
    /// Not reached yet.
    New,
    /// What it needs is being done.
    Open,
    /// Created without what comes later; what it needs is being done.
    Begun,
    /// Done.
    Done,
}

/// A walk through the graph, depth first, on a list of its own in place of the stack.
struct Order<'g> {
    graph: &'g Graph,
    states: Vec<State>,
    steps: Vec<Step>,
}

impl<'g> Order<'g> {
    fn new(graph: &'g Graph) -> Self {
        let states = vec![State::New; graph.needs.len()];
        Self { graph, states, steps: Vec::with_capacity(graph.needs.len()) }
    }

    /// Does an operation, and before it what it needs.
    fn visit(&mut self, first: usize) {
        let mut open = Vec::new();
        self.enter(first, &mut open);
        while let Some((index, needs)) = open.last_mut() {
            let index = *index;
            let Some((needed, rest)) = needs.split_first() else {
                open.pop();
                self.leave(index);
                continue;
            };
            *needs = rest;
            match self.state(needed.0) {
                State::New => self.enter(needed.0, &mut open),
                // The circle is closed.
                State::Open => self.begin(needed.0),
                State::Begun | State::Done => {}
            }
        }
    }

    fn enter(&mut self, index: usize, open: &mut Vec<(usize, &'g [(usize, BulkId)])>) {
        if self.state(index) == State::New {
            self.put(index, State::Open);
            open.push((index, self.graph.needs(index)));
        }
    }

    fn begin(&mut self, index: usize) {
        let needs = self.graph.needs(index).iter();
        let missing = needs.filter(|(needed, _)| !self.exists(*needed));
        let later: Vec<_> = missing.map(|(_, bulk_id)| bulk_id.clone()).collect();
        if later.is_empty() {
            self.put(index, State::Done);
            self.steps.push(Step::Do(index));
        } else {
            self.put(index, State::Begun);
            self.steps.push(Step::Begin { index, later });
        }
    }

    fn leave(&mut self, index: usize) {
        match self.state(index) {
            State::Open if self.graph.is_unknown(index) => self.steps.push(Step::Refuse(index)),
            State::Open => self.steps.push(Step::Do(index)),
            State::Begun => self.steps.push(Step::Complete(index)),
            State::New | State::Done => {}
        }
        self.put(index, State::Done);
    }

    /// Whether the resource has been created.
    fn exists(&self, index: usize) -> bool {
        matches!(self.state(index), State::Begun | State::Done)
    }

    fn state(&self, index: usize) -> State {
        self.states.get(index).copied().unwrap_or(State::Done)
    }

    fn put(&mut self, index: usize, state: State) {
        if let Some(slot) = self.states.get_mut(index) {
            *slot = state;
        }
    }
}
