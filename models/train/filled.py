"""The English gold narratives with figures and names in their slots, one text a line, to be read by another model.

    portray --json show 1 > one.json; portray --json show 2 > two.json
    python filled.py one.json two.json > gold.txt
    portray model perplexity OTHER.gguf gold.txt narratives.txt

Each slot takes the figure of a fact of the same topic and measure from the segments given, so that the texts differ from
the program's own in their words alone.
"""

import itertools
import json
import re
import sys

import gold

SYMBOLS = {"money": "£{}", "%": "{}%"}
NAMED = {"category": "category", "categories_two": "category", "product": "product", "query": "query"}


def shown(value, unit):
    """A figure as the program shows it."""
    if unit == "hour":
        return f"{int(value):02}:00"
    if unit == "weekday":
        return ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][int(value) - 1]
    if isinstance(value, str):
        return f"“{value}”"
    number = f"{value:,.2f}".rstrip("0").rstrip(".")
    if unit in SYMBOLS:
        return SYMBOLS[unit].format(number)
    if unit in ("number", "name"):
        return number
    return f"{number} {unit.replace('_', ' ')}"


class Facts:
    """The segments' facts by topic and measure, taken in turn."""

    def __init__(self, segments):
        by_topic = {}
        for segment in segments:
            facts = {fact["id"]: fact for fact in segment["facts"]}
            for fact in segment["facts"]:
                topic = fact["topic"] or fact["id"].split(".")[0]
                by_topic.setdefault(topic, []).append((facts, fact))
        self.by_topic = {topic: itertools.cycle(all_) for topic, all_ in by_topic.items()}
        self.any = itertools.cycle([one for all_ in by_topic.values() for one in all_])

    def fill(self, codes, text):
        """The sentence with its slots filled."""
        topics = [codes[0]] + ([codes[4]] if len(codes) > 4 else [])
        for place, topic in enumerate(topics):
            source = self.by_topic.get(NAMED.get(topic, topic), self.any)
            facts, fact = next(source)
            base = fact["id"].removesuffix(".share").removesuffix(".lift")
            share, lift = facts.get(base + ".share", fact), facts.get(base + ".lift", fact)
            _, other = next(source)
            is_name = isinstance(fact["value"], str) or topic in ("hour", "weekday")
            figure = share if is_name else fact
            size = {key: facts["size." + key] for key in ("users", "share")}
            values = {
                "val": shown(figure["value"], figure["unit"]),
                "pop": shown(figure["population"] or 1.0, figure["unit"]),
                "ratio": shown(lift["value"], lift["unit"]),
                "name": shown(fact["value"], fact["unit"]),
                "name2": shown(other["value"], other["unit"]),
                "users": f"{size['users']['value']:.0f} customers",
                "share": shown(size["share"]["value"], "%"),
                "label": fact["label"]["en"].lower(),
            }
            for slot, value in values.items():
                text = text.replace(f"<|{slot}{'2' if place and slot in ('val', 'pop') else ''}|>", value)
        return text


def main():
    facts = Facts([json.load(open(path, encoding="utf-8")) for path in sys.argv[1:]])
    for text in gold.load("en"):
        if text["task"] == "persona":
            line = " ".join(facts.fill(one["codes"], one["text"]) for one in text["sentences"])
            if not re.search(r"<\|", line):
                print(line)


if __name__ == "__main__":
    main()
