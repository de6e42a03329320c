"""A Celery worker; what a web process asks and what the worker does are one trace.

Run it from a clone:

    pip install celery openai
    tracer up                                        # in one terminal
    celery -A examples.celery_worker worker          # in another; OPENAI_API_KEY (*)
    python -m examples.celery_worker                 # in a third: asks, and waits

(*) Without a key: `python -m examples.openai_server --port 9000`, then
OPENAI_BASE_URL=http://127.0.0.1:9000/v1 and OPENAI_API_KEY=none.

It shows two signals that carry the trace over the queue for every task there is, user
and session with it, and that prefork workers need nothing else: a forked child has a
queue of its own and delivers before it ends. The broker is a folder, so that nothing
has to be installed; with Redis or RabbitMQ only `broker` and `backend` differ.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from celery import Celery, Task
from celery.signals import before_task_publish, task_postrun, task_prerun
from openai import OpenAI
from opentelemetry import context, propagate

import tracer

FOLDER = Path(tempfile.gettempdir()) / "tracer-celery-example"
for name in ("queue", "results"):
    (FOLDER / name).mkdir(parents=True, exist_ok=True)

INSTRUCTIONS = """Answer politely, with every fact, from this passage:
<passage lang="en">Delivery takes 2 to 3 days. It is free from 30 dollars.</passage>"""

app = Celery("desk", broker="filesystem://", backend=(FOLDER / "results").as_uri())
app.conf.broker_transport_options = {
    "data_folder_in": str(FOLDER / "queue"),
    "data_folder_out": str(FOLDER / "queue"),
    "control_folder": str(FOLDER / "control"),
    "polling_interval": 0.1,
}
app.conf.worker_enable_remote_control = False  # a folder cannot tell all workers

# `accept_baggage`: whom the web process works for holds in the worker, too.
tracer.configure(project="celery-worker", accept_baggage=True)


@before_task_publish.connect
def send_context(headers: dict[str, Any], **_: object) -> None:
    """Write the trace into a task's headers, as into those of an HTTP request."""
    propagate.inject(headers)


@task_prerun.connect
def take_context(task: Task, **_: object) -> None:
    """Go on with the trace of whoever sent the task."""
    task.request.tracer_token = context.attach(propagate.extract(vars(task.request)))


@task_postrun.connect
def leave_context(task: Task, **_: object) -> None:
    """Leave it: the next task of this process belongs to somebody else."""
    context.detach(task.request.tracer_token)


@app.task
@tracer.trace(kind="chain")
def answer(question: str) -> str:
    """Ask the model; in the worker."""
    # Made in the task: an HTTP client that was used before a fork is shared by both.
    client = tracer.wrap_openai(OpenAI())
    reply = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[
            {"role": "system", "content": INSTRUCTIONS},
            {"role": "user", "content": question},
        ],
    )
    return reply.choices[0].message.content or ""


def main() -> None:
    """Be the web process: send a task, and wait for what comes back."""
    question = " ".join(sys.argv[1:]) or "How long does delivery take?"
    with (
        tracer.using(user_id="ann", session_id="morning", baggage=True),
        tracer.span("POST /questions", kind="chain", input=question) as span,
    ):
        span.output = answer.delay(question).get(timeout=60)
        print(span.output)
        print(f"worker and web process ({os.getpid()}) share trace {span.trace_id}")
    print(tracer.flush())


if __name__ == "__main__":
    # As the worker knows this module, so that the task has one name in both.
    from examples.celery_worker import main as main_of_the_module

    main_of_the_module()
