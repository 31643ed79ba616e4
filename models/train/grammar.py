"""The grammar that the narrator learns from: sentences for codes, out of frames written by hand.

frames/en.toml and frames/zh.toml hold the frames; models/lexicon holds the phrases of headlines. Every sentence drawn
is held against the lexicon (check.py), so that nothing is taught that the program's checker would refuse.
"""

import hashlib
import re
import tomllib
from pathlib import Path

from check import SLOT, WANTED

FRAMES = Path(__file__).resolve().parent / "frames"
# Lists shorter than this are taught whole: without one of its few frames a topic would be told in one way only.
SPLIT_FROM = 6
HELD_OUT_OF = 12
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


def _tagged(entry):
    """The tags before a line's frame, each a set of codes of which one must stand, and the frame."""
    tags = []
    while entry.startswith("@"):
        tag, _, entry = entry.partition(" ")
        tags.append(set(tag[1:].split(",")))
    return tags, entry


def _is_held_out(lang, frame):
    return hashlib.sha256(f"{lang}\n{frame}".encode()).digest()[0] % HELD_OUT_OF == 0


class Grammar:
    """The frames of one language: all but those held out, or (`held_out`) of each list those held out alone."""

    def __init__(self, lang, checker, held_out=False):
        self.lang, self.checker, self.held_out = lang, checker, held_out
        self.data = tomllib.loads((FRAMES / f"{lang}.toml").read_text(encoding="utf8"))
        self.traits = checker.lexicon[lang]["traits"]
        self.comma = ", " if lang == "en" else "，"
        self.stop = "." if lang == "en" else "。"
        self.sound = set()

    def _part(self, entries):
        """The entries of this grammar's part."""
        if len(entries) < SPLIT_FROM:
            return entries
        kept = [entry for entry in entries if _is_held_out(self.lang, entry) == self.held_out]
        return kept or entries

    def _options(self, entries, direction, measure):
        strength = "much" if direction.startswith("much") else "mild"
        for part in (self._part(entries), entries):
            kept = []
            for entry in part:
                kind, _, rest = entry.partition(": ")
                if kind not in ("median", "mean", "much", "mild"):
                    kept.append(entry)
                elif kind in (measure, strength):
                    kept.append(rest)
            if kept:
                break
        return kept

    def _phrase(self, name, direction, measure):
        strength = "much" if direction.startswith("much") else "mild"
        phrases = self.data["phrases"]
        for key in (name, f"{name}_{strength}", f"{name}_{measure}"):
            if key in phrases:
                return phrases[key]
        raise KeyError(f"{self.lang}: no phrase {name} for {direction}, {measure}")

    @staticmethod
    def _choose(rng, frame):
        """A frame without brackets: of each one of its alternatives; slots are set apart, for they hold bars too."""
        frame = SLOT.sub(r"⟨\1⟩", frame)
        while "[" in frame:
            start = frame.index("[")
            depth, end = 0, start
            while True:
                depth += (frame[end] == "[") - (frame[end] == "]")
                if depth == 0:
                    break
                end += 1
            frame = frame[:start] + rng.choice(_split(frame[start + 1 : end])) + frame[end + 1 :]
        return frame

    def _expand(self, rng, frame, direction, measure):
        """A frame with every choice made."""
        frame = self._choose(rng, frame)
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
            text = self._choose(rng, text)
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
                "head": head + rng.choice(self.data["restate"]["head"]) + fact + "{vs}",
                "figure": fact + self.comma + compare,
                "reason": fact + "{vs}" + rng.choice(self.data["restate"]["reason"]) + self._rest(head),
            }[shape] + self.stop
        return self._expand(rng, frame, direction, measure), shape

    def _rest(self, head):
        """A head after its figure."""
        return head if self.lang == "en" else _headless(head)

    def _clause(self, rng, topic, direction, measure, avoid=None):
        """A sentence before its first letter is set, each slot once, and its shape; `avoid` is one to pass over."""
        for attempt in range(40):
            text, shape = self._assemble(rng, topic, direction, measure)
            if shape == avoid and shape != "full" and attempt < 3:
                continue
            if len(set(SLOT.findall(text))) < len(SLOT.findall(text)):
                continue
            if shape in ("head", "reason", "with") and self._echoes(text):
                continue
            return text, shape
        raise ValueError(f"{self.lang} {topic} {direction} {measure}: no frame with each slot once")

    def _finish(self, task, codes, text, before=None, first=False):
        """The sentence with its first letter set, once the checker has nothing against it."""
        if self.lang == "en":
            text = text[0].upper() + text[1:]
        key = (task, *codes, before, first, text)
        if key not in self.sound:
            if faults := self.checker.faults(self.lang, task, codes, text, before, first):
                raise ValueError(f"{self.lang} {task} {' '.join(codes)}: {text}\n    {'; '.join(faults)}")
            self.sound.add(key)
        return text

    def sentence(self, rng, codes, before=None, avoid=None):
        """A checked sentence of a persona for one fact or two, and its shape."""
        if self.checker.codes["joint"] in codes:
            return self._pair(rng, codes, before), "pair"
        text, shape = self._clause(rng, *codes, avoid)
        if not text.startswith(("typically,", "on average,")) and codes[0] != "size":
            text = self._link(rng, before, codes) + self._opened(rng, text)
        return self._finish("persona", codes, text, before), shape

    def _opened(self, rng, text):
        """A sentence about "them" that now and then begins with another word for them, or with words before it."""
        opening = self.data.get("opening")
        if not opening:
            return text
        if text.startswith("they ") and rng.random() < 0.5:
            text = rng.choice(opening["they"]) + text.removeprefix("they")
        if text.startswith(("they ", "their ")) and rng.random() < 0.15:
            text = rng.choice(opening["before"]) + text
        return text

    def _pair(self, rng, codes, before):
        """Two clauses joined, or set against each other."""
        first, second = codes[:3], codes[4:]
        contrast = self.checker.relation(first[:2], second[:2]) == "contrast"
        joins = self.data["pair"]["contrast" if contrast and rng.random() < 0.75 else "plain"]
        fault = ValueError(f"{self.lang} persona {' '.join(codes)}: no clauses short enough to stand together")
        for _ in range(30):
            head, tail = self._clause(rng, *first)[0], self._clause(rng, *second)[0]
            if tail.startswith(("typically,", "on average,")) or len(head) + len(tail) > self.data["pair"]["longest"]:
                continue
            if self.lang == "zh" and rng.random() < 0.7:
                tail = _headless(tail)
            tail = SLOT.sub(lambda slot: f"<|{slot[1]}2|>", tail)
            head = self._link(rng, before, first) + head if rng.random() < 0.5 else head
            try:
                return self._finish("persona", codes, head[:-1] + rng.choice(joins) + tail, before)
            except ValueError as error:
                # "and what is more ...": some clauses read as one alone, not as the half of a sentence.
                fault = error
        raise fault

    def headline(self, rng, codes):
        """One sentence without figures for two or three facts as topic, direction, topic, direction."""
        facts = list(zip(codes[::2], codes[1::2], strict=True))
        last = self.checker.relation(facts[-2], facts[-1])
        frames = self._part(self.data["headline"][f"{'contrast' if last == 'contrast' else 'plain'}{len(facts)}"])
        text = rng.choice(frames)
        for place, (topic, direction) in enumerate(facts, 1):
            text = text.replace(f"{{{place}}}", rng.choice(self.traits[topic][WANTED[direction]]))
        return self._finish("headline", codes, self._expand(rng, text, "more", "exact"))

    def comparison(self, rng, codes, first):
        """A sentence that sets one segment against another."""
        topic, direction, measure = codes
        data, frames = self.data["topics"][topic], self.data["compare_two"]["first" if first else "next"]
        head = re.sub(r"\{(than|bi)\}", "", rng.choice(data[WANTED[direction]]))
        fact = rng.choice(self._options([fact.removeprefix("bare: ") for fact in data["fact"]], direction, measure))
        text = rng.choice(self._part(frames))
        for name, part in (("head", head), ("headless", _headless(head)), ("fact", fact)):
            text = text.replace(f"{{{name}}}", part)
        return self._finish("compare", codes, self._expand(rng, text, direction, measure), first=first)

    def _open(self, codes):
        """The codes that a tag may ask for here: a product's text has no channel, a reason no tone either."""
        data = self.checker.codes
        return set(data["tones"] * (len(codes) > 1) + data["channels"] * (len(codes) > 2))

    def line(self, rng, codes):
        """A sentence of a product's text, a message or a reason."""
        task = self.checker.codes["lines"][codes[0]]["task"]
        frames = [
            text
            for tags, text in map(_tagged, self.data["lines"][codes[0]])
            if all(tag & set(codes) or not tag & self._open(codes) for tag in tags)
        ]
        return self._finish(task, codes, self._expand(rng, rng.choice(self._part(frames)), "more", "exact"))

    def _echoes(self, text):
        """Whether the parts of a sentence say the same words twice."""
        if self.lang == "zh":
            runs = re.findall(r"[\u4e00-\u9fff]+", SLOT.sub(" ", text))
            pieces = [run[i : i + 4] for run in runs for i in range(len(run) - 3)]
            return len(pieces) > len(set(pieces))
        seen = [word for word in re.findall(r"[a-z]{5,}", SLOT.sub(" ", text)) if word not in COMMON]
        return len(seen) - len(set(seen)) > 1

    def _link(self, rng, before, now):
        """A connective that fits the fact before, or nothing."""
        if before is None:
            return ""
        relation, joins = self.checker.relation(before, now[:2]), self.data["join"]
        if relation == "contrast" and rng.random() < 0.4:
            return rng.choice(joins["contrast"])
        if relation == "addition" and rng.random() < 0.2:
            return rng.choice(joins["addition"])
        if now[1] == "same" and before[1] != "same" and rng.random() < 0.2:
            return rng.choice(joins["aside"])
        return ""
