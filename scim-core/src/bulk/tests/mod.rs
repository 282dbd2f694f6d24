mod messages;
mod order;
mod references;

use serde_json::{Map, Value};

use super::{BulkId, BulkOperation, BulkRequest};
use crate::resource::ResourceId;

fn request(operations: &Value) -> BulkRequest {
    BulkRequest::read(serde_json::json!({ "Operations": operations })).unwrap()
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => panic!("an object"),
    }
}

/// Resolves every reference to `id-` and the `bulkId`.
fn resolve(operation: &mut BulkOperation) {
    let ids: Vec<(BulkId, ResourceId)> = operation
        .references()
        .into_iter()
        .map(|bulk_id| (bulk_id.clone(), format!("id-{bulk_id}").parse().unwrap()))
        .collect();
    let id = |bulk_id: &BulkId| ids.iter().find(|(known, _)| known == bulk_id).map(|(_, id)| id);
    operation.resolve(id).unwrap();
}
