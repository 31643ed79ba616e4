"""How often the narrator is right at its first try: plans it never saw, codes forced, slots masked as the program does.

    python evaluate.py ../portray-narrator.gguf --narratives 200

Reads the GGUF that is shipped (its weights as quantised), writes narratives in both languages at the program's
temperature, one sample a sentence and no second try, and holds each sentence against the lexicon (check.py).
Prints the shares right, what was wrong, and how much of it the training grammar writes word for word.
"""

import argparse
import collections
import random

import gguf
import torch
from check import Checker
from corpus import Grammar, draw_plan, prose
from to_gguf import BLOCK
from transformers import GPT2Config, GPT2LMHeadModel


def load(path):
    """The model of a GGUF and its tokens."""
    reader = gguf.GGUFReader(path)

    def field(name):
        return reader.get_field(name).contents()

    tokens = field("tokenizer.ggml.tokens")
    config = GPT2Config(
        vocab_size=len(tokens), n_positions=field("gpt2.context_length"), n_embd=field("gpt2.embedding_length"),
        n_layer=field("gpt2.block_count"), n_head=field("gpt2.attention.head_count"),
        bos_token_id=None, eos_token_id=None,
    )  # fmt: skip
    model = GPT2LMHeadModel(config)
    have = {t.name: torch.tensor(gguf.quants.dequantize(t.data, t.tensor_type)) for t in reader.tensors}
    state = {
        "transformer.wte.weight": have["token_embd.weight"],
        "lm_head.weight": have["token_embd.weight"],
        "transformer.wpe.weight": have["position_embd.weight"],
    }
    for part in ("weight", "bias"):
        state[f"transformer.ln_f.{part}"] = have[f"output_norm.{part}"]
        for layer in range(config.n_layer):
            for theirs, ours, transposed in BLOCK:
                tensor = have[f"blk.{layer}.{ours}.{part}"]
                tensor = tensor.T.contiguous() if transposed and part == "weight" else tensor
                state[f"transformer.h.{layer}.{theirs}.{part}"] = tensor
    model.load_state_dict(state)
    return model.eval(), tokens


def byte_of_sign():
    """GPT-2's way to write bytes as signs, backwards."""
    kept = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in kept]
    return {chr(byte): byte for byte in kept} | {chr(256 + place): byte for place, byte in enumerate(others)}


class Writer:
    """One narrative in the making: gives the next token where it is forced, else takes a sampled one."""

    def __init__(self, lang, plan, ids, codes):
        self.lang, self.plan, self.ids, self.codes = lang, plan, ids, codes
        self.queue, self.place, self.texts, self.current = [ids[f"<|{lang}|>"]], -1, [], []
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
        topic = self.codes["topics"][self.plan[self.place][0]]
        return [self.ids["<|/s|>"]] + [
            self.ids[f"<|{slot}|>"] for slot in topic["must"] + topic["may"] if slot not in self.used
        ]

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


def write(model, tokens, lang, plans, codes, temperature, longest, generator):
    """Narratives for plans, all at once: at each step each takes one token, so all stand at the same position."""
    ids = {token: place for place, token in enumerate(tokens)}
    is_code = torch.tensor([token.startswith("<|") and token.endswith("|>") for token in tokens])
    writers = [Writer(lang, plan, ids, codes) for plan in plans]
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
    parser.add_argument("--narratives", type=int, default=200)
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

    rng, told, faults, bad = random.Random(args.seed), {}, collections.Counter(), []
    for lang in codes["languages"]:
        plans = [draw_plan(rng, codes) for _ in range(args.narratives // 2)]
        told[lang] = []
        for first in range(0, len(plans), 50):
            batch = plans[first : first + 50]
            writers = write(model, tokens, lang, batch, codes, args.temperature, args.max_tokens, generator)
            told[lang] += [[(*step, text_of(p)) for step, p in zip(w.plan, w.texts, strict=False)] for w in writers]
        right = whole = count = 0
        for narrative in told[lang]:
            wrong = [(one, found) for one in narrative if (found := checker.faults(lang, *one))]
            count, right, whole = count + len(narrative), right + len(narrative) - len(wrong), whole + (not wrong)
            for one, found in wrong:
                faults[f"{lang} {one[0]}: {found[0]}"] += 1
                bad.append((lang, one, found))
        print(f"{lang}: sentences right {right} of {count} ({right / count:.1%}), "
              f"narratives right {whole} of {len(told[lang])} ({whole / len(told[lang]):.1%})")  # fmt: skip
    for fault, times in faults.most_common(12):
        print(f"  {times} x {fault}")
    for lang, one, found in bad[:6]:
        print(f"  {lang} {' '.join(one[:3])}: {one[3]}  [{'; '.join(found)}]")
    grammars = {lang: Grammar(lang, checker) for lang in codes["languages"]}
    rng, lines, whole = random.Random(21), set(), set()
    for _ in range(args.corpus):
        lang = rng.choice(codes["languages"])
        narrative = grammars[lang].narrative(rng, draw_plan(rng, codes))
        lines.update(text for *_, text in narrative)
        whole.add(prose(lang, narrative))
    for lang in codes["languages"]:
        texts = [text for narrative in told[lang] for *_, text in narrative]
        seen = sum(text in lines for text in texts)
        copies = sum(prose(lang, narrative) in whole for narrative in told[lang])
        print(f"{lang}: of {len(texts)} sentences {seen / len(texts):.1%} stand word for word in {args.corpus} narratives "
              f"of the training grammar; whole narratives copied: {copies}")  # fmt: skip
        for narrative in told[lang][: args.show]:
            print(prose(lang, narrative), end="\n\n")


if __name__ == "__main__":
    main()
