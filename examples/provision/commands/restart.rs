use clap::Args;
use scim_client::provision::Restart;

use crate::{
    failure::{Failure, Verdict},
    job::JobArgument,
};

#[derive(Args)]
#[group(id = "what", required = true, multiple = true)]
#[expect(clippy::struct_excessive_bools, reason = "each is a part of its own")]
struct Parts {
    /// Forget how far the source was read: the next cycle reads everything
    #[arg(long)]
    watermark: bool,
    /// Forget which objects failed: all are tried again
    #[arg(long)]
    escrows: bool,
    /// Forget that the job is stopped
    #[arg(long)]
    quarantine: bool,
    /// Forget which object belongs to which resource: they are matched anew
    #[arg(long)]
    links: bool,
    /// All of these
    #[arg(long)]
    full: bool,
}

#[derive(Args)]
pub(crate) struct RestartArguments {
    #[command(flatten)]
    job: JobArgument,
    #[command(flatten)]
    parts: Parts,
}

impl RestartArguments {
    pub(super) async fn run(self) -> Result<Verdict, Failure> {
        let job = self.job.open().await?;
        job.restart(self.parts.restart()).await?;
        println!("Forgotten; the next cycle finds it out anew.");
        Ok(Verdict::Well)
    }
}

impl Parts {
    fn restart(&self) -> Restart {
        let mut restart = Restart::new();
        restart.watermark = self.watermark || self.full;
        restart.escrows = self.escrows || self.full;
        restart.quarantine = self.quarantine || self.full;
        restart.links = self.links || self.full;
        restart
    }
}
