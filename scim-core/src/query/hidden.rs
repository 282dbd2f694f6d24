use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{
    Sort,
    entry::{Entry, Selected, each_object, is_empty, resolve},
};
use crate::{
    attribute::{AttributePath, InvalidAttributePath},
    filter::{BindError, Comparison, Filter, Visitor},
    resource::{Resource, declare_schemas},
    schema::{AttributeDefinition, ResourceSchema},
    schema_uri::SchemaUri,
};

/// Attributes that somebody may neither see nor change, nor find out by asking.
///
/// `id` and `schemas` cannot be hidden. A path that a resource type lacks hides nothing there.
///
/// ```
/// use scim_core::{Filter, SchemaRegistry, query::HiddenAttributes};
/// use serde_json::json;
///
/// let registry = SchemaRegistry::standard();
/// let users = registry.resource_type("User").ok_or("no such resource type")?;
/// let hidden = HiddenAttributes::parse("title, name.givenName")?;
///
/// let user = json!({"id": "1", "title": "Guide", "name": {"givenName": "B", "familyName": "J"}});
/// let mut shown = user.as_object().ok_or("no object")?.clone();
/// hidden.hide(&mut shown, users);
/// assert_eq!(json!(shown), json!({"id": "1", "name": {"familyName": "J"}}));
///
/// let filter: Filter = r#"userName pr and not (title eq "Guide")"#.parse()?;
/// assert!(hidden.check_filter(&filter, users).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct HiddenAttributes(Vec<Entry>);

impl HiddenAttributes {
    /// Hides nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// Reads a list of attribute paths, or URIs of extensions to name all of their attributes,
    /// with commas between them.
    ///
    /// # Errors
    /// If an entry is neither an attribute path nor a URI.
    pub fn parse(list: &str) -> Result<Self, InvalidAttributePath> {
        Entry::read_list(Some(list)).map(Self)
    }

    /// Hides what the other hides, too.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Whether nothing is hidden.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the whole of an attribute outside any extension is hidden.
    pub(super) fn hides(&self, attribute: &AttributeDefinition, schema: &ResourceSchema) -> bool {
        self.selected(schema).iter().any(|selected| {
            selected.extension.is_none()
                && selected.sub_attribute.is_none()
                && selected.attribute.as_deref() == Some(attribute.name.as_str())
        })
    }

    /// Takes from a resource, in the schema's spelling, what is hidden; also from `schemas` the
    /// extensions of which nothing else is left.
    pub fn hide(&self, resource: &mut Map<String, Value>, schema: &ResourceSchema) {
        let mut emptied = Vec::new();
        for selected in self.selected(schema) {
            let Some(container) = selected.container_mut(resource) else { continue };
            selected.remove_from(container);
            if let (true, Some(uri)) = (container.is_empty(), selected.extension) {
                resource.remove(&uri);
                emptied.push(uri);
            }
        }
        if let Some(Value::Array(schemas)) = resource.get_mut("schemas") {
            schemas.retain(|uri| uri.as_str().is_none_or(|uri| !emptied.iter().any(|e| e == uri)));
        }
    }

    /// Whether a resource, in the schema's spelling, has a value that is hidden.
    pub fn are_in(&self, resource: &Resource, schema: &ResourceSchema) -> bool {
        self.selected(schema).iter().any(|selected| selected.is_in(resource.attributes()))
    }

    /// Refuses a filter that asks about something hidden, or about the whole that it is a part of.
    ///
    /// # Errors
    /// [`BindError::NeverReturned`]
    pub fn check_filter(&self, filter: &Filter, schema: &ResourceSchema) -> Result<(), BindError> {
        let hidden = self.selected(schema);
        if hidden.is_empty() {
            return Ok(());
        }
        filter.visit(&mut Asked { hidden: &hidden, schema, within: None })
    }

    /// Refuses an order by something hidden, or by the whole that it is a part of.
    ///
    /// # Errors
    /// [`BindError::NeverReturned`]
    pub fn check_sort(&self, sort: &Sort, schema: &ResourceSchema) -> Result<(), BindError> {
        Asked { hidden: &self.selected(schema), schema, within: None }.path(&sort.by)
    }

    /// The resource that is to stand in the place of `before`, with what is hidden as it was.
    ///
    /// A hidden part of an element stays with the element, which is known by its `value`, or by
    /// all that is not hidden of it; it goes when the element goes.
    #[must_use]
    pub fn keep(&self, before: &Resource, next: Resource, schema: &ResourceSchema) -> Resource {
        let hidden = self.selected(schema);
        if hidden.is_empty() {
            return next;
        }
        let mut next = next.into_attributes();
        for selected in &hidden {
            selected.keep(before.attributes(), &mut next);
        }
        declare_schemas(&mut next, schema);
        Resource::from_canonical(next)
    }

    /// What the entries mean for a resource type.
    pub(crate) fn selected(&self, schema: &ResourceSchema) -> Vec<Selected> {
        let mut selected = resolve(&self.0, schema);
        selected.retain(|selected| {
            let name = selected.attribute.as_deref();
            selected.extension.is_some() || !matches!(name, Some("id" | "schemas"))
        });
        selected
    }
}

impl Selected {
    fn container<'r>(&self, resource: &'r Map<String, Value>) -> Option<&'r Map<String, Value>> {
        match &self.extension {
            Some(uri) => resource.get(uri)?.as_object(),
            None => Some(resource),
        }
    }

    fn container_mut<'r>(
        &self,
        resource: &'r mut Map<String, Value>,
    ) -> Option<&'r mut Map<String, Value>> {
        match &self.extension {
            Some(uri) => resource.get_mut(uri)?.as_object_mut(),
            None => Some(resource),
        }
    }

    fn remove_from(&self, container: &mut Map<String, Value>) {
        let Some(attribute) = &self.attribute else { return container.clear() };
        let Some(sub_attribute) = &self.sub_attribute else {
            container.remove(attribute);
            return;
        };
        let Some(value) = container.get_mut(attribute) else { return };
        each_object(value, &|object| drop(object.remove(sub_attribute)));
        if is_empty(value) {
            container.remove(attribute);
        }
    }

    fn is_in(&self, resource: &Map<String, Value>) -> bool {
        let Some(container) = self.container(resource) else { return false };
        let Some(attribute) = &self.attribute else { return !container.is_empty() };
        let Some(value) = container.get(attribute) else { return false };
        match (&self.sub_attribute, value) {
            (None, _) => true,
            (Some(sub), Value::Array(elements)) => {
                elements.iter().any(|element| element.get(sub).is_some())
            }
            (Some(sub), value) => value.get(sub).is_some(),
        }
    }

    fn keep(&self, before: &Map<String, Value>, next: &mut Map<String, Value>) {
        if let Some(container) = self.container_mut(next)
            && self.sub_attribute.is_none()
        {
            self.remove_from(container);
        }
        if !self.is_in(before) {
            return;
        }
        let Some(old) = self.container(before) else { return };
        let container = match &self.extension {
            Some(uri) => {
                let inner = next.entry(uri).or_insert_with(|| Value::Object(Map::new()));
                inner.as_object_mut()
            }
            None => Some(next),
        };
        let Some(container) = container else { return };
        let Some(attribute) = &self.attribute else { return container.clone_from(old) };
        let Some(old) = old.get(attribute) else { return };
        match &self.sub_attribute {
            None => drop(container.insert(attribute.clone(), old.clone())),
            Some(sub) => keep_part(sub, old, container, attribute),
        }
    }
}

fn keep_part(sub: &str, old: &Value, container: &mut Map<String, Value>, attribute: &str) {
    let kept = |new: &mut Map<String, Value>, old: &Value| match old.get(sub) {
        Some(kept) => drop(new.insert(sub.to_owned(), kept.clone())),
        None => drop(new.remove(sub)),
    };
    match (old, container.get_mut(attribute)) {
        (Value::Object(_), None) => {
            let mut part = Map::new();
            kept(&mut part, old);
            container.insert(attribute.to_owned(), Value::Object(part));
        }
        // What is said of one resource does not hold for another that takes its place.
        (Value::Object(object), Some(Value::Object(new)))
            if new.get("value").is_none_or(|value| Some(value) == object.get("value")) =>
        {
            kept(new, old);
        }
        (Value::Array(elements), Some(Value::Array(new))) => {
            let known: HashMap<_, _> =
                elements.iter().map(|e| (visible_identity(e, sub), e)).collect();
            for new in new {
                let old = known.get(&visible_identity(new, sub)).copied();
                if let (Some(old), Value::Object(new)) = (old, new) {
                    kept(new, old);
                }
            }
        }
        _ => {}
    }
}

/// What an element is known by to somebody who does not see a part of it.
fn visible_identity(element: &Value, hidden: &str) -> String {
    match (element, element.get("value")) {
        (_, Some(value)) if hidden != "value" => value.to_string(),
        (Value::Object(object), _) => {
            let mut visible = object.clone();
            visible.remove(hidden);
            Value::Object(visible).to_string()
        }
        (other, _) => other.to_string(),
    }
}

/// Looks for what is hidden among the paths of a filter.
struct Asked<'a> {
    hidden: &'a [Selected],
    schema: &'a ResourceSchema,
    /// The attribute whose elements the paths start at.
    within: Option<(Option<&'a str>, &'a AttributeDefinition)>,
}

impl Asked<'_> {
    fn path(&self, path: &AttributePath) -> Result<(), BindError> {
        let is_hidden = match self.within {
            // RFC 7644 §3.5.2: `value` of an attribute of plain values is the value itself.
            Some((extension, attribute)) if !attribute.is_complex() => {
                self.hides(extension, attribute.name.as_str(), None)
            }
            Some((extension, attribute)) => {
                self.hides(extension, attribute.name.as_str(), Some(path.name()))
            }
            // What does not resolve is refused when the filter is bound.
            None => self.schema.resolve(path).is_ok_and(|resolved| {
                let sub = resolved.sub_attribute().map(|sub| sub.name.as_str());
                let extension = resolved.extension().map(SchemaUri::as_str);
                self.hides(extension, resolved.attribute().name.as_str(), sub)
            }),
        };
        if is_hidden { Err(BindError::NeverReturned { path: path.to_string() }) } else { Ok(()) }
    }

    /// Whether it is hidden, or is a whole with a hidden part.
    fn hides(&self, extension: Option<&str>, attribute: &str, sub: Option<&str>) -> bool {
        // `schemas` names the extensions that a resource has.
        let names_extensions = extension.is_none() && attribute == "schemas";
        if names_extensions && self.hidden.iter().any(|hidden| hidden.extension.is_some()) {
            return true;
        }
        self.hidden.iter().any(|hidden| {
            let is_part = match (&hidden.sub_attribute, sub) {
                (Some(hidden), Some(sub)) => hidden.eq_ignore_ascii_case(sub),
                _ => true,
            };
            hidden.extension.as_deref() == extension
                && hidden.attribute.as_deref().is_none_or(|hidden| hidden == attribute)
                && is_part
        })
    }
}

impl Visitor for Asked<'_> {
    type Output = ();
    type Error = BindError;

    fn present(&mut self, path: &AttributePath) -> Result<(), BindError> {
        self.path(path)
    }

    fn compare(&mut self, comparison: &Comparison) -> Result<(), BindError> {
        self.path(&comparison.path)
    }

    fn not(&mut self, (): ()) -> Result<(), BindError> {
        Ok(())
    }

    fn and(&mut self, _: Vec<()>) -> Result<(), BindError> {
        Ok(())
    }

    fn or(&mut self, _: Vec<()>) -> Result<(), BindError> {
        Ok(())
    }

    fn enter_value_path(&mut self, path: &AttributePath) -> Result<(), BindError> {
        let Ok(resolved) = self.schema.resolve(path) else { return Ok(()) };
        let extension = resolved.extension().map(SchemaUri::as_str);
        let name = resolved.attribute().name.as_str();
        let is_whole_hidden = self.hidden.iter().any(|hidden| {
            hidden.extension.as_deref() == extension
                && hidden.attribute.as_deref().is_none_or(|hidden| hidden == name)
                && hidden.sub_attribute.is_none()
        });
        if is_whole_hidden || resolved.sub_attribute().is_some() {
            self.path(path)?;
        }
        self.within = Some((extension, resolved.attribute()));
        Ok(())
    }

    fn value_path(&mut self, _: &AttributePath, (): ()) -> Result<(), BindError> {
        self.within = None;
        Ok(())
    }
}
