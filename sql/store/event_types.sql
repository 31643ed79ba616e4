-- The type of events where they are kept: a text takes three times as long to write. In the order of the texts.
ENUM ('cart', 'discount', 'favourite', 'other', 'purchase', 'renewal', 'return', 'search', 'view')
