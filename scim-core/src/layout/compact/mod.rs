//! A resource in two blocks of memory: to look at one of many is to wait for memory, and what lies
//! side by side is waited for once.

mod build;
mod look;
mod node;
mod restore;

use serde_json::{Map, Value};

use node::{Node, NodeRef};

/// The nodes of a resource and the text that they point into.
#[derive(Clone)]
pub(crate) struct Table {
    /// The resource itself.
    root: Node,
    nodes: Box<[Node]>,
    text: Box<str>,
}

impl Table {
    /// `None` if a resource has more nodes, or more text, than the numbers of a node can count.
    pub(crate) fn of(attributes: &Map<String, Value>) -> Option<Self> {
        build::table(attributes, build::LARGEST)
    }

    /// The resource as an object.
    pub(crate) fn root(&self) -> NodeRef<'_> {
        NodeRef { table: self, node: &self.root }
    }

    /// How many nodes there are, and how many bytes of text.
    pub(crate) fn sizes(&self) -> (usize, usize) {
        (self.nodes.len(), self.text.len())
    }
}

#[cfg(test)]
mod tests;
