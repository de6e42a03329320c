"""The parts of `tracer.Client`: requests, rows, and a file for each thing it reads."""
