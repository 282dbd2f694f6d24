use std::{any::Any, fmt, panic::AssertUnwindSafe, pin::Pin, sync::Arc};

use futures_util::future::{BoxFuture, FutureExt as _};

use super::{
    fault::{Fault, Held},
    offers::Offers,
    report::Report,
    rule::{RULES, Rule},
    subject::{Spawn, Subject},
};
use crate::store::ResourceStore;

/// The rules of [`ResourceStore`], ready to be held against a store.
///
/// Every rule gets a store of its own, without resources.
///
/// ```
/// use scim_server::conformance::Kit;
/// use scim_server::store::MemoryStore;
///
/// # tokio::runtime::Builder::new_multi_thread().build()?.block_on(async {
/// let kit = Kit::new(|| async { MemoryStore::new() })
///     .with_spawner(|task| drop(tokio::spawn(task)));
/// kit.check_rule("an_id_is_given_once").await.assert_held();
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone)]
pub struct Kit {
    new_store: Arc<dyn Fn() -> BoxFuture<'static, Arc<dyn ResourceStore>> + Send + Sync>,
    offers: Arc<Offers>,
    spawn: Option<Spawn>,
    seed: u64,
}

/// What documents, filters and sequences of calls are made of unless one says otherwise.
const SEED: u64 = 7643;

impl Kit {
    /// The rules for the stores that a function makes.
    pub fn new<S, F>(new_store: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        S: ResourceStore,
        F: Future<Output = S> + Send + 'static,
    {
        Self {
            new_store: Arc::new(move || {
                let store = new_store();
                async move { Arc::new(store.await) as Arc<dyn ResourceStore> }.boxed()
            }),
            offers: Arc::new(Offers::new()),
            spawn: None,
            seed: SEED,
        }
    }

    /// The kit with what the stores offer; everything by default.
    #[must_use]
    pub fn with_offers(mut self, offers: Offers) -> Self {
        self.offers = Arc::new(offers);
        self
    }

    /// The kit with a way to run tasks on threads, such as `|task| drop(tokio::spawn(task))`.
    ///
    /// Without one, calls that are made at once take turns on one thread: a race shows only where
    /// a store waits between what it reads and what it writes.
    #[must_use]
    pub fn with_spawner(
        mut self,
        spawn: impl Fn(Pin<Box<dyn Future<Output = ()> + Send>>) + Send + Sync + 'static,
    ) -> Self {
        self.spawn = Some(Arc::new(spawn));
        self
    }

    /// The kit with another seed for what it makes up; the same seed makes up the same.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The names of all rules.
    pub fn rules() -> impl Iterator<Item = &'static str> {
        RULES.iter().map(|rule| rule.name)
    }

    /// Holds every rule against a store.
    pub async fn check(&self) -> Report {
        let mut report = Report::default();
        for rule in RULES {
            self.hold(rule, &mut report).await;
        }
        report
    }

    /// Holds one rule against a store; a rule that there is not is broken.
    pub async fn check_rule(&self, name: &str) -> Report {
        let mut report = Report::default();
        match RULES.iter().find(|rule| rule.name == name) {
            Some(rule) => self.hold(rule, &mut report).await,
            None => report.break_rule(name, &Fault::new("there is no such rule")),
        }
        report
    }

    async fn hold(&self, rule: &Rule, report: &mut Report) {
        if !rule.needs.iter().all(|need| self.offers.meets(*need)) {
            return report.skip(rule.name);
        }
        // A store that panics breaks this rule, and does not hide the others.
        let outcome = AssertUnwindSafe(self.run(rule)).catch_unwind().await;
        let outcome = outcome.unwrap_or_else(|panic| {
            Err(Fault::new(format!("a panic: {}", message(panic.as_ref()))))
        });
        match outcome {
            Ok(()) => report.hold(rule.name),
            Err(fault) => report.break_rule(rule.name, &fault),
        }
    }

    async fn run(&self, rule: &Rule) -> Held {
        let store = (self.new_store)().await;
        let offers = Arc::clone(&self.offers);
        (rule.check)(Subject::new(store, offers, self.spawn.clone(), self.seed)?).await
    }
}

/// What a panic says.
fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without words")
}

impl fmt::Debug for Kit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kit")
            .field("offers", &self.offers)
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}
