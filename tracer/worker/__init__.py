"""Work that takes long, asked for in documents: grading, running a model."""
