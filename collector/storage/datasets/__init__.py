"""Datasets: versions of rows, read by pages, edited row by row."""
