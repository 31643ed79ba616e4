//! Fact sheets that no training saw: segments of made-up shops of many sizes, for the evaluation of a model.

use super::{ingest, segment};
use crate::demo::{Shop, write_file};
use crate::error::{Error, Result};
use crate::events::{MapOptions, Sources};
use crate::progress::Progress;
use crate::records::Run;
use crate::settings::{RunSettings, Settings};

/// Runs of shops with seeds from `seed` on, the first `skip` passed over, until they have `sheets` segments; of the last
/// shop's only those needed.
///
/// The shops have 300 to 800 users and are cut into three to eight segments, so that sheets differ in what they tell.
///
/// # Errors
/// Those of the stages; nothing is kept on the disk.
pub fn fact_sheets(
    sheets: usize,
    seed: u64,
    skip: u32,
    settings: &Settings,
    progress: &Progress,
) -> Result<Vec<Run>> {
    let mut runs = Vec::new();
    let mut left = sheets;
    for shop in u64::from(skip).. {
        if left == 0 {
            break;
        }
        progress.check()?;
        let mut run = one(shop, seed, settings)?;
        run.segments.truncate(left);
        left -= run.segments.len();
        runs.push(run);
    }
    Ok(runs)
}

fn one(shop: u64, seed: u64, settings: &Settings) -> Result<Run> {
    let folder = tempfile::tempdir().map_err(Error::io("the temporary folder"))?;
    let file = folder.path().join("shop.csv");
    let workspace = folder.path().join("workspace");
    let seed = seed.wrapping_add(shop);
    let users = 300 + 97 * shop as usize % 501;
    write_file(&Shop { users, seed }, &file)?;
    let quiet = Progress::silent();
    let sources = Sources::events(&[file]);
    ingest(
        &workspace,
        &sources,
        &MapOptions::default(),
        settings,
        &quiet,
    )?;
    let run_settings = RunSettings {
        seed,
        k: Some(3 + shop as usize % 6),
        ..RunSettings::default()
    };
    Ok(segment(&workspace, &run_settings, settings, &quiet)?.run)
}
