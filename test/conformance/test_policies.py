"""Each command under the policy that `lbbridge policy` prints for it, with the permissions of two other emulators.

What neither can judge (conditions, and what tagging at creation needs) stands in test/policy, on the simulated AWS.
"""

import itertools
import json
import os
import re
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
        self.nodes = [self.node(self.alb, subnet) for subnet in self.subnets]
        self.nlb = self.elbv2.create_load_balancer(
            Name=f"nlb-{self.number}", Subnets=self.subnets, Type="network"
        )["LoadBalancers"][0]
        for subnet in self.subnets:
            self.node(self.nlb, subnet)
        # Another bridge of the NLB, whose ports are looked at before one is closed.
        other = self.elbv2.create_target_group(
            Name=f"other-{self.number}", Protocol="TCP", Port=443, VpcId=self.vpc, TargetType="ip"
        )["TargetGroups"][0]["TargetGroupArn"]
        forward = [{"Type": "forward", "TargetGroupArn": other}]
        self.elbv2.create_listener(
            LoadBalancerArn=self.nlb["LoadBalancerArn"], Protocol="TCP", Port=443, DefaultActions=forward
        )
        if emulator.shows_prefix_lists:
            self.admit_prefix_list()

    def admit_prefix_list(self) -> None:
        created = self.ec2.create_managed_prefix_list(
            PrefixListName=f"others-{self.number}", MaxEntries=1, AddressFamily="IPv4", Entries=[{"Cidr": "10.9.0.0/24"}]
        )
        source = [{"PrefixListId": created["PrefixList"]["PrefixListId"]}]
        self.ec2.authorize_security_group_ingress(
            GroupId=self.security_group,
            IpPermissions=[{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "PrefixListIds": source}],
        )

    def node(self, balancer: dict, subnet: str) -> str:
        path = balancer["LoadBalancerArn"].split("loadbalancer/")[1]
        created = self.ec2.create_network_interface(SubnetId=subnet, Description=f"ELB {path}")
        return created["NetworkInterface"]["NetworkInterfaceId"]

    def replace_node(self) -> None:
        self.ec2.delete_network_interface(NetworkInterfaceId=self.nodes.pop(0))
        self.nodes.append(self.node(self.alb, self.subnets[0]))


def in_turn(run, *steps) -> list:
    """Ends with the first command that fails. A step is the words of a command, or what happens before the next one."""
    done = []
    for step in steps:
        if callable(step):
            step()
            continue
        done.append(run(*step))
        if done[-1]["status"] != 0:
            break
    return done


def life_of_a_bridge(emulator, bridge, run) -> list:
    """From the first sync to the release."""
    ends = ["--alb", bridge.alb["LoadBalancerArn"], "--target-group", bridge.group]

    def change() -> None:
        emulator.prepare()
        bridge.replace_node()
        emulator.enforce()

    return in_turn(
        run,
        ["ips", bridge.alb["LoadBalancerArn"]],
        ["diff", *ends],
        ["sync", *ends],
        ["pause", bridge.group, "--reason", "load test"],
        ["pause", bridge.group],
        ["resume", bridge.group],
        change,
        ["sync", *ends, "--min-healthy", "1"],
        ["list"],
        ["release", bridge.group, "--confirm", bridge.group.split("/")[1]],
    )


def openings(emulator, bridge, run) -> list:
    """Two ports are opened, and one is closed again."""
    ends = ["--nlb", bridge.nlb["LoadBalancerName"], "--security-group", bridge.security_group]
    return in_turn(
        run,
        ["sg", "diff", *ends, "--port", "80"],
        ["sg", "sync", *ends, "--port", "80", "--port", "9000"],
        ["sg", "sync", *ends, "--port", "80"],
    )


def look(emulator, bridge, run) -> list:
    return in_turn(run, ["doctor", "--alb", bridge.alb["LoadBalancerArn"], "--target-group", bridge.group])


def denials(done) -> list:
    """What AWS denied, by errors and by warnings; that doctor may open no group is a finding of its, not a failure."""
    said = [one["error"]["message"] for one in done if "error" in one]
    said += [warning["message"] for one in done for warning in one["warnings"]]
    denied = [text for text in said if re.search("AWS said (AccessDenied|UnauthorizedOperation)", text)]
    return [text for text in denied if "could not look at whether rules may be added" not in text]


def live(emulator, policy_of, script) -> list:
    """Runs a script on a bridge of its own, as a user who holds just the policy."""
    emulator.prepare()
    bridge = Bridge(emulator)
    user = emulator.user(f"user-{bridge.number}", policy_of(bridge))
    emulator.enforce()
    return script(emulator, bridge, lambda *words: lbbridge(*words, **user))


def sync_policy(bridge) -> dict:
    return printed("sync", "--target-group", bridge.group)


def sg_policy(bridge) -> dict:
    return printed("sg", "--security-group", bridge.security_group)


def doctor_policy(bridge) -> dict:
    return printed("doctor")


USES = {
    "sync": (sync_policy, life_of_a_bridge),
    "sg": (sg_policy, openings),
    "doctor": (doctor_policy, look),
}
STATEMENTS = [
    (emulator, use, one["Sid"])
    for emulator in (Moto, MiniStack)
    for use, flags in (("sync", ("--target-group", "x")), ("sg", ()), ("doctor", ()))
    for one in printed(use, *flags)["Statement"]
    if one["Sid"] not in emulator.beyond
]


def without(sid: str, policy_of):
    def fewer(bridge) -> dict:
        policy = policy_of(bridge)
        return policy | {"Statement": [one for one in policy["Statement"] if one["Sid"] != sid]}

    return fewer


@pytest.mark.parametrize("use", USES)
def test_the_policy_is_enough(emulator, use):
    done = live(emulator, *USES[use])
    assert denials(done) == []
    # Doctor ends with 2 where it finds something, which is none of this test's business.
    assert {one["status"] for one in done} <= ({0, 2} if use == "doctor" else {0})


@pytest.mark.parametrize(("emulator", "use", "sid"), STATEMENTS, indirect=["emulator"])
def test_without_any_statement_something_is_denied(emulator, use, sid):
    policy_of, script = USES[use]
    assert denials(live(emulator, without(sid, policy_of), script)) != []


@pytest.mark.parametrize("emulator", [MiniStack], indirect=True, ids=["ministack"])
@pytest.mark.parametrize(
    ("use", "flags", "action"),
    [
        ("sync", ("--target-group", "another"), "RegisterTargets"),
        ("sg", ("--security-group", "sg-01234567"), "AuthorizeSecurityGroupIngress"),
    ],
)
def test_the_policy_for_one_group_keeps_others_out(emulator, use, flags, action):
    failed = live(emulator, lambda bridge: printed(use, *flags), USES[use][1])[-1]
    assert failed["error"]["code"] in ("AccessDenied", "UnauthorizedOperation")
    assert action in failed["error"]["message"]
