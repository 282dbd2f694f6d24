//! A resource in one block of memory: to look at one of many is to wait for memory, and what lies
//! side by side is waited for once.
//!
//! The block holds the nodes of the attributes and their texts; behind them, for each attribute that
//! is made of others, the nodes of all that is inside and their texts.

mod build;
mod look;
mod node;
mod places;
mod restore;

use serde_json::{Map, Value};

use node::ObjectRef;
use places::Places;

/// A resource as a block of nodes and texts.
#[derive(Clone)]
pub(crate) struct Table {
    /// Where the attributes stand, with which the block begins.
    places: Places,
    attributes: u32,
    block: Box<[u8]>,
}

impl Table {
    /// `None` if a resource is larger than the numbers of a node can count.
    pub(crate) fn of(attributes: &Map<String, Value>) -> Option<Self> {
        build::table(attributes, build::LARGEST)
    }

    /// The resource as an object.
    #[inline]
    pub(crate) fn root(&self) -> ObjectRef<'_> {
        ObjectRef { table: self, start: 0, count: self.attributes }
    }

    /// How many bytes the block has.
    pub(crate) fn size(&self) -> usize {
        self.block.len()
    }
}

#[cfg(test)]
mod tests;
