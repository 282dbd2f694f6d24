use std::error::Error;

/// Why a store did not do what it was asked; it changed nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such resource in the tenant.
    #[error("no such resource")]
    NotFound,
    /// Another resource has the value.
    #[error("the value of `{attribute}` is taken")]
    Uniqueness {
        /// The attribute.
        attribute: String,
    },
    /// The resource has another version than expected.
    #[error("the resource has another version")]
    VersionMismatch,
    /// The store has no place for an attribute; no write may lose one.
    #[error("the store does not keep `{attribute}`")]
    Unsupported {
        /// The attribute.
        attribute: String,
    },
    /// Answering would cost more than the store allows.
    #[error("the query takes in too many resources")]
    TooMany,
    /// The store cannot answer now; trying again later may help.
    #[error("the store is unavailable")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// The store failed.
    #[error("the store failed")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

impl StoreError {
    /// The store cannot answer now.
    pub fn unavailable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unavailable(source.into())
    }

    /// The store failed.
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }
}
