use super::{text::Text, tree::Path};

/// `attrPath = [URI ":"] ATTRNAME *1subAttr`
///
/// What stands behind a path (a blank, a bracket or the end) is in no URI, so that it goes as far
/// as a URI could. Names have no colon: the last one is the one behind the URI.
pub(super) fn attribute(text: &mut Text) -> Option<Path> {
    let path = text.run(is_uri_char);
    let (schema, path) = match path.rsplit_once(':') {
        Some((schema, _)) if !is_uri(schema) => return None,
        Some((schema, path)) => (Some(schema.to_owned()), path),
        None => (None, path.as_str()),
    };
    let (name, sub_attribute) = match path.split_once('.') {
        Some((name, sub_attribute)) => (name, Some(sub_attribute)),
        None => (path, None),
    };
    let are_names = is_name(name) && sub_attribute.is_none_or(is_name);
    are_names.then(|| Path {
        schema,
        name: name.to_owned(),
        sub_attribute: sub_attribute.map(str::to_owned),
    })
}

/// `subAttr = "." ATTRNAME`, behind its dot
pub(super) fn name(text: &mut Text) -> Option<String> {
    let name = text.run(|c| is_name_char(c) || c == '$');
    is_name(&name).then_some(name)
}

/// `ATTRNAME = ALPHA *(nameChar)`, and `$ref`, which RFC 7643 §2.4 has for all that
fn is_name(name: &str) -> bool {
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic());
    (begins && name.chars().all(is_name_char)) || name.to_lowercase() == "$ref"
}

/// `nameChar = "-" / "_" / DIGIT / ALPHA`
fn is_name_char(c: char) -> bool {
    c == '-' || c == '_' || c.is_ascii_digit() || c.is_ascii_alphabetic()
}

/// RFC 3986 §3.1: `scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )`, a colon, and no more asked
/// of the rest than that its characters are those of URIs
pub(super) fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let begins = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_scheme_char = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    begins && scheme.chars().all(is_scheme_char) && rest.chars().all(is_uri_char)
}

/// Appendix A of RFC 3986, without the brackets of IPv6 addresses: `unreserved`, `gen-delims`,
/// `sub-delims` and the `%` of `pct-encoded`
fn is_uri_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~:/?#@!$&'()*+,;=%".contains(c)
}
