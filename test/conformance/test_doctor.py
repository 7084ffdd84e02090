"""The commands that `lbbridge doctor` prints, run by a shell and the AWS CLI itself, each in the world of its case."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVE = ["node", "--import", "tsx", str(ROOT / "test/doctor/serve.ts")]
NAMES = json.loads(subprocess.run([*SERVE, "--list"], cwd=ROOT, capture_output=True, text=True, check=True).stdout)


@pytest.fixture(params=NAMES)
def case(request):
    with subprocess.Popen([*SERVE, request.param], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        yield json.loads(process.stdout.readline())
        process.terminate()


def findings(case, environment) -> dict:
    words = ["node", str(ROOT / "bin/run.js"), "doctor", *case["words"], "--json"]
    done = subprocess.run(words, capture_output=True, text=True, env=environment)
    document = json.loads(done.stdout)
    assert "error" not in document, document["error"]
    return {one["id"]: one for one in document["result"]["bridges"][0]["findings"]}


def test_the_command_mends_what_was_found(case, tmp_path):
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "AWS_PAGER": "",
        **case["environment"],
    }
    before = findings(case, environment)
    assert set(before) == {case["id"], *case["also"]}
    command = before[case["id"]]["command"]
    assert command.startswith("aws ")
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    body = json.dumps({"advance": 10}).encode()
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{case['endpoint']}/_sandbox/clock", body)
    assert set(findings(case, environment)) == {*case["also"], *case["reveals"]}
