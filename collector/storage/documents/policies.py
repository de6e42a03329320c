"""How long single projects keep their rows: documents of the kind `retention`."""

from collector.storage.deleting.by_age import Ages
from collector.storage.documents.versions import (
    Change,
    Place,
    list_documents,
    write_document,
)
from collector.storage.engine import Store
from collector.storage.reads.reader import Reader, Row


def read_policies(reader: Reader) -> dict[str, Ages]:
    """Return project → ages, of the projects that have their own."""
    return {
        str(row["project"]): Ages(int(row["days"]), int(row["evaluation_days"]))
        for row in list_documents(reader, "retention", None)
    }


def list_policies(reader: Reader, projects: tuple[str, ...] | None) -> list[Row]:
    """Return the projects' own ages as the API shows them."""
    return list_documents(reader, "retention", projects)


def save_policy(
    store: Store, reader: Reader, project: str, ages: Ages, *, author: str
) -> Row:
    """Give a project ages of its own and return them."""
    body = {"days": ages.production, "evaluation_days": ages.evaluations}
    change = Change(body, author)
    place = Place("retention", project, project)
    return write_document(store, reader, place, lambda _: change)


def clear_policy(store: Store, reader: Reader, project: str) -> None:
    """Have a project follow the whole store's ages again."""
    place = Place("retention", project, project)
    write_document(store, reader, place, lambda _: Change(deleted=True))
