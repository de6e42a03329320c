"""Pure functions about messages, as people and as an API read them."""
