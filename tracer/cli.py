"""The program ``tracer``: what runs when the command is typed."""

import sys


def main() -> None:
    """Run the command line; without click, say which extra to install."""
    try:
        from tracer._commands import run
    except ModuleNotFoundError as missing:
        if missing.name != "click":
            raise
        print(  # noqa: T201  there is no click.echo without click
            "tracer: the command line needs click; "
            "install it with: pip install 'tracer-evals[all]'",
            file=sys.stderr,
        )
        sys.exit(2)
    run()


if __name__ == "__main__":
    main()
