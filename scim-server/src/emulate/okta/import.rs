use std::collections::BTreeSet;

use super::Okta;
use crate::emulate::{Error, Expectation, Provisioned, answer::Answer, ask::Ask};

impl Okta<'_> {
    /// Imports all users, page by page.
    ///
    /// # Errors
    /// If a page is malformed, or the pages do not hold each user once.
    pub async fn import_users(&self) -> Result<Vec<Provisioned>, Error> {
        Ok(self.import("/Users").await?.1)
    }

    /// Imports all groups, page by page.
    ///
    /// # Errors
    /// If a page is malformed, or the pages do not hold each group once.
    pub async fn import_groups(&self) -> Result<Vec<Provisioned>, Error> {
        Ok(self.import("/Groups").await?.1)
    }

    /// The last page, and what was on all of them.
    pub(super) async fn import(&self, endpoint: &str) -> Result<(Answer, Vec<Provisioned>), Error> {
        let mut imported = Vec::new();
        let mut ids = BTreeSet::new();
        let mut start_index = 1_u64;
        loop {
            let ask = Ask::get(endpoint)
                .with("startIndex", &start_index.to_string())
                .with("count", &self.page_size.to_string());
            let answer = self.wire.send(ask).await?.expect_status(&[200])?;
            let page = answer.page()?;
            let got = u64::try_from(page.resources.len()).unwrap_or(u64::MAX);
            answer.expect(got <= self.page_size, Expectation::Pages)?;
            for resource in page.resources {
                let resource = Provisioned::new(resource);
                let resource = resource.ok_or_else(|| answer.broken(Expectation::Id))?;
                let is_new = ids.insert(resource.id().to_owned());
                answer.expect(is_new, Expectation::Pages)?;
                imported.push(resource);
            }
            start_index = start_index.saturating_add(got);
            if start_index > page.total {
                return Ok((answer, imported));
            }
            // A page without resources before the end would be asked for again and again.
            answer.expect(got > 0, Expectation::Pages)?;
        }
    }
}
