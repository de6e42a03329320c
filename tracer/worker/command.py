"""The command `tracer worker`."""

import signal
import threading

import click


@click.command()
@click.option(
    "--collector",
    "collector_url",
    default="http://127.0.0.1:4318",
    show_default=True,
    envvar="TRACER_ENDPOINT",
    help="Address of the collector whose jobs are taken.",
)
@click.option("--once", is_flag=True, help="End when no job waits.")
@click.option("--lifeline", is_flag=True, help="Leave when standard input closes.")
def worker(*, collector_url: str, once: bool, lifeline: bool) -> None:
    """Take jobs from a collector, one at a time, until stopped.

    SIGINT and SIGTERM put the job at hand back into the queue and end with status 0.
    The collector's key, if it asks for one, is read from TRACER_API_KEY.
    """
    from tracer._lifeline import follow_parent
    from tracer.client import Client
    from tracer.worker.loop import Worker

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if lifeline:
        follow_parent()
    click.echo(f"worker takes jobs from {collector_url}")
    Worker(Client(collector_url), stop).run(until_idle=once)
