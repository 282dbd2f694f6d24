use std::time::Duration;

use scim_core::filter::ParseLimits;

use super::rate::Rate;

/// What a stranger may ask for; what is beyond is refused.
///
/// ```
/// use scim_server::Limits;
///
/// let limits = Limits::default().with_body(64 * 1024).with_largest_page(50);
/// ```
#[derive(Clone, Debug)]
pub struct Limits {
    pub(crate) body: usize,
    pub(crate) uri: usize,
    pub(crate) json_depth: usize,
    pub(crate) json_nodes: usize,
    pub(crate) text: usize,
    pub(crate) elements: usize,
    pub(crate) members: usize,
    pub(crate) attributes: usize,
    pub(crate) filter: ParseLimits,
    pub(crate) filter_work: u64,
    pub(crate) patch_operations: usize,
    pub(crate) default_page: u64,
    pub(crate) largest_page: u64,
    pub(crate) cursor_lifetime: Duration,
    pub(crate) rate: Option<Rate>,
    pub(crate) bulk_operations: usize,
    pub(crate) bulk_body: usize,
    pub(crate) bulk_work: usize,
}

/// The levels of a bulk request around the body of an operation.
const BULK_LEVELS: usize = 3;

impl Limits {
    /// The most bytes of a body; 1 MiB by default.
    #[must_use]
    pub fn with_body(mut self, bytes: usize) -> Self {
        self.body = bytes;
        self
    }

    /// The most bytes of path and query; 8 KiB by default.
    #[must_use]
    pub fn with_uri(mut self, bytes: usize) -> Self {
        self.uri = bytes;
        self
    }

    /// How deep JSON may nest; 32 levels by default.
    #[must_use]
    pub fn with_json_depth(mut self, levels: usize) -> Self {
        self.json_depth = levels;
        self
    }

    /// The most values in a JSON body; 100,000 by default, and more in a bulk request as its body
    /// may be larger.
    #[must_use]
    pub fn with_json_nodes(mut self, nodes: usize) -> Self {
        self.json_nodes = nodes;
        self
    }

    /// The most bytes of a text or a name in a JSON body; 64 KiB by default.
    #[must_use]
    pub fn with_text(mut self, bytes: usize) -> Self {
        self.text = bytes;
        self
    }

    /// The most values of a multi-valued attribute that does not refer to resources; 1,000 by
    /// default. A resource that has more, from before, may have fewer and no more.
    #[must_use]
    pub fn with_elements(mut self, elements: usize) -> Self {
        self.elements = elements;
        self
    }

    /// The most members, or other references to resources, in one request; 10,000 by default.
    #[must_use]
    pub fn with_members(mut self, members: usize) -> Self {
        self.members = members;
        self
    }

    /// The most names in `attributes` and `excludedAttributes` together; 256 by default.
    #[must_use]
    pub fn with_attributes(mut self, names: usize) -> Self {
        self.attributes = names;
        self
    }

    /// The limits of a filter.
    #[must_use]
    pub fn with_filter(mut self, limits: ParseLimits) -> Self {
        self.filter = limits;
        self
    }

    /// The most conditions of a filter that are tried on the resources of a type for one request,
    /// all of them together; 4,000,000 by default. A filter that an index leads to the resources
    /// of takes few; beyond, the request is refused: 400 `tooMany`. The elements of multi-valued
    /// attributes are not counted.
    #[must_use]
    pub fn with_filter_work(mut self, conditions: u64) -> Self {
        self.filter_work = conditions;
        self
    }

    /// The most operations of a PATCH; 1,000 by default.
    #[must_use]
    pub fn with_patch_operations(mut self, operations: usize) -> Self {
        self.patch_operations = operations;
        self
    }

    /// The resources of a page for a request that does not say; 100 by default.
    #[must_use]
    pub fn with_default_page(mut self, resources: u64) -> Self {
        self.default_page = resources;
        self
    }

    /// The most resources of a page; 200 by default.
    #[must_use]
    pub fn with_largest_page(mut self, resources: u64) -> Self {
        self.largest_page = resources;
        self
    }

    /// How long a cursor leads to a page; one hour by default.
    #[must_use]
    pub fn with_cursor_lifetime(mut self, lifetime: Duration) -> Self {
        self.cursor_lifetime = lifetime;
        self
    }

    /// How many requests each principal may send in a second, and how many at once; without bound
    /// by default. What is beyond is answered with 429 and `Retry-After`.
    ///
    /// The count is kept in this process, by the service's clock.
    #[must_use]
    pub fn with_rate(mut self, requests_per_second: u32, burst: u32) -> Self {
        self.rate = Some(Rate { requests_per_second, burst });
        self
    }
    /// The most operations of a bulk request; 1,000 by default, and with 0 there is no bulk.
    #[must_use]
    pub fn with_bulk_operations(mut self, operations: usize) -> Self {
        self.bulk_operations = operations;
        self
    }

    /// The most bytes of a bulk request; 4 MiB by default.
    ///
    /// The body of each operation has the limits of a request of its own.
    #[must_use]
    pub fn with_bulk_body(mut self, bytes: usize) -> Self {
        self.bulk_body = bytes;
        self
    }

    /// The bytes of documents, read and written, after which no further operation of a bulk
    /// request is done; 32 MiB by default.
    ///
    /// What an operation costs grows with its document, however short the operation is: this bounds
    /// what a thousand changes of one large document come to. Each call of the store counts as 512
    /// bytes more.
    #[must_use]
    pub fn with_bulk_work(mut self, bytes: usize) -> Self {
        self.bulk_work = bytes;
        self
    }

    /// The limits of a bulk request as a whole.
    pub(super) fn of_bulk(&self) -> Self {
        let bodies = (self.bulk_body / self.body.max(1)).max(1);
        Self {
            body: self.bulk_body,
            json_depth: self.json_depth.saturating_add(BULK_LEVELS),
            json_nodes: self.json_nodes.saturating_mul(bodies),
            ..self.clone()
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
            uri: 8 * 1024,
            json_depth: 32,
            json_nodes: 100_000,
            text: 64 * 1024,
            elements: 1000,
            members: 10_000,
            attributes: 256,
            filter: ParseLimits::default(),
            filter_work: 4_000_000,
            patch_operations: 1000,
            default_page: 100,
            largest_page: 200,
            cursor_lifetime: Duration::from_hours(1),
            rate: None,
            bulk_operations: 1000,
            bulk_body: 4 * 1024 * 1024,
            bulk_work: 32 * 1024 * 1024,
        }
    }
}
