"""The gold texts: written by hand, read for training, and held against the checker.

    python gold.py [en|zh]      what the checker refuses, and how many texts there are of each task and language

gold/LANG-*.jsonl hold one text a line: {"task": "persona", "sentences": [{"codes": [...], "text":
"..."}]}, with codes as ../codes.toml has them (without the language's and the task's own) and slots as <|val|>.
One text in ten, by the hash of its line, is held out from training.
"""

import collections
import hashlib
import json
import sys
from pathlib import Path

from check import WANTED, Checker

FOLDER = Path(__file__).resolve().parent / "gold"


def load(lang):
    """The gold texts of a language."""
    lines = [line for path in sorted(FOLDER.glob(f"{lang}-*.jsonl")) for line in path.read_text(encoding="utf8").splitlines()]
    return [json.loads(line) for line in lines if line.strip()]


def is_held_out(text):
    """Whether a gold text is kept from training."""
    return hashlib.sha256(json.dumps(text, ensure_ascii=False).encode()).digest()[0] % 10 == 0


def faults(checker, lang, text):
    """What the checker has against each sentence of a gold text."""
    found, before, task = [], None, text["task"]
    for place, one in enumerate(text["sentences"]):
        codes = one["codes"]
        for fault in _codes(checker, task, codes) or checker.faults(lang, task, codes, one["text"], before, place == 0):
            found.append((one["text"], fault))
        before = (codes[-3], codes[-2]) if task == "persona" else None
    return found


def _codes(checker, task, codes):
    """What is wrong with the codes themselves."""
    data = checker.codes
    if task in ("persona", "compare"):
        groups, group = [], []
        for code in [*codes, data["joint"]]:
            if code == data["joint"]:
                groups.append(group)
                group = []
            else:
                group.append(code)
        for group in groups:
            if len(group) != 3 or group[0] not in data["topics"]:
                return [f"codes {codes}"]
            topic = data["topics"][group[0]]
            if group[1] not in topic["directions"] or group[2] not in topic["measures"]:
                return [f"codes {group}"]
        return []
    if task == "headline":
        fits = len(codes) in (4, 6) and all(one in data["topics"] for one in codes[::2])
        return [] if fits and all(one in WANTED for one in codes[1::2]) else [f"codes {codes}"]
    line = data["lines"].get(codes[0])
    if line is None or line["task"] != task or len(codes) != {"describe": 2, "message": 3, "reason": 1}[task]:
        return [f"codes {codes}"]
    fits = all(code in data["tones"] for code in codes[1:2]) and all(code in data["channels"] for code in codes[2:])
    return [] if fits else [f"codes {codes}"]


def main():
    checker, refused = Checker(), 0
    for lang in sys.argv[1:] or checker.codes["languages"]:
        texts = load(lang)
        for number, text in enumerate(texts, 1):
            for sentence, fault in faults(checker, lang, text):
                refused += 1
                print(f"{lang}:{number} {text['task']}: {sentence}\n    {fault}")
        print(lang, len(texts), dict(collections.Counter(text["task"] for text in texts)),
              "different sentences:", len({one["text"] for text in texts for one in text["sentences"]}))  # fmt: skip
    sys.exit(bool(refused))


if __name__ == "__main__":
    main()
