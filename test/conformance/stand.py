"""MiniStack beside the simulated AWS, and lbbridge between them."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config
from ports import free_port

ROOT = Path(__file__).resolve().parents[2]
WINDOWS = os.name == "nt"
PYTHON = ROOT / ".venv-ministack" / ("Scripts/python.exe" if WINDOWS else "bin/python")
LAUNCHER = Path(__file__).parent / "ministack/launcher.py"
OF_MINISTACK = ("ACM", "API_GATEWAY", "CLOUDFORMATION", "CLOUDWATCH_LOGS", "S3")
KEYS = {"AWS_ACCESS_KEY_ID": "111122223333", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}


class Stand:
    """
    CloudFormation, Lambda, the schedule, S3, IAM, logs, certificates and API Gateway are MiniStack's; EC2, ELB and Auto
    Scaling, of lbbridge and of the function, are the simulated AWS's, whose time runs fast.
    """

    def __init__(self, bridge, auth: bool = False, speed: int = 300) -> None:
        self.bridge, self.sandbox = bridge, bridge.sandbox
        self.sandbox.knob("auth.acceptUnknownKeys", True)
        self.sandbox.control("POST", "clock", {"speed": speed})
        self.scratch = Path(tempfile.mkdtemp(prefix="lbbridge-ministack-"))
        port = free_port()
        self.endpoint = f"http://127.0.0.1:{port}"
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.scratch),
            "TMPDIR": str(self.scratch),
            "NODE_PATH": str(ROOT / "node_modules"),
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "MINISTACK_HOST": "127.0.0.1",
            "LAMBDA_EXECUTOR": "local",
            "IOT_MTLS_ENABLED": "0",
            "SANDBOX_ENDPOINT": self.sandbox.endpoint,
            "AWS_ENDPOINT_URL_EC2": self.sandbox.endpoint,
            "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2": self.sandbox.endpoint,
            **({"AUTH": "true"} if auth else {}),
        }
        self.log = open(self.scratch / "log", "w+")
        self.process = subprocess.Popen([PYTHON, LAUNCHER], stdout=self.log, stderr=self.log, env=environment)
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for _ in range(300):
            assert self.process.poll() is None, self.said()
            try:
                with opener.open(f"{self.endpoint}/_ministack/ready") as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(self.said())

    def said(self) -> str:
        self.log.flush()
        return Path(self.log.name).read_text()

    def client(self, service: str, keys=KEYS, token=None):
        return boto3.session.Session().client(
            service,
            region_name="us-east-1",
            endpoint_url=self.endpoint,
            aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=token,
            config=Config(proxies={}, retries={"total_max_attempts": 1}),
        )

    def run(self, *words: str):
        """lbbridge with `--json`: exit code and document."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.scratch),
            "AWS_ENDPOINT_URL": self.sandbox.endpoint,
            **{f"AWS_ENDPOINT_URL_{service}": self.endpoint for service in OF_MINISTACK},
            **KEYS,
        }
        command = ["node", str(ROOT / "bin/run.js"), *words, "--json"]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=self.scratch)
        assert done.stdout, done.stderr
        document = json.loads(done.stdout)
        assert document["status"] == done.returncode
        return done.returncode, document

    def scaffold(self, name: str, *flags: str) -> None:
        status, document = self.run("stack", "scaffold", name, *flags)
        assert status == 0, document

    def set_logging_role(self) -> None:
        """As `stack deploy` tells whoever has none."""
        patch = {"op": "replace", "path": "/cloudwatchRoleArn", "value": "arn:aws:iam::111122223333:role/logs"}
        self.client("apigateway").update_account(patchOperations=[patch])

    def scaffold_whole(self, name: str, *flags: str) -> None:
        """NLB, ALB, security groups, API, link and function: all of it."""
        self.set_logging_role()
        subnets = [word for subnet in self.bridge.subnets for word in ("--subnet", subnet["SubnetId"])]
        backend = () if "--auto-scaling-group" in flags else ("--backend", "none")
        self.scaffold(name, "--vpc", self.bridge.vpc, *subnets, *backend, *flags)

    def scaffold_sync(self, name: str) -> None:
        """The function and its schedule, for the bridge that is there."""
        ends = ("--alb", self.bridge.alb["LoadBalancerArn"], "--target-group", self.bridge.arn)
        self.scaffold(name, "--without", "api", *ends)

    def deploy(self, name: str, *flags: str):
        return self.run("stack", "deploy", name, "--from", name, *(flags or ("--yes",)))

    def destroy(self, name: str, *flags: str):
        return self.run("stack", "destroy", name, "--confirm", name, *flags)

    def stacks(self) -> list:
        return [one["StackName"] for one in self.client("cloudformation").describe_stacks()["Stacks"]]

    def targets(self) -> list:
        """What is registered with the bridge's own target group and does not drain."""
        health = self.bridge.health().values()
        return sorted(one["Target"]["Id"] for one in health if one["TargetHealth"]["State"] != "draining")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        self.log.close()
        shutil.rmtree(self.scratch, ignore_errors=True)
