"""The stack's templates, over every pair of options, as linters see them that nobody here wrote."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = "Scripts" if os.name == "nt" else "bin"
LINTERS = ROOT / "test/conformance/linters"


def run(*words):
    return subprocess.run([str(word) for word in words], cwd=ROOT, capture_output=True, text=True)


@pytest.fixture(scope="module")
def templates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("templates")
    written = run("node", "--import", "tsx", "test/support/write-templates.ts", folder)
    assert written.returncode == 0, written.stderr
    files = sorted(folder.glob("*.yaml"))
    assert len(files) > 40
    return files


def test_cfn_lint_finds_nothing(templates):
    found = run(ROOT / ".venv-cfn-lint" / BIN / "cfn-lint", "-c", "I", "-r", "us-east-1", "-t", *templates)
    assert found.stdout + found.stderr == ""
    assert found.returncode == 0


def test_everything_that_takes_tags_has_ours(templates):
    found = run(ROOT / ".venv-cfn-lint" / BIN / "python", LINTERS / "untagged.py", *templates)
    assert found.returncode == 0, found.stderr
    assert found.stdout == ""


def test_checkov_finds_nothing_that_is_not_explained(templates):
    folder = templates[0].parent
    checkov = ROOT / ".venv-checkov" / BIN / "checkov"
    found = run(checkov, "-d", folder, "--framework", "cloudformation", "--skip-download", "--compact", "-o", "json")
    report = json.loads(found.stdout)
    failed = {(one["check_id"], one["resource"]) for one in report["results"]["failed_checks"]}
    assert failed == set()
    assert report["summary"]["passed"] > 1000
    unexplained = {
        one["check_id"]
        for one in report["results"]["skipped_checks"]
        if not one["check_result"].get("suppress_comment")
    }
    assert unexplained == set()
