/// How much is read of a file.
///
/// ```
/// use scim_client::provision::source::FileLimits;
///
/// let limits = FileLimits::new().with_line(4096).with_objects(20_000);
/// assert_ne!(limits, FileLimits::new());
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FileLimits {
    pub(super) line: usize,
    pub(super) objects: usize,
    pub(super) page: usize,
}

impl Default for FileLimits {
    fn default() -> Self {
        Self { line: 1024 * 1024, objects: 1_000_000, page: 500 }
    }
}

impl FileLimits {
    /// Lines of 1 MiB, a million objects, and pages of 500.
    pub fn new() -> Self {
        Self::default()
    }

    /// The most bytes of a line, or of a row that goes on over several.
    #[must_use]
    pub fn with_line(mut self, bytes: usize) -> Self {
        self.line = bytes;
        self
    }

    /// The most objects in all files together.
    #[must_use]
    pub fn with_objects(mut self, objects: usize) -> Self {
        self.objects = objects;
        self
    }

    /// The most objects that are given at once.
    #[must_use]
    pub fn with_page(mut self, objects: usize) -> Self {
        self.page = objects.max(1);
        self
    }
}
