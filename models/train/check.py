"""Whether a sentence tells what its codes say: the rules of models/lexicon/README.md, in Python.

The program's checker (src/narrate) follows the same rules; the recipe uses this one to refuse frames and texts that
the checker would refuse, and to count what the trained model gets right.
"""

import re
import tomllib
from pathlib import Path

MODELS = Path(__file__).resolve().parent.parent
SLOT = re.compile(r"<\|([a-z0-9_/]+)\|>")
MARKS = {"en": ",.;:()", "zh": "，。；：（）"}
STOP = {"en": ".", "zh": "。"}
SHARED = ("strong", "mild", "median", "mean", "neutral", "contrast", "addition")
WANTED = {"much_less": "down", "less": "down", "same": "same", "more": "up", "much_more": "up"}
SECOND = {"val2": "val", "pop2": "pop"}


def load_codes():
    """codes.toml, with the directions and measures filled in for topics that don't name them."""
    codes = tomllib.loads((MODELS / "codes.toml").read_text(encoding="utf8"))
    for topic in codes["topics"].values():
        topic.setdefault("directions", codes["directions"])
        topic.setdefault("measures", ["median", "mean"])
        topic.setdefault("valence", 0)
    return codes


class Checker:
    """The lexicon, ready to judge sentences."""

    def __init__(self, folder=MODELS / "lexicon"):
        self.codes = load_codes()
        self.lexicon, self.tries = {}, {}
        for lang in self.codes["languages"]:
            lexicon = tomllib.loads((Path(folder) / f"{lang}.toml").read_text(encoding="utf8"))
            self.lexicon[lang] = lexicon
            shared = {key: lexicon[key] for key in SHARED}
            for name in self.codes["topics"]:
                own = lexicon["topics"][name]
                lists = shared | {key: own.get(key, []) for key in ("words", "also")}
                lists |= {key: own.get(key, lexicon[key]) for key in ("up", "down", "same")}
                self._add(lang, name, lists)
                self._add(lang, f"compare {name}", lists | {"beside": lexicon["compare"]["words"]})
            for name in self.codes["lines"]:
                lists = {"words": lexicon["lines"].get(name, {}).get("words", []), "neutral": lexicon["lines"]["neutral"]}
                self._add(lang, name, lists)
            traits = {
                f"{topic} {side}": phrases for topic, sides in lexicon["traits"].items() for side, phrases in sides.items()
            }
            keep = {key: shared[key] for key in ("contrast", "addition")}
            self._add(lang, "headline", traits | keep | {"neutral": lexicon["headline"]["neutral"]})

    def _add(self, lang, name, lists):
        phrases = {}
        for key, entries in lists.items():
            for entry in entries:
                pieces = tuple(entry.split(" ")) if lang == "en" else tuple(entry)
                phrases.setdefault(pieces, set()).add(key)
        self.tries[lang, name] = (phrases, max(map(len, phrases), default=0), lists)

    def relation(self, before, now):
        """What two told facts, as (topic, direction), are to each other: contrast, addition or nothing."""
        sign = {"up": 1, "down": -1, "same": 0}
        product = 1
        for topic, direction in (before, now):
            product *= self.codes["topics"][topic]["valence"] * sign[WANTED[direction]]
        return {-1: "contrast", 1: "addition"}.get(product)

    def faults(self, lang, task, codes, text, before=None, first=False):
        """What is wrong with the sentence, in words; an empty list when nothing is.

        `codes` as in codes.toml, without the task's own; `before` is the last fact of the sentence before, as
        (topic, direction); `first` says that the sentence opens a comparison.
        """
        if task in ("persona", "compare") and self.codes["joint"] in codes:
            return self._pair(lang, codes, text, before)
        if task in ("persona", "compare"):
            topic, direction, measure = codes
            plan = dict(self.codes["topics"][topic])
            if task == "compare":
                plan |= {"must": ["val", "pop"] + ["name", "name2"] * first, "may": []}
            relation = self.relation(before, (topic, direction)) if before else None
            name = topic if task == "persona" else f"compare {topic}"
            found, taken = self._form(lang, name, plan, text)
            return found + self._meaning(lang, name, direction, measure, taken) + self._links(taken, relation)
        if task == "headline":
            return self._headline(lang, codes, text)
        return self._form(lang, codes[0], self.codes["lines"][codes[0]], text)[0]

    def _form(self, lang, name, plan, text):
        """Faults of form, slots and words, and the lists of the phrases taken."""
        if text.count(STOP[lang]) != 1 or not text.endswith(STOP[lang]):
            return ["not one whole sentence"], set()
        slots, found = SLOT.findall(text), []
        found += [f"slot {slot} missing" for slot in plan["must"] if slot not in slots]
        found += [f"slot {slot} not allowed" for slot in slots if slot not in plan["must"] + plan["may"]]
        if len(set(slots)) < len(slots):
            found.append("a slot twice")
        if re.search(r"\d", SLOT.sub("", text)):
            found.append("a digit")
        if lang == "en" and not (text.startswith("<|") or "A" <= text[0] <= "Z"):
            found.append("no capital")
        if "  " in text or (lang == "zh" and " " in text):
            found.append("a stray blank")
        taken, unknown = self._cover(lang, name, text)
        if unknown is not None:
            found.append(f"not in the lexicon: {unknown}")
        return found, taken

    def _meaning(self, lang, name, direction, measure, taken):
        lists, wanted, found = self.tries[lang, name][2], WANTED[direction], []
        if lists["words"] and "words" not in taken:
            found.append("no word of the topic")
        if lists[wanted] and wanted not in taken:
            found.append(f"no phrase of {wanted}")
        found += [f"a phrase of {other}" for other in ("up", "down", "same") if other != wanted and other in taken]
        if "strong" in taken and not direction.startswith("much"):
            found.append("too strong")
        if "mild" in taken and direction not in ("less", "more"):
            found.append("too mild")
        found += [f"{other} wording" for other in ("median", "mean") if other != measure and other in taken]
        return found

    @staticmethod
    def _links(taken, relation):
        return [f"a word of {link}" for link in ("contrast", "addition") if link in taken and link != relation]

    def _pair(self, lang, codes, text, before):
        """Two claims in one sentence: cut it at one of the joins so that each part is right by itself."""
        middle = codes.index(self.codes["joint"])
        first, second = codes[:middle], codes[middle + 1 :]
        relation = self.relation(first[:2], second[:2])
        best = ["no join between two claims"]
        for cut in re.finditer(self._joins(lang), text):
            head, tail = text[: cut.start()] + STOP[lang], text[cut.end() :]
            tail = SLOT.sub(lambda slot: f"<|{SECOND.get(slot[1], slot[1] + '!')}|>", tail)
            if lang == "en":
                tail = tail[:1].upper() + tail[1:]
            found = self.faults(lang, "persona", first, head, before)
            found += self.faults(lang, "persona", second, tail) if tail else ["nothing after the join"]
            if cut["word"] in self.lexicon[lang]["contrast"] and relation != "contrast":
                found.append("a word of contrast")
            if not found:
                return found
            if best == ["no join between two claims"] or len(found) < len(best):
                best = found
        return best

    def _joins(self, lang):
        words = "|".join(sorted(self.lexicon[lang]["joins"], key=len, reverse=True))
        return rf"(?:(?:, |; )(?P<word>{words}) |; )" if lang == "en" else rf"[，；](?P<word>{words}|)"

    def _headline(self, lang, codes, text):
        """Each fact told once by a phrase of its own, and nothing else."""
        found, taken = self._form(lang, "headline", {"must": [], "may": []}, text)
        pairs = list(zip(codes[::2], codes[1::2], strict=True))
        told = {f"{topic} {WANTED[direction]}" for topic, direction in pairs}
        named = {entry for entry in taken if " " in entry}
        found += [f"{fact} not told" for fact in told - named]
        found += [f"{fact} told" for fact in named - told]
        relations = {self.relation(one, other) for one, other in zip(pairs, pairs[1:], strict=False)}
        if "contrast" in taken and "contrast" not in relations:
            found.append("a word of contrast")
        return found

    def _cover(self, lang, name, text):
        """The lists of the phrases taken from left to right, and the first piece that none covers."""
        phrases, longest, _ = self.tries[lang, name]
        taken = set()
        for stretch in re.split("[" + re.escape(MARKS[lang]) + "]|" + SLOT.pattern.replace("(", "(?:"), text):
            pieces = tuple(stretch.lower().split()) if lang == "en" else tuple(stretch)
            start = 0
            while start < len(pieces):
                for length in range(min(longest, len(pieces) - start), 0, -1):
                    lists = phrases.get(pieces[start : start + length])
                    if lists:
                        taken |= lists
                        start += length
                        break
                else:
                    return taken, pieces[start] if lang == "en" else stretch[start:]
        return taken, None
