"""SQL of writes.py, one statement a file, named like its function."""
