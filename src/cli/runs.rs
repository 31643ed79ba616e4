//! `portray runs`.

use super::args::Here;
use super::text::table;
use crate::error::Result;
use crate::workspace::Workspace;

pub fn run(here: &Here) -> Result<()> {
    let runs = Workspace::open(&here.workspace)?.runs()?;
    if runs.is_empty() {
        here.out.say(
            "no run yet: `portray run --events shop.csv` makes one, `portray demo` a whole sample",
        );
    }
    here.out.report(&runs, || {
        let rows: Vec<[String; 5]> = runs
            .iter()
            .map(|run| {
                let silhouette = run
                    .silhouette
                    .map(|value| format!("{value:.3}"))
                    .unwrap_or_default();
                [
                    run.id.to_string(),
                    run.created_at.clone(),
                    run.users.to_string(),
                    run.k.to_string(),
                    silhouette,
                ]
            })
            .collect();
        table(
            &["run", "made", "users", "k", "silhouette"].map(str::to_owned),
            &rows,
        )
    })
}
