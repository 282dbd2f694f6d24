use std::fmt;

/// A way in which identity providers deviate from the RFCs, and which can be let through.
///
/// None of them loses data, but for [`Tolerance::UnknownAttributeIgnored`] and
/// [`Tolerance::SeveralPrimary`], which are off by default.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
#[repr(u8)]
pub enum Tolerance {
    /// `Add`, `Replace`, `Remove`.
    OpAnyCase,
    /// `"True"` and `"False"` where the schema says boolean.
    BooleanFromString,
    /// `remove members` with a `value` removes the members that it names.
    RemoveWithValue,
    /// `emails[type eq "work"].value` creates the element that it does not find.
    FilteredPathUpsert,
    /// `name.givenName` as a key of a value without path.
    DottedKeys,
    /// `urn:…:User:department` as a key of a value without path.
    UrnKeys,
    /// `emails[type eq "work"].value` as a key of a value without path.
    FilteredKeys,
    /// `"manager": "id"` for `"manager": {"value": "id"}`.
    ComplexFromScalar,
    /// A single value where the schema says multi-valued.
    ArrayFromSingle,
    /// A list of one where the schema says single-valued.
    SingleFromArray,
    /// URIs of drafts and of SCIM 1.1 in `schemas`.
    LegacySchemaUrns,
    /// URIs in `schemas` that belong to no schema of the resource type.
    UnknownSchemaUrn,
    /// No `schemas` at all, or without the core schema.
    MissingSchemas,
    /// An extension in the body that `schemas` does not name.
    ExtensionNotDeclaredInSchemas,
    /// An attribute that the schema lacks, when its value is null or empty.
    UnknownNullAttribute,
    /// An attribute that the schema lacks is left out.
    UnknownAttributeIgnored,
    /// Members of a PATCH operation that the RFC does not define.
    UnknownOperationMember,
    /// A read-only attribute in a value without path that would not change.
    UnchangedReadOnlyInValue,
    /// A PATCH without operations changes nothing.
    EmptyOperations,
    /// Of several values that are marked as `primary`, the last keeps the mark.
    SeveralPrimary,
}

/// A set of tolerances; the default has all that cannot lose data.
///
/// ```
/// use scim_core::{Tolerance, Tolerances};
///
/// assert!(Tolerances::default().allows(Tolerance::OpAnyCase));
/// assert!(!Tolerances::default().allows(Tolerance::UnknownAttributeIgnored));
/// assert!(!Tolerances::strict().allows(Tolerance::BooleanFromString));
/// ```
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct Tolerances(u32);

impl Tolerance {
    const ALL: [Self; 20] = [
        Self::OpAnyCase,
        Self::BooleanFromString,
        Self::RemoveWithValue,
        Self::FilteredPathUpsert,
        Self::DottedKeys,
        Self::UrnKeys,
        Self::FilteredKeys,
        Self::ComplexFromScalar,
        Self::ArrayFromSingle,
        Self::SingleFromArray,
        Self::LegacySchemaUrns,
        Self::UnknownSchemaUrn,
        Self::MissingSchemas,
        Self::ExtensionNotDeclaredInSchemas,
        Self::UnknownNullAttribute,
        Self::UnknownAttributeIgnored,
        Self::UnknownOperationMember,
        Self::UnchangedReadOnlyInValue,
        Self::EmptyOperations,
        Self::SeveralPrimary,
    ];

    /// The name, for logs and configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OpAnyCase => "op-any-case",
            Self::BooleanFromString => "boolean-from-string",
            Self::RemoveWithValue => "remove-with-value",
            Self::FilteredPathUpsert => "filtered-path-upsert",
            Self::DottedKeys => "dotted-keys",
            Self::UrnKeys => "urn-keys",
            Self::FilteredKeys => "filtered-keys",
            Self::ComplexFromScalar => "complex-from-scalar",
            Self::ArrayFromSingle => "array-from-single",
            Self::SingleFromArray => "single-from-array",
            Self::LegacySchemaUrns => "legacy-schema-urns",
            Self::UnknownSchemaUrn => "unknown-schema-urn",
            Self::MissingSchemas => "missing-schemas",
            Self::ExtensionNotDeclaredInSchemas => "extension-not-declared-in-schemas",
            Self::UnknownNullAttribute => "unknown-null-attribute",
            Self::UnknownAttributeIgnored => "unknown-attribute-ignored",
            Self::UnknownOperationMember => "unknown-operation-member",
            Self::UnchangedReadOnlyInValue => "unchanged-readonly-in-value",
            Self::EmptyOperations => "empty-operations",
            Self::SeveralPrimary => "several-primary",
        }
    }
}

impl Tolerances {
    /// None of them.
    pub fn none() -> Self {
        Self(0)
    }

    /// What the RFCs' own words leave room for: operations in any case, as ABNF reads words, and
    /// qualified names of attributes as keys ([RFC 7644 §3.10]).
    ///
    /// [RFC 7644 §3.10]: https://www.rfc-editor.org/rfc/rfc7644#section-3.10
    pub fn strict() -> Self {
        Self::none().with(Tolerance::OpAnyCase).with(Tolerance::UrnKeys)
    }

    /// The set with one more.
    #[must_use]
    pub fn with(self, tolerance: Tolerance) -> Self {
        Self(self.0 | 1 << tolerance as u8)
    }

    /// The set with one less.
    #[must_use]
    pub fn without(self, tolerance: Tolerance) -> Self {
        Self(self.0 & !(1 << tolerance as u8))
    }

    /// Whether it is in the set.
    pub fn allows(self, tolerance: Tolerance) -> bool {
        self.0 & (1 << tolerance as u8) != 0
    }

    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The tolerances in the set.
    pub fn iter(self) -> impl Iterator<Item = Tolerance> {
        Tolerance::ALL.into_iter().filter(move |tolerance| self.allows(*tolerance))
    }
}

impl Default for Tolerances {
    fn default() -> Self {
        let all = Tolerance::ALL.into_iter().fold(Self::none(), Self::with);
        all.without(Tolerance::UnknownAttributeIgnored).without(Tolerance::SeveralPrimary)
    }
}

impl fmt::Debug for Tolerances {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Tolerance::as_str)).finish()
    }
}
