"""Names within a path hold anything, line breaks too: senders choose them.

Imported by whoever makes routes, before the first one: Starlette reads a path's form
when a route is made.
"""

from starlette.convertors import PathConvertor, register_url_convertor


class AnyPath(PathConvertor):
    """Starlette's own ``path`` ends at a line break."""

    regex = "(?s:.*)"


register_url_convertor("path", AnyPath())
