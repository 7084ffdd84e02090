"""Each command under the policy that `lbbridge policy` prints for it, with the permissions of two other emulators.

What neither can judge (conditions, and what tagging at creation needs) stands in test/policy, on the simulated AWS.
"""

import itertools
import json
import os
import subprocess

import pytest
from emulators import MiniStack, Moto, ROOT

numbers = itertools.count()


def lbbridge(*words: str, **environment: str) -> dict:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    ran = subprocess.run(
        ["node", str(ROOT / "bin/run.js"), *words, "--json"],
        env=kept | {"AWS_EC2_METADATA_DISABLED": "true"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return json.loads(ran.stdout)


def printed(use: str, *flags: str) -> dict:
    return lbbridge("policy", "--for", use, *flags)["result"]["policy"]


@pytest.fixture(scope="module", params=[Moto, MiniStack], ids=["moto", "ministack"])
def emulator(request, tmp_path_factory):
    running = request.param(tmp_path_factory.mktemp("emulator"))
    yield running
    running.stop()


class Bridge:
    """An ALB with two nodes, and a target group in another VPC, which needs one more read than one in its own."""

    def __init__(self, emulator) -> None:
        self.number = next(numbers)
        self.ec2, self.elbv2 = emulator.client("ec2"), emulator.client("elbv2")
        default = {"Name": "is-default", "Values": ["true"]}
        self.vpc = self.ec2.describe_vpcs(Filters=[default])["Vpcs"][0]["VpcId"]
        mine = {"Name": "vpc-id", "Values": [self.vpc]}
        self.subnets = [one["SubnetId"] for one in self.ec2.describe_subnets(Filters=[mine])["Subnets"][:2]]
        self.security_group = self.ec2.create_security_group(
            GroupName=f"web-{self.number}", Description="web", VpcId=self.vpc
        )["GroupId"]
        self.alb = self.elbv2.create_load_balancer(
            Name=f"web-{self.number}", Subnets=self.subnets, SecurityGroups=[self.security_group], Type="application"
        )["LoadBalancers"][0]
        elsewhere = self.ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
        self.group = self.elbv2.create_target_group(
            Name=f"edge-{self.number}", Protocol="TCP", Port=80, VpcId=elsewhere, TargetType="ip"
        )["TargetGroups"][0]["TargetGroupArn"]
        self.nodes = [self.node(subnet) for subnet in self.subnets]

    def node(self, subnet: str) -> str:
        path = self.alb["LoadBalancerArn"].split("loadbalancer/")[1]
        created = self.ec2.create_network_interface(SubnetId=subnet, Description=f"ELB {path}")
        return created["NetworkInterface"]["NetworkInterfaceId"]

    def replace_node(self) -> None:
        self.ec2.delete_network_interface(NetworkInterfaceId=self.nodes.pop(0))
        self.nodes.append(self.node(self.subnets[0]))

    def targets(self) -> int:
        return len(self.elbv2.describe_target_health(TargetGroupArn=self.group)["TargetHealthDescriptions"])


def life_of_a_bridge(emulator, bridge, run) -> list:
    """From the first sync to the release; ends with the first command that fails."""
    ends = ["--alb", bridge.alb["LoadBalancerArn"], "--target-group", bridge.group]
    steps = [
        ["ips", bridge.alb["LoadBalancerArn"]],
        ["diff", *ends],
        ["sync", *ends],
        ["pause", bridge.group, "--reason", "load test"],
        ["pause", bridge.group],
        ["resume", bridge.group],
        ["sync", *ends, "--min-healthy", "1"],
        ["release", bridge.group, "--confirm", bridge.group.split("/")[1]],
    ]
    done = []
    for index, words in enumerate(steps):
        if index == 6:
            emulator.prepare()
            bridge.replace_node()
            emulator.enforce()
        done.append(run(*words))
        if done[-1]["status"] != 0:
            break
    return done


def live(emulator, policy_of, script) -> list:
    """Runs a script on a bridge of its own, as a user who holds just the policy."""
    emulator.prepare()
    bridge = Bridge(emulator)
    user = emulator.user(f"user-{bridge.number}", policy_of(bridge))
    emulator.enforce()
    return script(emulator, bridge, lambda *words: lbbridge(*words, **user))


def sync_policy(bridge) -> dict:
    return printed("sync", "--target-group", bridge.group)


def without(sid: str, policy_of):
    def fewer(bridge) -> dict:
        policy = policy_of(bridge)
        return policy | {"Statement": [one for one in policy["Statement"] if one["Sid"] != sid]}

    return fewer


def test_the_policy_for_sync_is_enough(emulator):
    done = live(emulator, sync_policy, life_of_a_bridge)
    assert [(one["status"], one.get("error")) for one in done] == [(0, None)] * 8


@pytest.mark.parametrize("sid", [one["Sid"] for one in printed("sync", "--target-group", "x")["Statement"]])
def test_without_any_statement_for_sync_something_is_denied(emulator, sid):
    failed = live(emulator, without(sid, sync_policy), life_of_a_bridge)[-1]
    assert failed["status"] in (1, 4)
    assert failed["error"]["code"] in ("AccessDenied", "UnauthorizedOperation")


@pytest.mark.parametrize("emulator", [MiniStack], indirect=True, ids=["ministack"])
def test_the_policy_for_one_target_group_keeps_others_out(emulator):
    failed = live(emulator, lambda bridge: printed("sync", "--target-group", "another"), life_of_a_bridge)[-1]
    assert (failed["command"], failed["error"]["code"]) == ("sync", "AccessDenied")
    assert "RegisterTargets" in failed["error"]["message"]
