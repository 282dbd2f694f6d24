use serde::Serialize;

/// One of the steps by which an object is provisioned, as Entra ID shows them.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Step {
    /// Which one.
    #[serde(rename = "provisioningStepType")]
    pub kind: StepKind,
    /// How it went.
    pub status: StepStatus,
    /// What was found, without a value of the object.
    pub description: String,
    /// The conditions or facts behind it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
}

/// The steps in their order.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum StepKind {
    /// The object is read from the source.
    Import,
    /// It is decided whether the object is in scope.
    Scoping,
    /// The resource is looked for.
    Matching,
    /// It is decided what to do.
    Processing,
    /// What the object refers to is looked up.
    ReferenceResolution,
    /// The change is sent.
    Export,
}

/// How a step went.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum StepStatus {
    /// Well.
    Success,
    /// Badly.
    Failure,
    /// It was left out.
    Skipped,
}

impl Step {
    /// A step without details.
    pub fn new(kind: StepKind, status: StepStatus, description: impl Into<String>) -> Self {
        Self { kind, status, description: description.into(), details: Vec::new() }
    }

    /// The step with what is behind it.
    #[must_use]
    pub fn with_details(mut self, details: impl IntoIterator<Item = String>) -> Self {
        self.details = details.into_iter().collect();
        self
    }
}
