"""Pure functions about figures of traffic by time and group."""
