"""Draws the pictures of the pages; `python -m scripts.pictures` writes them."""
