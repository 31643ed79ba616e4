//! Products of the catalogue that was read last.

use std::path::Path;

use duckdb::OptionalExt;

use crate::error::{Error, Result};
use crate::narrate::tasks::Product;
use crate::settings::Settings;
use crate::words::clip;
use crate::workspace::{Workspace, attach_store, duck};

/// The product with this code, or else of this name.
///
/// # Errors
/// [`Error::Failed`] where the catalogue lacks it, or none was read yet.
pub fn product(workspace: &Path, wanted: &str, settings: &Settings) -> Result<Product> {
    let workspace = Workspace::open(workspace)?;
    let connection = duck::connect(None, &workspace.layout().temp(), settings)?;
    attach_store(&connection, workspace.layout())?;
    let doing = Error::duck("store/product.sql");
    let read = || {
        connection
            .query_row(
                include_str!("../../sql/store/product.sql"),
                [wanted; 3],
                |row| {
                    let attributes: String = row.get(5)?;
                    Ok(Product {
                        name: row.get(0)?,
                        category: row.get(1)?,
                        brand: row.get(2)?,
                        price: row.get(3)?,
                        currency: row.get(4)?,
                        fields: serde_json::from_str(&attributes).unwrap_or_default(),
                    })
                },
            )
            .optional()
    };
    let found: Option<Product> = read().map_err(doing)?;
    found.ok_or_else(|| {
        Error::failed(
            format!("product `{}`", clip(wanted, 60)),
            "stands in no catalogue",
            "`portray ingest --catalog FILE` reads what the shop sells; name a product by its code or its whole name",
        )
    })
}
