//! What a column of a file can mean, and the names that shops give such columns.

use std::fmt;
use std::str::FromStr;

/// A part of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// Who: becomes a pseudonym.
    User,
    /// When.
    Time,
    /// What happened: view, search, cart…
    Type,
    /// Order or invoice number.
    Order,
    /// Product code.
    Product,
    /// Product name.
    Name,
    /// Category, a name or a code.
    Category,
    /// Price of one piece.
    Price,
    /// Number of pieces; negative for a return.
    Quantity,
    /// ISO 4217 code.
    Currency,
    /// Search text.
    Query,
    /// Session or visit.
    Session,
    /// Web, app, store…
    Source,
    /// Country.
    Country,
    /// The company, shop or merchant that a row belongs to: becomes a pseudonym.
    Account,
    /// Browser or phone: becomes a pseudonym; joins a visitor's rows before the log-in to the user.
    Device,
    /// Another id of the analyst's choice to segment by; becomes a pseudonym.
    Unit,
    /// Number of the line in its order: with order and product it names a row that a later one supersedes.
    Line,
    /// Paid, unpaid, cancelled, test…
    Status,
    /// Amount of the whole row, where no price of a piece says it; with tax and shipping, where these are columns.
    Total,
    /// Amount taken off the row's price.
    Discount,
    /// Tax contained in the total.
    Tax,
    /// Shipping contained in the total.
    Shipping,
    /// Amount paid back for the row or its order.
    Refund,
    /// Whether the person agreed that the row is used: yes or no. A row without a yes is counted and left out.
    Consent,
}

/// Each field with its name in `--map` and the column names that mean it, in the form of [`normalised`].
const FIELDS: &[(Field, &str, &[&str])] = &[
    (
        Field::User,
        "user",
        &[
            "userid",
            "user",
            "customerid",
            "customer",
            "customerno",
            "customernumber",
            "clientid",
            "visitorid",
            "memberid",
            "shopperid",
            "buyerid",
            "uid",
            "userpseudoid",
            "email",
            "用户id",
            "用户",
            "会员id",
            "会员",
            "客户id",
            "客户",
        ],
    ),
    (
        Field::Time,
        "time",
        &[
            "eventtime",
            "time",
            "timestamp",
            "eventtimestamp",
            "datetime",
            "date",
            "invoicedate",
            "orderdate",
            "transactiondate",
            "transactiondt",
            "purchasedate",
            "clicktime",
            "createdat",
            "ts",
            "时间",
            "时间戳",
            "日期",
            "下单时间",
        ],
    ),
    (
        Field::Type,
        "type",
        &[
            "eventtype",
            "event",
            "eventname",
            "type",
            "behavior",
            "behaviour",
            "behaviortype",
            "action",
            "行为",
            "行为类型",
            "事件",
        ],
    ),
    (
        Field::Order,
        "order",
        &[
            "orderid",
            "order",
            "orderno",
            "ordernumber",
            "invoiceno",
            "invoice",
            "transactionid",
            "订单号",
            "订单",
        ],
    ),
    (
        Field::Product,
        "product",
        &[
            "productid",
            "product",
            "itemid",
            "item",
            "sku",
            "stockcode",
            "productcode",
            "商品id",
            "商品",
            "货号",
        ],
    ),
    (
        Field::Name,
        "name",
        &[
            "productname",
            "itemname",
            "description",
            "productdescription",
            "title",
            "producttitle",
            "商品名称",
            "商品名",
        ],
    ),
    (
        Field::Category,
        "category",
        &[
            "category",
            "categorycode",
            "categoryname",
            "categoryid",
            "productcategory",
            "productsubclass",
            "department",
            "品类",
            "类目",
            "类目id",
            "分类",
        ],
    ),
    (
        Field::Price,
        "price",
        &[
            "price",
            "unitprice",
            "itemprice",
            "saleprice",
            "单价",
            "价格",
        ],
    ),
    (
        Field::Quantity,
        "quantity",
        &[
            "quantity",
            "qty",
            "amount",
            "units",
            "pieces",
            "numberofcds",
            "数量",
            "件数",
        ],
    ),
    (
        Field::Currency,
        "currency",
        &["currency", "currencycode", "币种"],
    ),
    (
        Field::Query,
        "query",
        &[
            "query",
            "searchquery",
            "searchterm",
            "search",
            "keyword",
            "searchtext",
            "搜索词",
            "关键词",
        ],
    ),
    (
        Field::Session,
        "session",
        &[
            "sessionid",
            "session",
            "usersession",
            "visitid",
            "会话id",
            "会话",
        ],
    ),
    (
        Field::Source,
        "source",
        &[
            "source",
            "platform",
            "channel",
            "device",
            "devicetype",
            "来源",
            "渠道",
            "平台",
        ],
    ),
    (
        Field::Country,
        "country",
        &["country", "countrycode", "国家"],
    ),
    (
        Field::Account,
        "account",
        &[
            "accountid",
            "account",
            "companyid",
            "company",
            "organisationid",
            "organizationid",
            "organisation",
            "organization",
            "merchantid",
            "merchant",
            "公司",
            "企业",
            "商户",
        ],
    ),
    (
        Field::Device,
        "device",
        &[
            "deviceid",
            "userpseudoid",
            "visitorid",
            "cookieid",
            "anonymousid",
            "clientid",
            "设备id",
        ],
    ),
    (Field::Unit, "unit", &[]),
    (
        Field::Line,
        "line",
        &[
            "linenumber",
            "lineno",
            "lineid",
            "line",
            "orderline",
            "lineitemid",
            "行号",
        ],
    ),
    (
        Field::Status,
        "status",
        &[
            "status",
            "orderstatus",
            "financialstatus",
            "paymentstatus",
            "订单状态",
            "状态",
        ],
    ),
    (
        Field::Total,
        "total",
        &[
            "total",
            "linetotal",
            "totalprice",
            "totalamount",
            "dollarvalue",
            "salesamount",
            "grossamount",
            "实付金额",
            "总价",
            "金额",
        ],
    ),
    (
        Field::Discount,
        "discount",
        &[
            "discount",
            "discountamount",
            "lineitemdiscount",
            "couponamount",
            "优惠金额",
            "折扣金额",
        ],
    ),
    (
        Field::Tax,
        "tax",
        &["tax", "taxes", "taxamount", "vat", "税额", "税"],
    ),
    (
        Field::Shipping,
        "shipping",
        &[
            "shipping",
            "shippingamount",
            "shippingcost",
            "postage",
            "运费",
        ],
    ),
    (
        Field::Refund,
        "refund",
        &["refund", "refundedamount", "refundamount", "退款金额"],
    ),
    (
        Field::Consent,
        "consent",
        &["consent", "consentgiven", "hasconsent", "同意"],
    ),
];

/// How many fields there are.
pub const COUNT: usize = FIELDS.len();

impl Field {
    /// All fields, in the order of the declaration.
    pub fn all() -> impl Iterator<Item = Self> {
        FIELDS.iter().map(|row| row.0)
    }

    /// The field that a column of this name means.
    #[must_use]
    pub fn by_column(name: &str) -> Option<Self> {
        let name = normalised(name);
        FIELDS
            .iter()
            .find(|row| row.2.contains(&name.as_str()))
            .map(|row| row.0)
    }

    /// The names of columns that mean this field, in the form of a name without case, blanks and punctuation.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        FIELDS[self as usize].2.iter().copied()
    }

    /// How early `name` stands among the names that mean this field: the earlier, the surer.
    #[must_use]
    pub fn rank(self, name: &str) -> Option<usize> {
        let name = normalised(name);
        FIELDS[self as usize]
            .2
            .iter()
            .position(|known| *known == name)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(FIELDS[*self as usize].1)
    }
}

impl FromStr for Field {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        FIELDS
            .iter()
            .find(|row| row.1 == name)
            .map(|row| row.0)
            .ok_or_else(|| {
                let known: Vec<_> = FIELDS.iter().map(|row| row.1).collect();
                format!("no field `{name}` (fields: {})", known.join(", "))
            })
    }
}

/// A column name without case, blanks and punctuation: `Customer ID` and `customer_id` are one.
#[must_use]
pub fn normalised(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_stands_in_the_order_of_the_enum() {
        for (i, field) in Field::all().enumerate() {
            assert_eq!(field as usize, i);
            assert_eq!(field.to_string().parse(), Ok(field));
        }
    }

    #[test]
    fn column_names_are_known_in_any_spelling() {
        for (name, field) in [
            ("Customer ID", Some(Field::User)),
            ("InvoiceDate", Some(Field::Time)),
            ("event_type", Some(Field::Type)),
            ("用户ID", Some(Field::User)),
            ("brand", None),
        ] {
            assert_eq!(Field::by_column(name), field, "{name}");
        }
    }
}
