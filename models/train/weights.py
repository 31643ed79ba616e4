"""A GGUF of the narrator as a Hugging Face model: to evaluate it, to go on from it, to teach it a shop's own voice."""

import gguf
import torch
from learn import ATTENTION
from transformers import GPT2Config, GPT2LMHeadModel

# Hugging Face's name in a block, llama.cpp's, and whether it is a Conv1D, whose weight is stored transposed.
BLOCK = [
    ("ln_1", "attn_norm", False), ("attn.c_attn", "attn_qkv", True), ("attn.c_proj", "attn_output", True),
    ("ln_2", "ffn_norm", False), ("mlp.c_fc", "ffn_up", True), ("mlp.c_proj", "ffn_down", True),
]  # fmt: skip


def load(path):
    """The model of a GGUF and its tokens."""
    reader = gguf.GGUFReader(path)

    def field(name):
        return reader.get_field(name).contents()

    tokens = field("tokenizer.ggml.tokens")
    config = GPT2Config(
        vocab_size=len(tokens), n_positions=field("gpt2.context_length"), n_embd=field("gpt2.embedding_length"),
        n_layer=field("gpt2.block_count"), n_head=field("gpt2.attention.head_count"),
        bos_token_id=None, eos_token_id=None, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0,
        attn_implementation=ATTENTION,
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


def tokenizer_of(path):
    """The tokenizer of a GGUF of ours."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    reader = gguf.GGUFReader(path)
    tokens = reader.get_field("tokenizer.ggml.tokens").contents()
    merges = [tuple(merge.split(" ")) for merge in reader.get_field("tokenizer.ggml.merges").contents()]
    codes = [token for token in tokens if token.startswith("<|") and token.endswith("|>")]
    plain = {token: place for place, token in enumerate(tokens) if token not in set(codes)}
    tokenizer = Tokenizer(models.BPE(vocab=plain, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(code, special=True, normalized=False) for code in codes])
    if tokenizer.get_vocab_size() != len(tokens) or any(tokenizer.id_to_token(i) != t for i, t in enumerate(tokens)):
        raise ValueError(f"{path}: the codes do not stand after the other tokens")
    return tokenizer


def start_from(model, tokenizer, path):
    """Copies the weights of a GGUF of the same shape; a token that it lacks starts as the mean of its pieces there."""
    old, tokens = load(path)
    other = tokenizer_of(path)
    theirs, ours = old.state_dict(), model.state_dict()
    table, known = theirs["transformer.wte.weight"], {token: place for place, token in enumerate(tokens)}
    rows, spread = [], torch.randn(tokenizer.get_vocab_size(), table.shape[1]) * 0.01
    for place in range(tokenizer.get_vocab_size()):
        token = tokenizer.id_to_token(place)
        pieces = [known[token]] if token in known else other.encode(tokenizer.decode([place])).ids
        row = table[pieces].mean(0) if pieces else table.mean(0)
        rows.append(row if token in known else row + spread[place])
    for name, weight in theirs.items():
        if ours[name].shape == weight.shape:
            ours[name].copy_(weight)
        elif name not in ("transformer.wte.weight", "lm_head.weight"):
            raise ValueError(f"{path}: {name} has another shape")
    ours["transformer.wte.weight"].copy_(torch.stack(rows))
    model.tie_weights()
