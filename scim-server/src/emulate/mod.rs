//! Identity providers as sequences of requests, for the tests of a service provider.
//!
//! [`EntraId`], [`Okta`] and [`UserRoster`] send what those clients send, in the order in which
//! they send it, and look at each answer for what the client needs of it. Whoever implements a
//! service provider, with this crate or without it, calls them from a test of their own. They know
//! no more of it than an identity provider does: a URL, a token, and a [`Transport`].
//!
//! [`run_all`](EntraId::run_all) plays the whole life of an assignment: initial cycle, changes,
//! leavers, group membership, return. The single steps are methods, to be combined otherwise.
//!
//! ```
//! use scim_server::emulate::{Dialect, EntraId, Person};
//! use scim_server::{Access, ScimService, SystemAccounts, store::MemoryStore};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let accounts = SystemAccounts::new();
//! let token = accounts.add("entra", Access::to_tenant("clinic".parse()?))?;
//! let service = ScimService::builder("https://host/scim", MemoryStore::new(), accounts)
//!     .with_tenant("clinic".parse()?)
//!     .build()?;
//!
//! let entra = EntraId::new(&service, "https://host/scim", token.reveal())
//!     .with_dialect(Dialect::Default);
//! entra.test_connection().await?;
//! let maren = Person::new("maren.holt@clinic.example").with_name("Maren", "Holt");
//! let user = entra.create_user(&maren).await?;
//! entra.update(user.id(), &maren, &maren.clone().with_title("Charge nurse")).await?;
//! entra.disable(user.id()).await?;
//!
//! let report = entra.run_all().await?;
//! assert!(report.exchanges().iter().any(|exchange| exchange.status() == 409));
//! # Ok(())
//! # }
//! # let mut run = std::pin::pin!(run());
//! # let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
//! # let std::task::Poll::Ready(outcome) = run.as_mut().poll(&mut cx) else { panic!("pending") };
//! # outcome.unwrap();
//! ```

mod answer;
mod ask;
mod entra;
mod error;
mod exchange;
mod okta;
mod parallel;
mod person;
mod provisioned;
mod target;
mod transport;
mod user_roster;
mod wire;

pub use entra::{Dialect, EntraId, Matching};
pub use error::{Error, Expectation, IdentityProvider};
pub use exchange::{Exchange, Report};
pub use okta::{Okta, OktaApplication};
pub use person::Person;
pub use provisioned::Provisioned;
pub use transport::Transport;
pub use user_roster::UserRoster;
