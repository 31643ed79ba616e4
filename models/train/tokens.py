"""The narrator's tokenizer: GPT-2's byte-level BPE, learned from the corpus and wide enough for a shop's own texts.

The grammar alone has fewer than three thousand pieces. So that a person's own texts (finetune.py) are not spelt byte
by byte, the common Chinese characters (level 1 of GB 2312, 3,755 of them) and the words of this project's documents
become pieces too.
"""

from pathlib import Path

from check import SLOT
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

VOCABULARY = 8192
PROJECT = Path(__file__).resolve().parents[2]


def control_codes(codes):
    """Every control token, in the order of its id; refuses two of one name."""
    names = ["end", "/s", *codes["languages"], *codes["directions"], *codes["measures"], *codes["slots"]]
    names += [*codes["topics"], codes["joint"], *codes["tasks"], *codes["tones"], *codes["channels"], *codes["lines"]]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"codes.toml gives one name to two codes: {sorted(twice)}")
    return [f"<|{name}|>" for name in names]


def train_tokenizer(codes, texts):
    """A tokenizer for (language, text) pairs; the control codes come last and are never cut."""
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
    tokenizer.train_from_iterator([*_pieces(texts), *_characters(), *_documents()], trainer)
    tokenizer.add_special_tokens([AddedToken(code, special=True, normalized=False) for code in specials])
    return tokenizer


def _pieces(texts):
    """Texts cut at their slots, so that no token holds one; a blank before English, as in the sequences."""
    for lang, text in texts:
        yield from filter(None, SLOT.sub("\n", " " * (lang == "en") + text).split("\n"))


def _characters():
    """Each common character twice, which is what a merge needs."""
    for row in range(16, 56):
        for cell in range(1, 95):
            try:
                yield bytes([row + 160, cell + 160]).decode("gb2312") + "\n"
                yield bytes([row + 160, cell + 160]).decode("gb2312") + "\n"
            except UnicodeDecodeError:
                continue  # the last five places of the level are empty


def _documents():
    files = [*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md"), *PROJECT.glob("models/**/*.md")]
    return [line for file in sorted(files) for line in file.read_text(encoding="utf8").splitlines()]
