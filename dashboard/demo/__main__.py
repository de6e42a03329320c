"""``python -P -m dashboard.demo``: the story alone, told to a running collector."""

from dashboard.demo.examples_path import find_examples

find_examples()

from dashboard.demo.telling import tell  # noqa: E402  needs the path above

if __name__ == "__main__":
    tell(prog_name="demo")
