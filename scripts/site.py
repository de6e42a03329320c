"""What the site has beyond the pages of docs/: the HTTP reference, and which build."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from collector.api.routes import ROUTES
from collector.openapi.document import openapi_document, topic_of
from tracer._build import build

INTRODUCTION = """# HTTP reference

Every route of the read API, made from the collector's own OpenAPI document ({version})
as these pages were built. A collector answers the same document at
`GET /api/v1/openapi.json`. [Read API](api.md) explains what belongs together, errors,
pages and filters; all paths are below `/api/v1`.
"""
MOST_VALUES = 12
IMAGES = Path(__file__).parents[1] / "docs" / "images"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put version and commit into the foot of each page."""
    config.copyright = f"tracer {build()} · Apache-2.0"
    return config


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Keep names in tables whole, and show pictures of the dark pages in the dark."""
    html = re.sub(r"<code>([^<\s]{1,36})</code>", _named, html)
    return re.sub(r'<img ([^>]*)src="([^"]+)\.png"([^>]*)/?>', _in_both_lights, html)


def _named(found: re.Match[str]) -> str:
    return f'<code class="name">{found[1]}</code>'


def _in_both_lights(found: re.Match[str]) -> str:
    light = found[0]
    if not (IMAGES / f"{Path(found[2]).name}-dark.png").exists():
        return light
    path = found[2]
    dark = light.replace(f"{path}.png", f"{path}-dark.png#only-dark")
    return light.replace(f"{path}.png", f"{path}.png#only-light") + dark


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the page that is made of the collector's OpenAPI document."""
    page = http_page(openapi_document(ROUTES))
    files.append(File.generated(config, "http.md", content=page))
    return files


def http_page(document: dict[str, Any]) -> str:
    """Return the page of an OpenAPI document: routes by what they are about, rows."""
    parts = [INTRODUCTION.format(version=document["info"]["version"])]
    topics = {tag["name"]: tag["description"] for tag in document["tags"]}
    topic = ""
    for path, methods in sorted(document["paths"].items(), key=by_topic):
        if topic_of(path) != topic:
            topic = topic_of(path)
            parts.append(f"## {topic}\n\n{topics[topic]}\n")
        parts += [route(method, path, told) for method, told in methods.items()]
    parts.append(errors(document))
    parts.append("## Rows\n\nWhat lists and single answers are made of.\n")
    schemas = document["components"]["schemas"]
    parts += [row(name, schema) for name, schema in sorted(schemas.items())]
    return "\n".join(parts)


def by_topic(item: tuple[str, Any]) -> tuple[str, str]:
    """Order paths by what they are about."""
    return topic_of(item[0]), item[0]


def route(method: str, path: str, told: dict[str, Any]) -> str:
    """Return the section of one route."""
    lines = [f"### `{method.upper()} {path}` {{ #{told['operationId']} }}\n"]
    lines.append(f"{told['summary']} {told['description']}\n")
    if told["parameters"]:
        lines += ["| parameter | in | type | meaning |", "| --- | --- | --- | --- |"]
        lines += [parameter(one) for one in told["parameters"]]
        lines.append("")
    if body := told.get("requestBody"):
        lines.append(f"Body: {shown(schema_of(body))}\n")
    lines.append(f"Answers {shown(schema_of(told['responses']['200']))}\n")
    statuses = " ".join(s for s in told["responses"] if s not in ("200", "default"))
    lines.append(f"Errors: [{statuses}](#errors)\n")
    return "\n".join([*lines, *example(method, path, told)])


def example(method: str, path: str, told: dict[str, Any]) -> Iterator[str]:
    """Yield a call and its answer, folded until somebody looks."""
    body = json_of(told["requestBody"])["example"] if "requestBody" in told else None
    answer = json_of(told["responses"]["200"])["example"]
    yield '??? example "Example"\n'
    yield from indented("sh", curl(method, path, told, body))
    if answer:
        yield from indented("json", json.dumps(answer, indent=2, ensure_ascii=False))


def curl(method: str, path: str, told: dict[str, Any], body: Any) -> str:
    """Return a command line that asks a route."""
    needed = {
        one["name"]: EXAMPLES.get(one["name"], one["name"])
        for one in told["parameters"]
        if one["in"] == "query" and (one["required"] or one["name"] == "project")
    }
    for name in re.findall(r"\{(\w+)\}", path):
        path = path.replace(f"{{{name}}}", EXAMPLES.get(name, name.upper()))
    query = f"?{urlencode(needed)}" if needed else ""
    asked = "" if method == "get" else f"-X {method.upper()} "
    words = [f"curl {asked}'http://127.0.0.1:4318/api/v1{path}{query}'"]
    if body is not None:
        words.append("-H 'Content-Type: application/json'")
        words.append(f"-d '{json.dumps(body, indent=2, ensure_ascii=False)}'")
    return " \\\n    ".join(words)


EXAMPLES = {
    "project": "support-bot",
    "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
    "span_id": "00f067aa0ba902b7",
    "model": "gpt-4o-mini",
    "field": "model",
    "since": "2026-11-01",
    "before": "0123456789abcdef",
    "version": "fedcba9876543210",
    "name": "faq",
}
"""Parameter → its value in an example."""


def indented(language: str, text: str) -> Iterator[str]:
    """Yield a block of code within a fold."""
    for line in (f"```{language}", *text.splitlines(), "```", ""):
        yield f"    {line}".rstrip()


def errors(document: dict[str, Any]) -> str:
    """Return the section of what goes wrong, by status."""
    found = document["components"]["responses"]
    lines = ["## Errors", ""]
    lines.append(
        'Every error is `{"error": {"code", "message", "hint"}}`; '
        "the hint says what to do.\n"
    )
    lines += ["| status | meaning |", "| --- | --- |"]
    lines += [
        f"| {name.removeprefix('Error') or 'any other'} | {cell(one['description'])} |"
        for name, one in found.items()
    ]
    return "\n".join([*lines, ""])


def schema_of(told: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a body or an answer in JSON."""
    found: dict[str, Any] = json_of(told)["schema"]
    return found


def json_of(told: dict[str, Any]) -> dict[str, Any]:
    """Return what is said of the JSON of a body or an answer."""
    found: dict[str, Any] = told["content"]["application/json"]
    return found


def parameter(told: dict[str, Any]) -> str:
    """Return a parameter's line."""
    name = f"`{told['name']}`" + (" (needed)" if told.get("required") else "")
    meaning = cell(told.get("description", ""))
    return f"| {name} | {told['in']} | {shown(told['schema'])} | {meaning} |"


def row(name: str, schema: dict[str, Any]) -> str:
    """Return the section of one schema: its columns and their types."""
    lines = [f"### {name} {{ #row-{name.lower()} }}\n"]
    columns = schema.get("properties", {})
    if not columns:
        return lines[0] + "\nAn object whose keys are those that were asked for.\n"
    lines += ["| column | type |", "| --- | --- |"]
    lines += [f"| `{key}` | {shown(one)} |" for key, one in columns.items()]
    return "\n".join([*lines, ""])


def shown(schema: dict[str, Any]) -> str:
    """Return a type as people read it, named rows as links."""
    if name := schema.get("$ref", "").rpartition("/")[2]:
        return f"[{name}](#row-{name.lower()})"
    if words := schema.get("enum"):
        more = " …" if len(words) > MOST_VALUES else ""
        return " ".join(f"`{word}`" for word in words[:MOST_VALUES]) + more
    if either := schema.get("anyOf"):
        return " or ".join(shown(one) for one in either)
    if schema.get("type") == "array":
        return f"list of {shown(schema.get('items', {}))}"
    if columns := schema.get("properties"):
        needed = set(schema.get("required", ()))
        return ", ".join(members(columns, needed))
    kinds = schema.get("type", "anything")
    return cell(" or ".join(kinds) if isinstance(kinds, list) else str(kinds))


def members(columns: dict[str, Any], needed: set[str]) -> Iterator[str]:
    """Yield the keys of an object with their types; those not needed with ``?``."""
    for key, one in columns.items():
        mark = "" if key in needed else "?"
        kind = shown(one)
        yield f"`{key}`{mark}" + ("" if kind == "anything" else f" {kind}")


def cell(text: str) -> str:
    """Return text that stays within a cell of a table."""
    return re.sub(r"\s+", " ", text).replace("|", "\\|")
