"""What stands in ``deploy/`` and on the pages for operators can be run: names, options, settings."""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
import yaml

from tandem.cli.main import tandem

ROOT = Path(__file__).resolve().parents[1]
UNITS = sorted((ROOT / "deploy/systemd").iterdir())
COMPOSE = ROOT / "deploy/compose.yaml"
CONTAINER = (ROOT / "deploy/Containerfile").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs/operating/settings.md").read_text(encoding="utf-8")
PAGES = sorted((ROOT / "docs/operating").glob("*.md"))
#: Where the operating pages name a command with placeholders in place of values.
PLACEHOLDERS = {"COPY": "copy.zip", "N": "4", "ADDRESS": "a@b.example", "…": "x"}


def understood(words: list[str]) -> None:
    """The command takes these options and arguments; it is not run."""
    command: click.Command = tandem
    context = click.Context(command)
    while isinstance(command, click.Group):
        found = command.get_command(context, words[0]) if words else None
        assert found is not None, f"there is no command {' '.join(words)}"
        command, words = found, words[1:]
    command.make_context("tandem", list(words))


def documented(names: set[str]) -> None:
    assert {each for each in names if f"`{each.removesuffix('_FILE')}`" not in SETTINGS} == set()


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_a_command_there_is_with_settings_there_are(unit):
    text = unit.read_text(encoding="utf-8")
    documented(set(re.findall(r"\bTANDEM_[A-Z_]+", text)))
    text = re.sub(r"\$\$\([^)]*\)", "now", text)  # what the shell puts there
    for line in re.findall(r"/opt/tandem/bin/tandem ([^'\n]*)", text):
        understood(shlex.split(line))
    assert "[Timer]" in text or "User=tandem" in text


def test_systemd_itself_finds_nothing_wrong_with_the_units(tmp_path):
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not here: the units are only read, not verified")
    for unit in UNITS:
        # Only the program's place differs from a server's.
        text = unit.read_text(encoding="utf-8").replace("/opt/tandem/bin/tandem", sys.executable)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    names = [unit.name.replace("@.", "@1.") for unit in UNITS]
    shutil.copy(tmp_path / "tandem-worker@.service", tmp_path / "tandem-worker@1.service")
    done = subprocess.run(
        [program, "verify", "--man=no", *(tmp_path / name for name in names)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "tandem" in line]
    assert ours == []


def test_the_composed_services_start_commands_there_are_with_settings_there_are():
    composed = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    services = composed["services"]
    assert set(services) == {"database", "web", "worker"}
    for name, service in services.items():
        assert set(service.get("secrets", [])) <= set(composed["secrets"]), name
        assert set(service.get("depends_on", {})) <= set(services), name
        if name == "database":
            assert "healthcheck" in service, "the others wait for it"
            continue
        assert service["command"][0] == "tandem"
        understood(service["command"][1:])
        documented(set(service["environment"]))
        for setting, value in service["environment"].items():
            if setting.endswith("_FILE"):
                assert value.removeprefix("/run/secrets/") in service["secrets"]
    build = services["web"]["build"]
    assert (COMPOSE.parent / build["context"] / build["dockerfile"]).is_file()
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"], "only the proxy reaches it"


def test_the_container_starts_a_command_there_is_as_nobody_in_particular():
    [words] = re.findall(r"^CMD (\[.*\])$", CONTAINER, re.MULTILINE)
    command = yaml.safe_load(words)
    assert command[0] == "tandem"
    understood(command[1:])
    documented(set(re.findall(r"\bTANDEM_[A-Z_]+", CONTAINER)))
    last = CONTAINER.rpartition("FROM ")[2]
    assert last.index("USER tandem") < last.index("CMD ")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    [extras] = re.findall(r"\$\{wheel\}\[([\w,]+)\]", CONTAINER)
    assert set(extras.split(",")) <= set(project["optional-dependencies"])
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:RUN|&&) make ([a-z]+)", CONTAINER):
        assert f"\n{target}:" in makefile, target


def commands(page: Path) -> list[str]:
    """The ``tandem …`` lines of a page's code, with their placeholders filled."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    blocks += re.findall(r"^    (tandem .*)$", text, re.MULTILINE)
    blocks += re.findall(r"`(tandem [^`]*)`", text)
    lines = "\n".join(blocks).splitlines()
    return [line for line in lines if line.startswith("tandem ")]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_for_operators_names_commands_and_settings_there_are(page):
    names = set(re.findall(r"\bTANDEM_[A-Z_]+[A-Z]\b", page.read_text(encoding="utf-8")))
    documented(names - {"TANDEM_TEST_DATABASE"})
    for line in commands(page):
        words = shlex.split(line.split("#")[0].split("&&")[0])[1:]
        words = [PLACEHOLDERS.get(word, word) for word in words]
        try:
            understood(words)
        except click.UsageError as error:
            # A command named in a sentence may leave its arguments out, not invent options.
            told = error.format_message()
            if "Missing" not in told and "requires an argument" not in told:
                pytest.fail(f"{line}: {told}")
