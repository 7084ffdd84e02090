"""`lbbridge sg sync` on another emulator, for what that has right: groups, rules, ids, tags, duplicates.

moto has no network interfaces of load balancers, so that the NLB's group is referenced; it drops the rules' descriptions.
"""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from ports import free_port

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing-secret", "AWS_REGION": "us-east-1"}


@pytest.fixture(scope="module")
def endpoint():
    port = free_port()
    program = Path(sys.executable).parent / "moto_server"
    server = subprocess.Popen(
        [sys.executable, str(program), "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(10)


class Moto:
    """An ALB and an NLB, each with a security group of its own, in one VPC."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        settings = dict(
            region_name="us-east-1",
            endpoint_url=endpoint,
            aws_access_key_id=ENVIRONMENT["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=ENVIRONMENT["AWS_SECRET_ACCESS_KEY"],
            config=Config(proxies={}),
        )
        self.ec2 = boto3.client("ec2", **settings)
        elbv2 = boto3.client("elbv2", **settings)
        vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            self.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"][
                "SubnetId"
            ]
            for n, zone in enumerate("ab")
        ]
        self.groups = {}
        for name, kind in (("web", "application"), ("edge", "network")):
            group = self.ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
            elbv2.create_load_balancer(Name=name, Type=kind, Scheme="internal", Subnets=subnets, SecurityGroups=[group])
            self.groups[name] = group

    def sync(self, *words, status: int = 0) -> dict:
        command = ["node", str(ROOT / "bin/run.js"), "sg", "sync", "--alb", "web", "--nlb", "edge", "--json", *words]
        environment = {**ENVIRONMENT, "PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": self.endpoint, "HOME": "/nonexistent"}
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert done.returncode == status, done.stdout + done.stderr
        return json.loads(done.stdout)["result"]["groups"][0]

    def rules(self) -> list:
        filters = [{"Name": "group-id", "Values": [self.groups["web"]]}]
        found = self.ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
        return [one for one in found if not one["IsEgress"]]


@pytest.fixture(scope="module")
def moto(endpoint):
    return Moto(endpoint)


def test_the_group_of_the_nlb_is_referenced_once_and_tagged(moto):
    assert len(moto.sync("--port", "80")["authorized"]) == 1
    assert moto.sync("--port", "80")["authorized"] == []
    (rule,) = moto.rules()
    assert rule["ReferencedGroupInfo"]["GroupId"] == moto.groups["edge"]
    assert (rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == ("tcp", 80, 80)
    assert rule["Tags"][0]["Key"] == "lbbridge:source"


def test_a_port_no_longer_asked_for_is_closed_and_a_foreign_rule_stays(moto):
    foreign = {"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080, "IpRanges": [{"CidrIp": "10.9.0.0/16"}]}
    moto.ec2.authorize_security_group_ingress(GroupId=moto.groups["web"], IpPermissions=[foreign])
    done = moto.sync("--port", "443")
    assert (len(done["authorized"]), len(done["revoked"])) == (1, 1)
    assert sorted(rule["FromPort"] for rule in moto.rules()) == [443, 8080]
    pair = [{"GroupId": moto.groups["edge"]}]
    wide = {"IpProtocol": "tcp", "FromPort": 9000, "ToPort": 9100, "UserIdGroupPairs": pair}
    moto.ec2.authorize_security_group_ingress(GroupId=moto.groups["web"], IpPermissions=[wide])
    done = moto.sync("--port", "443", "--port", "9050")
    assert (done["authorized"], len(done["foreign"]), done["inSync"]) == ([], 1, True)


def test_without_interfaces_of_the_nlb_addresses_are_refused(moto):
    before = moto.rules()
    assert moto.sync("--port", "81", "--source", "ips", status=3)["refusal"]["rule"] == "S2"
    assert moto.rules() == before
