"""How often the narrator is right at its first try: plans it never saw, codes forced, slots masked as the program does.

    python evaluate.py ../portray-narrator.gguf --texts 200

Reads the GGUF that is shipped (its weights as quantised), writes texts of every task in both languages at the
program's temperature, one sample a sentence and no second try, and holds each sentence against the lexicon (check.py).
Prints the shares right, what was wrong, and how much of it the training grammar writes word for word.
"""

import argparse
import collections
import random

import torch
from check import Checker
from corpus import TASKS, Corpus, prose
from plans import Plans
from weights import load


def byte_of_sign():
    """GPT-2's way to write bytes as signs, backwards."""
    kept = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in kept]
    return {chr(byte): byte for byte in kept} | {chr(256 + place): byte for place, byte in enumerate(others)}


class Writer:
    """One narrative in the making: gives the next token where it is forced, else takes a sampled one."""

    def __init__(self, lang, task, plan, ids, codes):
        self.task, self.plan, self.ids, self.codes = task, plan, ids, codes
        self.queue = [ids[f"<|{code}|>"] for code in [lang] + [task] * (task != "persona")]
        self.place, self.texts, self.current = -1, [], []
        self.used, self.done = set(), False
        self.next_sentence()

    def next_sentence(self):
        self.place += 1
        if self.place == len(self.plan):
            self.done = True
            return
        self.queue += [self.ids[f"<|{code}|>"] for code in self.plan[self.place]]
        self.current, self.used = [], set()

    def allowed(self):
        """The tokens of the slots that the sentence may still have, and its end."""
        codes, topics = self.plan[self.place], self.codes["topics"]
        if self.task == "headline":
            slots = []
        elif self.task == "compare":
            slots = ["val", "pop"] + ["name", "name2"] * (self.place == 0)
        elif self.task != "persona":
            slots = self.codes["lines"][codes[0]]["must"] + self.codes["lines"][codes[0]]["may"]
        elif self.codes["joint"] in codes:
            slots = ["val", "pop", "val2", "pop2"]
        else:
            slots = topics[codes[0]]["must"] + topics[codes[0]]["may"]
        return [self.ids["<|/s|>"]] + [self.ids[f"<|{slot}|>"] for slot in slots if slot not in self.used]

    def take(self, token, name, longest):
        if name == "<|/s|>" or len(self.current) >= longest:
            self.texts.append(list(self.current))
            self.queue.append(self.ids["<|/s|>"])
            self.next_sentence()
            return
        if name.startswith("<|"):
            self.used.add(name[2:-2])
        self.current.append(name)
        self.queue.append(token)


def write(model, tokens, lang, task, plans, codes, temperature, longest, generator):
    """Narratives for plans, all at once: at each step each takes one token, so all stand at the same position."""
    ids = {token: place for place, token in enumerate(tokens)}
    is_code = torch.tensor([token.startswith("<|") and token.endswith("|>") for token in tokens])
    writers = [Writer(lang, task, plan, ids, codes) for plan in plans]
    past, end, step = None, ids["<|end|>"], 0
    while not all(writer.done and not writer.queue for writer in writers) and step < model.config.n_positions:
        feed = [writer.queue.pop(0) if writer.queue else end for writer in writers]
        with torch.no_grad():
            out = model(torch.tensor(feed).unsqueeze(1), past_key_values=past, use_cache=True)
        past, step = out.past_key_values, step + 1
        logits = out.logits[:, -1].masked_fill(is_code, float("-inf"))
        for row, writer in enumerate(writers):
            if writer.done or writer.queue:
                continue
            for code in writer.allowed():
                logits[row, code] = out.logits[row, -1, code]
            share = torch.softmax(logits[row] / temperature, 0)
            token = int(torch.multinomial(share, 1, generator=generator))
            writer.take(token, tokens[token], longest)
    return writers


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--texts", type=int, default=100, help="texts of each task and language")
    parser.add_argument("--temperature", type=float, default=0.7)
    parser.add_argument("--max-tokens", type=int, default=96)
    parser.add_argument("--seed", type=int, default=99)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--show", type=int, default=2)
    parser.add_argument("--corpus", type=int, default=20000, help="narratives of the grammar to look for copies in")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    generator = torch.Generator().manual_seed(args.seed)
    checker = Checker()
    codes, back = checker.codes, byte_of_sign()
    model, tokens = load(args.model)

    def text_of(pieces):
        data = b"".join(p.encode() if p.startswith("<|") else bytes(back[sign] for sign in p) for p in pieces)
        return data.decode("utf8", errors="replace").strip()

    corpora = {lang: Corpus(lang, checker, Plans(codes), share_of_gold=0.0) for lang in codes["languages"]}
    rng, told, faults, bad = random.Random(args.seed), {}, collections.Counter(), []
    for lang in codes["languages"]:
        for task in TASKS:
            plans = [[list(one) for one, _ in corpora[lang].draw(rng, task)[1]] for _ in range(args.texts)]
            texts = told[lang, task] = []
            for first in range(0, len(plans), 50):
                batch = plans[first : first + 50]
                writers = write(model, tokens, lang, task, batch, codes, args.temperature, args.max_tokens, generator)
                texts += [[(one, text_of(p)) for one, p in zip(w.plan, w.texts, strict=False)] for w in writers]
            right = whole = count = 0
            for text in texts:
                wrong, before = 0, None
                for place, (one, sentence) in enumerate(text):
                    if found := checker.faults(lang, task, one, sentence, before, place == 0):
                        wrong += 1
                        faults[f"{lang} {task} {one[0]}: {found[0]}"] += 1
                        bad.append((lang, one, sentence, found))
                    before = tuple(one[-3:-1]) if task == "persona" else None
                count, right, whole = count + len(text), right + len(text) - wrong, whole + (wrong == 0)
            print(f"{lang} {task}: sentences right {right} of {count} ({right / count:.1%}), "
                  f"texts right {whole} of {len(texts)} ({whole / len(texts):.1%})")  # fmt: skip
    for fault, times in faults.most_common(12):
        print(f"  {times} x {fault}")
    for lang, one, sentence, found in bad[:8]:
        print(f"  {lang} {' '.join(one)}: {sentence}  [{'; '.join(found)}]")
    for lang in codes["languages"]:
        rng, lines = random.Random(21), set()
        for _ in range(args.corpus):
            lines.update(text for _, text in corpora[lang].draw(rng)[1])
        sentences = [sentence for task in TASKS for text in told[lang, task] for _, sentence in text]
        seen = sum(sentence in lines for sentence in sentences) / len(sentences)
        print(f"{lang}: of {len(sentences)} sentences {seen:.1%} stand word for word in {args.corpus} of the corpus's texts")
        for task in TASKS:
            for text in told[lang, task][: args.show]:
                print(f"[{task}]", prose(lang, text), end="\n\n")


if __name__ == "__main__":
    main()
