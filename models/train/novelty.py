"""How much of the narratives stands in the training texts word for word: runs of 20 tokens, slots aside.

    portray model eval --texts texts.jsonl
    python novelty.py texts.jsonl --plans plans/*.jsonl --draws 20000

Training draws its texts anew for every row, so there is no file of them: this draws as many with the same grammar, gold
texts and plans. A figure or a name, of which the model saw only the slot, is the same sign on both sides. Prints, for
each language, the narratives of which at least one run was found: of 20 tokens of words, whatever slots lie between, and
of 20 tokens with each slot counted as one of them, which is shorter and so found more often.
"""

import argparse
import json
import random
import re

from check import Checker
from corpus import Corpus, prose
from plans import Plans, read
from tokenizers import Tokenizer

RUN = 20
SLOT_SIGN = -1

UNITS = {
    "en": r"(?:%| (?:customers?|days?|orders?|items?|products?|categor(?:y|ies)|views?|search(?:es)?|cart additions?"
    r"|sessions?|events?|words?|times)\b)?",
    "zh": "(?:%|位用户|天|单|件|种商品|个品类|次浏览|次搜索|次加购|次会话|个事件|个词|倍)?",
}
FIGURE = {lang: re.compile(r"“[^”]*”|[£$€¥]?-?\d[\d,]*(?:[.:]\d+)?" + units) for lang, units in UNITS.items()}
SLOT = re.compile(r"<\|[^|]*\|>")


def runs(tokenizer, pieces, counts_slots):
    """The runs of 20 tokens of a text that is cut at its slots; slots are compared also where they are not counted."""
    tokens = []
    for place, piece in enumerate(pieces):
        tokens += [SLOT_SIGN] * (place > 0) + tokenizer.encode(piece, add_special_tokens=False).ids
    counted = [at for at, token in enumerate(tokens) if counts_slots or token != SLOT_SIGN]
    return {hash(tuple(tokens[first : last + 1])) for first, last in zip(counted, counted[RUN - 1 :], strict=False)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts")
    parser.add_argument("--plans", nargs="*", default=[])
    parser.add_argument("--tokenizer", default="build/tokenizer.json")
    parser.add_argument("--draws", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=11)
    args = parser.parse_args()
    tokenizer = Tokenizer.from_file(args.tokenizer)
    checker = Checker()
    texts = [json.loads(line) for line in open(args.texts, encoding="utf-8")]
    for lang in checker.codes["languages"]:
        rng = random.Random(args.seed)
        corpus = Corpus(lang, checker, Plans(checker.codes, read(args.plans)))
        taught = {True: set(), False: set()}
        for _ in range(args.draws):
            pieces = SLOT.split(prose(lang, corpus.draw(rng, "persona")[1]))
            for counts_slots, seen in taught.items():
                seen |= runs(tokenizer, pieces, counts_slots)
        own = [FIGURE[lang].split(text["text"]) for text in texts if text["lang"] == lang]
        for counts_slots, seen in taught.items():
            found = sum(bool(runs(tokenizer, pieces, counts_slots) & seen) for pieces in own)
            print(f"{lang}: {found} of {len(own)} narratives ({100 * found / max(1, len(own)):.1f}%) have a run of {RUN} "
                  f"tokens{', slots among them,' if counts_slots else ''} that stands in {args.draws} training texts")  # fmt: skip


if __name__ == "__main__":
    main()
