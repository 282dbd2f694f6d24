use super::{attribute, filter, text::Text, tree::PathTree};

/// `PATH = attrPath / valuePath [subAttr]`, or the URI of an extension
pub(super) fn path(text: &str) -> Option<PathTree> {
    attribute_alone(text).or_else(|| elements(text)).or_else(|| schema(text))
}

fn attribute_alone(text: &str) -> Option<PathTree> {
    let mut text = Text::new(text);
    let attribute = attribute::attribute(&mut text)?;
    text.end()?;
    Some(PathTree::Attribute(attribute))
}

/// `attrPath "[" valFilter "]" [subAttr]`
fn elements(text: &str) -> Option<PathTree> {
    let mut text = Text::new(text);
    let attribute = attribute::attribute(&mut text)?;
    text.char('[')?;
    let filter = filter::val_filter(&mut text)?;
    text.char(']')?;
    let mut sub_attribute = None;
    if text.peek() == Some('.') {
        text.char('.')?;
        sub_attribute = Some(attribute::name(&mut text)?);
    }
    text.end()?;
    Some(PathTree::Elements(attribute, filter, sub_attribute))
}

/// A URN that ends in a version, such as `urn:ietf:params:scim:schemas:extension:a:2.0`: what
/// begins with a digit is no name
fn schema(text: &str) -> Option<PathTree> {
    let (before, last) = text.rsplit_once(':')?;
    let ends_in_version = last.starts_with(|c: char| c.is_ascii_digit());
    let is_urn = attribute::is_uri(text) && before.to_lowercase().starts_with("urn:");
    (is_urn && ends_in_version).then(|| PathTree::Schema(text.to_owned()))
}
