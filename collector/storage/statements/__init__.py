"""SQL of what is written and deleted, one statement a file, by the file's name."""

from importlib import resources


def sql(name: str) -> str:
    """Return the text of a statement."""
    return (resources.files(__name__) / f"{name}.sql").read_text(encoding="utf-8")
