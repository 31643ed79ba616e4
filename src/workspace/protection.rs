//! Protected mode: nothing about fewer than a number of people leaves the program.

use super::Workspace;
use super::catalog::Catalog;
use crate::error::{Error, Result};

/// The name in the catalog's `meta`.
const K_MIN: &str = "k_min";

impl Catalog {
    /// The fewest people that anything may be about; none where the workspace is not protected.
    pub fn k_min(&self) -> Result<Option<u64>> {
        let kept = self.get_meta(K_MIN)?;
        Ok(kept.and_then(|k| k.parse().ok()).filter(|k| *k > 1))
    }
}

impl Workspace {
    /// The fewest people that anything may be about; none where the workspace is not protected.
    pub fn k_min(&self) -> Result<Option<u64>> {
        if self.layout.catalog().exists() {
            self.catalog()?.k_min()
        } else {
            Ok(None)
        }
    }

    /// Protects the workspace, or ends its protection.
    pub fn protect(&self, k_min: Option<u64>) -> Result<()> {
        let mut catalog = self.catalog()?;
        catalog.set_meta(K_MIN, &k_min.unwrap_or_default().to_string())
    }

    /// Whoever tells of single people, or exact counts of them, asks this first.
    ///
    /// # Errors
    /// [`Error::Failed`] where the workspace is protected.
    pub fn may_tell_of_people(&self) -> Result<()> {
        match self.k_min()? {
            None => Ok(()),
            Some(k) => Err(Error::failed(
                self.layout.root().display(),
                format!(
                    "is protected: nothing about fewer than {k} people leaves it, and this tells of single people or exact counts"
                ),
                "`portray workspace protect --lift` ends that, and the audit log tells who did",
            )),
        }
    }
}
