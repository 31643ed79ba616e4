//! A model's weights in fewer bits. llama-cpp-2 does not wrap this call of llama.cpp, so this file does.

use std::ffi::CString;
use std::path::Path;

use llama_cpp_sys_2 as sys;

use super::gguf;
use crate::error::{Error, Result};

/// A form of weights; sizes are bits a weight, scales included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Weights {
    /// 16.
    F16,
    /// 8.5.
    #[value(name = "q8_0")]
    Q8_0,
    /// 6.6, in blocks of 256.
    #[value(name = "q6_k")]
    Q6K,
    /// 6.
    #[value(name = "q5_1")]
    Q5_1,
    /// 5.5.
    #[value(name = "q5_0")]
    Q5_0,
    /// 5.
    #[value(name = "q4_1")]
    Q4_1,
    /// 4.5.
    #[value(name = "q4_0")]
    Q4_0,
}

impl Weights {
    fn code(self) -> sys::llama_ftype {
        match self {
            Self::F16 => sys::LLAMA_FTYPE_MOSTLY_F16,
            Self::Q8_0 => sys::LLAMA_FTYPE_MOSTLY_Q8_0,
            Self::Q6K => sys::LLAMA_FTYPE_MOSTLY_Q6_K,
            Self::Q5_1 => sys::LLAMA_FTYPE_MOSTLY_Q5_1,
            Self::Q5_0 => sys::LLAMA_FTYPE_MOSTLY_Q5_0,
            Self::Q4_1 => sys::LLAMA_FTYPE_MOSTLY_Q4_1,
            Self::Q4_0 => sys::LLAMA_FTYPE_MOSTLY_Q4_0,
        }
    }
}

/// Writes the model `from` with its weights in another form to `to`, which must not be there yet and appears
/// whole or not at all.
///
/// # Errors
/// [`Error::Usage`] where `to` is there; [`Error::Failed`] for a model that [`gguf::inspect`] or llama.cpp refuses;
/// [`Error::Io`] where the folder of `to` can't be written.
pub fn quantize(from: &Path, to: &Path, weights: Weights, threads: usize) -> Result<()> {
    gguf::inspect(from)?;
    if to.exists() {
        return Err(Error::usage(
            format!("--out {}", to.display()),
            "it is there already",
            "name a file that is not",
        ));
    }
    let folder = match to.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As for any new file: the umask decides who may read it.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let temp = builder.tempfile_in(folder).map_err(Error::io(folder))?;
    // What llama.cpp says of its progress goes to the log, as everything of it.
    super::engine::backend();
    call(from, temp.path(), weights, threads)?;
    gguf::inspect(temp.path())?;
    temp.as_file().sync_all().map_err(Error::io(temp.path()))?;
    temp.persist_noclobber(to)
        .map_err(|e| Error::io(to)(e.error))?;
    Ok(())
}

#[allow(unsafe_code)] // the one call that llama-cpp-2 lacks
fn call(from: &Path, to: &Path, weights: Weights, threads: usize) -> Result<()> {
    let text = |path: &Path| {
        CString::new(path.to_string_lossy().as_bytes())
            .map_err(|_| Error::usage(path.display(), "a NUL byte in a path", "rename the file"))
    };
    let (input, output) = (text(from)?, text(to)?);
    // SAFETY: takes nothing and returns plain values; its pointers are null.
    let mut params = unsafe { sys::llama_model_quantize_default_params() };
    params.ftype = weights.code();
    params.nthread = i32::try_from(threads).unwrap_or(1);
    params.allow_requantize = true;
    // SAFETY: both paths are NUL-terminated strings and, as `params`, live until the call returns; llama.cpp
    // catches its own exceptions and tells of them by the number it returns.
    let code =
        unsafe { sys::llama_model_quantize(input.as_ptr(), output.as_ptr(), &raw const params) };
    if code == 0 {
        return Ok(());
    }
    Err(Error::failed(
        from.display(),
        "llama.cpp can't write its weights in this form",
        "take another --to; forms in blocks of 256 need rows of that length",
    ))
}
