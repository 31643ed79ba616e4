"""The corpus: texts of all tasks, by the grammar from plans, and from the gold set.

    python corpus.py --verify          every frame in every direction and measure; prints what is refused
    python corpus.py --show 5 --lang zh --task persona
"""

import argparse
import random
import sys

import gold
from check import Checker
from grammar import Grammar
from plans import ALONE, Plans

# How often each task is drawn. A persona is ten times as long as a headline: by tokens it is most of the corpus.
TASKS = {"persona": 0.34, "headline": 0.16, "compare": 0.16, "describe": 0.12, "message": 0.13, "reason": 0.09}
GOLD = 0.12


class Corpus:
    """Draws texts: (task, sentences), each sentence (codes, text)."""

    def __init__(self, lang, checker, plans, held_out=False, share_of_gold=GOLD):
        self.lang, self.plans = lang, plans
        self.grammar = Grammar(lang, checker, held_out)
        texts = [text for text in gold.load(lang) if gold.is_held_out(text) == held_out]
        self.gold, self.share_of_gold = texts, share_of_gold if texts else 0.0

    def draw(self, rng, task=None):
        """A text of the task, or of any."""
        if task is None and rng.random() < self.share_of_gold:
            text = rng.choice(self.gold)
            return text["task"], [(one["codes"], one["text"]) for one in text["sentences"]]
        task = task or rng.choices(list(TASKS), list(TASKS.values()))[0]
        return task, getattr(self, f"_{task}")(rng)

    def _persona(self, rng):
        told, before, shape = [], None, None
        left = self.plans.persona(rng)
        while left:
            codes = left.pop(0)
            try:
                text, shape = self.grammar.sentence(rng, codes, before, shape)
            except ValueError:
                if len(codes) == 3:
                    raise
                left[:0] = [codes[:3], codes[4:]]  # some facts have no clauses short enough to stand together
                continue
            told.append((codes, text))
            before = tuple(codes[-3:-1])
        return told

    def _headline(self, rng):
        return [(codes, self.grammar.headline(rng, codes)) for codes in self.plans.headline(rng, self.grammar.traits)]

    def _compare(self, rng):
        plan = self.plans.compare(rng)
        return [(codes, self.grammar.comparison(rng, codes, place == 0)) for place, codes in enumerate(plan)]

    def _describe(self, rng):
        return [(codes, self.grammar.line(rng, codes)) for codes in self.plans.describe(rng)]

    def _message(self, rng):
        return [(codes, self.grammar.line(rng, codes)) for codes in self.plans.message(rng)]

    def _reason(self, rng):
        return [(codes, self.grammar.line(rng, codes)) for codes in self.plans.reason(rng)]


def sequence(lang, task, told):
    """The training text, codes and all."""
    parts = [f"<|{lang}|>"] + [f"<|{task}|>"] * (task != "persona")
    for codes, text in told:
        parts.append("".join(f"<|{code}|>" for code in codes) + " " * (lang == "en") + text + "<|/s|>")
    return "".join(parts) + "<|end|>"


def prose(lang, told):
    """The text as a reader gets it, slots still open."""
    return (" " if lang == "en" else "").join(text for _, text in told)


def verify(lang, checker, draws):
    """Draws every topic, line and task in every form; returns what was refused and how many sentences differ."""
    rng, refused, kinds = random.Random(1), {}, {}
    corpus = Corpus(lang, checker, Plans(checker.codes))
    codes = checker.codes

    def attempt(name, make, times):
        texts = set()
        for _ in range(times):
            try:
                texts.add(make())
            except (ValueError, KeyError, IndexError) as error:
                refused.setdefault((name, str(error).splitlines()[-1].strip()), f"{name}: {error}")
        kinds[name] = len(texts)

    grammar = corpus.grammar
    for name, topic in codes["topics"].items():
        for direction in topic["directions"]:
            for measure in topic["measures"]:
                one = [name, direction, measure]
                attempt(f"{name} {direction}", lambda one=one: grammar.sentence(rng, one)[0], draws)
                if name not in ALONE | {"buyers"} and direction != "same":
                    attempt(f"compare {name} {direction}",
                            lambda one=one: grammar.comparison(rng, one, rng.random() < 0.5), draws)  # fmt: skip
    for name, line in codes["lines"].items():
        more = {"describe": [[t] for t in codes["tones"]], "reason": [[]],
                "message": [[t, c] for t in codes["tones"] for c in codes["channels"]]}[line["task"]]  # fmt: skip
        for rest in more:
            is_odd = name == "m_subject" and "sms" in rest or name == "m_greet" and "mail" not in rest
            if not is_odd and not (name == "m_optout" and "push" in rest):
                attempt(" ".join([name, *rest]), lambda all=[name, *rest]: grammar.line(rng, all), draws)
    for task in ("headline", "persona"):
        attempt(task, lambda task=task: prose(lang, corpus.draw(rng, task)[1]), 10 * draws)
    return refused, kinds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verify", action="store_true")
    parser.add_argument("--draws", type=int, default=300)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--lang", choices=["en", "zh"])
    parser.add_argument("--task", choices=list(TASKS))
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    checker = Checker()
    languages = [args.lang] if args.lang else checker.codes["languages"]
    if args.verify:
        bad = 0
        for lang in languages:
            refused, kinds = verify(lang, checker, args.draws)
            bad += len(refused)
            print(*refused.values(), sep="\n")
            few = ", ".join(f"{name} {count}" for name, count in sorted(kinds.items(), key=lambda pair: pair[1])[:8])
            print(f"{lang}: {len(refused)} refused; fewest different sentences: {few}")
        sys.exit(bool(bad))
    rng = random.Random(args.seed)
    corpora = {lang: Corpus(lang, checker, Plans(checker.codes)) for lang in languages}
    for _ in range(args.show):
        lang = rng.choice(languages)
        task, told = corpora[lang].draw(rng, args.task)
        print(f"[{lang} {task}]", prose(lang, told), end="\n\n")


if __name__ == "__main__":
    main()
