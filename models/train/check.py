"""Whether a sentence tells what its codes say: the rules at the top of models/lexicon.toml, in Python.

The program's checker (src/narrate) follows the same rules; the recipe uses this one to refuse frames that the
checker would refuse, and to count what the trained model gets right.
"""

import re
import tomllib
from pathlib import Path

MODELS = Path(__file__).resolve().parent.parent
SLOT = re.compile(r"<\|([a-z0-9_/]+)\|>")
MARKS = {"en": ",.;:()", "zh": "，。；：（）"}
STOP = {"en": ".", "zh": "。"}
SHARED = ("strong", "mild", "median", "mean", "neutral")
WANTED = {"much_less": "down", "less": "down", "same": "same", "more": "up", "much_more": "up"}


def load_codes():
    """codes.toml, with the directions and measures filled in for topics that don't name them."""
    codes = tomllib.loads((MODELS / "codes.toml").read_text(encoding="utf8"))
    for topic in codes["topics"].values():
        topic.setdefault("directions", codes["directions"])
        topic.setdefault("measures", ["median", "mean"])
    return codes


class Checker:
    """The lexicon, ready to judge sentences."""

    def __init__(self, path=MODELS / "lexicon.toml"):
        self.codes = load_codes()
        lexicon = tomllib.loads(Path(path).read_text(encoding="utf8"))
        self.tries = {}
        for lang in self.codes["languages"]:
            shared = lexicon[lang]
            for name in self.codes["topics"]:
                own = shared["topics"][name]
                lists = {key: shared[key] for key in SHARED}
                lists |= {key: own.get(key, []) for key in ("words", "also")}
                lists |= {key: own.get(key, shared[key]) for key in ("up", "down", "same")}
                self.tries[lang, name] = (self._phrases(lang, lists), lists)

    @staticmethod
    def _phrases(lang, lists):
        phrases = {}
        for key, entries in lists.items():
            for entry in entries:
                pieces = tuple(entry.split(" ")) if lang == "en" else tuple(entry)
                phrases.setdefault(pieces, set()).add(key)
        return phrases, max(map(len, phrases))

    def faults(self, lang, topic, direction, measure, text):
        """What is wrong with the sentence, in words; an empty list when nothing is."""
        if text.count(STOP[lang]) != 1 or not text.endswith(STOP[lang]):
            return ["not one whole sentence"]
        found = []
        slots, plan = SLOT.findall(text), self.codes["topics"][topic]
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
        taken, unknown = self._cover(lang, topic, text)
        if unknown is not None:
            found.append(f"not in the lexicon: {unknown}")
        wanted = WANTED[direction]
        lists = self.tries[lang, topic][1]
        if self.tries[lang, topic][1]["words"] and "words" not in taken:
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

    def _cover(self, lang, topic, text):
        """The lists of the phrases taken from left to right, and the first piece that none covers."""
        (phrases, longest), _ = self.tries[lang, topic]
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
