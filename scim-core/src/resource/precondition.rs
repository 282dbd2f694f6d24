use super::ResourceVersion;

/// What a client expects of the version that a resource has: the header field `If-Match` or
/// `If-None-Match` ([RFC 7644 §3.14], [RFC 7232 §3.1, §3.2]).
///
/// Entity tags are compared weakly, since those of SCIM are mostly weak.
///
/// ```
/// use scim_core::{ResourceVersion, resource::Precondition};
///
/// let current = ResourceVersion::from_counter(3);
/// assert!(Precondition::if_match("W/\"2\", W/\"3\"")?.is_met_by(Some(&current)));
/// assert!(!Precondition::if_none_match("W/\"3\"")?.is_met_by(Some(&current)));
/// assert!(Precondition::if_none_match("*")?.is_met_by(None));
/// # Ok::<(), scim_core::resource::InvalidPrecondition>(())
/// ```
///
/// [RFC 7644 §3.14]: https://www.rfc-editor.org/rfc/rfc7644#section-3.14
/// [RFC 7232 §3.1, §3.2]: https://www.rfc-editor.org/rfc/rfc7232#section-3.1
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Precondition {
    field: Field,
    tags: EntityTags,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Field {
    IfMatch,
    IfNoneMatch,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum EntityTags {
    Any,
    These(Vec<ResourceVersion>),
}

/// A header field that is neither `*` nor a list of entity tags.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a precondition is `*` or a list of entity tags in quotes")]
#[non_exhaustive]
pub struct InvalidPrecondition;

impl Precondition {
    /// Reads the value of `If-Match`: the resource must have one of the versions.
    ///
    /// # Errors
    /// If it is neither `*` nor a list of entity tags.
    pub fn if_match(field: &str) -> Result<Self, InvalidPrecondition> {
        Ok(Self { field: Field::IfMatch, tags: EntityTags::parse(field)? })
    }

    /// Reads the value of `If-None-Match`: the resource must have none of the versions.
    ///
    /// # Errors
    /// If it is neither `*` nor a list of entity tags.
    pub fn if_none_match(field: &str) -> Result<Self, InvalidPrecondition> {
        Ok(Self { field: Field::IfNoneMatch, tags: EntityTags::parse(field)? })
    }

    /// Whether it is `*`, which any resource matches and no list of versions.
    pub fn is_any(&self) -> bool {
        self.tags == EntityTags::Any
    }

    /// Whether it holds for the version that is there; `None` if there is no resource.
    pub fn is_met_by(&self, current: Option<&ResourceVersion>) -> bool {
        let matches = match (&self.tags, current) {
            (_, None) => false,
            (EntityTags::Any, Some(_)) => true,
            (EntityTags::These(versions), Some(current)) => versions.contains(current),
        };
        matches == (self.field == Field::IfMatch)
    }
}

impl ResourceVersion {
    /// Whether an `If-Match` or `If-None-Match` header field names this version.
    ///
    /// A field that is no list of entity tags names none; [`Precondition`] tells that apart.
    ///
    /// ```
    /// use scim_core::ResourceVersion;
    ///
    /// let version = ResourceVersion::from_counter(3);
    /// assert!(version.is_in("W/\"2\", W/\"3\""));
    /// assert!(version.is_in("*"));
    /// assert!(!version.is_in("W/\"33\""));
    /// ```
    pub fn is_in(&self, header: &str) -> bool {
        Precondition::if_match(header).is_ok_and(|condition| condition.is_met_by(Some(self)))
    }
}

impl EntityTags {
    /// `"*" / 1#entity-tag`
    fn parse(field: &str) -> Result<Self, InvalidPrecondition> {
        if field.trim() == "*" {
            return Ok(Self::Any);
        }
        let mut versions = Vec::new();
        let mut rest = field;
        loop {
            rest = rest.trim_start_matches([' ', '\t', ',']);
            if rest.is_empty() {
                break;
            }
            let (tag, behind) = entity_tag(rest)?;
            versions.push(ResourceVersion::from(tag.to_owned()));
            let behind = behind.trim_start_matches([' ', '\t']);
            if !behind.is_empty() && !behind.starts_with(',') {
                return Err(InvalidPrecondition);
            }
            rest = behind;
        }
        if versions.is_empty() { Err(InvalidPrecondition) } else { Ok(Self::These(versions)) }
    }
}

/// `entity-tag = [ weak ] opaque-tag`, and what stands behind it; a comma in quotes is part of it.
///
/// Some clients leave the quotes away; such a tag ends at a blank or a comma.
fn entity_tag(text: &str) -> Result<(&str, &str), InvalidPrecondition> {
    let opaque = text.strip_prefix("W/").unwrap_or(text);
    let length = if let Some(inner) = opaque.strip_prefix('"') {
        inner.find('"').map(|end| end + 2)
    } else {
        let end = opaque.find([' ', '\t', ',']).unwrap_or(opaque.len());
        let tag = opaque.get(..end).unwrap_or_default();
        (!tag.is_empty() && !tag.contains(['"', '*'])).then_some(end)
    };
    let weak = text.len() - opaque.len();
    length.and_then(|length| text.split_at_checked(weak + length)).ok_or(InvalidPrecondition)
}

#[cfg(test)]
mod tests {
    use super::Precondition;
    use crate::resource::ResourceVersion;

    fn version(tag: &str) -> ResourceVersion {
        tag.parse().unwrap()
    }

    #[test]
    fn a_list_names_the_versions_in_it() {
        let current = version("W/\"a,b\"");
        let naming = ["*", " * ", "\"a,b\"", "W/\"a,b\"", "\"x\",W/\"a,b\"", ", \"x\" , \"a,b\" ,"];
        for field in naming {
            assert_eq!(Precondition::if_match(field).unwrap().is_any(), field.contains('*'));
            assert!(Precondition::if_match(field).unwrap().is_met_by(Some(&current)), "{field}");
            assert!(!Precondition::if_none_match(field).unwrap().is_met_by(Some(&current)));
            assert!(current.is_in(field));
        }
        for field in ["\"a\", \"b\"", "\"A,B\"", "\"\"", "W/\"*\"", "a,b", "W/a"] {
            assert!(!Precondition::if_match(field).unwrap().is_met_by(Some(&current)), "{field}");
            assert!(Precondition::if_none_match(field).unwrap().is_met_by(Some(&current)));
            assert!(!current.is_in(field));
        }
        assert!(Precondition::if_match("3").unwrap().is_met_by(Some(&version("W/\"3\""))));
    }

    #[test]
    fn where_there_is_no_resource_nothing_matches() {
        for field in ["*", "\"1\""] {
            assert!(!Precondition::if_match(field).unwrap().is_met_by(None));
            assert!(Precondition::if_none_match(field).unwrap().is_met_by(None));
        }
    }

    #[test]
    fn what_is_no_list_of_entity_tags_is_refused() {
        for field in
            ["", " , ", "\"1", "W/", "W/,", "\"1\" \"2\"", "\"1\"2", "*, \"1\"", "1\"", "W/ \"1\""]
        {
            assert!(Precondition::if_match(field).is_err(), "{field}");
            assert!(Precondition::if_none_match(field).is_err(), "{field}");
            assert!(!version("\"1\"").is_in(field), "{field}");
        }
    }

    #[test]
    fn tags_are_equal_weakly_and_by_their_whole_text() {
        assert_eq!(version("W/\"3\""), version("\"3\""));
        assert_ne!(version("\"a\""), version("\"A\""));
        assert_ne!(version("\"3\"\""), version("\"3\""));
    }
}
