use scim_core::{Filter, ListResponse, Resource};

use super::{ApplyError, Target};
use crate::{api::List, error::Error, pages::Pages, provision::source::ObjectKind};

/// So many resources are asked for at once.
const PAGE: u64 = 500;

impl Target<'_> {
    /// The resources that match, or the first ones if there are several: one on a page of its own
    /// does not pass for the only one.
    pub(in crate::provision) async fn find(
        &self,
        kind: ObjectKind,
        filter: Filter,
    ) -> Result<Vec<Resource>, ApplyError> {
        let list = self.client.dynamic(self.side(kind).endpoint())?.list().filter(filter);
        let first = list.clone().first_page().await?;
        let mut found = first.resources;
        if found.len() == 1 && first.total_results.is_some_and(|total| total > 1) {
            let second = list.start_index(2).first_page().await?.resources;
            let is_new =
                |resource: &Resource| found.iter().all(|first| first.id() != resource.id());
            let second: Vec<Resource> = second.into_iter().filter(is_new).collect();
            found.extend(second);
        }
        Ok(found)
    }

    /// The first page of all resources of a kind.
    pub(in crate::provision) async fn first_page(
        &self,
        kind: ObjectKind,
    ) -> Result<ListResponse<Resource>, Error> {
        self.list(kind)?.first_page().await
    }

    /// All resources of a kind.
    pub(in crate::provision) fn pages(&self, kind: ObjectKind) -> Result<Pages<Resource>, Error> {
        Ok(self.list(kind)?.pages())
    }

    fn list(&self, kind: ObjectKind) -> Result<List<Resource>, Error> {
        Ok(self.client.dynamic(self.side(kind).endpoint())?.list().count(PAGE))
    }
}
