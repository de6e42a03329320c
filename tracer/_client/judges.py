"""The part of `Client` about judges: their definitions, and what a model costs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tracer._client.api import in_path, moment
from tracer._client.asking import Asking, Time
from tracer._client.records import Row
from tracer._client.rows import Rows, typed

if TYPE_CHECKING:
    from tracer.judges import Price


class Judges(Asking):
    """What a worker judges by, and the prices of the collector's lists."""

    def judges(self, *, project: str | None = None) -> Rows:
        """Return the stored judges, the latest changed first."""
        return self._api.rows("judges", limit=None, project=project)

    def judge(self, id: str, *, project: str | None = None) -> Row:
        """Return one stored judge; its ``definition`` is what was saved.

        Raises:
            NotFoundError: There is no such judge.
        """
        return typed(self._api.get(f"judges/{in_path(id)}", project=project))

    def save_judge(
        self,
        id: str,
        definition: Mapping[str, Any],
        *,
        project: str,
        replaces: int | None = None,
        author: str | None = None,
    ) -> Row:
        """Save the definition of a judge and return it.

        Args:
            id: Name by which jobs ask for it.
            definition: As docs/judges.md has it; it is looked at before it is sent.
            project: Project that it belongs to.
            replaces: Version that this one follows; 0 for none, None does not check.
            author: Who saved it.

        Raises:
            ConfigurationError: No judge can be made of the definition.
            ConflictError: `replaces` is not the newest version.
        """
        from tracer.judges.definition import check_definition

        check_definition(definition)
        body = {
            "project": project,
            "definition": dict(definition),
            "replaces": replaces,
            "author": author,
        }
        return typed(self._api.send("PUT", f"judges/{in_path(id)}", body))

    def delete_judge(self, id: str, *, project: str) -> None:
        """Take a stored judge away."""
        self._api.send("DELETE", f"judges/{in_path(id)}", project=project)

    def price(
        self, model: str, *, provider: str = "openai", at: Time | None = None
    ) -> "Price":
        """Return what tokens of a model cost, by the lists that price spans.

        Args:
            model: The model's name.
            provider: The conventions' name of its API.
            at: When it is to hold; None for now.

        Raises:
            NotFoundError: No list has the model; TRACER_PRICES_FILE can.
        """
        from tracer.judges import Price

        asked = {"model": model, "provider": provider, "at": moment(at)}
        found = self._api.get("prices", **asked)
        return Price(
            found["input_usd_per_mtok"] or 0.0,
            found["output_usd_per_mtok"] or 0.0,
            found["cache_read_usd_per_mtok"],
        )
