//! `portray privacy record`, as Markdown to be completed by the shop.

use crate::pipeline::Processing;
use crate::words::clean;

/// What only the shop knows.
const OF_THE_SHOP: &str = "_to be filled in by the shop_";

/// The record in the order of article 30 (1), then what article 35 (7) asks for.
pub fn text(found: &Processing) -> String {
    let mut page = Page(String::from(
        "# Record of processing\n\nWhat this workspace does with data of people, as facts. Lines in _italics_ are the shop's to fill in.\n",
    ));
    page.section(
        "Controller and contact (article 30 (1) a)",
        [OF_THE_SHOP.to_owned()],
    );
    page.section("Purposes and legal basis (b; article 6)", purposes(found));
    page.section("Whose data (c)", subjects(found));
    page.section("Which data (c)", fields(found));
    page.section("Where it comes from (article 14 (2) f)", sources(found));
    page.section("Recipients (d, e)", recipients(found));
    page.section(
        "Erasure (f)",
        [match found.kept_days {
            Some(days) => format!(
                "each ingest deletes events, runs and drawings that are older than {days} days"
            ),
            None => "no limit is set: `portray privacy retain --days N --always --yes` sets one"
                .to_owned(),
        }],
    );
    page.section("Security (g; article 32)", security(found));
    page.section("Rights (articles 15 to 21)", rights(found));
    page.0
        .push_str("\n# For an impact assessment (article 35)\n");
    page.section("Profiling", profiling(found));
    page.section(
        "Necessity",
        [
            "attributes kept for audits are never features, and no text tells a protected one"
                .to_owned(),
            format!("why less data, or coarser, would not do: {OF_THE_SHOP}"),
        ],
    );
    page.section("Risks", risks(found));
    page.0
}

struct Page(String);

impl Page {
    fn section(&mut self, title: &str, lines: impl IntoIterator<Item = String>) {
        self.0.push_str(&format!("\n## {title}\n\n"));
        for line in lines {
            self.0.push_str(&format!("- {line}\n"));
        }
    }
}

fn purposes(found: &Processing) -> Vec<String> {
    let mut lines =
        vec!["segments of customers by what they did, and texts about these segments".to_owned()];
    let did = |deed: &str| found.deeds.get(deed).copied().unwrap_or_default();
    if did("audience") > 0 {
        lines.push(format!(
            "campaigns: {} lists of people were drawn",
            did("audience")
        ));
    }
    for said in found.said.iter().filter(|said| said.what == "consent") {
        lines.push(format!(
            "consent to {}: {} of {} people who were asked agree",
            clean(&said.name),
            said.agree.unwrap_or_default(),
            said.people
        ));
    }
    if found.subjects.without_consent > 0 {
        lines.push(format!(
            "{} rows were left out, since the person did not consent",
            found.subjects.without_consent
        ));
    }
    lines.push(format!("legal basis of each: {OF_THE_SHOP}"));
    lines
}

fn subjects(found: &Processing) -> Vec<String> {
    let of = &found.subjects;
    let mut lines = vec![format!(
        "{} customers and visitors, {} events",
        of.users, of.events
    )];
    if of.accounts > 0 {
        lines.push(format!("{} companies", of.accounts));
    }
    if of.devices > 0 {
        lines.push(format!("{} devices", of.devices));
    }
    if let (Some(from), Some(to)) = (&of.from, &of.to) {
        lines.push(format!("from {from} to {to}"));
    }
    lines
}

fn fields(found: &Processing) -> Vec<String> {
    let kept = found
        .kept
        .iter()
        .map(|kept| format!("{}: in {} events", kept.field, kept.events));
    let said = found
        .said
        .iter()
        .filter(|said| said.what != "consent")
        .map(|said| {
            format!(
                "{} {}: of {} people",
                said.what,
                clean(&said.name),
                said.people
            )
        });
    kept.chain(said).collect()
}

fn sources(found: &Processing) -> Vec<String> {
    let each = found.sources.iter().map(|source| {
        let files: Vec<_> = source.files.iter().map(|file| clean(file)).collect();
        format!(
            "{}: {} ({} rows, {} events)",
            day(&source.at),
            files.join(", "),
            source.rows,
            source.events
        )
    });
    each.collect()
}

fn recipients(found: &Processing) -> Vec<String> {
    if found.recipients.is_empty() {
        return vec!["the audit log knows of nothing that left the workspace".into()];
    }
    let mut lines: Vec<_> = found
        .recipients
        .iter()
        .map(|entry| {
            let to = entry.detail["to"].as_str().map(clean).unwrap_or_default();
            let run = entry
                .run
                .map(|run| format!(", run {run}"))
                .unwrap_or_default();
            format!(
                "{}: {} by {}{run} {to}",
                day(&entry.at),
                clean(&entry.action),
                clean(&entry.who)
            )
        })
        .collect();
    lines.push(format!(
        "who got these files, and in which country: {OF_THE_SHOP}"
    ));
    lines
}

fn security(found: &Processing) -> Vec<String> {
    let closed = match found.is_closed {
        Some(true) => "nobody but its owner enters the workspace (permissions of the system)",
        Some(false) => "others can enter the workspace: `portray workspace close` shuts them out",
        None => "permissions of the system were not looked at",
    };
    let log = if found.log_is_whole {
        "the audit log is as it was written"
    } else {
        "the audit log was changed: `portray audit` shows where"
    };
    vec![
        "ids become pseudonyms (HMAC-SHA-256 with a key of this workspace) before anything is written".into(),
        "e-mail addresses, phone, card, account, resident and passport numbers, IP addresses and links with tokens in texts become marks".into(),
        closed.into(),
        match found.k_min {
            Some(k) => format!("protected: nothing about fewer than {k} people leaves the program, and counts are multiples of {k}"),
            None => "not protected: single people can be looked at (`portray workspace protect`)".into(),
        },
        log.into(),
        "the workspace works offline, and opens no connection to a network".into(),
        format!("encryption of the disk, backups, and who has the log-in: {OF_THE_SHOP}"),
    ]
}

fn rights(found: &Processing) -> Vec<String> {
    let did = |deed: &str| found.deeds.get(deed).copied().unwrap_or_default();
    vec![
        format!("copies handed out: {}", did("export of a person")),
        format!(
            "erasures: {} ({} pseudonyms)",
            did("forget"),
            found.forgotten
        ),
        format!(
            "people whose data is kept and not used: {}",
            found.restricted
        ),
        format!("pseudonyms led back to ids: {} times", did("reidentify")),
        "how people reach the shop, and how they were informed: _to be filled in by the shop_"
            .into(),
    ]
}

fn profiling(found: &Processing) -> Vec<String> {
    let mut lines: Vec<_> = found
        .profiling
        .iter()
        .map(|run| {
            let protected = match &run.protected {
                Some(name) => format!("; audited for {}", clean(name)),
                None => String::new(),
            };
            format!(
                "run {} of {}: {} people in {} segments, by {}; facts of fewer than {} people are not told{protected}",
                run.run,
                day(&run.at),
                run.users,
                run.segments,
                run.features.join(", "),
                run.fewest
            )
        })
        .collect();
    lines.push("no decision about a person is taken by the program itself; whether the shop takes any from a segment: _to be filled in by the shop_".into());
    lines
}

fn risks(found: &Processing) -> Vec<String> {
    let mut lines = vec![
        "pseudonyms are data of people still: whoever has the key and an id finds the person".to_owned(),
        "a segment can stand for a protected group without naming it: `portray fairness` measures that".to_owned(),
    ];
    if found.profiling.iter().all(|run| run.protected.is_none()) {
        lines.push(
            "no run was audited for a protected attribute (`portray segment --protect COLUMN`)"
                .into(),
        );
    }
    if found.kept_days.is_none() {
        lines.push("data is kept without a limit".into());
    }
    if !found.recipients.is_empty() {
        lines.push(format!(
            "{} times data left the workspace, where neither erasure nor restriction reaches it",
            found.recipients.len()
        ));
    }
    lines.push(format!(
        "how likely and how grave, and what is done about it: {OF_THE_SHOP}"
    ));
    lines
}

fn day(at: &str) -> &str {
    at.get(..10).unwrap_or(at)
}
