"""Programs that show the project at work; each runs from a clone."""
