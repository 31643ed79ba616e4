"""Trains the narrator: a byte-level BPE and a small GPT-2, on texts by the grammar and the gold set.

    python train.py --out build --plans plans/*.jsonl --minutes 8 --workers 15 --rows 64     as it was shipped, on a GPU
    python train.py --out /tmp/smoke --smoke                                 a minute, to see that everything works

Seeded: the corpus, the tokenizer, the weights' start and the order of the batches follow --seed. With --steps the
number of updates is fixed; with --minutes the clock decides it, and run.json says how many there were, so that the
same model can be made again with --steps. With --workers the texts are drawn by so many processes, each with a seed of
its own, and taken from them in turn. --from starts from the weights of a GGUF instead of nothing: tokens that
both vocabularies have keep what they learned. Writes into --out: tokenizer.json, model/ (Hugging Face), loss.csv,
run.json.
"""

import argparse
import itertools
import json
import multiprocessing
import os
import random
from array import array
from pathlib import Path

# Its threads do not live on in forked processes.
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import learn
import torch
from check import Checker
from corpus import GOLD, Corpus, sequence
from plans import Plans, read
from tokenizers import Tokenizer
from tokens import train_tokenizer
from transformers import GPT2Config, GPT2LMHeadModel

CONTEXT = 1024


def shared_rows(draw, seed, length, workers):
    """As learn.rows_of, drawn by processes in turn: the same rows in the same order, however fast each of them is."""
    # Forked, for `draw` holds what no other process can be handed; before anything is put on a GPU.
    context = multiprocessing.get_context("fork")

    def work(queue, number):
        torch.set_num_threads(1)
        for row, texts in learn.rows_of(draw, seed * 1000 + number, length):
            queue.put((array("H", row).tobytes(), texts))

    queues = [context.Queue(maxsize=400) for _ in range(workers)]
    for number, queue in enumerate(queues):
        context.Process(target=work, args=(queue, number), daemon=True).start()
    return ((array("H", row).tolist(), texts) for row, texts in (queue.get() for queue in itertools.cycle(queues)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--from", dest="start", type=Path, help="a GGUF whose weights to start from")
    parser.add_argument("--tokenizer", type=Path, help="a tokenizer.json of an earlier run (default: learned anew)")
    parser.add_argument("--plans", type=Path, nargs="*", default=[], help="plans of real runs, from `portray model plans`")
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--rows", type=int, default=4)
    parser.add_argument("--length", type=int, default=512)
    parser.add_argument("--workers", type=int, default=0, help="processes that draw the texts; 0: none beside this one")
    parser.add_argument("--width", type=int, default=512)
    parser.add_argument("--layers", type=int, default=5)
    parser.add_argument("--gold", type=float, default=GOLD, help="of the texts, how many are the gold set's")
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--checkpoint", type=float, help="write the model each so many minutes")
    parser.add_argument("--smoke", action="store_true")
    args = parser.parse_args()
    if args.smoke:
        args.minutes = 0.3
    if (args.minutes is None) == (args.steps is None):
        parser.error("give --minutes or --steps")
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    checker = Checker()
    codes = checker.codes
    plans = Plans(codes, read(args.plans))
    corpora = {lang: Corpus(lang, checker, plans, share_of_gold=args.gold) for lang in codes["languages"]}
    rng = random.Random(args.seed)
    if args.tokenizer:
        tokenizer = Tokenizer.from_file(str(args.tokenizer))
    else:
        texts = [(lang, text) for _ in range(600 if args.smoke else 12000) for lang in codes["languages"]
                 for _, text in corpora[lang].draw(rng)[1]]  # fmt: skip
        tokenizer = train_tokenizer(codes, texts)
    tokenizer.save(str(args.out / "tokenizer.json"))
    def draw(rng):
        lang = rng.choice(codes["languages"])
        while True:
            try:
                return tokenizer.encode(sequence(lang, *corpora[lang].draw(rng))).ids
            except ValueError as refused:
                print(f"not taught: {refused}", flush=True)

    size, end = tokenizer.get_vocab_size(), tokenizer.token_to_id("<|end|>")
    config = GPT2Config(
        vocab_size=size, n_positions=CONTEXT, n_embd=args.width, n_layer=args.layers, n_head=args.width // 64, bos_token_id=end, eos_token_id=end,
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, attn_implementation=learn.ATTENTION,
    )  # fmt: skip
    if args.workers:
        rows = shared_rows(draw, args.seed + 1, args.length, args.workers)
    else:
        rows = learn.rows_of(draw, args.seed + 1, args.length)
    model = GPT2LMHeadModel(config)
    if args.start:
        from weights import start_from  # which needs gguf, that a machine to train on may lack

        start_from(model, tokenizer, args.start)
    parameters = sum(p.numel() for p in model.parameters())
    print(f"vocabulary {size}, parameters {parameters}", flush=True)

    forced = learn.forced_codes(tokenizer, codes)
    batches = learn.Batches(rows, forced, random.Random(args.seed + 1), args.rows, args.length, CONTEXT)
    facts = learn.learn(model, batches, args.out, args.rate, args.minutes, args.steps, args.checkpoint)
    facts |= {"parameters": parameters, "vocabulary": size, "seed": args.seed, "real plans": len(plans.real)}
    facts |= {"from": args.start.name if args.start else None}
    (args.out / "run.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf8")
    print(facts)


if __name__ == "__main__":
    main()
