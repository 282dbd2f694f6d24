use std::sync::Arc;

use scim_core::{AttributePath, PatchOp, ResourceId, ScimType, Tolerances, patch::PatchPath};

use super::{ApplyError, Target, Write, Written, gone_or_done};
use crate::provision::source::ObjectKind;

impl Target<'_> {
    /// Sends a change once more whose filter has found no element, as what differs from the
    /// resource that is there.
    ///
    /// RFC 7644 §3.12: where the filter of a path matches nothing, the answer may be `noTarget`,
    /// whatever is to be added. Only the resource tells whether the element is there.
    pub(super) async fn write_difference(
        &self,
        write: &Write,
        outcome: &mut Result<Written, ApplyError>,
    ) {
        let is_refused = matches!(outcome, Err(ApplyError::Request(error))
            if error.scim_type() == Some(&ScimType::NoTarget));
        if let (true, Write::Patch { kind, id, patch }) = (is_refused, write)
            && self.shows_elements(patch)
        {
            *outcome = self.patch_difference(*kind, id, patch).await;
        }
    }

    async fn patch_difference(
        &self,
        kind: ObjectKind,
        id: &ResourceId,
        patch: &PatchOp,
    ) -> Result<Written, ApplyError> {
        let side = self.side(kind);
        let api = self.client.dynamic(side.endpoint())?;
        let found = match api.get(id).await {
            Ok(found) => found,
            Err(error) => return gone_or_done(Err(error)),
        };
        let wanted = found.resource.patched(patch, &side.schema, Tolerances::default())?;
        let schema = Arc::clone(&side.schema);
        let update = api.update(&found.resource, wanted.resource()).schema(schema);
        let update = match found.version {
            Some(version) => update.if_match(version),
            None => update,
        };
        gone_or_done(update.await.map(|_| ()))
    }

    /// Whether the change chooses elements by a filter, and the service provider shows them.
    fn shows_elements(&self, patch: &PatchOp) -> bool {
        let shows_members = self.client.profile().shows_members;
        let is_hidden =
            |path: &PatchPath| !shows_members && path.attribute().is_some_and(is_members);
        let mut paths = patch.operations().iter().filter_map(|operation| operation.path.as_ref());
        paths.clone().any(|path| path.filter().is_some()) && !paths.any(is_hidden)
    }
}

fn is_members(path: &AttributePath) -> bool {
    path.as_str().eq_ignore_ascii_case("members")
}
