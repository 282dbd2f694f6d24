use serde_json::{Map, Value};

use crate::provision::{source::SourceId, state::Applied};

/// What a value calls an object of the source that stands in it until the resource is known.
const KEY: &str = "$source";

/// The value that refers to an object of the source.
pub(in crate::provision) fn reference(id: &str) -> Value {
    let mut object = Map::new();
    object.insert(KEY.to_owned(), Value::from(id));
    Value::Object(object)
}

/// Whether one of some values may refer to an object of the source; it costs less than a look at
/// them.
pub(in crate::provision) fn may_refer(values: &Applied) -> bool {
    values.may_have(KEY)
}

/// The object of the source that a value refers to.
pub(in crate::provision) fn referenced(value: &Value) -> Option<SourceId> {
    let object = value.as_object().filter(|object| object.len() == 1)?;
    object.get(KEY)?.as_str().map(SourceId::from)
}
