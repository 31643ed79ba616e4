//! What an erasure did, in lines.

use crate::pipeline::{Receipt, Retained};
use crate::words::clean;

pub fn receipt_text(receipt: &Receipt) -> String {
    let gone = &receipt.gone;
    let mut text = match &receipt.audit {
        Some(hash) => format!(
            "forgotten at {}\nperson     {} (a keyed hash; no id, no pseudonym)\naudit      {hash}\n\nwhat went\n",
            receipt.at, receipt.person
        ),
        None => "nothing is done yet: --yes does it, and it cannot be undone\n\nwhat would go\n"
            .to_owned(),
    };
    for (count, what) in [
        (gone.events, "events"),
        (
            gone.pseudonyms,
            "pseudonyms (the user's, and those of aliases and own devices)",
        ),
        (gone.queries, "search texts that nobody else typed"),
        (
            gone.said,
            "lines of consents, opt-outs, attributes and aliases",
        ),
        (gone.of_runs, "rows of members, features and places in runs"),
        (gone.campaigns, "rows of campaigns"),
    ] {
        text.push_str(&format!("{count:>10} {what}\n"));
    }
    let list = |runs: &[i64]| {
        let runs: Vec<String> = runs.iter().map(i64::to_string).collect();
        runs.join(", ")
    };
    if !gone.runs.is_empty() {
        text.push_str(&format!(
            "\nfacts and texts of run {} still count the person, in figures of groups; `portray segment` makes a new run\n",
            list(&gone.runs)
        ));
    }
    if receipt.quarantined > 0 {
        text.push_str(&format!(
            "\n{} rows in quarantine name nobody, so none was removed; `portray privacy retain` deletes their texts with time\n",
            receipt.quarantined
        ));
    }
    text.push_str("\nout of reach: the shop's own files, and every copy outside the workspace (exports, bundles, backups, snapshots of the disk)\n");
    for export in &receipt.exports {
        let to = export.detail["to"].as_str().map(clean).unwrap_or_default();
        let run = export.run.map(|run| format!(" of run {run}"));
        text.push_str(&format!(
            "  {} {} {}{} {to}\n",
            export.at,
            clean(&export.who),
            clean(&export.action),
            run.unwrap_or_default()
        ));
    }
    if receipt.audit.is_some() && !receipt.is_compact {
        text.push_str(
            "\nanother process is reading the catalog: its log is emptied when that one ends\n",
        );
    }
    text
}

pub fn retained_text(found: &Retained) -> String {
    let head = match &found.audit {
        Some(hash) => format!("kept from {} on; audit {hash}\nwhat went\n", found.from),
        None => format!(
            "nothing is done yet: --yes does it, and it cannot be undone\nwhat is of before {}\n",
            found.from
        ),
    };
    format!(
        "{head}{:>10} events\n{:>10} users of whom nothing is left\n{:>10} search texts\n{:>10} runs\n{:>10} rows of campaigns\n",
        found.events,
        found.users,
        found.queries,
        found.runs.len(),
        found.campaigns
    )
}
