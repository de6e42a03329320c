"""Score a sample of production traffic in the background, by rules that are stored."""
