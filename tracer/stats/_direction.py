"""Which way is better: most scores want to be high, error rates and costs do not."""

from collections.abc import Container
from typing import Final

from tracer.stats._known_names import is_lower_better

LOWER_IS_BETTER: Final = "lower_is_better"
"""Key of a run's metadata: names of the scores of which a lower value is better."""


def higher_is_better(score: str, *, lower: Container[str] = ()) -> bool:
    """Return whether a higher value of a score or a measure is the better one.

    What a run took (`MEASURES`) is better low, and so are metrics whose registry says
    so: ``cer``, ``wer``, ``perplexity``. A flattened name counts by its last part:
    ``spelling.cer`` is a ``cer``. Any other score is better high.

    Args:
        score: Name of the score.
        lower: Names of further scores of which a lower value is better.
    """
    if score in lower or is_lower_better(score):
        return False
    return not is_lower_better(score.rpartition(".")[2])
