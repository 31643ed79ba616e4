"""A trained model as GGUF for llama.cpp's "gpt2": matrices in Q8_0 or F16, norms, biases and positions in F32.

    python to_gguf.py build/model build/tokenizer.json ../portray-narrator.gguf
    python to_gguf.py build/model build/tokenizer.json build/f16.gguf --form f16    # for `portray model quantize`
"""

import argparse
import json
from pathlib import Path

import gguf
import numpy as np
import torch
from check import load_codes
from transformers import GPT2LMHeadModel
from weights import BLOCK

FORMS = {
    "q8_0": (gguf.GGMLQuantizationType.Q8_0, gguf.LlamaFileType.MOSTLY_Q8_0),
    "f16": (gguf.GGMLQuantizationType.F16, gguf.LlamaFileType.MOSTLY_F16),
}

def write_vocabulary(writer, path):
    """Tokens, types and merges; slots are drawn as text (user defined), the other codes are control."""
    data = json.loads(Path(path).read_text(encoding="utf8"))
    ids = dict(data["model"]["vocab"])
    added = {entry["content"]: entry["id"] for entry in data["added_tokens"]}
    ids |= added
    tokens = [token for token, _ in sorted(ids.items(), key=lambda pair: pair[1])]
    if sorted(ids.values()) != list(range(len(tokens))):
        raise ValueError("the tokenizer's ids have gaps")
    slots = {f"<|{name}|>" for name in load_codes()["slots"]}
    kinds = gguf.TokenType
    types = [
        kinds.USER_DEFINED if token in slots else kinds.CONTROL if token in added else kinds.NORMAL for token in tokens
    ]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges([" ".join(pair) for pair in data["model"]["merges"]])
    end = added["<|end|>"]
    writer.add_bos_token_id(end)
    writer.add_eos_token_id(end)
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)
    return len(tokens)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("tokenizer")
    parser.add_argument("out")
    parser.add_argument("--form", choices=list(FORMS), default="q8_0")
    args = parser.parse_args()
    model = GPT2LMHeadModel.from_pretrained(args.model, dtype=torch.float32)
    config, weights = model.config, {name: tensor.numpy() for name, tensor in model.state_dict().items()}
    writer = gguf.GGUFWriter(args.out, "gpt2")
    writer.add_name("Portray narrator")
    writer.add_license("MIT OR Apache-2.0")
    writer.add_languages(["en", "zh"])
    writer.add_context_length(config.n_positions)
    writer.add_embedding_length(config.n_embd)
    writer.add_block_count(config.n_layer)
    writer.add_feed_forward_length(4 * config.n_embd)
    writer.add_head_count(config.n_head)
    writer.add_layer_norm_eps(config.layer_norm_epsilon)
    writer.add_vocab_size(config.vocab_size)
    form, kind = FORMS[args.form]
    writer.add_file_type(kind)
    if write_vocabulary(writer, args.tokenizer) != config.vocab_size:
        raise ValueError("the tokenizer and the model differ in size")

    def plain(name, array):
        writer.add_tensor(name, np.ascontiguousarray(array, dtype=np.float32))

    def matrix(name, array):
        array = np.ascontiguousarray(array, dtype=np.float32)
        if array.shape[-1] % 32:
            plain(name, array)
        else:
            writer.add_tensor(name, gguf.quants.quantize(array, form), raw_dtype=form)

    # The output matrix is the embedding (tied): llama.cpp takes the embedding where no output tensor stands.
    matrix("token_embd.weight", weights["transformer.wte.weight"])
    plain("position_embd.weight", weights["transformer.wpe.weight"])
    for layer in range(config.n_layer):
        for theirs, ours, transposed in BLOCK:
            weight, bias = (weights[f"transformer.h.{layer}.{theirs}.{part}"] for part in ("weight", "bias"))
            (matrix if transposed else plain)(f"blk.{layer}.{ours}.weight", weight.T if transposed else weight)
            plain(f"blk.{layer}.{ours}.bias", bias)
    for part in ("weight", "bias"):
        plain(f"output_norm.{part}", weights[f"transformer.ln_f.{part}"])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(f"{args.out}: {Path(args.out).stat().st_size} bytes")


if __name__ == "__main__":
    main()
