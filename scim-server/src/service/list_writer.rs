use scim_core::ListResponse;

use crate::store::StoreError;

/// A list response whose resources are written one after the other.
pub(super) struct ListWriter {
    text: Vec<u8>,
    is_empty: bool,
}

/// What ends a list response: its `Resources`, which stand last, and itself.
const END: &[u8] = b"]}";

impl ListWriter {
    /// Begins with all but the resources, of which there will be so many.
    pub(super) fn begin(mut list: ListResponse<()>, length: usize) -> Result<Self, StoreError> {
        list.items_per_page = u64::try_from(length).ok();
        let mut text = serde_json::to_vec(&list).map_err(StoreError::internal)?;
        text.truncate(text.len().saturating_sub(END.len()));
        Ok(Self { text, is_empty: true })
    }

    /// Where the next resource is to be written.
    pub(super) fn next(&mut self) -> &mut Vec<u8> {
        if !self.is_empty {
            self.text.push(b',');
        }
        self.is_empty = false;
        &mut self.text
    }

    /// The text.
    pub(super) fn end(mut self) -> Vec<u8> {
        self.text.extend_from_slice(END);
        self.text
    }
}

#[cfg(test)]
mod tests {
    use scim_core::{ListResponse, query::PagePlace};

    use super::ListWriter;

    #[test]
    fn a_list_is_written_as_it_would_be_in_one_piece() {
        for resources in [&[][..], &[1], &[1, 2, 3]] {
            let place = PagePlace::by_index(2, 9);
            let whole = ListResponse::of_page(resources.to_vec(), place.clone());
            let envelope = ListResponse::of_page(Vec::new(), place);
            let mut list = ListWriter::begin(envelope, resources.len()).unwrap();
            for resource in resources {
                serde_json::to_writer(list.next(), resource).unwrap();
            }
            assert_eq!(list.end(), serde_json::to_vec(&whole).unwrap());
        }
    }
}
