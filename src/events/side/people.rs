//! What users want: consent by purpose, no word by a channel; since when they are users; and what audits need.

use super::super::answer::answer;
use super::super::field::{Field, normalised};
use super::super::mapping::MapOptions;
use super::super::stage::Stage;
use super::day;
use super::table::Table;
use crate::error::{Error, Result};
use crate::privacy::{Redactor, canonical_id};
use crate::words::clip;

/// Channels by which a shop writes, and how columns call them.
const CHANNELS: [(&str, &[&str]); 3] = [
    ("mail", &["mail", "email", "newsletter", "邮件"]),
    ("push", &["push", "app", "推送"]),
    ("sms", &["sms", "text", "phone", "短信"]),
];

/// What a list of opt-outs says where it holds none; an empty cell says nothing.
const NONE: [&str; 4] = ["none", "no", "无", "否"];

/// What a line says about a user.
pub struct Person {
    /// Key of the user.
    pub user: i32,
    /// Since when it is one.
    pub signed_up: Option<jiff::civil::Date>,
    /// Purposes, with whether the user agrees; one that the line does not name is not there.
    pub consents: Vec<(String, bool)>,
    /// Channels by which the user wants no word (true), or wants one again; those that the line does not name are not there.
    pub opt_outs: Vec<(&'static str, bool)>,
    /// Names and values of columns kept for audits.
    pub kept: Vec<(String, String)>,
}

/// What a column tells.
enum Tells {
    SignedUp,
    /// Consent to one purpose, yes or no.
    Consent(String),
    /// The purposes agreed to, as a list.
    Consents,
    /// No word by one channel, yes or no.
    OptOut(&'static str),
    /// The channels not wanted, as a list.
    OptOuts,
    /// Kept for audits, under this name.
    Kept(String),
}

/// Stages the lines of a file of users; returns how many. The columns that are named to be kept are kept for audits, others that
/// tell nothing known are passed over.
pub(super) fn read(file: &mut Table, stage: &mut Stage<'_>, options: &MapOptions) -> Result<u64> {
    let redactor = Redactor::new(&options.redact)?;
    let user = file.need_field(Field::User)?;
    let mut columns = Vec::new();
    for (at, name) in file
        .columns()
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != user)
    {
        if let Some(tells) = tells(file, name, &options.keep)? {
            columns.push((at, tells));
        }
    }
    let mut lines = 0;
    while file.next()? {
        let Some(user) = stage.user(canonical_id(file.filled(user)?)) else {
            continue;
        };
        let mut person = Person {
            user,
            signed_up: None,
            consents: Vec::new(),
            opt_outs: Vec::new(),
            kept: Vec::new(),
        };
        for (at, tells) in &columns {
            if let Some(text) = file.get(Some(*at)) {
                tell(file, &mut person, tells, text)?;
            }
        }
        for (_, value) in &mut person.kept {
            let (masked, counts) = redactor.redact(value);
            stage.redactions += counts;
            *value = masked.into_owned();
        }
        stage.beside.people.insert(person.user, person);
        lines += 1;
    }
    Ok(lines)
}

fn tells(file: &Table, name: &str, keep: &[String]) -> Result<Option<Tells>> {
    const SIGNED_UP: [&str; 10] = [
        "signup",
        "signedup",
        "signupdate",
        "signedupat",
        "registered",
        "registeredat",
        "registrationdate",
        "createdat",
        "注册日期",
        "注册时间",
    ];
    let is_kept = |kept: &&String| normalised(kept) == normalised(name);
    if let Some(kept) = keep.iter().find(is_kept) {
        return Ok(Some(Tells::Kept(kept.clone())));
    }
    let plain = normalised(name);
    if SIGNED_UP.contains(&plain.as_str()) {
        return Ok(Some(Tells::SignedUp));
    }
    if let Some(purpose) = plain.strip_prefix("consent").or(plain.strip_prefix("同意")) {
        let purpose = purpose.strip_prefix("to").unwrap_or(purpose);
        return Ok(Some(match purpose {
            "" | "s" => Tells::Consents,
            purpose => Tells::Consent(purpose.to_owned()),
        }));
    }
    if let Some(of) = plain.strip_prefix("optout").or(plain.strip_prefix("退订")) {
        return match of {
            "" | "s" => Ok(Some(Tells::OptOuts)),
            of => channel(file, of).map(|channel| Some(Tells::OptOut(channel))),
        };
    }
    Ok(None)
}

fn tell(file: &Table, person: &mut Person, tells: &Tells, text: &str) -> Result<()> {
    match tells {
        Tells::SignedUp => {
            let day = day(text).ok_or_else(|| {
                file.wrong("the sign-up date does not parse", "write it as 2026-01-31")
            })?;
            person.signed_up = Some(day);
        }
        Tells::Consent(purpose) => person.consents.push((purpose.clone(), yes(file, text)?)),
        Tells::Consents => person
            .consents
            .extend(list(text).map(|purpose| (normalised(purpose), true))),
        Tells::OptOut(channel) => person.opt_outs.push((channel, yes(file, text)?)),
        Tells::OptOuts if NONE.contains(&normalised(text).as_str()) => person
            .opt_outs
            .extend(CHANNELS.iter().map(|(channel, _)| (*channel, false))),
        Tells::OptOuts => {
            for name in list(text) {
                let channel = channel(file, &normalised(name))?;
                person.opt_outs.push((channel, true));
            }
        }
        Tells::Kept(name) => person.kept.push((name.clone(), clip(text, 100))),
    }
    Ok(())
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '|', ',', '、'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn channel(file: &Table, name: &str) -> Result<&'static str> {
    let known = CHANNELS.iter().find(|(_, names)| names.contains(&name));
    known.map(|(channel, _)| *channel).ok_or_else(|| {
        let why = format!("`{}` is no channel", clip(name, 30));
        Error::rejected(file.name(), why, "channels are mail, push and sms")
    })
}

fn yes(file: &Table, text: &str) -> Result<bool> {
    answer(text).ok_or_else(|| {
        let why = format!("`{}` is neither yes nor no", clip(text, 30));
        file.wrong(&why, "write yes or no, or leave it empty")
    })
}
