"""Examples to evaluate on, from wherever they are."""

from tracer.evaluation._datasets.reading import Reading
from tracer.evaluation._datasets.working import Working
from tracer.evaluation._datasets.writing import Writing


class Dataset(Reading, Writing, Working):
    """Rows of examples; ids and version follow from what the rows say.

    A row is flat (``{"question": …, "expected": …}``) or as in docs/api.md
    (``{"inputs": {…}, "expected": …, "metadata": {…}}``).

    Args:
        rows: The rows, in order.
        name: Name of the dataset, as shown beside runs.
        version: Version that the collector gave it; else it is computed.

    Raises:
        ValueError: A row is no mapping, has no inputs, or has the id of another.
    """
