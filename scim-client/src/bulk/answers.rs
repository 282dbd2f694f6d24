use scim_core::bulk::{BulkMethod, BulkOperation, BulkOperationResponse};

/// Finds the answer to each operation of a request.
///
/// A service provider may answer in any order and leave out what it did not come to. An answer
/// belongs to the operation of its `bulkId`, or else to the one of its method and location. Those
/// that say neither are taken in order, method by method.
pub(super) fn matched(
    sent: &[BulkOperation],
    answers: Vec<BulkOperationResponse>,
) -> Vec<Option<BulkOperationResponse>> {
    let mut found: Vec<Option<BulkOperationResponse>> = sent.iter().map(|_| None).collect();
    let mut left: Vec<Option<BulkOperationResponse>> = answers.into_iter().map(Some).collect();
    let rules: [fn(&BulkOperation, &BulkOperationResponse) -> bool; 3] =
        [has_its_bulk_id, has_its_location, may_belong];
    for rule in rules {
        for (operation, found) in sent.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            let is_its = |left: &Option<BulkOperationResponse>| {
                left.as_ref().is_some_and(|answer| rule(operation, answer))
            };
            if let Some(place) = left.iter_mut().find(|left| is_its(left)) {
                *found = place.take();
            }
        }
    }
    found
}

fn has_its_bulk_id(operation: &BulkOperation, answer: &BulkOperationResponse) -> bool {
    operation.bulk_id().is_some() && operation.bulk_id() == answer.bulk_id()
}

fn has_its_location(operation: &BulkOperation, answer: &BulkOperationResponse) -> bool {
    let ends = |location: &str| location.trim_end_matches('/').ends_with(operation.path().as_str());
    operation.method() != BulkMethod::Post
        && may_belong(operation, answer)
        && answer.location().is_some_and(ends)
}

/// Whether nothing speaks against it.
fn may_belong(operation: &BulkOperation, answer: &BulkOperationResponse) -> bool {
    let is_foreign = |location: &str| {
        operation.method() != BulkMethod::Post
            && !location.trim_end_matches('/').ends_with(operation.path().as_str())
    };
    answer.bulk_id().is_none()
        && answer.method().is_none_or(|method| method == operation.method())
        && !answer.location().is_some_and(is_foreign)
}
