use std::path::PathBuf;

use async_trait::async_trait;
use serde_json::{Map, Value};

use super::{
    Batch, Fields, FileFault, FileLimits, IdentitySource, ObjectKind, Position, SourceError,
    SourceId, SourceObject,
    file::{Content, Files, Format},
};

/// A file with a JSON object on each line.
///
/// [`Fields`] tells which of its members say more than a value. The file must be whole: it ends
/// with a line end, every line is good, and no identifier comes twice; otherwise the read fails
/// with a [`FileError`](super::FileError), and the cycle changes nothing.
///
/// A file that was cut off at the end of a line looks whole. So let whoever writes it end it with
/// `{"end": true, "count": 2}`, where `count` is the number of objects before, and ask for that
/// [with a method](Self::with_end_marker); or write another file, and rename it once it is whole.
///
/// What has changed is found by comparison with what the same value has read before. Another
/// process finds the file as it was left, or reads everyone again.
///
/// The file is read on the thread that runs the cycle, which waits for the disk.
///
/// ```
/// use scim_client::provision::source::{Following, IdentitySource, JsonLines, Position};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("people.jsonl");
/// std::fs::write(&path, r#"{"id": "1", "mail": "b@c.example", "roles": ["User"]}
/// {"id": "g1", "kind": "group", "displayName": "Guides", "members": ["1"]}
/// {"end": true, "count": 2}
/// "#)?;
/// let source = JsonLines::new(&path).with_end_marker();
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let batch = source.read(&Position::Start).await?;
/// assert_eq!(batch.changes.len(), 2);
/// let Following::EndOfSnapshot(watermark) = batch.following else { panic!("it is one page") };
/// let batch = source.read(&Position::Since(watermark)).await?;
/// assert!(batch.changes.is_empty());
///
/// std::fs::write(&path, r#"{"id": "1", "mail": "b@c.example", "roles": ["User"]}"#)?;
/// assert!(source.read(&Position::Start).await.is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct JsonLines(Files<Json>);

#[derive(Debug, Hash)]
struct Json;

impl JsonLines {
    /// The file at that path; its objects are users unless they say it.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(Files::new(path.into(), Json))
    }

    /// One more file; its objects are groups unless they say it.
    #[must_use]
    pub fn with_groups(self, path: impl Into<PathBuf>) -> Self {
        let file = (path.into(), ObjectKind::Group);
        Self(self.0.with_settings(|settings| settings.files.push(file)))
    }

    /// Other names of the fields that say more than a value.
    #[must_use]
    pub fn with_fields(self, fields: Fields) -> Self {
        Self(self.0.with_settings(|settings| settings.fields = fields))
    }

    /// Takes a file for whole only if it ends with an end marker.
    ///
    /// A marker that is there must be right in any case.
    #[must_use]
    pub fn with_end_marker(self) -> Self {
        Self(self.0.with_settings(|settings| settings.needs_end_marker = true))
    }

    /// Other limits.
    #[must_use]
    pub fn with_limits(self, limits: FileLimits) -> Self {
        Self(self.0.with_settings(|settings| settings.limits = limits))
    }
}

#[async_trait]
impl IdentitySource for JsonLines {
    async fn read(&self, position: &Position) -> Result<Batch, SourceError> {
        self.0.read(position)
    }

    async fn get(&self, id: &SourceId) -> Result<Option<SourceObject>, SourceError> {
        self.0.get(id)
    }
}

impl Format for Json {
    type Reader = ();
    type Header = ();
    const HAS_HEADER: bool = false;

    fn reader(&self) {}

    fn is_whole(&self, (): &mut (), _: &[u8]) -> Result<bool, FileFault> {
        Ok(true)
    }

    fn header(&self, (): &mut (), _: &[u8], _: &Fields) -> Result<(), FileFault> {
        Ok(())
    }

    fn content(&self, (): &mut (), (): &(), row: &[u8]) -> Result<Content, FileFault> {
        let row = str::from_utf8(row).map_err(|_| FileFault::NotUtf8)?;
        // The error of the parser would quote the row.
        let fields = serde_json::from_str(row).map_err(|_| FileFault::NotJson)?;
        Ok(end(&fields).map_or_else(|| Content::Object(fields), Content::End))
    }
}

/// How many objects there should be, if it is an end marker.
fn end(fields: &Map<String, Value>) -> Option<u64> {
    let is_end = fields.len() == 2 && fields.get("end") == Some(&Value::Bool(true));
    fields.get("count").filter(|_| is_end)?.as_u64()
}
