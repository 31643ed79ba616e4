"""The loop that teaches a model, shared by train.py and finetune.py."""

import math
import os
import random
import time
from pathlib import Path

# Threads that spin at barriers lose most of their time on a busy machine (measured: a quarter of the speed).
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "0")

import torch

IGNORE = -100


def _has_bf16():
    """Whether the processor multiplies in bf16 by itself; where it doesn't, PyTorch imitates it at a third of the
    speed of float32 (measured, one core with AVX-512: 500 against 1,600 tokens a second)."""
    cpu = Path("/proc/cpuinfo")
    return cpu.exists() and bool({"avx512_bf16", "amx_bf16"} & set(cpu.read_text(encoding="utf8").split()))


DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
BF16 = DEVICE == "cuda" or _has_bf16()
# On a processor plain attention was 2.3 times as fast as the fused kernel under bf16; else the fused one is faster.
ATTENTION = "eager" if BF16 and DEVICE == "cpu" else "sdpa"


def forced_codes(tokenizer, codes):
    """Which tokens the program forces, so that the model need not foresee them: all codes but slots and ends."""
    kept = [tokenizer.token_to_id(f"<|{name}|>") for name in [*codes["slots"], "/s", "end"]]
    forced = torch.zeros(tokenizer.get_vocab_size(), dtype=torch.bool)
    forced[tokenizer.token_to_id("<|end|>") :] = True
    forced[kept] = False
    return forced


def rows_of(draw, seed, length):
    """Rows of whole texts without end, each with how many texts it holds; the last text of a row is cut at its end.
    `draw` gives the ids of one text."""
    rng = random.Random(seed)
    while True:
        ids, texts = [], 0
        while len(ids) < length:
            ids += draw(rng)
            texts += 1
        yield ids[:length], texts


class Batches:
    """Batches out of rows (see `rows_of`), with labels and positions."""

    def __init__(self, rows_of_ids, forced, rng, rows, length, context):
        self.source, self.forced, self.rng = rows_of_ids, forced, rng
        self.rows, self.length, self.context = rows, length, context
        self.texts = 0

    def draw(self):
        """Ids, labels (none where the program forces the code) and positions, some of them shifted."""
        drawn = [next(self.source) for _ in range(self.rows)]
        self.texts += sum(texts for _, texts in drawn)
        ids = torch.tensor([row for row, _ in drawn])
        labels = ids.masked_fill(self.forced[ids], IGNORE)
        spare = self.context - self.length + 1
        starts = [self.rng.choice([0, 0, self.rng.randrange(spare)]) for _ in range(self.rows)]
        return ids, labels, torch.arange(self.length).unsqueeze(0) + torch.tensor(starts).unsqueeze(1)


def learn(model, batches, out, rate, minutes=None, steps=None, checkpoint=None):
    """Teaches until `steps` updates are done or `minutes` have passed; writes loss.csv and, every `checkpoint`
    minutes, model/; returns what is to be told of the run."""
    model.to(DEVICE)
    decay = [p for p in model.parameters() if p.dim() > 1]
    plain = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{"params": decay, "weight_decay": 0.05}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98))
    start, step, tokens, kept = time.time(), 0, 0, checkpoint
    with (out / "loss.csv").open("w", encoding="utf8") as log:
        log.write("step,tokens,minutes,rate,loss\n")
        model.train()
        while (done := step / steps if steps else (time.time() - start) / 60 / minutes) < 1:
            now = rate * min(1.0, (step + 1) / 60) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
            for group in optimizer.param_groups:
                group["lr"] = now
            ids, labels, positions = (one.to(DEVICE) for one in batches.draw())
            with torch.autocast(DEVICE, torch.bfloat16, enabled=BF16):
                logits = model(ids, position_ids=positions).logits
            loss = torch.nn.functional.cross_entropy(
                logits[:, :-1].float().reshape(-1, logits.shape[-1]), labels[:, 1:].reshape(-1), ignore_index=IGNORE
            )
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step, tokens, passed = step + 1, tokens + ids.numel(), (time.time() - start) / 60
            if step % 20 == 0:
                log.write(f"{step},{tokens},{passed:.2f},{now:.6f},{loss.item():.4f}\n")
                log.flush()
                print(f"step {step} tokens {tokens} minutes {passed:.1f} loss {loss.item():.4f}", flush=True)
            if kept and passed > kept:
                model.save_pretrained(out / "model")
                kept += checkpoint
    model.save_pretrained(out / "model")
    return {
        "steps": step, "tokens": tokens, "texts": batches.texts, "minutes": round((time.time() - start) / 60, 1),
        "device": torch.cuda.get_device_name() if DEVICE == "cuda" else "cpu",
        "threads": torch.get_num_threads(), "precision": "bf16" if BF16 else "float32", "last_loss": round(loss.item(), 4), "torch": torch.__version__,
    }  # fmt: skip
