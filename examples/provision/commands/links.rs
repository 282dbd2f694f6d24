use std::{
    fs,
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use scim_client::provision::{Link, SourceId};

use super::plan::kind;
use crate::{
    events::new_file,
    failure::{Failure, Verdict},
    job::JobArgument,
    screen::{show, table},
};

#[derive(Args)]
pub(crate) struct LinksArguments {
    #[command(flatten)]
    job: JobArgument,
    #[command(subcommand)]
    command: LinksCommand,
}

#[derive(Subcommand)]
enum LinksCommand {
    /// Show which object belongs to which resource
    List,
    /// Write them to a new file, a JSON document on each line; it holds values of people
    Export {
        /// The file
        file: PathBuf,
    },
    /// Read them from such a file, in the place of those that the objects have
    Import {
        /// The file
        file: PathBuf,
    },
    /// Forget one; the resource stays as it is
    Remove {
        /// The object
        id: String,
    },
}

#[derive(Debug, thiserror::Error)]
enum LinksError {
    #[error("`{}` cannot be written", .0.display())]
    Unwritable(PathBuf, #[source] io::Error),
    #[error("`{}` cannot be read", .0.display())]
    Unreadable(PathBuf, #[source] io::Error),
    // The error of the parser would quote the line.
    #[error("`{}`, line {line}, is no link; nothing was imported", .file.display())]
    Invalid { file: PathBuf, line: usize },
    #[error("`{0}` is not linked")]
    NotLinked(SourceId),
}

impl LinksArguments {
    pub(super) async fn run(self) -> Result<Verdict, Failure> {
        let job = self.job.open().await?;
        match self.command {
            LinksCommand::List => list(&job.links().await?),
            LinksCommand::Export { file } => {
                let links = job.links().await?;
                export(&links, &file)
                    .map_err(|error| Failure::unusable(LinksError::Unwritable(file, error)))?;
                println!("{} links were written", links.len());
            }
            LinksCommand::Import { file } => {
                let links = read(file).map_err(Failure::unusable)?;
                let count = links.len();
                job.import_links(links).await?;
                println!("{count} links were read");
            }
            LinksCommand::Remove { id } => {
                let id = SourceId::from(id);
                if !job.links().await?.iter().any(|link| link.source_id == id) {
                    return Err(LinksError::NotLinked(id).into());
                }
                job.unlink(&id).await?;
                println!("`{id}` is not linked any more");
            }
        }
        Ok(Verdict::Well)
    }
}

fn list(links: &[Link]) {
    let mut table = table(["object", "kind", "resource", "in scope"]);
    for link in links {
        let left = match &link.left {
            Some(left) => format!("no: {}", left.cause),
            None => "yes".to_owned(),
        };
        table.add_row([link.source_id.as_str(), kind(link.kind), link.target_id.as_str(), &left]);
    }
    show(&table);
    println!("{} links", links.len());
}

fn export(links: &[Link], file: &Path) -> io::Result<()> {
    let mut writer = BufWriter::new(new_file(file)?);
    for link in links {
        serde_json::to_writer(&mut writer, link)?;
        writer.write_all(b"\n")?;
    }
    writer.flush()
}

fn read(file: PathBuf) -> Result<Vec<Link>, LinksError> {
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) => return Err(LinksError::Unreadable(file, error)),
    };
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    let link = |(text, line)| {
        let invalid = |_| LinksError::Invalid { file: file.clone(), line };
        serde_json::from_str(text).map_err(invalid)
    };
    lines.map(link).collect()
}
