use super::bind::{BindError, Location};
use crate::{
    attribute::AttributePath,
    schema::{AttributeDefinition, ResourceSchema, Returned, UnknownAttribute},
};

/// Where the paths of a filter start.
#[derive(Clone, Copy)]
pub(super) enum Scope<'s> {
    /// At a resource of that type; it is queried together with the others.
    Resource(&'s ResourceSchema, &'s [&'s ResourceSchema]),
    Element(&'s AttributeDefinition),
    /// At an element of what no resource of the type has.
    Nowhere,
}

impl<'s> Scope<'s> {
    /// What a path leads to, unless it must not be asked about; nothing if it is an attribute of
    /// other resource types.
    pub(super) fn resolve(
        self,
        path: &AttributePath,
    ) -> Result<Option<(Location, &'s AttributeDefinition)>, BindError> {
        let (location, attribute, sub_attribute) = match self {
            Self::Resource(schema, all) => {
                let resolved = match schema.resolve(path) {
                    Err(_) if all.iter().any(|other| other.resolve(path).is_ok()) => {
                        return Ok(None);
                    }
                    resolved => resolved?,
                };
                (Location::of(&resolved), resolved.attribute(), resolved.sub_attribute())
            }
            Self::Nowhere => return Ok(None),
            Self::Element(attribute) => {
                let found = attribute_of_element(attribute, path)?;
                (found.0, found.1, None)
            }
        };
        let hidden = |definition: &AttributeDefinition| definition.returned == Returned::Never;
        if hidden(attribute) || sub_attribute.is_some_and(hidden) {
            return Err(BindError::NeverReturned { path: path.to_string() });
        }
        Ok(Some((location, sub_attribute.unwrap_or(attribute))))
    }
}

fn attribute_of_element<'s>(
    attribute: &'s AttributeDefinition,
    path: &AttributePath,
) -> Result<(Location, &'s AttributeDefinition), BindError> {
    let is_name = path.schema().is_none() && path.sub_attribute().is_none();
    if is_name && !attribute.is_complex() && path.name().eq_ignore_ascii_case("value") {
        // A multi-valued attribute of plain values has elements that are the value themselves.
        return Ok((Location::of_name("value"), attribute));
    }
    let found = attribute.sub_attribute(path.name()).filter(|_| is_name);
    let found = found.ok_or_else(|| UnknownAttribute {
        path: path.to_string(),
        resource_type: attribute.name.to_string(),
    })?;
    Ok((Location::of_name(found.name.as_str()), found))
}
