//! Resources as `serde_json` has them: a tree of maps and strings.

use serde_json::{Map, Number, Value};

use super::{JsonObject, JsonValue};
use crate::{comparable::Comparable, date_time::CoarseInstant, member_name::MemberName};

/// The size up to which an object is gone through.
const SHORT: usize = 32;

impl<'v> JsonObject<'v> for &'v Map<String, Value> {
    type Value = &'v Value;

    /// A short object is gone through, from the end that is nearer in the alphabet: only a name
    /// of the right length is then read, where a look-up reads every name it comes by, each in a
    /// place of its own and seldom in a cache.
    fn member(self, name: &MemberName) -> Option<&'v Value> {
        let name = &**name;
        let value = |(key, value): (&String, &'v Value)| (key == name).then_some(value);
        if self.len() > SHORT {
            self.get(name)
        } else if name.starts_with(|first| first < 'n') {
            self.iter().find_map(value)
        } else {
            self.iter().rev().find_map(value)
        }
    }
}

impl<'v> JsonValue<'v> for &'v Value {
    type Object = &'v Map<String, Value>;

    fn as_object(self) -> Option<Self::Object> {
        Value::as_object(self)
    }

    fn find_element(self, passes: impl Fn(Self) -> bool) -> Option<Self> {
        match self {
            Value::Array(values) => values.iter().find(|value| passes(value)),
            single => passes(single).then_some(single),
        }
    }

    fn is_assigned(self) -> bool {
        any_plain(self, &|_| true)
    }

    fn is_present(self) -> bool {
        any_plain(self, &|plain| plain.as_str() != Some(""))
    }

    /// To look at a tree is to go through it.
    fn look(self) -> u8 {
        0
    }

    fn look_inside(self) -> u8 {
        0
    }

    fn as_boolean(self) -> Option<bool> {
        self.as_bool()
    }

    fn as_number(self) -> Option<Number> {
        Value::as_number(self).cloned()
    }

    fn as_text(self) -> Option<&'v str> {
        self.as_str()
    }

    fn as_comparable(self, case_exact: bool) -> Option<Comparable<'v>> {
        self.as_str().map(if case_exact { Comparable::exact } else { Comparable::folded })
    }

    fn may_fold_to(self, _: u32) -> bool {
        self.is_string()
    }

    fn coarse_instant(self) -> Option<CoarseInstant> {
        None
    }
}

/// Whether a value that is no array, no object and not null passes the test, however deep it lies.
fn any_plain(value: &Value, test: &impl Fn(&Value) -> bool) -> bool {
    match value {
        Value::Null => false,
        Value::Array(values) => values.iter().any(|value| any_plain(value, test)),
        Value::Object(object) => object.values().any(|value| any_plain(value, test)),
        plain => test(plain),
    }
}
