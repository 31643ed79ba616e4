"""How much of the narratives stands in the training texts word for word: runs of 20 tokens, slots aside.

    portray model eval --texts texts.jsonl
    python novelty.py texts.jsonl --plans plans/*.jsonl --draws 20000

Training draws its texts anew for every row, so there is no file of them: this draws as many with the same grammar, gold
texts and plans. A figure or a name, of which the model saw only the slot, counts as one sign on both sides. Prints, for
each language, the narratives of which at least one run of 20 tokens was found.
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

UNITS = {
    "en": r"(?:%| (?:customers?|days?|orders?|items?|products?|categor(?:y|ies)|views?|search(?:es)?|cart additions?"
    r"|sessions?|events?|words?|times)\b)?",
    "zh": "(?:%|位用户|天|单|件|种商品|个品类|次浏览|次搜索|次加购|次会话|个事件|个词|倍)?",
}
FIGURE = {lang: re.compile(r"“[^”]*”|[£$€¥]?-?\d[\d,]*(?:[.:]\d+)?" + units) for lang, units in UNITS.items()}
SLOT = re.compile(r"<\|[^|]*\|>")


def runs(tokenizer, pieces):
    """The runs of 20 tokens of a text that is cut at its slots."""
    tokens = []
    for place, piece in enumerate(pieces):
        tokens += [-1] * (place > 0) + tokenizer.encode(piece, add_special_tokens=False).ids
    return {hash(tuple(tokens[at : at + RUN])) for at in range(len(tokens) - RUN + 1)}


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
        taught = set()
        for _ in range(args.draws):
            taught |= runs(tokenizer, SLOT.split(prose(lang, corpus.draw(rng, "persona")[1])))
        own = [text["text"] for text in texts if text["lang"] == lang]
        found = sum(bool(runs(tokenizer, FIGURE[lang].split(text)) & taught) for text in own)
        print(f"{lang}: {found} of {len(own)} narratives ({100 * found / max(1, len(own)):.1f}%) have a run of {RUN} "
              f"tokens that stands in {args.draws} training texts")  # fmt: skip


if __name__ == "__main__":
    main()
