use crate::{
    failure::{Failure, Verdict},
    job::{JobArgument, MappingView, target},
};

/// Nothing says by which attribute users are looked for.
#[derive(Debug, thiserror::Error)]
#[error("no mapping of `users.mappings` has `matching`")]
struct NoMatching;

pub(super) async fn run(job: &JobArgument) -> Result<Verdict, Failure> {
    let file = job.read()?;
    let client = target(&file)?;
    let mappings = MappingView::of(&file.tables.users.mappings);
    let attribute = mappings.first_matching().ok_or_else(|| Failure::unusable(NoMatching))?;
    let report = client.test_connection(attribute).await?;
    println!("{}\n{report}", client.base_url());
    println!("\n{}", report.probe);
    Ok(Verdict::well_if(report.probe.is_ready()))
}
