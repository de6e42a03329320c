"""Charts, courses over time and tiles."""
