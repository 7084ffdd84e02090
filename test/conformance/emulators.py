"""Two emulators that nobody here wrote, each with its own idea of who may do what.

moto decides by the action alone; MiniStack by the action and, where it knows the call's resource, by that too. Neither
decides conditions rightly. `judged` turns a policy into the part of it that the emulator can judge.
"""

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config
from ports import free_port

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
REGION = "us-east-1"
# Neither asks for what tagging at creation needs, and neither has NLBs whose ARN says so, by which rules are sought.
BEYOND = {"TagNewRules", "ReadRulesOfBridges"}


class Emulator:
    """One running emulator on loopback. `root` may do everything."""

    name: str
    root: tuple
    # Statements whose absence it does not mind.
    beyond: set
    # Whether a rule for a prefix list is listed with it.
    shows_prefix_lists: bool

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        kept = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder)}
        python, words, settings = self.program()
        self.log = (folder / f"{self.name}.log").open("w")
        self.process = subprocess.Popen(
            [str(python), str(HERE / "with_nodes.py"), self.name, *words],
            env=kept | settings,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        for _ in range(300):
            try:
                self.ask("GET", self.ready)
                return
            except OSError:
                assert self.process.poll() is None, f"{self.name} did not start"
                time.sleep(0.1)
        raise AssertionError(f"{self.name} did not get ready")

    def ask(self, method: str, path: str, body: bytes | None = None) -> None:
        request = urllib.request.Request(f"{self.endpoint}{path}", body, {"Content-Type": "text/plain"}, method=method)
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5).close()

    def client(self, service: str):
        key, secret = self.root
        return boto3.session.Session().client(
            service,
            region_name=REGION,
            endpoint_url=self.endpoint,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=Config(proxies={}),
        )

    def user(self, name: str, policy: dict) -> dict:
        """A user who may do what the policy allows; gives the variables that lbbridge needs to be that user."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        document = json.dumps(self.judged(policy))
        arn = iam.create_policy(PolicyName=name, PolicyDocument=document)["Policy"]["Arn"]
        iam.attach_user_policy(UserName=name, PolicyArn=arn)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return {
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": REGION,
        }

    def judged(self, policy: dict) -> dict:
        return policy

    def prepare(self) -> None:
        """From now on everybody may do everything, where the emulator can be told so."""

    def enforce(self) -> None:
        """From now on policies decide."""

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        self.log.close()


class Moto(Emulator):
    name, root, ready = "moto", ("AKIAROOT", "root"), "/moto-api/"
    beyond, shows_prefix_lists = BEYOND, True

    def program(self):
        return sys.executable, ["-H", "127.0.0.1", "-p", str(self.port)], {}

    def judged(self, policy: dict) -> dict:
        """It denies whatever names a resource, and passes conditions over."""
        return policy | {"Statement": [unconditional(one) | {"Resource": "*"} for one in policy["Statement"]]}

    def prepare(self) -> None:
        self.ask("POST", "/moto-api/reset-auth", b"1000000")

    def enforce(self) -> None:
        self.ask("POST", "/moto-api/reset-auth", b"0")


class MiniStack(Emulator):
    name, root, ready = "ministack", ("111122223333", "test"), "/_ministack/ready"
    beyond, shows_prefix_lists = BEYOND | {"ReadPrefixLists"}, False
    # It reads a call's resource from the parameters that it knows, and these calls have others.
    unknown = {
        "elasticloadbalancing:AddTags",
        "elasticloadbalancing:RemoveTags",
        "ec2:GetManagedPrefixListEntries",
    }

    def program(self):
        settings = {
            "AUTH": "true",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",
        }
        return ROOT / ".venv-ministack" / "bin" / "python", [], settings

    def judged(self, policy: dict) -> dict:
        """Its conditions on a resource's tags never hold, and those on tag keys always do."""
        return policy | {
            "Statement": [
                unconditional(one) | ({"Resource": "*"} if self.unknown.intersection(one["Action"]) else {})
                for one in policy["Statement"]
            ]
        }


def unconditional(statement: dict) -> dict:
    return {name: value for name, value in statement.items() if name != "Condition"}
