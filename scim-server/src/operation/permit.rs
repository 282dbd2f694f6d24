use scim_core::{ListQuery, Resource, ResourceSchema, query::HiddenAttributes};

use super::Operations;
use crate::{
    auth::{AccessRequest, OperationKind},
    context::Context,
    error::Error,
};

impl Operations {
    /// Asks whether an operation may take place; gives what it must neither show nor touch.
    pub(super) async fn permit(
        &self,
        cx: &Context,
        operation: OperationKind,
        schema: &ResourceSchema,
        id: Option<&str>,
    ) -> Result<HiddenAttributes, Error> {
        tracing::Span::current().record("operation", operation.as_str());
        let name = schema.name();
        // Whoever cannot be named may do nothing.
        let access = cx.principal.as_ref().map(|principal| &principal.access);
        let access = access.filter(|access| access.reaches(&cx.tenant)).ok_or(Error::Forbidden)?;
        if !access.reaches_type(name) {
            return Err(Error::Forbidden);
        }
        if operation.writes() && !access.writes() {
            return Err(Error::InsufficientScope);
        }
        let mut request = AccessRequest::new(operation, name);
        request.id = id;
        Ok(self.authorizer.authorize(cx, &request).await?.hidden().clone())
    }
}

/// Refuses a query that would tell what is hidden by what it finds, and in which order.
pub(super) fn check_query(
    request: &ListQuery,
    hidden: &HiddenAttributes,
    schema: &ResourceSchema,
) -> Result<(), Error> {
    if let Some(filter) = request.filter() {
        hidden.check_filter(filter, schema).map_err(Error::FilterMeaning)?;
    }
    if let Some(sort) = request.sort() {
        hidden.check_sort(sort, schema).map_err(Error::FilterMeaning)?;
    }
    Ok(())
}

/// Refuses a body that says something of what is hidden, even if it says what is there.
pub(super) fn check_body(
    sent: &Resource,
    hidden: &HiddenAttributes,
    schema: &ResourceSchema,
) -> Result<(), Error> {
    if hidden.are_in(sent, schema) { Err(Error::HiddenAttribute) } else { Ok(()) }
}
