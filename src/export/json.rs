//! `segments.json`, as `docs/segments.schema.md` describes it.

use serde_json::{Value, json};

use super::{SCHEMA, text};
use crate::records::{Audit, Fact, Narrative, Plan, Reconciliation, Rule, Run, Segment};
use crate::words::Lang;

/// The file: the same run gives the same bytes.
pub fn bytes(run: &Run, plan: Option<&Plan>, lang: Lang) -> Vec<u8> {
    pretty(&json!({
        "schema": SCHEMA,
        "lang": lang,
        "run": {
            "seed": run.seed,
            "k": run.k,
            "users": run.users,
            "silhouette": run.silhouette.map(six),
            "inertia": six(run.inertia),
            "currency": run.currency,
            "candidates": run.candidates.iter().map(|tried| json!({
                "k": tried.k,
                "silhouette": tried.silhouette.map(six),
                "silhouette_margin": six(tried.silhouette_margin),
                "inertia": six(tried.inertia),
                "davies_bouldin": tried.davies_bouldin.map(six),
                "calinski_harabasz": tried.calinski_harabasz.map(six),
                "stability": tried.stability.map(six),
                "shuffled": tried.control.map(|control| json!({
                    "silhouette": control.silhouette.map(six),
                    "inertia": six(control.inertia),
                    "davies_bouldin": control.davies_bouldin.map(six),
                    "calinski_harabasz": control.calinski_harabasz.map(six),
                    "stability": control.stability.map(six),
                })),
            })).collect::<Vec<_>>(),
            "recommendation": run.evidence.recommendation.as_ref().map(|found| json!({
                "k": found.k,
                "structure": found.structure,
                "reason": found.reason.get(lang),
                "silhouette_users": found.silhouette_users,
                "bootstrap_users": found.bootstrap_users,
                "refits": found.refits,
            })),
            "membership": run.evidence.membership.map(|found| json!({
                "temperature": six(found.temperature),
                "calibration_error": six(found.calibration_error),
                "hard_objective": six(found.hard_objective),
                "soft_objective": six(found.soft_objective),
                "between": found.between,
            })),
            "fidelity": run.evidence.fidelity.map(six),
            "continuity": run.evidence.continuity,
            "audits": run.evidence.audits.iter().map(|one| audit(one, lang)).collect::<Vec<_>>(),
            "rules": run.rules.as_ref().map(|title| title.get(lang)),
            "notes": run.notes,
        },
        "input": run.input,
        "reconciliation": run.reconciliation.as_ref().map(|sums| reconciliation(sums, lang)),
        "cohorts": run.cohorts,
        "campaign": plan.map(campaign),
        "segments": run.segments.iter().map(|one| segment(one, lang)).collect::<Vec<_>>(),
    }))
}

/// A plan without its number and time, which are no part of what a run tells.
fn campaign(plan: &Plan) -> Value {
    let mut value = json!(plan);
    if let Some(fields) = value.as_object_mut() {
        for field in ["id", "run", "created_at"] {
            fields.shift_remove(field);
        }
    }
    value
}

fn audit(audit: &Audit, lang: Lang) -> Value {
    json!({
        "attribute": audit.attribute,
        "groups": audit.groups,
        "rows": audit.rows.iter().map(|row| json!({
            "segment": row.segment,
            "group": row.group,
            "users": row.users,
            "share": six(row.share),
            "expected": six(row.expected),
            "ratio": six(row.ratio),
            "interval": [six(row.interval.0), six(row.interval.1)],
            "is_flagged": row.is_flagged,
        })).collect::<Vec<_>>(),
        "balance": six(audit.balance),
        "bound": audit.bound.as_ref().map(|bound| json!({
            "ratio": six(bound.ratio),
            "balance_before": six(bound.balance_before),
            "balance_after": six(bound.balance_after),
            "price": six(bound.price),
            "moved": bound.moved,
            "out_of_reach": bound.out_of_reach,
        })),
        "proxies": audit.proxies.iter().map(|one| json!({
            "feature": one.feature,
            "label": one.label.get(lang),
            "strength": six(one.strength),
            "group": one.group,
        })).collect::<Vec<_>>(),
    })
}

fn rule(rule: &Rule, lang: Lang) -> Value {
    json!({
        "bounds": rule.bounds.iter().map(|bound| json!({
            "feature": bound.feature,
            "label": bound.label.get(lang),
            "unit": bound.unit,
            "is_above": bound.is_above,
            "limit": six(bound.limit),
        })).collect::<Vec<_>>(),
        "cover": six(rule.cover),
        "precision": six(rule.precision),
    })
}

/// JSON for people too: indented, one newline at the end, nothing in it that acts on a terminal.
pub fn pretty(value: &Value) -> Vec<u8> {
    let mut json = text::visible_json(&format!("{value:#}"));
    json.push('\n');
    json.into_bytes()
}

fn reconciliation(sums: &Reconciliation, lang: Lang) -> Value {
    json!({
        "first_day": sums.first_day,
        "last_day": sums.last_day,
        "gross": six(sums.gross),
        "tax_and_shipping": six(sums.tax_and_shipping),
        "discounts": six(sums.discounts),
        "returns": six(sums.returns),
        "excluded": six(sums.excluded),
        "unattributed": six(sums.unattributed),
        "net": six(sums.net),
        "returned_lines": sums.returned_lines,
        "unmatched_returns": sums.unmatched_returns,
        "unmatched_amount": six(sums.unmatched_amount),
        "left_out": sums.left_out.iter().map(|one| json!({
            "reason": one.reason,
            "title": one.title.get(lang),
            "rows": one.rows,
            "amount": six(one.amount),
        })).collect::<Vec<_>>(),
    })
}

fn segment(segment: &Segment, lang: Lang) -> Value {
    json!({
        "id": segment.id,
        "kind": segment.kind,
        "name": segment.name.get(lang),
        "given_name": segment.given_name,
        "tags": segment.tags,
        "note": segment.note,
        "users": segment.users,
        "share": six(segment.share),
        "nearest": segment.nearest,
        "previous": segment.previous,
        "recovery": segment.standing.recovery.map(six),
        "weak": segment.standing.is_weak(),
        "rules": segment.standing.rules.iter().map(|one| rule(one, lang)).collect::<Vec<_>>(),
        "withheld": segment.withheld,
        "facts": segment.facts.iter().map(|one| fact(one, lang)).collect::<Vec<_>>(),
        "narrative": segment.narrative.as_ref().map(narrative),
    })
}

fn fact(fact: &Fact, lang: Lang) -> Value {
    json!({
        "id": fact.id,
        "label": fact.label.get(lang),
        "value": fact.value,
        "unit": fact.unit,
        "population": fact.population,
        "difference": fact.difference.map(six),
        "ratio": fact.ratio().map(six),
        "others": fact.others,
        "nearest": fact.nearest,
        "before": fact.before,
        "support": fact.support,
        "source": fact.source,
    })
}

fn narrative(narrative: &Narrative) -> Value {
    json!({
        "lang": narrative.lang,
        "text": narrative.text,
        "status": narrative.status,
        "samples": narrative.samples,
        "sentences": narrative.sentences,
        "headline": narrative.headline,
        "suggestion": narrative.suggestion,
        "versions": narrative.versions,
        "is_accepted": narrative.is_accepted,
    })
}

/// Six decimals; what is no number becomes `null`.
fn six(value: f64) -> f64 {
    let rounded = (value * 1e6).round() / 1e6;
    if rounded == 0.0 { 0.0 } else { rounded }
}
