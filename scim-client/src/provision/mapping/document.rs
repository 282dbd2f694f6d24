use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::Value;

use super::{
    AttributeMapping, Mapping, WhenNull,
    attribute::{Apply, MappingSource},
    expression::Expression,
};

/// A mapping as a job file has it: exactly one of the first five says where the value comes from.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Document {
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    constant: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expression: Option<Expression>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(skip_serializing_if = "is_false")]
    members: bool,
    target: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    matching: Option<u32>,
    #[serde(skip_serializing_if = "is_default")]
    apply: Apply,
    #[serde(rename = "default", skip_serializing_if = "Option::is_none")]
    fallback: Option<Value>,
    #[serde(skip_serializing_if = "is_default")]
    when_null: WhenNull,
    #[serde(skip_serializing_if = "is_false")]
    redact: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(is: &bool) -> bool {
    !is
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Serialize for AttributeMapping {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = Document {
            target: self.name.to_string(),
            matching: self.matching,
            apply: self.apply,
            fallback: self.default.clone(),
            when_null: self.when_null,
            redact: self.is_redacted,
            ..Document::default()
        };
        match &self.source {
            MappingSource::Direct(name) => document.source = Some(name.clone()),
            MappingSource::Constant(value) => document.constant = Some(value.clone()),
            MappingSource::Expression(text) => document.expression = Some(text.clone()),
            MappingSource::Reference(name) => document.reference = Some(name.clone()),
            MappingSource::Members => document.members = true,
            MappingSource::Function(_) => {
                let error = format!("the mapping of `{}` is a function of the program", self.name);
                return Err(ser::Error::custom(error));
            }
        }
        document.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for AttributeMapping {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = Document::deserialize(deserializer)?;
        let target = document.target;
        let invalid = |what: &str| de::Error::custom(format!("the mapping of `{target}` {what}"));
        let sources = [
            document.source.map(MappingSource::Direct),
            document.constant.map(MappingSource::Constant),
            document.expression.map(MappingSource::Expression),
            document.reference.map(MappingSource::Reference),
            document.members.then_some(MappingSource::Members),
        ];
        let mut sources = sources.into_iter().flatten();
        let source = sources.next().ok_or_else(|| invalid("does not say where it comes from"))?;
        if sources.next().is_some() {
            return Err(invalid("has several sources"));
        }
        let mapping =
            Self::new(source, &target).map_err(|_| invalid("has no path for a target"))?;
        Ok(Self {
            matching: document.matching,
            apply: document.apply,
            default: document.fallback,
            when_null: document.when_null,
            is_redacted: mapping.is_redacted || document.redact,
            ..mapping
        })
    }
}

impl Serialize for Mapping {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.attributes())
    }
}

impl<'de> Deserialize<'de> for Mapping {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let attributes = Vec::<AttributeMapping>::deserialize(deserializer)?;
        let count = attributes.len();
        let mapping = attributes.into_iter().fold(Self::new(), Self::with);
        if mapping.attributes().count() != count {
            return Err(de::Error::custom("several mappings have the same target"));
        }
        Ok(mapping)
    }
}
