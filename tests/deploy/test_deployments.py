"""The files of `deploy/` say what the programs and the platforms understand."""

import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import click
import kubernetes_validate
import pytest
import yaml

from tracer._commands import commands as group

HOUSE = Path(__file__).parents[2]
DEPLOY = HOUSE / "deploy"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
UNIT = (DEPLOY / "systemd" / "tracer.service").read_text()


def manifests() -> Iterator[Any]:
    for path in MANIFESTS:
        yield from yaml.safe_load_all(path.read_text())


def name_of(manifest: Any) -> str:
    return f"{manifest['kind']} {manifest['metadata']['name']}"


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command line of ours, by where it stands."""
    for name, service in COMPOSE["services"].items():
        if "command" in service:
            yield f"compose {name}", service["command"]
    for manifest in manifests():
        if manifest["kind"] == "Deployment":
            for container in manifest["spec"]["template"]["spec"]["containers"]:
                yield f"kubernetes {container['name']}", container["args"]
    (start,) = (line for line in UNIT.splitlines() if line.startswith("ExecStart="))
    yield "systemd", shlex.split(start)[1:]
    (last,) = (line for line in DOCKERFILE.splitlines() if line.startswith("CMD "))
    yield "Dockerfile", yaml.safe_load(last.removeprefix("CMD "))


@pytest.mark.parametrize(("place", "words"), list(commands()), ids=str)
def test_every_command_is_one_that_the_program_takes(
    place: str, words: list[str]
) -> None:
    name, *options = words
    with click.Context(group) as context:
        command = group.get_command(context, name)
    assert command is not None, f"{place}: no command {name!r}"
    command.make_context(name, options)


@pytest.mark.parametrize("manifest", list(manifests()), ids=name_of)
def test_every_manifest_fits_the_schema_of_kubernetes(manifest: Any) -> None:
    kubernetes_validate.validate(manifest, "1.32", strict=True)


def test_pods_run_without_rights_they_do_not_need() -> None:
    for manifest in manifests():
        if manifest["kind"] != "Deployment":
            continue
        pod = manifest["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            rights = container["securityContext"]
            assert rights["allowPrivilegeEscalation"] is False
            assert rights["readOnlyRootFilesystem"] is True
            assert rights["capabilities"] == {"drop": ["ALL"]}


def test_no_secret_stands_in_a_file() -> None:
    for service in COMPOSE["services"].values():
        for name, value in service.get("environment", {}).items():
            if name.endswith(("KEY", "PASSWORD")):
                assert value.startswith("${"), name
    for manifest in manifests():
        if manifest["kind"] == "Deployment":
            (container,) = manifest["spec"]["template"]["spec"]["containers"]
            assert all("valueFrom" in variable for variable in container["env"])


def test_the_image_holds_all_packages_of_the_wheel_and_runs_as_nobody_special() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text())
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    packages = {path.partition("/")[0] for path in included}
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    for package in packages:
        assert f"COPY {package} {package}" in DOCKERFILE
        assert f"!{package}" in allowed
    assert "\nUSER 10001\n" in DOCKERFILE


def test_the_servers_own_logs_are_off() -> None:
    tree = ElementTree.parse(DEPLOY / "clickhouse" / "quiet.xml")
    removed = {node.tag for node in tree.getroot() if node.get("remove") == "1"}
    assert {"query_log", "trace_log", "metric_log", "text_log"} <= removed
    mounts = COMPOSE["services"]["clickhouse"]["volumes"]
    assert any(mount.startswith("./clickhouse/quiet.xml:") for mount in mounts)
