"""Writes narratives from plans: the grammar that the narrator learns from.

A plan is a list of (topic, direction, measure); frames/en.toml and frames/zh.toml hold the sentences, written by
hand for this project. Every sentence drawn is held against the lexicon (check.py), so that nothing is taught that
the program's checker would refuse.

    python corpus.py --verify          every frame in every direction and measure; prints what is refused
    python corpus.py --show 5 --lang zh
"""

import argparse
import random
import re
import sys
import tomllib
from pathlib import Path

from check import SLOT, WANTED, Checker

FRAMES = Path(__file__).resolve().parent / "frames"
FEATURES = [
    "recency", "orders", "revenue", "sessions", "views", "carts", "view_to_cart", "cart_to_purchase", "conversion",
    "buyers", "aov", "items", "lines", "returns", "evening", "weekend", "tenure", "gap", "regularity", "active_days",
    "products", "categories", "variety", "focus", "price_level", "price_spread", "discount", "searches",
    "query_variety", "words", "search_purchase", "other",
]  # fmt: skip
NAMES = ["category", "categories_two", "product", "query"]
TIMES = ["hour", "weekday"]
# What a rise means for trade: only topics that mean something agree or contrast with one another.
VALENCE = dict.fromkeys(
    "revenue_share orders revenue sessions views carts view_to_cart cart_to_purchase conversion buyers aov items lines"
    " tenure active_days products categories searches search_purchase".split(),
    1,
) | dict.fromkeys("recency gap returns regularity".split(), -1)
COMMON = {"customer", "typical", "average", "theirs", "their"}
WEIGHTS = {"head": 3, "figure": 3, "reason": 2, "with": 2, "full": 2}


def _headless(head):
    """A Chinese head without its subject, for the end of a sentence that has one."""
    return re.sub(r"^他们的?", "", head)


def _split(text):
    """The alternatives of `a|b`, brackets within left alone."""
    parts, depth = [""], 0
    for sign in text:
        depth += (sign == "[") - (sign == "]")
        if sign == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


class Grammar:
    """The frames of one language."""

    def __init__(self, lang, checker):
        self.lang, self.checker = lang, checker
        self.data = tomllib.loads((FRAMES / f"{lang}.toml").read_text(encoding="utf8"))
        self.colon, self.comma = (": ", ", ") if lang == "en" else ("：", "，")
        self.stop = "." if lang == "en" else "。"
        self.sound = set()

    def _options(self, entries, direction, measure):
        strength = "much" if direction.startswith("much") else "mild"
        kept = []
        for entry in entries:
            kind, _, rest = entry.partition(": ")
            if kind in ("median", "mean", "much", "mild"):
                if kind in (measure, strength):
                    kept.append(rest)
            else:
                kept.append(entry)
        return kept

    def _phrase(self, name, direction, measure):
        strength = "much" if direction.startswith("much") else "mild"
        phrases = self.data["phrases"]
        for key in (name, f"{name}_{strength}", f"{name}_{measure}"):
            if key in phrases:
                return phrases[key]
        raise KeyError(f"{self.lang}: no phrase {name} for {direction}, {measure}")

    def _expand(self, rng, frame, direction, measure):
        """A frame with every choice made."""
        frame = SLOT.sub(r"⟨\1⟩", frame)
        while "[" in frame:
            start = next(i for i, sign in enumerate(frame) if sign == "[")
            depth, end = 0, start
            while True:
                depth += (frame[end] == "[") - (frame[end] == "]")
                if depth == 0:
                    break
                end += 1
            frame = frame[:start] + rng.choice(_split(frame[start + 1 : end])) + frame[end + 1 :]
        plural = True
        while match := re.search(r"\{([A-Za-z]+|[+~][^}]+)\}", frame):
            name = match[1]
            if name[0] in "+~":
                pattern = rng.choice(self._phrase("plus" if name[0] == "+" else "tilde", direction, measure))
                text = pattern.replace("*", name[1:])
            else:
                text = rng.choice(self._phrase(name, direction, measure))
            if text.endswith("#"):
                text, plural = text[:-1], False
            text = SLOT.sub(r"⟨\1⟩", text)
            frame = frame[: match.start()] + text + frame[match.end() :]
        frame = re.sub(r"\{([^}/]*)/([^}/]*)\}", lambda forms: forms[2 if plural else 1], frame)
        return re.sub(r"⟨([a-z0-9]+)⟩", r"<|\1|>", re.sub(r"  +", " ", frame))

    def _assemble(self, rng, topic, direction, measure):
        """One sentence before its first letter is set, and the shape it has."""
        data, side = self.data["topics"][topic], WANTED[direction]
        full = self._options(data.get(f"{side}_full", []), direction, measure)
        shapes = ["full"] if "fact" not in data else list(WEIGHTS)
        shape = rng.choices(shapes, [WEIGHTS[shape] for shape in shapes])[0]
        if shape == "full" and not full:
            shape = "head"
        if shape == "full":
            return self._expand(rng, rng.choice(full), direction, measure), shape
        head = rng.choice(data[side])
        # A bare fact leaves the thing counted to the unit in its slot: it needs a head that names it.
        facts = [fact for fact in data["fact"] if shape != "figure" or not fact.startswith("bare: ")]
        fact = rng.choice(self._options([fact.removeprefix("bare: ") for fact in facts], direction, measure))
        compare = rng.choice(self.data["compare"][data["compare"]][side])
        if shape == "with":
            # A comparison with the shop in words is enough beside the figure: the shop's own stands in brackets.
            frame = rng.choice(data["with"]) + self.comma + head + rng.choice(["{vs}", "", ""]) + self.stop
        else:
            frame = {
                "head": head + self.colon + fact + "{vs}",
                "figure": fact + self.comma + compare,
                "reason": fact + "{vs}" + (self.colon + head if self.lang == "en" else self.comma + _headless(head)),
            }[shape] + self.stop
        return self._expand(rng, frame, direction, measure), shape

    def sentence(self, rng, topic, direction, measure, join="", avoid=None):
        """A checked sentence and its shape; `join` is a connective, `avoid` a shape that it shouldn't have."""
        for attempt in range(40):
            text, shape = self._assemble(rng, topic, direction, measure)
            if shape == avoid and shape != "full" and attempt < 3:
                continue
            if len(set(SLOT.findall(text))) < len(SLOT.findall(text)):
                continue
            if shape in ("head", "reason", "with") and self._echoes(text):
                continue
            if not text.startswith(("typically,", "on average,")):
                text = join + text
            if self.lang == "en":
                text = text[0].upper() + text[1:]
            key = (topic, direction, measure, text)
            if key not in self.sound:
                if faults := self.checker.faults(self.lang, topic, direction, measure, text):
                    raise ValueError(f"{self.lang} {topic} {direction} {measure}: {text}\n    {'; '.join(faults)}")
                self.sound.add(key)
            return text, shape
        raise ValueError(f"{self.lang} {topic} {direction} {measure}: no frame with each slot once")

    def _echoes(self, text):
        """Whether the parts of a sentence say the same words twice."""
        if self.lang == "zh":
            runs = re.findall(r"[\u4e00-\u9fff]+", SLOT.sub(" ", text))
            pieces = [run[i : i + 4] for run in runs for i in range(len(run) - 3)]
            return len(pieces) > len(set(pieces))
        seen = [word for word in re.findall(r"[a-z]{5,}", SLOT.sub(" ", text)) if word not in COMMON]
        return len(seen) - len(set(seen)) > 1

    def join(self, rng, before, now):
        """A connective that fits the sentence before, or nothing."""
        if before is None:
            return ""
        sign = {"up": 1, "down": -1, "same": 0}
        old, new = (VALENCE.get(topic, 0) * sign[WANTED[direction]] for topic, direction, _ in (before, now))
        joins = self.data["join"]
        if old * new < 0 and rng.random() < 0.4:
            return rng.choice(joins["contrast"])
        if old * new > 0 and rng.random() < 0.2:
            return rng.choice(joins["addition"])
        if now[1] == "same" and before[1] != "same" and rng.random() < 0.2:
            return rng.choice(joins["aside"])
        return ""

    def narrative(self, rng, plan):
        """The sentences of a plan: a list of (topic, direction, measure, text)."""
        told, before, shape = [], None, None
        for step in plan:
            topic, direction, measure = step
            join = self.join(rng, before, step) if topic != "size" else ""
            text, shape = self.sentence(rng, topic, direction, measure, join, shape)
            told.append((*step, text))
            before = step
        return told


def draw_plan(rng, codes, shuffled=0.15):
    """A plan as the program makes them: size, revenue, features by strength, names, times, one that is as usual."""
    topics, habit = codes["topics"], rng.choice(["median", "median", "mean"])

    def step(topic, directions=None):
        allowed = [d for d in topics[topic]["directions"] if directions is None or d in directions]
        measures = topics[topic]["measures"]
        measure = habit if habit in measures and rng.random() < 0.75 else rng.choice(measures)
        return topic, rng.choice(allowed), measure

    plan = [step("size")]
    if rng.random() < 0.75:
        plan.append(step("revenue_share"))
    told = [step(topic, ("much_less", "less", "more", "much_more")) for topic in rng.sample(FEATURES, rng.randint(4, 7))]
    told.sort(key=lambda one: not one[1].startswith("much"))
    names = rng.sample(NAMES, rng.choice([0, 1, 1, 2]))
    if "category" in names and "categories_two" in names:
        names.remove("category")
    for topic in names + rng.sample(TIMES, rng.choice([0, 0, 1])):
        told.insert(rng.randint(1, len(told)), step(topic))
    if rng.random() < 0.6:
        left = [topic for topic in FEATURES if topic not in {one[0] for one in told}]
        told.insert(len(told) - rng.choice([0, 0, 1]), step(rng.choice(left), ("same",)))
    plan += told
    if rng.random() < shuffled:
        rng.shuffle(plan)
    return plan


def sequence(lang, told):
    """The training text of a narrative, codes and all."""
    parts = [f"<|{lang}|>"]
    for topic, direction, measure, text in told:
        parts.append(f"<|{topic}|><|{direction}|><|{measure}|>{' ' if lang == 'en' else ''}{text}<|/s|>")
    return "".join(parts) + "<|end|>"


def prose(lang, told):
    """The narrative as a reader gets it, slots still open."""
    return (" " if lang == "en" else "").join(text for *_, text in told)


def verify(grammars, codes, draws):
    """Draws every topic in every direction and measure; returns what was refused and how many sentences differ."""
    rng, refused, kinds = random.Random(1), {}, {}
    for lang, grammar in grammars.items():
        for name, topic in codes["topics"].items():
            for direction in topic["directions"]:
                texts = set()
                for measure in topic["measures"]:
                    for _ in range(draws):
                        try:
                            texts.add(grammar.sentence(rng, name, direction, measure)[0])
                        except ValueError as error:
                            refused.setdefault((lang, str(error).splitlines()[-1].strip(), name), str(error))
                kinds[lang, name, direction] = len(texts)
    return refused, kinds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verify", action="store_true")
    parser.add_argument("--draws", type=int, default=300)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--lang", choices=["en", "zh"])
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    checker = Checker()
    grammars = {lang: Grammar(lang, checker) for lang in checker.codes["languages"]}
    if args.verify:
        refused, kinds = verify(grammars, checker.codes, args.draws)
        for message in refused.values():
            print(message)
        print(f"{len(refused)} refused; fewest different sentences: {sorted((n, k) for k, n in kinds.items())[:5]}")
        sys.exit(bool(refused))
    rng = random.Random(args.seed)
    for _ in range(args.show):
        lang = args.lang or rng.choice(checker.codes["languages"])
        print(prose(lang, grammars[lang].narrative(rng, draw_plan(rng, checker.codes))), end="\n\n")


if __name__ == "__main__":
    main()
