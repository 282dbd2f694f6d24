use std::fmt;

use scim_core::{
    ResourceSchema,
    schema::{AttributeDefinition, Mutability},
};

use super::{Apply, AttributeMapping, Mapping, MappingSource};

/// A mapping that does not fit the schemas, with everything that is wrong with it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InvalidMapping {
    problems: Vec<MappingProblem>,
}

/// Something that is wrong with the mapping of one target.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum MappingProblem {
    /// The target's schema has no such attribute.
    UnknownTarget(String),
    /// The service provider alone writes the attribute.
    ReadOnlyTarget(String),
    /// A value for each object does not go into an attribute by this path: it holds several.
    SeveralValues(String),
    /// The attribute of the source is not known; with the target.
    UnknownSource(String, String),
    /// What is written again and again would be another value each time.
    NotDeterministic(String),
    /// Resources cannot be looked up by the attribute.
    NotFilterable(String),
    /// The service provider has no such resources.
    NoSchema,
    /// Nothing says by which attribute resources are looked up.
    NoMatching,
    /// Members go to an attribute that takes none.
    NoMembership(String),
}

impl Mapping {
    /// Checks the mapping against what the target has, and if it is given, against the names that
    /// the source has.
    ///
    /// # Errors
    /// With everything that is wrong.
    ///
    /// ```
    /// use scim_client::{
    ///     provision::{AttributeMapping, Mapping, mapping::MappingProblem},
    ///     scim_core::SchemaRegistry,
    /// };
    ///
    /// let registry = SchemaRegistry::standard();
    /// let users = registry.resource_type("User").ok_or("no such resource type")?;
    /// let mapping = Mapping::new()
    ///     .with(AttributeMapping::direct("upn", "userName")?.matching(1))
    ///     .with(AttributeMapping::direct("nick", "nickname2")?);
    /// let invalid = mapping.validated(users, Some(&["upn", "nick"])).unwrap_err();
    /// assert_eq!(invalid.problems(), [MappingProblem::UnknownTarget("nickname2".to_owned())]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn validated(
        mut self,
        target: &ResourceSchema,
        source: Option<&[&str]>,
    ) -> Result<Self, InvalidMapping> {
        let mut problems = Vec::new();
        for mapping in &mut self.attributes {
            match mapping.resolved(target) {
                Ok(definition) => {
                    mapping.check(definition, &mut problems);
                    mapping.target_type = Some(definition.attribute_type);
                }
                Err(problem) => problems.push(problem),
            }
            mapping.check_source(source, &mut problems);
        }
        if self.attributes.iter().all(|mapping| mapping.matching.is_none()) {
            problems.push(MappingProblem::NoMatching);
        }
        if problems.is_empty() { Ok(self) } else { Err(InvalidMapping { problems }) }
    }
}

impl AttributeMapping {
    fn resolved<'s>(
        &self,
        schema: &'s ResourceSchema,
    ) -> Result<&'s AttributeDefinition, MappingProblem> {
        let unknown = || MappingProblem::UnknownTarget(self.name.to_string());
        let path = self.target.attribute().ok_or_else(unknown)?;
        let found = schema.resolve(path).map_err(|_| unknown())?;
        match self.target.sub_attribute() {
            Some(sub) if found.sub_attribute().is_none() => {
                found.attribute().sub_attribute(sub).ok_or_else(unknown)
            }
            _ => Ok(found.definition()),
        }
    }

    fn check(&self, definition: &AttributeDefinition, problems: &mut Vec<MappingProblem>) {
        let name = || self.name.to_string();
        if definition.mutability == Mutability::ReadOnly {
            problems.push(MappingProblem::ReadOnlyTarget(name()));
        }
        let is_members = matches!(self.source, MappingSource::Members);
        if is_members && !definition.is_membership() {
            problems.push(MappingProblem::NoMembership(name()));
        }
        let is_filterable = !definition.is_complex() && !definition.multi_valued;
        if self.matching.is_some() && !is_filterable {
            problems.push(MappingProblem::NotFilterable(name()));
        }
        let is_changing = self.is_random() || self.is_unique();
        if is_changing && (self.apply == Apply::Always || self.matching.is_some()) {
            problems.push(MappingProblem::NotDeterministic(name()));
        }
        let holds_several = definition.is_complex() && definition.multi_valued && !is_members;
        let is_text = matches!(self.source, MappingSource::Reference(_));
        if holds_several && is_text {
            problems.push(MappingProblem::SeveralValues(name()));
        }
    }

    fn check_source(&self, names: Option<&[&str]>, problems: &mut Vec<MappingProblem>) {
        let Some(names) = names else { return };
        let wanted: Vec<&str> = match &self.source {
            MappingSource::Direct(name) | MappingSource::Reference(name) => vec![name],
            MappingSource::Expression(expression) => expression.attributes().collect(),
            _ => Vec::new(),
        };
        let is_computed = |name: &&str| matches!(*name, "IsSoftDeleted" | "appRoleAssignments");
        let unknown = wanted.into_iter().filter(|name| !is_computed(name) && !names.contains(name));
        problems.extend(
            unknown
                .map(|name| MappingProblem::UnknownSource(name.to_owned(), self.name.to_string())),
        );
    }
}

impl InvalidMapping {
    /// There is no schema to check it against.
    pub(in crate::provision) fn no_schema() -> Self {
        Self { problems: vec![MappingProblem::NoSchema] }
    }

    /// Everything that is wrong.
    pub fn problems(&self) -> &[MappingProblem] {
        &self.problems
    }
}

impl fmt::Display for InvalidMapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, problem) in self.problems.iter().enumerate() {
            if place > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for InvalidMapping {}

impl fmt::Display for MappingProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownTarget(target) => write!(f, "the target has no attribute `{target}`"),
            Self::ReadOnlyTarget(target) => {
                write!(f, "the service provider alone writes `{target}`")
            }
            Self::SeveralValues(target) => {
                write!(f, "`{target}` holds several values: name the one by a filter")
            }
            Self::UnknownSource(source, target) => {
                write!(f, "the source has no attribute `{source}` for `{target}`")
            }
            Self::NotDeterministic(target) => {
                write!(f, "the value of `{target}` changes each time: write it on creation only")
            }
            Self::NotFilterable(target) => {
                write!(f, "resources cannot be looked up by `{target}`")
            }
            Self::NoSchema => f.write_str("the service provider has no such resources"),
            Self::NoMatching => f.write_str("no mapping is for matching"),
            Self::NoMembership(target) => write!(f, "`{target}` takes no members"),
        }
    }
}
