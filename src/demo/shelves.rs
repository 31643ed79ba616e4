//! The words of the made-up catalogue: forty categories with what stands on their shelves.

/// One category and the words that its product names are made of.
pub(super) struct Shelf {
    /// The category's name in the file.
    pub name: &'static str,
    /// A middling price in pence.
    pub price: f64,
    /// What the goods are made of, or which kind they are.
    pub kinds: [&'static str; 6],
    /// What the goods are.
    pub nouns: [&'static str; 6],
    /// Which adjectives fit.
    pub adjectives: &'static [&'static str],
    /// The month of the best sales, 1 to 12; 0 where every month is alike.
    pub peak: u32,
}

const TASTY: &[&str] = &[
    "Organic",
    "Everyday",
    "Smoked",
    "Mild",
    "Rich",
    "Golden",
    "Farmhouse",
    "Large Pack",
];
const CLEAN: &[&str] = &[
    "Fresh",
    "Gentle",
    "Concentrated",
    "Refill",
    "Unscented",
    "Family Size",
    "Daily",
    "Soft",
];
const COSY: &[&str] = &[
    "Soft", "Woven", "Nordic", "Vintage", "Striped", "Plain", "Classic", "Quilted",
];
const SMART: &[&str] = &[
    "Slim", "Compact", "Pro", "Classic", "Wireless", "Studio", "Travel", "Premium",
];
const STURDY: &[&str] = &[
    "Heavy Duty",
    "Light",
    "Folding",
    "Compact",
    "Weatherproof",
    "Long",
    "Classic",
    "Large",
];
const WORN: &[&str] = &[
    "Slim", "Relaxed", "Classic", "Striped", "Soft", "Light", "Warm", "Printed",
];
const MERRY: &[&str] = &[
    "Bright",
    "Little",
    "Wooden",
    "Colourful",
    "Giant",
    "Pocket",
    "Classic",
    "Retro",
];
const FINE: &[&str] = &[
    "Handmade",
    "Vintage",
    "Polished",
    "Limited",
    "Signature",
    "Slender",
    "Heritage",
    "Bold",
];
const TRADE: &[&str] = &[
    "Bulk", "Economy", "Standard", "Heavy", "Recycled", "White", "Strong", "Catering",
];

macro_rules! shelf {
    ($name:literal, $price:literal, $adjectives:ident, $peak:literal, $kinds:expr, $nouns:expr) => {
        Shelf {
            name: $name,
            price: $price,
            kinds: $kinds,
            nouns: $nouns,
            adjectives: $adjectives,
            peak: $peak,
        }
    };
}

/// The categories: consumables first, then trade supplies, then fine goods, then the rest;
/// the personas name their home shelves by these blocks.
#[rustfmt::skip]
pub(super) const SHELVES: [Shelf; 40] = [
    shelf!("Coffee", 750.0, TASTY, 0, ["Colombian", "Ethiopian", "Brazilian", "Decaf", "Espresso", "Sumatran"], ["Ground Coffee", "Coffee Beans", "Coffee Pods", "Instant Coffee", "Filter Coffee", "Coffee Bags"]),
    shelf!("Tea", 420.0, TASTY, 0, ["Assam", "Earl Grey", "Green", "Mint", "Rooibos", "Camomile"], ["Tea Bags", "Loose Tea", "Tea Caddy Refill", "Tea Sampler", "Iced Tea", "Tea Blend"]),
    shelf!("Pantry", 310.0, TASTY, 0, ["Tomato", "Basil", "Chickpea", "Olive", "Oat", "Rice"], ["Sauce", "Pasta", "Soup", "Crackers", "Flakes", "Spread"]),
    shelf!("Snacks", 260.0, TASTY, 12, ["Sea Salt", "Paprika", "Almond", "Cocoa", "Honey", "Peanut"], ["Crisps", "Nut Mix", "Bars", "Biscuits", "Popcorn", "Bites"]),
    shelf!("Pet Food", 1350.0, TASTY, 0, ["Chicken", "Salmon", "Lamb", "Turkey", "Duck", "Beef"], ["Dog Food", "Cat Food", "Dog Treats", "Cat Treats", "Kibble", "Pouches"]),
    shelf!("Laundry", 690.0, CLEAN, 0, ["Lavender", "Cotton", "Citrus", "Ocean", "Sensitive", "Colour"], ["Washing Powder", "Washing Liquid", "Capsules", "Softener", "Stain Remover", "Dryer Sheets"]),
    shelf!("Cleaning", 350.0, CLEAN, 4, ["Lemon", "Pine", "Eucalyptus", "Vinegar", "Bleach", "Apple"], ["Surface Spray", "Floor Cleaner", "Washing-Up Liquid", "Wipes", "Glass Cleaner", "Scourer"]),
    shelf!("Toiletries", 450.0, CLEAN, 0, ["Aloe", "Oat", "Coconut", "Rose", "Charcoal", "Sea"], ["Shampoo", "Hand Soap", "Shower Gel", "Toothpaste", "Conditioner", "Body Lotion"]),
    shelf!("Packaging", 620.0, TRADE, 0, ["Kraft", "Cardboard", "Bubble", "Paper", "Padded", "Clear"], ["Boxes", "Mailers", "Tape", "Wrap", "Tissue", "Labels"]),
    shelf!("Party Supplies", 480.0, TRADE, 6, ["Paper", "Foil", "Cotton", "Spotted", "Striped", "Gingham"], ["Plates", "Cups", "Bunting", "Napkins", "Balloons", "Straws"]),
    shelf!("Office Supplies", 540.0, TRADE, 9, ["A4", "Gel", "Steel", "Plastic", "Adhesive", "Lined"], ["Paper", "Pens", "Staples", "Folders", "Notes", "Notepads"]),
    shelf!("Gift Bags", 290.0, TRADE, 12, ["Jute", "Kraft", "Red", "Striped", "Spotted", "Lined"], ["Gift Bag", "Bottle Bag", "Jumbo Bag", "Party Bag", "Gift Box", "Ribbon"]),
    shelf!("Candles", 680.0, TRADE, 12, ["Soy", "Beeswax", "Vanilla", "Cedar", "Fig", "Amber"], ["Tealights", "Pillar Candles", "Votives", "Dinner Candles", "Jar Candles", "Wax Melts"]),
    shelf!("Furniture", 24000.0, FINE, 1, ["Oak", "Walnut", "Ash", "Velvet", "Leather", "Rattan"], ["Armchair", "Side Table", "Bookcase", "Desk", "Sideboard", "Bench"]),
    shelf!("Audio", 15500.0, SMART, 11, ["Aluminium", "Walnut", "Bluetooth", "Open", "Bookshelf", "Hi-Fi"], ["Headphones", "Speaker", "Turntable", "Amplifier", "Soundbar", "Earbuds"]),
    shelf!("Watches", 18500.0, FINE, 12, ["Steel", "Leather", "Titanium", "Gold", "Ceramic", "Automatic"], ["Watch", "Chronograph", "Dress Watch", "Dive Watch", "Field Watch", "Watch Strap"]),
    shelf!("Cameras", 36000.0, SMART, 7, ["Mirrorless", "Instant", "Film", "Action", "Zoom", "Prime"], ["Camera", "Lens", "Tripod", "Flash", "Camera Bag", "Gimbal"]),
    shelf!("Designer Lighting", 13500.0, FINE, 10, ["Brass", "Glass", "Marble", "Linen", "Copper", "Opal"], ["Floor Lamp", "Pendant", "Table Lamp", "Wall Light", "Chandelier", "Desk Lamp"]),
    shelf!("Jewellery", 9800.0, FINE, 12, ["Silver", "Gold", "Pearl", "Garnet", "Opal", "Rose Gold"], ["Necklace", "Earrings", "Bracelet", "Ring", "Pendant", "Brooch"]),
    shelf!("Kitchenware", 2200.0, STURDY, 11, ["Copper", "Cast Iron", "Steel", "Ceramic", "Bamboo", "Glass"], ["Saucepan", "Frying Pan", "Mixing Bowl", "Chopping Board", "Colander", "Roasting Tin"]),
    shelf!("Tableware", 1650.0, COSY, 11, ["Stoneware", "Porcelain", "Glass", "Enamel", "Terracotta", "Bone China"], ["Mug", "Dinner Plate", "Bowl", "Tumbler", "Jug", "Serving Dish"]),
    shelf!("Bedding", 3600.0, COSY, 10, ["Linen", "Cotton", "Down", "Wool", "Flannel", "Bamboo"], ["Duvet Cover", "Pillow", "Sheet Set", "Blanket", "Mattress Topper", "Pillowcase"]),
    shelf!("Bath", 1900.0, COSY, 0, ["Cotton", "Waffle", "Bamboo", "Terry", "Linen", "Cedar"], ["Bath Towel", "Bath Mat", "Hand Towel", "Bathrobe", "Shower Curtain", "Soap Dish"]),
    shelf!("Cushions & Throws", 2400.0, COSY, 10, ["Velvet", "Wool", "Linen", "Mohair", "Faux Fur", "Cotton"], ["Cushion", "Throw", "Cushion Cover", "Floor Cushion", "Bolster", "Pouffe"]),
    shelf!("Wall Art", 2800.0, FINE, 0, ["Botanical", "Abstract", "Map", "Photo", "Letterpress", "Canvas"], ["Print", "Poster", "Frame", "Mirror", "Wall Hanging", "Clock"]),
    shelf!("Garden Tools", 2600.0, STURDY, 4, ["Steel", "Ash", "Copper", "Carbon", "Telescopic", "Cordless"], ["Spade", "Secateurs", "Rake", "Watering Can", "Hedge Trimmer", "Trowel"]),
    shelf!("Plants & Seeds", 900.0, MERRY, 4, ["Lavender", "Tomato", "Fern", "Tulip", "Herb", "Meadow"], ["Seeds", "Bulbs", "Plant", "Pot", "Growing Kit", "Compost"]),
    shelf!("Outdoor Living", 5200.0, STURDY, 6, ["Teak", "Canvas", "Steel", "Solar", "Rattan", "Cotton"], ["Deckchair", "Hammock", "Parasol", "Fire Pit", "Lantern", "Picnic Rug"]),
    shelf!("Camping", 4800.0, STURDY, 7, ["Canvas", "Down", "Titanium", "Nylon", "Gas", "LED"], ["Tent", "Sleeping Bag", "Stove", "Head Torch", "Rucksack", "Camping Chair"]),
    shelf!("Cycling", 3400.0, STURDY, 5, ["Carbon", "Alloy", "Gravel", "Road", "City", "Reflective"], ["Helmet", "Pump", "Saddle", "Lights", "Pannier", "Lock"]),
    shelf!("Fitness", 2700.0, STURDY, 1, ["Cork", "Rubber", "Foam", "Iron", "Adjustable", "Latex"], ["Yoga Mat", "Kettlebell", "Dumbbells", "Roller", "Resistance Band", "Skipping Rope"]),
    shelf!("Shoes", 6400.0, WORN, 9, ["Leather", "Suede", "Canvas", "Mesh", "Waxed", "Rubber"], ["Trainers", "Boots", "Loafers", "Sandals", "Slippers", "Brogues"]),
    shelf!("Coats & Jackets", 8900.0, WORN, 11, ["Wool", "Down", "Denim", "Waxed", "Fleece", "Rain"], ["Coat", "Jacket", "Parka", "Gilet", "Raincoat", "Blazer"]),
    shelf!("Knitwear", 5200.0, WORN, 11, ["Merino", "Cashmere", "Lambswool", "Cotton", "Cable", "Ribbed"], ["Jumper", "Cardigan", "Scarf", "Beanie", "Gloves", "Roll Neck"]),
    shelf!("Shirts & Tops", 2900.0, WORN, 5, ["Oxford", "Linen", "Jersey", "Denim", "Cotton", "Flannel"], ["Shirt", "T-Shirt", "Blouse", "Polo", "Vest Top", "Sweatshirt"]),
    shelf!("Bags & Luggage", 5600.0, WORN, 6, ["Leather", "Canvas", "Nylon", "Recycled", "Cabin", "Quilted"], ["Backpack", "Suitcase", "Tote", "Holdall", "Wallet", "Messenger Bag"]),
    shelf!("Toys & Puzzles", 1800.0, MERRY, 12, ["Maple", "Magnetic", "Animal", "Train", "Castle", "Space"], ["Jigsaw", "Building Blocks", "Play Set", "Marble Run", "Doll House", "Board Book"]),
    shelf!("Books & Stationery", 1100.0, MERRY, 12, ["Travel", "Cookery", "Garden", "Linen", "Dotted", "Sketch"], ["Notebook", "Cookbook", "Planner", "Guide", "Postcards", "Journal"]),
    shelf!("Phone Accessories", 1500.0, SMART, 11, ["Silicone", "Leather", "USB-C", "Magnetic", "Braided", "Clear"], ["Phone Case", "Charger", "Cable", "Power Bank", "Phone Stand", "Screen Protector"]),
    shelf!("Small Appliances", 4500.0, SMART, 11, ["Steel", "Digital", "Ceramic", "Glass", "Retro", "Cordless"], ["Kettle", "Toaster", "Blender", "Air Fryer", "Coffee Maker", "Hand Mixer"]),
];

/// Shelves of things used up and bought again.
pub(super) const CONSUMABLES: std::ops::Range<usize> = 0..8;
/// Shelves that small businesses buy by the carton.
pub(super) const TRADE_GOODS: std::ops::Range<usize> = 8..13;
/// Shelves of fine and dear goods.
pub(super) const FINE_GOODS: std::ops::Range<usize> = 13..19;
/// Shelves of household, garden and clothing.
pub(super) const HOUSEHOLD: std::ops::Range<usize> = 19..40;
