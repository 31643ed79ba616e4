//! `portray replay`.

use super::args::Here;
use super::{ANSWERS_NO, DONE};
use crate::error::Result;
use crate::pipeline;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Number of the run
    run: i64,
}

/// Exit code 1 where the bytes came out otherwise.
pub fn run(args: &Args, here: &Here) -> Result<u8> {
    let replay = pipeline::replay(
        &here.workspace,
        args.run,
        here.settings.lang,
        &here.settings,
        &here.progress(),
    )?;
    here.out.report(&replay, || {
        let mut text = if replay.same {
            format!("run {}: the same bytes\n", replay.run)
        } else {
            format!(
                "run {}: different bytes in {}\n",
                replay.run,
                replay.different.join(", ")
            )
        };
        replay
            .changed
            .iter()
            .for_each(|what| text.push_str(&format!("  changed since: {what}\n")));
        text
    })?;
    Ok(if replay.same { DONE } else { ANSWERS_NO })
}
