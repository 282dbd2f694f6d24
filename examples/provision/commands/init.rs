use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use crate::{
    events::new_file,
    failure::{Failure, Verdict},
    job::JobArgument,
};

const JOB: &str = include_str!("../sample/provisioning.toml");
const BESIDE: [(&str, &str); 2] = [
    ("people.jsonl", include_str!("../sample/people.jsonl")),
    ("groups.jsonl", include_str!("../sample/groups.jsonl")),
];

#[derive(Debug, thiserror::Error)]
enum InitError {
    #[error("`{}` is there already; nothing was written", .0.display())]
    Exists(PathBuf),
    #[error("`{}` cannot be written", .0.display())]
    Unwritable(PathBuf, #[source] io::Error),
}

pub(super) fn run(argument: &JobArgument) -> Result<Verdict, Failure> {
    let folder = argument.job.parent().unwrap_or_else(|| Path::new("")).to_owned();
    let beside = BESIDE.map(|(name, text)| (folder.join(name), text));
    let files = [(argument.job.clone(), JOB)].into_iter().chain(beside).collect::<Vec<_>>();
    if let Some((there, _)) = files.iter().find(|(path, _)| path.exists()) {
        return Err(Failure::unusable(InitError::Exists(there.clone())));
    }
    for (path, text) in &files {
        write(path, text)
            .map_err(|error| Failure::unusable(InitError::Unwritable(path.clone(), error)))?;
        println!("wrote {}", path.display());
    }
    println!("Put the token of the service provider into token.txt beside them, then test it:");
    println!("  provision test-connection --job {}", argument.job.display());
    Ok(Verdict::Well)
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    new_file(path)?.write_all(text.as_bytes())
}
