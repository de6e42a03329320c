"""What the collector does beside requests, again and again: prices, ages, repeats."""
