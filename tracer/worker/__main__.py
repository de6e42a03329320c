"""``python -P -m tracer.worker``: the worker without the `tracer` command."""

from tracer.worker.command import worker

if __name__ == "__main__":
    worker(prog_name="worker")
