//! A GPT-2 small enough to be made by a test: one layer, bytes for tokens, no control codes.

use std::path::Path;

const WIDTH: u64 = 32;
const CONTEXT: u64 = 1024;

struct Writer {
    out: Vec<u8>,
}

impl Writer {
    fn text(&mut self, text: &str) {
        self.out.extend((text.len() as u64).to_le_bytes());
        self.out.extend(text.as_bytes());
    }

    fn key(&mut self, key: &str, kind: u32) {
        self.text(key);
        self.out.extend(kind.to_le_bytes());
    }

    fn number(&mut self, key: &str, value: u32) {
        self.key(key, 4);
        self.out.extend(value.to_le_bytes());
    }

    fn list(&mut self, key: &str, items: &[String]) {
        self.key(key, 9);
        self.out.extend(8u32.to_le_bytes());
        self.out.extend((items.len() as u64).to_le_bytes());
        for item in items {
            self.text(item);
        }
    }
}

/// GPT-2's way of writing a byte as a visible character.
fn byte_name(byte: u8) -> String {
    let is_plain = |b: u8| matches!(b, 33..=126 | 161..=172 | 174..=255);
    let shift = (0..byte).filter(|b| !is_plain(*b)).count() as u32;
    char::from_u32(if is_plain(byte) {
        u32::from(byte)
    } else {
        256 + shift
    })
    .expect("below the surrogates")
    .to_string()
}

/// What differs from one tiny model to the next.
pub struct Tiny<'a> {
    pub chat_template: Option<&'a str>,
    /// Tokens that it can look back on.
    pub context: u64,
    /// Whether it names a token that ends a text.
    pub has_end: bool,
}

impl Default for Tiny<'_> {
    fn default() -> Self {
        Self {
            chat_template: None,
            context: CONTEXT,
            has_end: true,
        }
    }
}

/// Writes a model to `path`.
pub fn write_tiny_model(path: &Path, tiny: &Tiny<'_>) {
    let mut tokens: Vec<String> = (0..=255).map(byte_name).collect();
    tokens.push("<|endoftext|>".into());
    let vocabulary = tokens.len() as u64;
    let (wide, flat) = (4 * WIDTH, 3 * WIDTH);
    let mut tensors = vec![
        ("token_embd.weight".to_owned(), vec![WIDTH, vocabulary]),
        ("position_embd.weight".to_owned(), vec![WIDTH, tiny.context]),
        ("output_norm.weight".to_owned(), vec![WIDTH]),
        ("output_norm.bias".to_owned(), vec![WIDTH]),
    ];
    for (name, inside, outside) in [
        ("attn_norm", None, WIDTH),
        ("attn_qkv", Some(WIDTH), flat),
        ("attn_output", Some(WIDTH), WIDTH),
        ("ffn_norm", None, WIDTH),
        ("ffn_up", Some(WIDTH), wide),
        ("ffn_down", Some(wide), WIDTH),
    ] {
        tensors.push((
            format!("blk.0.{name}.weight"),
            inside.into_iter().chain([outside]).collect(),
        ));
        tensors.push((format!("blk.0.{name}.bias"), vec![outside]));
    }

    let mut w = Writer {
        out: b"GGUF".to_vec(),
    };
    w.out.extend(3u32.to_le_bytes());
    w.out.extend((tensors.len() as u64).to_le_bytes());
    let keys = 12 + u64::from(tiny.chat_template.is_some()) + u64::from(tiny.has_end);
    w.out.extend(keys.to_le_bytes());
    for (key, value) in [
        ("general.architecture", "gpt2"),
        ("tokenizer.ggml.model", "gpt2"),
        ("tokenizer.ggml.pre", "gpt-2"),
    ] {
        w.key(key, 8);
        w.text(value);
    }
    if let Some(template) = tiny.chat_template {
        w.key("tokenizer.chat_template", 8);
        w.text(template);
    }
    w.number("gpt2.context_length", tiny.context as u32);
    w.number("gpt2.embedding_length", WIDTH as u32);
    w.number("gpt2.block_count", 1);
    w.number("gpt2.feed_forward_length", wide as u32);
    w.number("gpt2.attention.head_count", 2);
    w.number("tokenizer.ggml.bos_token_id", 256);
    if tiny.has_end {
        w.number("tokenizer.ggml.eos_token_id", 256);
    }
    w.key("gpt2.attention.layer_norm_epsilon", 6);
    w.out.extend(1e-5f32.to_le_bytes());
    w.list("tokenizer.ggml.tokens", &tokens);
    w.list("tokenizer.ggml.merges", &["a b".to_owned()]);
    let mut offset = 0u64;
    for (name, shape) in &tensors {
        w.text(name);
        w.out.extend((shape.len() as u32).to_le_bytes());
        for size in shape {
            w.out.extend(size.to_le_bytes());
        }
        w.out.extend(0u32.to_le_bytes());
        w.out.extend(offset.to_le_bytes());
        offset += shape.iter().product::<u64>() * 4;
    }
    let start = w.out.len().next_multiple_of(32);
    w.out.resize(start, 0);
    // Weights that vary enough for sampled bytes to differ; a multiplicative congruential sequence.
    let mut state = 1u32;
    for _ in 0..offset / 4 {
        state = state.wrapping_mul(48_271) % 2_147_483_647;
        w.out
            .extend(((f64::from(state) / 2_147_483_647.0 - 0.5) as f32).to_le_bytes());
    }
    std::fs::write(path, w.out).expect("a folder for tests can be written");
}
