use super::{Api, Delete, Get, Patch, Replace};

/// The resource that the credentials stand for ([RFC 7644 §3.11]).
///
/// [`Client::me`](crate::Client::me) gives one.
///
/// [RFC 7644 §3.11]: https://www.rfc-editor.org/rfc/rfc7644#section-3.11
#[derive(Clone, Debug)]
pub struct Me<R> {
    api: Api<R>,
}

impl<R> Me<R> {
    pub(crate) fn new(api: Api<R>) -> Self {
        Self { api }
    }

    /// Reads it.
    pub fn get(&self) -> Get<R> {
        Get::new(self.api.clone(), None)
    }

    /// Puts a resource in its place.
    pub fn replace<'a>(&self, resource: &'a R) -> Replace<'a, R> {
        Replace::new(self.api.clone(), None, resource)
    }

    /// Changes parts of it.
    pub fn patch(&self) -> Patch<R> {
        Patch::new(self.api.clone(), None)
    }

    /// Deletes it.
    pub fn delete(&self) -> Delete<R> {
        Delete::new(self.api.clone(), None)
    }
}
