"""Teaches the shipped narrator a shop's own voice.

    python finetune.py pairs.jsonl --out mine [--from ../portray-narrator.gguf] [--minutes 5]
    portray narrate --model mine/narrator.gguf

Each line of pairs.jsonl is a text and the facts that it tells, in the form of the gold set (gold.py):

    {"lang": "en", "task": "persona", "facts": [["orders", "more", "median"], ["aov", "less", "median"]],
     "text": ["They typically order more often: <|val|>, where the shop's figure is <|pop|>.", "..."]}

one sentence for each entry of `facts`; an entry is the codes of ../codes.toml, figures and names are slots. Sentences
that the program's checker would refuse are refused here, with the reason: the program would never show them. The
pairs make --share of what is taught; the rest is the corpus of the shipped model, so that it forgets nothing.
Writes into --out: narrator.gguf, loss.csv, run.json.
"""

import argparse
import json
import random
import subprocess
import sys
from pathlib import Path

import gold
import learn
import torch
from check import Checker
from corpus import Corpus, sequence
from plans import Plans
from weights import load, tokenizer_of

HERE = Path(__file__).resolve().parent


def read_pairs(path, checker):
    """The pairs as (language, task, told), and what is wrong with the others."""
    pairs, wrong = [], []
    for number, line in enumerate(path.read_text(encoding="utf8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            pair = json.loads(line)
            lang, task = pair["lang"], pair.get("task", "persona")
            if lang not in checker.codes["languages"] or task not in ("persona", *checker.codes["tasks"]):
                raise ValueError(f"no such language or task: {lang}, {task}")
            told = list(zip(pair["facts"], pair["text"], strict=True))
        except (ValueError, KeyError, TypeError) as error:
            wrong.append(f"line {number}: {error!r}")
            continue
        sentences = [{"codes": codes, "text": text} for codes, text in told]
        faults = gold.faults(checker, lang, {"task": task, "sentences": sentences})
        wrong += [f"line {number}: {text}: {fault}" for text, fault in faults]
        if not faults:
            pairs.append((lang, task, told))
    return pairs, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--from", dest="start", type=Path, default=HERE.parent / "portray-narrator.gguf")
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--share", type=float, default=0.5, help="of the texts, how many are the pairs'")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--rows", type=int, default=4)
    parser.add_argument("--length", type=int, default=512)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=20)
    args = parser.parse_args()
    if (args.minutes is None) == (args.steps is None):
        args.minutes, args.steps = 5.0, None
    checker = Checker()
    pairs, wrong = read_pairs(args.pairs, checker)
    print(*wrong, sep="\n")
    if not pairs:
        sys.exit("no pair is left to learn from")
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    model, _ = load(args.start)
    tokenizer = tokenizer_of(args.start)
    codes = checker.codes
    corpora = {lang: Corpus(lang, checker, Plans(codes)) for lang in codes["languages"]}

    def draw(rng):
        if rng.random() < args.share:
            lang, task, told = rng.choice(pairs)
        else:
            lang = rng.choice(codes["languages"])
            task, told = corpora[lang].draw(rng)
        return tokenizer.encode(sequence(lang, task, told)).ids

    context = model.config.n_positions
    forced = learn.forced_codes(tokenizer, codes)
    length = min(args.length, context)
    rows = learn.rows_of(draw, args.seed, length)
    batches = learn.Batches(rows, forced, random.Random(args.seed), args.rows, length, context)
    facts = learn.learn(model, batches, args.out, args.rate, args.minutes, args.steps)
    facts |= {"pairs": len(pairs), "refused": len(wrong), "from": args.start.name, "seed": args.seed}
    (args.out / "run.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf8")
    tokenizer.save(str(args.out / "tokenizer.json"))
    convert = [HERE / "to_gguf.py", args.out / "model", args.out / "tokenizer.json", args.out / "narrator.gguf"]
    subprocess.run([sys.executable, *map(str, convert)], check=True)


if __name__ == "__main__":
    main()
