"""Trains the narrator: a byte-level BPE and a small GPT-2, on narratives that the grammar writes.

    python train.py --out build --minutes 45 --threads 2        the shipped model
    python train.py --out /tmp/smoke --smoke                    a minute, to see that everything works

Seeded: the corpus, the tokenizer, the weights' start and the order of the batches follow --seed. With --steps the
number of updates is fixed; with --minutes the clock decides it, and the log says how many there were, so that the
same model can be made again with --steps. Writes into --out: tokenizer.json, model/ (Hugging Face), loss.csv, run.json.
"""

import argparse
import json
import math
import os
import random
import time
from pathlib import Path

# Threads that spin at barriers lose most of their time on a busy machine (measured: a quarter of the speed).
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "0")

import torch
from check import Checker
from corpus import Grammar, draw_plan, sequence
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import GPT2Config, GPT2LMHeadModel

VOCABULARY = 4096
CONTEXT = 1024
IGNORE = -100


def control_codes(codes):
    """Every control token, in the order of its id; refuses two of one name."""
    topics = list(codes["topics"])
    names = ["end", "/s", *codes["languages"], *codes["directions"], *codes["measures"], *codes["slots"], *topics]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"codes.toml gives one name to two codes: {sorted(twice)}")
    return [f"<|{name}|>" for name in names]


def train_tokenizer(codes, texts):
    """GPT-2's byte-level BPE with every byte in it; the control codes come last and are never cut."""
    specials = control_codes(codes)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    # The longest token is cut short so that Chinese, written without blanks, isn't learned by the sentence.
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - len(specials),
        min_frequency=2,
        max_token_length=15,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_special_tokens([AddedToken(code, special=True, normalized=False) for code in specials])
    return tokenizer


class Batches:
    """Rows of whole narratives, freshly written, the last of a row cut at its end."""

    def __init__(self, tokenizer, codes, grammars, seed, rows, length):
        self.tokenizer, self.codes, self.grammars = tokenizer, codes, grammars
        self.rng, self.rows, self.length = random.Random(seed), rows, length
        slots = {tokenizer.token_to_id(f"<|{name}|>") for name in codes["slots"]}
        kept = slots | {tokenizer.token_to_id(code) for code in ("<|/s|>", "<|end|>")}
        first = tokenizer.token_to_id("<|end|>")
        self.forced = torch.zeros(tokenizer.get_vocab_size(), dtype=torch.bool)
        self.forced[first:] = True
        self.forced[list(kept)] = False
        self.narratives = 0

    def row(self):
        ids = []
        while len(ids) < self.length:
            lang = self.rng.choice(self.codes["languages"])
            told = self.grammars[lang].narrative(self.rng, draw_plan(self.rng, self.codes))
            ids += self.tokenizer.encode(sequence(lang, told)).ids
            self.narratives += 1
        return ids[: self.length]

    def draw(self):
        """Ids, labels (none where the program forces the code) and positions, some of them shifted."""
        ids = torch.tensor([self.row() for _ in range(self.rows)])
        labels = ids.masked_fill(self.forced[ids], IGNORE)
        starts = [self.rng.choice([0, 0, self.rng.randrange(CONTEXT - self.length + 1)]) for _ in range(self.rows)]
        positions = torch.arange(self.length).unsqueeze(0) + torch.tensor(starts).unsqueeze(1)
        return ids, labels, positions


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--rows", type=int, default=4)
    parser.add_argument("--length", type=int, default=512)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--early-minutes", type=float, help="keep a checkpoint in OUT/early after so long")
    parser.add_argument("--smoke", action="store_true")
    args = parser.parse_args()
    if args.smoke:
        args.minutes = 0.5
    if (args.minutes is None) == (args.steps is None):
        parser.error("give --minutes or --steps")
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    checker = Checker()
    codes = checker.codes
    grammars = {lang: Grammar(lang, checker) for lang in codes["languages"]}
    rng = random.Random(args.seed)
    texts = [text for _ in range(600 if args.smoke else 6000) for lang in codes["languages"]
             for *_, text in grammars[lang].narrative(rng, draw_plan(rng, codes))]  # fmt: skip
    # A blank before English text, as in the sequences; slots are cut out so that the pieces never hold one.
    tokenizer = train_tokenizer(codes, (" " + text if text.isascii() else text for text in _without_slots(texts)))
    tokenizer.save(str(args.out / "tokenizer.json"))
    size = tokenizer.get_vocab_size()
    end = tokenizer.token_to_id("<|end|>")
    # Plain attention: under bf16 on a CPU it was 2.3 times as fast as the fused kernel (measured, one core).
    config = GPT2Config(
        vocab_size=size, n_positions=CONTEXT, n_embd=256, n_layer=6, n_head=4, bos_token_id=end, eos_token_id=end,
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, attn_implementation="eager",
    )  # fmt: skip
    model = GPT2LMHeadModel(config)
    parameters = sum(p.numel() for p in model.parameters())
    print(f"vocabulary {size}, parameters {parameters}", flush=True)
    decay = [p for p in model.parameters() if p.dim() > 1]
    plain = [p for p in model.parameters() if p.dim() <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": decay, "weight_decay": 0.05}, {"params": plain, "weight_decay": 0.0}],
        lr=args.rate, betas=(0.9, 0.98),
    )  # fmt: skip
    batches = Batches(tokenizer, codes, grammars, args.seed + 1, args.rows, args.length)
    start, step, tokens, early = time.time(), 0, 0, args.early_minutes
    log = (args.out / "loss.csv").open("w", encoding="utf8")
    log.write("step,tokens,minutes,rate,loss\n")
    model.train()
    while True:
        minutes = (time.time() - start) / 60
        done = step / args.steps if args.steps else minutes / args.minutes
        if done >= 1:
            break
        warm = min(1.0, (step + 1) / 60)
        rate = args.rate * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
        for group in optimizer.param_groups:
            group["lr"] = rate
        ids, labels, positions = batches.draw()
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(ids, position_ids=positions).logits
        loss = torch.nn.functional.cross_entropy(
            logits[:, :-1].float().reshape(-1, size), labels[:, 1:].reshape(-1), ignore_index=IGNORE
        )
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        step += 1
        tokens += ids.numel()
        if step % 20 == 0:
            minutes = (time.time() - start) / 60
            log.write(f"{step},{tokens},{minutes:.2f},{rate:.6f},{loss.item():.4f}\n")
            log.flush()
            print(f"step {step} tokens {tokens} minutes {minutes:.1f} loss {loss.item():.4f}", flush=True)
        if early and minutes > early:
            model.save_pretrained(args.out / "early")
            early = early + 10
    model.save_pretrained(args.out / "model")
    facts = {
        "steps": step, "tokens": tokens, "narratives": batches.narratives, "parameters": parameters,
        "vocabulary": size, "minutes": round((time.time() - start) / 60, 1), "threads": args.threads,
        "seed": args.seed, "last_loss": round(loss.item(), 4), "torch": torch.__version__,
    }  # fmt: skip
    (args.out / "run.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf8")
    print(facts)


def _without_slots(texts):
    for text in texts:
        while "<|" in text:
            before, _, rest = text.partition("<|")
            if before:
                yield before
            text = rest.partition("|>")[2]
        if text:
            yield text


if __name__ == "__main__":
    main()
