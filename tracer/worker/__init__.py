"""Work that takes long, asked for in documents: grading, other kinds to come."""
