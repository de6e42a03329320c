"""Spans as rows, made in Python: for groups too small for the engine's planning.

The engine plans its normalising SELECT anew for every insert, which costs as much as
some thousand spans. This room writes the same rows, from the same vendors' tables; a
differential test holds the two equal. What Python cannot write down alike (keys that
are there twice, text that is no UTF-8) is left to the engine.
"""
