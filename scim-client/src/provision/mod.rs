//! The provisioning engine: brings the people of an identity source to a service provider, and
//! keeps them there as the source says.
//!
//! A cycle goes *source → scope → mapping → plan → apply → state*: it reads what has changed,
//! decides who belongs, renders what the service provider should hold, plans the smallest change
//! without asking anybody, sends it, and remembers what was sent. Who is unchanged costs no
//! request; who leaves is disabled; whom the engine has not linked it never touches.
//!
//! ```
//! use scim_client::provision::{
//!     AttributeMapping, CycleKind, Mapping, Provisioner, Scope, SourceObject,
//!     source::Snapshot, state::MemoryState,
//! };
//! # use bytes::Bytes;
//! # use http::{Method, Request, Response, StatusCode};
//! # use scim_client::{Client, transport::InProcessTransport};
//! # let service = |request: Request<Bytes>| async move {
//! #     let (status, body) = match *request.method() {
//! #         Method::POST => (StatusCode::CREATED, r#"{"id": "2819", "userName": "b@c.example"}"#),
//! #         _ => (StatusCode::OK, r#"{"totalResults": 0}"#),
//! #     };
//! #     let mut response = Response::new(Bytes::from_static(body.as_bytes()));
//! #     *response.status_mut() = status;
//! #     response
//! # };
//! # let client = Client::builder("https://host/scim/v1/Realms/r1/Users")
//! #     .transport(InProcessTransport::new(service))
//! #     .build()?;
//!
//! let mapping = Mapping::new()
//!     .with(AttributeMapping::direct("userPrincipalName", "userName")?.matching(1))
//!     .with(AttributeMapping::direct("mail", r#"emails[type eq "work"].value"#)?)
//!     .with(AttributeMapping::not_soft_deleted("active")?);
//! let source = Snapshot::new([SourceObject::new("1")
//!     .with_attribute("userPrincipalName", "b@c.example")
//!     .with_roles(["User"])]);
//! let job = Provisioner::new(&client, mapping, source, MemoryState::new())?
//!     .with_scope(Scope::assigned());
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let report = job.run(CycleKind::Incremental).await?;
//! assert_eq!(report.created, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod mapping;
pub mod plan;
pub mod report;
pub mod scope;
pub mod source;
pub mod state;

mod admin;
mod apply;
mod control;
mod cycle;
mod fingerprint;
mod provisioner;
mod schedule;

pub use admin::Restart;
pub use control::Control;
pub use cycle::{CycleError, CycleKind};
pub use mapping::{AttributeMapping, Mapping};
pub use provisioner::Provisioner;
pub use report::{CycleReport, Event, EventSink};
pub use schedule::Schedule;
pub use scope::Scope;
pub use source::{IdentitySource, SourceId, SourceObject};
pub use state::{Link, StateStore};

/// A name that nothing else has.
fn random_name() -> String {
    format!("{:032x}", crate::random::bits())
}
