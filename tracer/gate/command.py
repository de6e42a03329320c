"""The command `tracer gate`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracer._options import collector_options, json_option, print_json

if TYPE_CHECKING:
    from tracer.gate.judging import GateReport


@click.command()
@click.argument("baseline")
@click.argument("candidate")
@click.option(
    "--require",
    "required",
    multiple=True,
    required=True,
    metavar="REQUIREMENT",
    help="'correct >= -0.02', 'latency_p95_ms <= 1.1x'; may be given more than once.",
)
@click.option("--project", help="Only runs of this project.  [default: all]")
@collector_options("The collector that has the runs.")
@click.option(
    "--markdown",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report to this file as Markdown, too.",
)
@click.option(
    "--junit",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report to this file as JUnit XML, too.",
)
@json_option
@click.pass_context
def gate(
    context: click.Context,
    *,
    baseline: str,
    candidate: str,
    required: tuple[str, ...],
    project: str | None,
    collector_url: str,
    api_key: str | None,
    as_json: bool,
    markdown: Path | None,
    junit: Path | None,
) -> None:
    """Pass CANDIDATE if every requirement on it is shown.

    Both are ids or names of runs; a name means its latest finished run. Status 0: all
    are shown. 1: some are not. 2: some could not be judged. A plain number is a
    difference from the baseline, 1.1x a ratio to it.

    tracer gate faq-main faq-candidate --require 'correct >= -0.02'
    """
    from tracer._commands import refuse
    from tracer.client import Client
    from tracer.errors import CollectorError
    from tracer.gate import reports
    from tracer.gate.judging import judge
    from tracer.gate.requirements import parse_requirement
    from tracer.gate.runs import figures_of, find_run

    requirements = [parse_requirement(text) for text in required]
    client = Client(collector_url, api_key)
    try:
        old = find_run(client, baseline, project=project)
        new = find_run(client, candidate, project=project)
        if old.id == new.id:
            refuse(f"{baseline!r} and {candidate!r} are the same run, {old.id}")
        report = judge(figures_of(old), figures_of(new), requirements)
    except CollectorError as error:
        refuse(str(error))
    if as_json:
        print_json(reports.report_row(report))
    else:
        click.echo(reports.text_report(report))
    _write(markdown, reports.markdown_report, report)
    _write(junit, reports.junit_report, report)
    context.exit(report.status)


def _write(
    path: Path | None, told: "Callable[[GateReport], str]", report: "GateReport"
) -> None:
    from tracer._commands import refuse

    try:
        if path is not None:
            path.write_text(told(report), "utf-8")
    except OSError as error:
        refuse(f"the report cannot be written to {path}: {error.strerror}")
