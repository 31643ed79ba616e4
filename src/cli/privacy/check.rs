//! `portray privacy check`: whether texts are masked as is promised.

use super::super::args::Here;
use super::super::{ANSWERS_NO, DONE};
use crate::error::Result;
use crate::pipeline;
use crate::privacy::{SelfTest, Tally, self_test as test};
use crate::words::clean;

/// What is promised of the standard patterns.
const RECALL: f64 = 0.98;
const PRECISION: f64 = 0.95;

/// The standard patterns on the lines that come with them.
pub fn self_test(here: &Here) -> Result<u8> {
    let found = test();
    here.out.report(&found, || self_test_text(&found))?;
    let is_kept = found.all.recall() >= RECALL && found.all.precision() >= PRECISION;
    Ok(if is_kept { DONE } else { ANSWERS_NO })
}

/// Kept texts with the patterns of today.
pub fn kept(own: &[(String, String)], here: &Here) -> Result<u8> {
    let found = pipeline::unmasked(&here.workspace, own, &here.settings)?;
    here.out.report(&found, || {
        if found.with_finds == 0 {
            return format!("{} kept texts: nothing to mask\n", found.texts);
        }
        let each = found.found.each().filter(|(_, count)| *count > 0);
        let each: Vec<_> = each.map(|(kind, count)| format!("{count} {kind}")).collect();
        format!(
            "{} of {} kept texts hold what would be masked today: {}\nread the files into a new workspace, or delete what is old with `portray privacy retain`\n",
            found.with_finds,
            found.texts,
            each.join(", ")
        )
    })?;
    Ok(if found.with_finds == 0 {
        DONE
    } else {
        ANSWERS_NO
    })
}

fn self_test_text(found: &SelfTest) -> String {
    let mut text = format!(
        "{} lines, {} of them written by hand\n\n{:<14}{:>8}{:>8}{:>9}{:>8}{:>8}{:>11}\n",
        found.lines, found.by_hand, "", "marked", "found", "recall", "marks", "right", "precision"
    );
    let mut line = |name: &str, tally: &Tally| {
        text.push_str(&format!(
            "{name:<14}{:>8}{:>8}{:>9.4}{:>8}{:>8}{:>11.4}\n",
            tally.marked,
            tally.found,
            tally.recall(),
            tally.put,
            tally.right,
            tally.precision()
        ));
    };
    line("all", &found.all);
    for (name, tally) in found
        .by_language
        .iter()
        .chain(&found.by_source)
        .chain(&found.by_kind)
    {
        line(name, tally);
    }
    text.push_str(&format!(
        "\npromised: recall {RECALL}, precision {PRECISION}\n"
    ));
    for (line, came_out) in &found.wrong {
        text.push_str(&format!("\n  {}\n  {}\n", clean(line), clean(came_out)));
    }
    text
}
