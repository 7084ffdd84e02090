"""Asks the simulated AWS and moto the same, and tells every difference. One without an explanation fails the build."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "conformance")]

from calls import CALLS, Stage  # noqa: E402
from conftest import Bridge, Sandbox  # noqa: E402
from explanations import EXPLANATIONS  # noqa: E402
from ports import free_port  # noqa: E402

DOCUMENT = HERE.parents[1] / "docs" / "sandbox-vs-moto.md"


def client(service: str, endpoint: str, keys: tuple[str, str]):
    return boto3.session.Session().client(
        service, region_name="us-east-1", endpoint_url=endpoint,
        aws_access_key_id=keys[0], aws_secret_access_key=keys[1],
        config=Config(parameter_validation=False, retries={"total_max_attempts": 1}, read_timeout=20, proxies={}),
    )


def ask_all(stage: Stage) -> dict[str, str]:
    answers = {}
    for name, call in CALLS:
        assert name not in answers, f"two calls are named {name}"
        try:
            answers[name] = plain(call(stage))
        except ClientError as error:
            answers[name] = f"{error.response['ResponseMetadata']['HTTPStatusCode']} {error.response['Error']['Code']}"
        except (BotoCoreError, ResponseParserError, KeyError) as error:
            answers[name] = f"no answer: {type(error).__name__}"
    return answers


def plain(value) -> str:
    """Without what differs from run to run."""
    if value is None or (isinstance(value, dict) and {"ResponseMetadata", "NetworkInterfaceId", "LoadBalancerArn"} & set(value)):
        return "accepted"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return f"{len(value)} items"
    return str(value)


def ours() -> dict[str, str]:
    sandbox = Sandbox("bridge")
    try:
        bridge = Bridge(sandbox)
        clients = [client(service, sandbox.endpoint, sandbox.keys) for service in ("ec2", "elbv2", "sts")]
        return ask_all(Stage(*clients, bridge.vpc, [one["SubnetId"] for one in bridge.subnets]))
    finally:
        sandbox.stop()


def motos() -> dict[str, str]:
    port = free_port()
    program = Path(sys.executable).parent / "moto_server"
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    server = subprocess.Popen(
        [sys.executable, str(program), "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=kept,
    )
    try:
        wait_for(port)
        endpoint, keys = f"http://127.0.0.1:{port}", ("111122223333", "test")
        ec2, elbv2, sts = (client(service, endpoint, keys) for service in ("ec2", "elbv2", "sts"))
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"]["SubnetId"]
            for n, zone in ((1, "a"), (2, "b"))
        ]
        return ask_all(Stage(ec2, elbv2, sts, vpc, subnets))
    finally:
        server.terminate()
        server.wait(10)


def wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("moto did not start")


def document(differences: list[tuple[str, str, str]], total: int) -> str:
    cell = lambda text: text.replace("|", "\\|")
    rows = "\n".join(
        f"| {cell(name)} | `{cell(mine)}` | `{cell(theirs)}` | {EXPLANATIONS.get(name, '**unexplained**')} |"
        for name, mine, theirs in differences
    )
    return f"""# The simulated AWS beside moto

moto is another emulator of AWS, which nobody of this project wrote. Both were asked the same {total} calls by boto3;
{total - len(differences)} answers agree. The others stand here, each with the reason why AWS is as the simulated AWS has it.
Written by `npm run test:conformance`; a difference without a reason fails it, and so does a reason without a difference.

| call | simulated AWS | moto | why |
|---|---|---|---|
{rows}
"""


def main() -> int:
    mine, theirs = ours(), motos()
    differences = [(name, mine[name], theirs[name]) for name in mine if mine[name] != theirs[name]]
    unexplained = [row for row in differences if row[0] not in EXPLANATIONS]
    stale = set(EXPLANATIONS) - {name for name, *_ in differences}
    text = document(differences, len(mine))
    for name, left, right in unexplained:
        print(f"unexplained: {name}\n  ours {left}\n  moto {right}")
    for name in sorted(stale):
        print(f"explained, but there is no such difference: {name}")
    outdated = "--check" in sys.argv and (not DOCUMENT.exists() or DOCUMENT.read_text() != text)
    if outdated:
        print(f"{DOCUMENT.name} is out of date: run test/comparison/compare.py")
    if "--check" not in sys.argv:
        DOCUMENT.write_text(text)
    print(f"{len(mine)} calls: {len(mine) - len(differences)} agree, {len(differences)} differ, {len(unexplained)} unexplained")
    return 1 if unexplained or stale or outdated else 0


if __name__ == "__main__":
    sys.exit(main())
