//! What a cycle tells while it runs and when it is over.

mod error_code;
mod event;
mod log;
pub mod notify;
mod progress;
mod status;
mod step;
mod summary;

pub use error_code::ErrorCode;
pub use event::{Event, EventSink, ModifiedProperty, ObjectAction, ObjectEvent, ObjectStatus};
pub use log::{ErrorInformation, Identity, JsonLinesLog, Origin, ProvisioningEvent, StatusInfo};
pub use progress::{Phase, Progress};
pub use status::{JobStatus, StatusCode};
pub use step::{Step, StepKind, StepStatus};
pub use summary::{CycleReport, CycleSummary};
