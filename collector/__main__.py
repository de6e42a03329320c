"""``python -P -m collector``: the collector without the `tracer` command."""

from collector.commands import collector

if __name__ == "__main__":
    collector(prog_name="collector")
