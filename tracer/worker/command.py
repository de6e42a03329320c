"""The command `tracer worker`."""

import signal
import threading

import click

from tracer._options import collector_options


@click.command()
@collector_options("The collector whose jobs are taken.")
@click.option("--once", is_flag=True, help="End when no job waits.")
@click.option(
    "--judge-cache",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    envvar="TRACER_JUDGE_CACHE",
    show_envvar=True,
    help="Where replies of judges are kept.  [default: nowhere]",
)
@click.option(
    "--scorer",
    "places",
    multiple=True,
    metavar="PACKAGE.MODULE:NAME",
    help="A scorer that rules of online scoring may name; may be given more than once.",
)
@click.option(
    "--webhook-host",
    "webhook_hosts",
    metavar="HOST[:PORT]",
    multiple=True,
    envvar="TRACER_WEBHOOK_HOSTS",
    show_envvar=True,
    help="Private host that alerts may be posted to; may be given more than once.  "
    "[default: public ones]",
)
@click.option("--lifeline", is_flag=True, help="Leave when standard input closes.")
def worker(
    *,
    collector_url: str,
    api_key: str | None,
    once: bool,
    judge_cache: str | None,
    places: tuple[str, ...],
    webhook_hosts: tuple[str, ...],
    lifeline: bool,
) -> None:
    """Take jobs, score traffic by rules, look at alerts.

    Works until it is stopped: SIGINT and SIGTERM put the job at hand back into the
    queue and end with status 0. Judges ask the endpoint of OPENAI_BASE_URL, with the
    key of OPENAI_API_KEY.
    """
    from tracer._environment import forget_empty_address
    from tracer._lifeline import follow_parent
    from tracer.client import Client
    from tracer.online.scorers import load
    from tracer.worker.loop import Worker

    forget_empty_address()
    for place in places:
        load(place)

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if lifeline:
        follow_parent()
    click.echo(f"worker takes jobs from {collector_url}")
    client = Client(collector_url, api_key)
    at_work = Worker(client, stop, judge_cache=judge_cache, webhook_hosts=webhook_hosts)
    at_work.run(until_idle=once)
