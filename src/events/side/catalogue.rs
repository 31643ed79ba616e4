//! What the shop sells: the only source of what a text says about a product.

use serde_json::{Map, Value};

use super::super::amount::{DecimalMark, decimal_with};
use super::super::field::Field;
use super::super::stage::Stage;
use super::table::Table;
use crate::error::Result;
use crate::words::clip;

/// Most characters of a name, a brand, a category or an attribute.
const LONGEST: usize = 500;

/// A line of the catalogue.
pub struct Listing {
    /// Key of the product.
    pub product: i32,
    /// What it is called.
    pub name: Option<String>,
    /// Who makes it.
    pub brand: Option<String>,
    /// Key of the category.
    pub category: Option<i32>,
    /// Ten-thousandths of the currency.
    pub price_e4: Option<i64>,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// Thousandths of a piece.
    pub stock_e3: Option<i64>,
    /// Where it is sold.
    pub url: Option<String>,
    /// A JSON object of further columns.
    pub attributes: String,
}

/// Stages the lines of a catalogue; returns how many. Of a product that stands twice the last line counts.
pub(super) fn read(file: &mut Table, stage: &mut Stage<'_>) -> Result<u64> {
    let mut product = Field::Product.names().collect::<Vec<_>>();
    product.extend(["id", "code", "handle"]);
    let product = file.need(&product)?;
    let name = file.find_field(Field::Name, &["name"]);
    let brand = file.find(&["brand", "vendor", "manufacturer", "品牌"]);
    let category = file.find_field(Field::Category, &["producttype"]);
    let price = file.find_field(Field::Price, &[]);
    let currency = file.find_field(Field::Currency, &[]);
    let stock = file.find(&[
        "stock",
        "inventory",
        "instock",
        "stockquantity",
        "quantity",
        "库存",
    ]);
    let url = file.find(&["url", "link", "producturl", "链接"]);
    let taken = [
        Some(product),
        name,
        brand,
        category,
        price,
        currency,
        stock,
        url,
    ];
    let further: Vec<usize> = (0..file.columns().len())
        .filter(|column| !taken.contains(&Some(*column)))
        .collect();
    let text = |file: &Table, column| file.get(column).map(|text| clip(text, LONGEST));
    let mut lines = 0;
    while file.next()? {
        let mut attributes = Map::new();
        for column in &further {
            if let Some(value) = text(file, Some(*column)) {
                let name = file.columns().get(*column).cloned().unwrap_or_default();
                attributes.insert(clip(&name, 60), Value::String(value));
            }
        }
        let figure = |column, places, what: &str| match file.get(column) {
            None => Ok(None),
            Some(text) => decimal_with(text, places, DecimalMark::Unknown)
                .map(Some)
                .ok_or_else(|| {
                    let why = format!("the {what} is not a number: `{}`", clip(text, 40));
                    file.wrong(&why, "write it as 24.50, or leave it empty")
                }),
        };
        let (price_e4, stock_e3) = (figure(price, 4, "price")?, figure(stock, 3, "stock")?);
        let code = file.filled(product)?.to_owned();
        let category = stage.category(&text(file, category).unwrap_or_default());
        let listing = Listing {
            product: stage.product(&code),
            name: text(file, name),
            brand: text(file, brand),
            category,
            price_e4,
            currency: file.get(currency).map(str::to_uppercase),
            stock_e3,
            url: text(file, url),
            attributes: Value::Object(attributes).to_string(),
        };
        stage.beside.listings.insert(listing.product, listing);
        lines += 1;
    }
    Ok(lines)
}
