//! A resource in two blocks of memory: to look at one of many is to wait for memory, and what lies
//! side by side is waited for once.

mod build;
mod look;
mod node;
mod places;
mod restore;

use serde_json::{Map, Value};

use node::{Node, ObjectRef};
use places::Places;

/// The nodes of a resource and the text that they point into.
#[derive(Clone)]
pub(crate) struct Table {
    /// Where the attributes stand, which are the first nodes.
    places: Places,
    attributes: usize,
    nodes: Box<[Node]>,
    text: Box<str>,
}

impl Table {
    /// `None` if a resource has more nodes, or more text, than the numbers of a node can count.
    pub(crate) fn of(attributes: &Map<String, Value>) -> Option<Self> {
        build::table(attributes, build::LARGEST)
    }

    /// The resource as an object.
    #[inline]
    pub(crate) fn root(&self) -> ObjectRef<'_> {
        ObjectRef { table: self, inside: self.attributes(), places: Some(&self.places) }
    }

    fn attributes(&self) -> &[Node] {
        self.nodes.get(..self.attributes).unwrap_or_default()
    }

    /// How many nodes there are, and how many bytes of text.
    pub(crate) fn sizes(&self) -> (usize, usize) {
        (self.nodes.len(), self.text.len())
    }
}

#[cfg(test)]
mod tests;
