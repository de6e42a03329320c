"""Names within a path hold anything, line breaks too: senders choose them.

Imported by whoever makes routes, before the first one: Starlette reads a path's form
when a route is made.
"""

from starlette.convertors import Convertor, register_url_convertor


class AnyPath(Convertor[str]):
    """As Starlette's own ``path``, which ends at a line break."""

    regex = "(?s:.*)"

    def convert(self, value: str) -> str:
        """Return the text as it is."""
        return value

    def to_string(self, value: str) -> str:
        """Return the text as it is."""
        return value


register_url_convertor("path", AnyPath())
