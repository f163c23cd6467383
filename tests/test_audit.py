"""The audit of dependencies: a hole fails, silence is said aloud, nothing passes unseen."""

import importlib.util
import json
from pathlib import Path

SCRIPTS = Path(__file__).parents[1] / "scripts"


def script(name):
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


audit = script("audit")

CLEAN = {"name": "django", "version": "5.2.9", "vulns": []}
HOLE = {
    "name": "jinja2",
    "version": "3.1.5",
    "vulns": [{"id": "CVE-2025-27516", "fix_versions": ["3.1.6"]}],
}
SILENT = {"name": "numpy", "skip_reason": "could not be audited: numpy (2.2)"}


def told(*rows):
    return json.dumps({"dependencies": rows})


def test_a_hole_fails_and_is_named(capsys):
    found = audit.python_audit(told(CLEAN, HOLE), "")
    grave = json.dumps(
        {"vulnerabilities": {"htmx.org": {"severity": "high"}, "x": {"severity": "low"}}}
    )
    assert audit.report([found, audit.node_audit(grave, "")], required=False) == 1
    out = capsys.readouterr().out
    assert "jinja2 3.1.5: CVE-2025-27516, mended in 3.1.6" in out
    assert "htmx.org: high" in out
    assert "x: low" not in out


def test_what_nobody_answered_about_is_said_and_fails_where_it_must(capsys):
    missed = [
        audit.python_audit(told(CLEAN, SILENT), ""),
        audit.python_audit("", "ERROR: no connection\n"),
        audit.node_audit('{"error": {}}', "npm error audit endpoint returned an error\n"),
    ]
    assert audit.report(missed, required=False) == 0
    out = capsys.readouterr().out
    assert out.count("!! NOT AUDITED") == 3
    assert "1 of 2: could not be audited: numpy" in out
    assert "no known hole" not in out
    assert audit.report(missed, required=True) == 1


def test_no_hole_is_said_too(capsys):
    clean = [audit.python_audit(told(CLEAN), ""), audit.node_audit('{"vulnerabilities": {}}', "")]
    assert audit.report(clean, required=True) == 0
    assert capsys.readouterr().out.count("no known hole") == 2


def test_a_secret_in_a_file_is_found_and_the_baseline_holds_no_words(tmp_path):
    written = tmp_path / "deploy.py"
    key = "AKIA" + "IOSFODNN7" + "Q2WERTZ"
    written.write_text(f'name = "ferry"\naws_key = "{key}"\n')
    found = script("secret_scan").found_in(str(written))
    assert [(row["kind"], row["line"]) for row in found] == [("AWS Access Key", "2")]
    assert key not in json.dumps(found)
