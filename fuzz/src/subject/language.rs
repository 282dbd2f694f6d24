use libfuzzer_sys::arbitrary::Result;
use scim_core::schema::AttributeDefinition;
use serde_json::{Value, json};

use super::Subject;

const OPERATORS: [&str; 9] = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];

/// How deep filters lie in each other.
const DEPTH: usize = 4;

/// An attribute on the way to become a path.
struct Place {
    /// The URI of its schema.
    schema: String,
    is_core: bool,
    attribute: AttributeDefinition,
}

impl Subject<'_, '_> {
    /// A filter on resources, which mostly means something.
    ///
    /// # Errors
    /// As [`Subject::new`].
    pub fn filter(&mut self) -> Result<String> {
        self.connected(DEPTH, None)
    }

    /// The path of a PATCH operation, and the definition at its end.
    ///
    /// # Errors
    /// As [`Subject::new`].
    pub fn patch_path(&mut self) -> Result<(String, AttributeDefinition, bool)> {
        let Place { schema, is_core, attribute } = self.place()?;
        let mut path = self.qualified(&schema, is_core, &attribute)?;
        let is_element = self.one_in(3)?;
        if is_element {
            path = format!("{path}[{}]", self.connected(1, Some(&attribute))?);
        }
        if !attribute.sub_attributes.is_empty() && self.one_in(2)? {
            let (name, sub) = self.part_of(&attribute)?;
            return Ok((format!("{path}.{name}"), sub, false));
        }
        Ok((path, attribute, is_element))
    }

    /// An operation of a PATCH request.
    ///
    /// # Errors
    /// As [`Subject::new`].
    pub fn operation(&mut self) -> Result<Value> {
        let op = *self.choices.choose(&["replace", "add", "remove"])?;
        let mut operation = json!({"op": self.in_case(op)?});
        if self.one_in(16)? {
            operation[self.name()?] = self.text()?.into();
        }
        if self.one_in(12)? {
            // A whole resource, or the whole of an extension.
            let mut value = self.resource()?;
            let uris: Vec<_> = self.schema.extensions().map(|e| e.id.as_str()).collect();
            if let Some(uri) = uris.first() {
                let inner = value.remove(*uri).filter(|_| op != "remove");
                operation["path"] = json!(uri);
                operation["value"] = inner.unwrap_or_default();
            } else {
                operation["value"] = Value::Object(value);
            }
            return Ok(operation);
        }
        let (path, definition, is_element) = self.patch_path()?;
        let has_value = (op == "remove") == self.one_in(8)?;
        let value = match (has_value, is_element) {
            (false, _) => None,
            (true, true) => Some(self.element(&definition)?),
            (true, false) => Some(self.value(&definition)?),
        };
        match value {
            Some(value) if self.one_in(4)? => operation["value"] = json!({path: value}),
            value => {
                operation["path"] = json!(path);
                if let Some(value) = value {
                    operation["value"] = value;
                }
            }
        }
        Ok(operation)
    }

    /// A list of attributes, as a query has it.
    ///
    /// # Errors
    /// As [`Subject::new`].
    pub fn list(&mut self) -> Result<Option<String>> {
        if self.one_in(3)? {
            return Ok(None);
        }
        let mut list = String::new();
        for _ in 0..self.choices.int_in_range(0..=4)? {
            let Place { schema, is_core, attribute } = self.place()?;
            list.push_str(&match self.choices.int_in_range(0..=7)? {
                0 => self.in_case(&schema)?,
                1 => self.name()?,
                _ => self.qualified(&schema, is_core, &attribute)?,
            });
            if !attribute.sub_attributes.is_empty() && self.one_in(2)? {
                list.push('.');
                list.push_str(&self.part_of(&attribute)?.0);
            }
            list.push_str(self.choices.choose(&[",", " , ", ",,"])?);
        }
        Ok(Some(list))
    }

    /// `and`, `or` and `not` around tests; of an element if there is one.
    fn connected(&mut self, depth: usize, element: Option<&AttributeDefinition>) -> Result<String> {
        let kind = if depth == 0 { 0 } else { self.choices.int_in_range(0..=7)? };
        let operand = |subject: &mut Self| subject.connected(depth.saturating_sub(1), element);
        Ok(match kind {
            1 => format!("{} and {}", operand(self)?, operand(self)?),
            2 => format!("({}) or {}", operand(self)?, operand(self)?),
            3 => format!("not ({})", operand(self)?),
            _ => self.test(element)?,
        })
    }

    fn test(&mut self, element: Option<&AttributeDefinition>) -> Result<String> {
        if let Some(attribute) = element {
            let (path, definition) = self.part_of(attribute)?;
            return self.condition(&path, &definition);
        }
        let Place { schema, is_core, attribute } = self.place()?;
        let path = self.qualified(&schema, is_core, &attribute)?;
        if self.one_in(3)? {
            return Ok(format!("{path}[{}]", self.connected(1, Some(&attribute))?));
        }
        if !attribute.sub_attributes.is_empty() && self.one_in(2)? {
            let (name, sub) = self.part_of(&attribute)?;
            return self.condition(&format!("{path}.{name}"), &sub);
        }
        self.condition(&path, &attribute)
    }

    /// A sub-attribute; of plain values, the value itself.
    fn part_of(
        &mut self,
        attribute: &AttributeDefinition,
    ) -> Result<(String, AttributeDefinition)> {
        if attribute.sub_attributes.is_empty() {
            return Ok(("value".to_owned(), attribute.clone()));
        }
        let sub = self.choices.choose(&attribute.sub_attributes)?.clone();
        Ok((self.in_case(sub.name.as_str())?, sub))
    }

    fn condition(&mut self, path: &str, definition: &AttributeDefinition) -> Result<String> {
        if self.one_in(6)? {
            return Ok(format!("{path} pr"));
        }
        let op = *self.choices.choose(&OPERATORS)?;
        let literal = if self.one_in(12)? { Value::Null } else { self.element(definition)? };
        // An array or an object is no literal.
        let literal = if literal.is_array() || literal.is_object() { json!("a") } else { literal };
        Ok(format!("{path} {} {literal}", self.in_case(op)?))
    }

    fn place(&mut self) -> Result<Place> {
        let core = self.schema.core_uri();
        let extensions: Vec<_> = self.schema.extensions().collect();
        if !extensions.is_empty() && self.one_in(3)? {
            let extension = *self.choices.choose(&extensions)?;
            let attribute = self.choices.choose(&extension.attributes)?.clone();
            return Ok(Place { schema: extension.id.to_string(), is_core: false, attribute });
        }
        let attributes: Vec<_> = self.schema.attributes().collect();
        let attribute = (*self.choices.choose(&attributes)?).clone();
        Ok(Place { schema: core.to_string(), is_core: true, attribute })
    }

    fn qualified(
        &mut self,
        schema: &str,
        is_core: bool,
        attribute: &AttributeDefinition,
    ) -> Result<String> {
        let name = self.in_case(attribute.name.as_str())?;
        let is_bare = is_core != self.one_in(8)?;
        Ok(if is_bare { name } else { format!("{}:{name}", self.in_case(schema)?) })
    }
}
