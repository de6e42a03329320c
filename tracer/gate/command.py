"""The command `tracer gate`."""

from pathlib import Path

import click

from tracer._collector_option import collector_option


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
@click.option("--project", help="Only runs of this project.")
@collector_option("Address of the collector that has the runs.")
@click.option(
    "--markdown",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report to this file as Markdown, too.",
)
@click.option(
    "--junit",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report to this file as JUnit XML, too.",
)
@click.pass_context
def gate(
    context: click.Context,
    *,
    baseline: str,
    candidate: str,
    required: tuple[str, ...],
    project: str | None,
    collector_url: str,
    markdown: Path | None,
    junit: Path | None,
) -> None:
    """Let CANDIDATE pass if every requirement against BASELINE is shown.

    Both are ids or names of runs; a name means its latest finished run. Status 0: all
    are shown. 1: some are not. 2: some could not be judged. A plain number is a
    difference from the baseline, 1.1x a ratio to it. The collector's key, if it asks
    for one, is read from TRACER_API_KEY.
    """
    from tracer._commands import refuse
    from tracer.client import Client
    from tracer.errors import CollectorError
    from tracer.gate.judging import judge
    from tracer.gate.reports import junit_report, markdown_report, text_report
    from tracer.gate.requirements import parse_requirement
    from tracer.gate.runs import figures_of, find_run

    requirements = [parse_requirement(text) for text in required]
    client = Client(collector_url)
    try:
        old = find_run(client, baseline, project=project)
        new = find_run(client, candidate, project=project)
        if old.id == new.id:
            refuse(f"{baseline!r} and {candidate!r} are the same run, {old.id}")
        report = judge(figures_of(old), figures_of(new), requirements)
    except CollectorError as error:
        refuse(str(error))
    click.echo(text_report(report))
    written = ((markdown, markdown_report), (junit, junit_report))
    for path, told in written:
        if path is not None:
            try:
                path.write_text(told(report), "utf-8")
            except OSError as error:
                refuse(f"the report cannot be written to {path}: {error.strerror}")
    context.exit(report.status)
