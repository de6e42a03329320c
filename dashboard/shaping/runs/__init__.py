"""Pure functions about evaluations: runs, their scores, comparisons."""
