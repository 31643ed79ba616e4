//! `report.html`: the report for people who open no terminal, in one file that asks for nothing from elsewhere.
//!
//! Its words are those of `report.md`, so that both tell the same; the charts are drawn here.

mod charts;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

use super::report;
use crate::records::{Plan, Run};
use crate::words::Lang;

const STYLE: &str = include_str!("style.css");

/// Nothing is loaded and no script runs, whatever the data holds.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Begins a place where a chart goes. A control character: no text out of the data has one.
pub(super) const PLACE: char = '\u{2}';

/// The whole page.
pub fn text(run: &Run, plan: Option<&Plan>, lang: Lang) -> String {
    let markdown = report::with_places(run, plan, lang);
    let (body, headings) = body(&markdown, run, lang);
    let links: String = headings
        .iter()
        .map(|(id, title)| format!("<li><a href=\"#{id}\">{title}</a></li>"))
        .collect();
    let (code, title, contents, made) = match lang {
        Lang::En => ("en", "Customer segments", "Contents", "Made by Portray"),
        Lang::Zh => ("zh-Hans", "客户分群", "目录", "由 Portray 生成"),
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <nav aria-label=\"{contents}\"><ul>{links}</ul></nav>\n<main>\n{body}</main>\n\
         <footer>{made} {}.</footer>\n</body>\n</html>\n",
        env!("CARGO_PKG_VERSION")
    )
}

/// The Markdown as HTML, and the headings of the second level with what they are found by.
fn body(markdown: &str, run: &Run, lang: Lang) -> (String, Vec<(String, String)>) {
    let mut headings: Vec<(String, String)> = Vec::new();
    let mut events = Vec::new();
    let mut heading: Option<String> = None;
    let mut is_head = false;
    let mut empty_cell = false;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            // Nothing of the report is HTML; what looks so is text.
            Event::Html(text) | Event::InlineHtml(text) => events.push(Event::Text(text)),
            Event::Text(text) if text.starts_with(PLACE) => {
                let chart = charts::draw(text.trim_start_matches(PLACE), run, lang);
                events.push(Event::InlineHtml(CowStr::from(chart)));
            }
            Event::Start(Tag::Heading { level, .. }) if level as u8 == 2 => {
                heading = Some(String::new());
            }
            Event::End(TagEnd::Heading(level)) if level as u8 == 2 => {
                let title = heading.take().unwrap_or_default();
                let id = format!("part-{}", headings.len() + 1);
                events.push(Event::Html(CowStr::from(format!(
                    "<h2 id=\"{id}\">{title}</h2>\n"
                ))));
                headings.push((id, title));
            }
            Event::Text(text) if heading.is_some() => {
                heading.get_or_insert_default().push_str(&escaped(&text));
            }
            Event::Start(Tag::Table(columns)) => {
                events.push(Event::Html(CowStr::from(
                    "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"",
                )));
                let name = headings
                    .last()
                    .map_or(String::new(), |(_, title)| title.clone());
                events.push(Event::Html(CowStr::from(format!("{name}\">"))));
                events.push(Event::Start(Tag::Table(columns)));
            }
            Event::End(TagEnd::Table) => {
                events.push(Event::End(TagEnd::Table));
                events.push(Event::Html(CowStr::from("</div>\n")));
            }
            event => {
                match &event {
                    Event::Start(Tag::TableHead) => is_head = true,
                    Event::End(TagEnd::TableHead) => is_head = false,
                    Event::Start(Tag::TableCell) => empty_cell = is_head,
                    Event::End(TagEnd::TableCell) if empty_cell => {
                        // A head that names nothing is none to whoever listens to the page.
                        let name = if lang == Lang::En { "What" } else { "项目" };
                        events.push(Event::Text(CowStr::from(name)));
                    }
                    _ => empty_cell = false,
                }
                events.push(event);
            }
        }
    }
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    // A chart is no paragraph.
    let out = out
        .replace("<p><figure>", "<figure>")
        .replace("</figure></p>", "</figure>");
    (out, headings)
}

/// Text as it stands in HTML, between tags and in attributes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
