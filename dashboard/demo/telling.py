"""The story in words: what happened, what to look at, whether all of it is stored."""

from collections.abc import Iterator

import click

from dashboard.demo.check import findings
from dashboard.demo.keeping import QUALITY
from dashboard.demo.model import is_paid
from dashboard.demo.story import PROJECT, Story, play
from tracer._lifeline import follow_parent
from tracer.client import Client
from tracer.judges import judge_agreement
from tracer.stats import ScoreComparison

LOOK = """
What to look at
  {url}
      calls, errors, latency, tokens and cost of the week
  {url}/traces
      filter by department or a word; open one: retrieval, tool, streamed answer
  {url}/datasets?dataset={dataset}
      {n_rows} questions out of the traffic
  {url}/evaluations?evaluation={v2}&baseline={v1}
      is the second prompt really better?
  {url}/trends
      scores by day; the prompt changed on the fifth
  {url}/judges?judge=answer-quality&of={project}
      a judge, and how far it agrees with the two people who read the same answers:
      before anybody trusts its scores
  {url}/review?queue=answers-to-read&of={project}&as=you
      read the next answer yourself: everything goes by keys
  {url}/alerts
      a rule that has fired, and one that is calm
"""


@click.command()
@click.option("--collector", "collector_url", required=True)
@click.option("--dashboard", "dashboard_url")
@click.option(
    "--check", is_flag=True, help="Compare what is stored with what was made."
)
@click.option("--lifeline", is_flag=True, help="Leave when standard input closes.")
def tell(
    *, collector_url: str, dashboard_url: str | None, check: bool, lifeline: bool
) -> None:
    """Play the story against a running collector, and tell it."""
    if lifeline:
        follow_parent()
    reader = Client(collector_url)
    if PROJECT in [row["project"] for row in reader.projects()]:
        click.echo("An earlier demo is stored here; nothing new is made.")
        raise SystemExit(2 if check else 0)
    story = play(reader, lambda text: click.echo(f"- {text}"))
    click.echo("\n".join(happened(story, reader)))
    if dashboard_url:
        click.echo(look(story, dashboard_url))
    if check:
        found = list(findings(reader, story))
        click.echo("\n".join(str(finding) for finding in found))
        raise SystemExit(int(not all(finding.holds for finding in found)))


def happened(story: Story, reader: Client) -> list[str]:
    """Return what happened, a line for each step."""
    results = [result.evaluation_id for result in story.results.values()]
    return [
        f"{story.week.n_calls} calls, {story.past.n_failed_calls} of them failed; "
        f"{story.past.n_spans} spans, {story.week.n_scores} scores",
        f"{len(story.dataset)} questions in dataset {story.dataset.name}",
        f"{story.n_read} answers read by two people; jobs of the worker: "
        + ", ".join(story.jobs.values()),
        *agreed(reader),
        *(f"{sentence(score)}" for score in reader.compare(*results)),
    ]


def agreed(reader: Client) -> Iterator[str]:
    """Yield how far judge and people agree, and why no further without a model."""
    where = [("name", "=", QUALITY)]
    found = judge_agreement(
        reader.scores(project=PROJECT, where=where, limit=None), QUALITY
    )
    if found is None:
        return
    kappa = "" if found.kappa is None else f", kappa {found.kappa:.2f}"
    share = f"{found.exact:.0%} of {found.n} cases{kappa}"
    yield f"judge and people give the same {QUALITY} in {share}"
    if not is_paid():
        yield (
            "  (the judge here is a server that counts the letters which answer and "
            "question share; with OPENAI_API_KEY set it is a language model)"
        )


def sentence(score: ScoreComparison) -> str:
    """Return one score of both prompt versions, with what the difference is worth."""
    if score.baseline_mean is None or score.candidate_mean is None:
        return f"{score.name}: nothing to compare"
    means = f"v1 {score.baseline_mean:.2f}, v2 {score.candidate_mean:.2f}"
    if score.difference is None or score.ci95 is None:
        return f"{score.name}: {means}"
    low, high = score.ci95
    worth = f"{score.difference:+.2f}, 95 % interval {low:+.2f} to {high:+.2f}"
    return f"{score.name}: {means} ({worth}, {score.n_examples} examples)"


def look(story: Story, url: str) -> str:
    """Return the addresses worth opening."""
    runs = {version: run.evaluation_id for version, run in story.results.items()}
    said = {"dataset": story.dataset.name, "n_rows": len(story.dataset)}
    return LOOK.format(url=url, project=story.project, **said, **runs)
