"""Every figure that a page may claim: `python -m benchmarks [section …]`."""
