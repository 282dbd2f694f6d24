use std::fmt;

/// Where a value stands; it is put into words only when something is wrong there.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'p> {
    /// An attribute by its path, or a whole extension by its URI.
    Path(&'p str),
    /// An attribute of an extension.
    InExtension(&'p str, &'p str),
    /// A sub-attribute.
    Below(&'p Self, &'p str),
    /// An element of a multi-valued attribute, counted from 0.
    Element(&'p Self, usize),
}

impl<'p> Place<'p> {
    /// The attribute of that name, in an extension or not.
    pub(super) fn attribute(extension: Option<&'p str>, name: &'p str) -> Self {
        extension.map_or(Self::Path(name), |uri| Self::InExtension(uri, name))
    }

    /// The number of the element, if the place is one or in one.
    pub(super) fn element(&self) -> Option<usize> {
        match self {
            Self::Path(_) | Self::InExtension(..) => None,
            Self::Below(above, _) => above.element(),
            Self::Element(_, index) => Some(*index),
        }
    }
}

impl fmt::Display for Place<'_> {
    /// The path of the attribute, without elements: no path of the RFC counts them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => f.write_str(path),
            Self::InExtension(uri, name) => write!(f, "{uri}:{name}"),
            Self::Below(above, name) => write!(f, "{above}.{name}"),
            Self::Element(above, _) => above.fmt(f),
        }
    }
}
