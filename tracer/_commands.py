"""The click group whose commands the installed parts bring themselves."""

import sys
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from typing import NoReturn

import click

from tracer._build import build
from tracer.errors import ConfigurationError, MissingExtraError, TracerError

GROUP = "tracer.commands"
"""Entry-point group: a name, and the click command that it stands for."""

EXTRA_OF_PACKAGE = {
    "tracer": "evals",
    "collector": "collector",
    "dashboard": "dashboard",
}
"""Which extra brings what our own packages import."""


class InstalledCommands(click.Group):
    """Every command named by the entry-point group, loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, sorted."""
        return sorted(entry.name for entry in entry_points(group=GROUP))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command; one that cannot be loaded says so when it is called."""
        for entry in entry_points(group=GROUP, name=cmd_name):
            return load(entry)
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is typed; of a slip, say what may be meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            meant = get_close_matches(args[0], self.list_commands(ctx))
            if not meant:
                raise
            message = f"{error.message} Did you mean {' or '.join(meant)}?"
            raise click.UsageError(message, ctx) from None


def load(entry: EntryPoint) -> click.Command:
    """Return the command of an entry point, or one that explains why it has none."""
    try:
        command = entry.load()
    except ModuleNotFoundError as missing:
        return unavailable(entry, f"needs {missing.name}", advice(entry))
    except Exception as failure:  # a stranger's module may fail in any way
        return unavailable(entry, f"is broken: {failure!r}", "update or remove it")
    if isinstance(command, click.Command):
        return command
    return unavailable(
        entry, f"is broken: {entry.value} is no click command", "update it"
    )


def advice(entry: EntryPoint) -> str:
    """Say how to get what a command of this entry point needs."""
    if extra := EXTRA_OF_PACKAGE.get(entry.module.partition(".")[0]):
        return f"pip install 'tracer-evals[{extra}]'"
    return f"install what {entry.module} needs"


def unavailable(entry: EntryPoint, reason: str, what_to_do: str) -> click.Command:
    """Return a command of that name which only says why it cannot run."""
    origin = entry.dist.name if entry.dist else "an unknown distribution"
    sentence = f"command {entry.name!r} of {origin} {reason}; {what_to_do}"

    def explain() -> None:
        raise click.UsageError(sentence)

    return click.Command(
        entry.name,
        callback=explain,
        short_help=f"({reason}; {what_to_do})",
        help=sentence,
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )


def _tell_version(context: click.Context) -> None:
    click.echo(f"tracer, version {build()}")
    context.exit()


@click.group(
    cls=InstalledCommands, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=lambda context, _, asked: _tell_version(context) if asked else None,
    help="Show version and commit, and exit.",
)
def commands() -> None:
    """Trace and evaluate LLM applications.

    Begin with `tracer demo` or `tracer up`. Without an answer, ask `tracer doctor`.

    Commands end with status 0 when what was asked is done, with 1 when it failed or is
    not so, with 2 when nothing was tried: a wrong option, a setting that cannot be, an
    extra that is not installed.
    """


def run() -> None:
    """Run the group; an error of ours is one line, never a traceback.

    Status 2 says that nothing was tried: a setting is wrong or an extra is missing.
    """
    try:
        commands(prog_name="tracer")
    except (ConfigurationError, MissingExtraError) as error:
        refuse(str(error))
    except ModuleNotFoundError as missing:
        if str(missing.name).partition(".")[0] in EXTRA_OF_PACKAGE:
            raise
        refuse(f"{missing.name!r} is not installed: pip install 'tracer-evals[all]'")
    except TracerError as error:
        click.echo(f"tracer: {error}", err=True)
        sys.exit(1)


def refuse(reason: str) -> NoReturn:
    """Say why nothing was tried, and end with status 2."""
    click.echo(f"tracer: {reason}", err=True)
    sys.exit(2)
