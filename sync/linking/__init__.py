"""Links of our products and those that a shop has already."""
