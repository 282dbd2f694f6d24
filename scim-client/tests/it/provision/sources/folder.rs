//! A folder with a file in it, and what a source says that reads the file.

use std::{
    error::Error,
    fs::{self, File},
    path::{Path, PathBuf},
};

use scim_client::provision::{
    IdentitySource,
    source::{Batch, Change, FileError, Following, Position, SourceError, Watermark},
};
use tempfile::TempDir;

pub(super) struct Folder {
    folder: TempDir,
}

/// All batches of a read, and how it ended.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) changes: Vec<Change>,
    pub(super) batches: usize,
    pub(super) watermark: Watermark,
    pub(super) is_snapshot: bool,
}

impl Folder {
    pub(super) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A folder with a file of that content.
    pub(super) fn with(content: impl AsRef<[u8]>) -> Self {
        let folder = Self::new();
        folder.write(content);
        folder
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("people")
    }

    pub(super) fn groups(&self) -> PathBuf {
        self.folder.path().join("groups")
    }

    pub(super) fn write(&self, content: impl AsRef<[u8]>) {
        fs::write(self.path(), content).unwrap();
    }

    /// Writes as a clock would have it that has not moved since.
    pub(super) fn write_at_once(&self, content: impl AsRef<[u8]>) {
        let modified = fs::metadata(self.path()).unwrap().modified().unwrap();
        self.write(content);
        File::options().write(true).open(self.path()).unwrap().set_modified(modified).unwrap();
    }
}

impl Reading {
    /// Reads to the end.
    pub(super) async fn of(
        source: &dyn IdentitySource,
        from: Position,
    ) -> Result<Self, SourceError> {
        let (mut changes, mut batches, mut position) = (Vec::new(), 0, from);
        loop {
            batches += 1;
            let Batch { changes: batch, following, .. } = source.read(&position).await?;
            changes.extend(batch);
            let (watermark, is_snapshot) = match following {
                Following::More(next) => {
                    let next = Position::Next(next);
                    assert_ne!(next, position, "it goes on from a place to the same place");
                    position = next;
                    continue;
                }
                Following::End(watermark) => (watermark, position == Position::Start),
                Following::EndOfSnapshot(watermark) => (watermark, true),
            };
            return Ok(Self { changes, batches, watermark, is_snapshot });
        }
    }

    pub(super) async fn start(source: &dyn IdentitySource) -> Self {
        Self::of(source, Position::Start).await.unwrap()
    }

    pub(super) async fn since(source: &dyn IdentitySource, watermark: &Watermark) -> Self {
        Self::of(source, Position::Since(watermark.clone())).await.unwrap()
    }

    /// Who is there, and with a minus who is gone.
    pub(super) fn names(&self) -> Vec<String> {
        let name = |change: &Change| match change {
            Change::Present(object) => object.id.to_string(),
            Change::Removed(id) => format!("-{id}"),
        };
        self.changes.iter().map(name).collect()
    }
}

/// What the source says is wrong, without the folder.
pub(super) async fn fault(source: &dyn IdentitySource) -> String {
    let error = Reading::of(source, Position::Start).await.unwrap_err();
    text(&error)
}

pub(super) fn text(error: &SourceError) -> String {
    let error = error.source().unwrap().downcast_ref::<FileError>().unwrap();
    let folder = error.path().parent().and_then(Path::to_str).unwrap();
    error.to_string().replace(folder, "").replace('\\', "/")
}
