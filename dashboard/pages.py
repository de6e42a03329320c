"""Which pages there are, in the order of the sidebar, and their icons."""

from typing import Final

PAGES: Final = {
    "observe": (
        ("overview", ":material/space_dashboard:"),
        ("traces", ":material/account_tree:"),
        ("sessions", ":material/forum:"),
    ),
    "improve": (
        ("datasets", ":material/dataset:"),
        ("evaluations", ":material/science:"),
        ("trends", ":material/monitoring:"),
        ("judges", ":material/gavel:"),
        ("jobs", ":material/checklist:"),
        ("alerts", ":material/notifications:"),
        ("review", ":material/rate_review:"),
    ),
    "operate": (("settings", ":material/settings:"),),
}
"""Section of the sidebar → names of its pages and their icons."""

START: Final = "overview"
"""The page that stands at ``/``."""

NAMES: Final = frozenset(name for pages in PAGES.values() for name, _ in pages)
