"""The simulated AWS as clients see it that nobody here wrote: boto3, and the AWS CLI in test_cli.py."""

import json
import os
import subprocess
import urllib.request
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

ROOT = Path(__file__).resolve().parents[2]
OTHER_KEYS = ("AKIASANDBOXOTHER0001", "sandbox-secret-of-444455556666")


class Sandbox:
    """One running simulated AWS whose time stands still but for `advance`."""

    def __init__(self, scenario: str = "bridge") -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.process = subprocess.Popen(
            ["node", str(ROOT / "bin/run.js"), "sandbox", "--port", "0", "--speed", "0", "--scenario", scenario, "--json"],
            stdout=subprocess.PIPE,
            text=True,
            env=kept,
        )
        text = ""
        while not text.rstrip().endswith("\n}"):
            line = self.process.stdout.readline()
            assert line, "the sandbox ended before it was ready"
            text += line
        result = json.loads(text)["result"]
        self.endpoint, self.environment = result["endpoint"], result["environment"]
        self.keys = (self.environment["AWS_ACCESS_KEY_ID"], self.environment["AWS_SECRET_ACCESS_KEY"])

    def client(self, service: str, keys=None, attempts: int = 1, region: str = "us-east-1"):
        access_key, secret, *token = keys or self.keys
        return boto3.session.Session().client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret,
            aws_session_token=token[0] if token else None,
            # The service is to judge the parameters, not the client; and each answer is to be seen.
            config=Config(
                parameter_validation=False,
                retries={"mode": "standard", "total_max_attempts": attempts},
                read_timeout=5,
                proxies={},
            ),
        )

    def control(self, method: str, path: str, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/_sandbox/{path}", data=data, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            return json.load(answer)

    def advance(self, seconds: float) -> None:
        self.control("POST", "clock", {"advance": seconds})

    def event(self, name: str, **more) -> None:
        self.control("POST", "events", {"event": name, **more})

    def fault(self, kind: str, **more) -> None:
        self.control("POST", "faults", {"kind": kind, **more})

    def knobs(self, **values) -> None:
        self.control("POST", "knobs", {name.replace("__", "."): value for name, value in values.items()})

    def knob(self, name: str, value) -> None:
        self.control("POST", "knobs", {name: value})

    def calls(self, action: str) -> list:
        return [call for call in self.control("GET", "journal")["calls"] if call["action"] == action]

    def truth(self) -> dict:
        return self.control("GET", "truth")["groups"][0]

    def stop(self) -> None:
        self.process.terminate()
        assert self.process.wait(10) == 0


class Bridge:
    """The resources that every scenario has, found through the services' own calls."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.ec2 = sandbox.client("ec2")
        self.elbv2 = sandbox.client("elbv2")
        balancers = {one["LoadBalancerName"]: one for one in self.elbv2.describe_load_balancers()["LoadBalancers"]}
        self.alb, self.nlb = balancers["web"], balancers["edge"]
        self.group = self.elbv2.describe_target_groups(Names=["nlb-edge"])["TargetGroups"][0]
        self.arn = self.group["TargetGroupArn"]
        self.vpc = self.group["VpcId"]
        filters = [{"Name": "vpc-id", "Values": [self.vpc]}]
        found = self.ec2.describe_subnets(Filters=filters)["Subnets"]
        self.subnets = sorted(found, key=lambda subnet: subnet["CidrBlock"])

    def description(self, balancer=None) -> str:
        return "ELB " + (balancer or self.alb)["LoadBalancerArn"].split("loadbalancer/")[1]

    def interfaces(self, *filters, **more) -> list:
        wanted = [{"Name": name, "Values": values if isinstance(values, list) else [values]} for name, values in filters]
        return self.ec2.describe_network_interfaces(Filters=wanted, **more)["NetworkInterfaces"]

    def alb_ips(self) -> list:
        found = self.interfaces(("description", self.description()), ("requester-managed", "true"))
        return sorted(one["PrivateIpAddress"] for one in found)

    def register(self, *targets, arn=None):
        return self.elbv2.register_targets(TargetGroupArn=arn or self.arn, Targets=[target(one) for one in targets])

    def deregister(self, *targets, arn=None):
        return self.elbv2.deregister_targets(TargetGroupArn=arn or self.arn, Targets=[target(one) for one in targets])

    def health(self, *targets, arn=None) -> dict:
        more = {"Targets": [target(one) for one in targets]} if targets else {}
        answer = self.elbv2.describe_target_health(TargetGroupArn=arn or self.arn, **more)
        return {
            f"{one['Target']['Id']}:{one['Target']['Port']}": one for one in answer["TargetHealthDescriptions"]
        }

    def state(self, ip: str, port: int = 80, arn=None) -> str:
        """`initial/Elb.RegistrationInProgress`, `healthy`, or `gone`."""
        entry = self.health(arn=arn).get(f"{ip}:{port}")
        if entry is None:
            return "gone"
        health = entry["TargetHealth"]
        return "/".join(part for part in (health["State"], health.get("Reason")) if part)

    def new_group(self, name: str = "another", **more) -> str:
        settings = dict(Name=name, Protocol="TCP", Port=80, VpcId=self.vpc, TargetType="ip",
                        HealthCheckIntervalSeconds=10, HealthyThresholdCount=2) | more
        return self.elbv2.create_target_group(**settings)["TargetGroups"][0]["TargetGroupArn"]

    def listen(self, group_arn: str, port: int, balancer=None) -> str:
        return self.elbv2.create_listener(
            LoadBalancerArn=(balancer or self.nlb)["LoadBalancerArn"],
            Protocol="TCP",
            Port=port,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": group_arn}],
        )["Listeners"][0]["ListenerArn"]

    def free_ip(self, subnet: int = 0, host: int = 240) -> str:
        return self.subnets[subnet]["CidrBlock"].rsplit(".", 1)[0] + f".{host}"


def target(one) -> dict:
    if isinstance(one, dict):
        return one
    return {"Id": one} if isinstance(one, str) else dict(zip(("Id", "Port", "AvailabilityZone"), one))


def refused(call, **parameters) -> tuple:
    """Makes a call that has to fail; status, code and text of how it did."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    answer = caught.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"], answer["Error"].get("Message", "")


@pytest.fixture
def start():
    running = []

    def begin(scenario: str = "bridge") -> Bridge:
        running.append(Sandbox(scenario))
        return Bridge(running[-1])

    yield begin
    for sandbox in running:
        sandbox.stop()


@pytest.fixture
def bridge(start) -> Bridge:
    return start("bridge")


@pytest.fixture
def synced(start) -> Bridge:
    return start("synced")
