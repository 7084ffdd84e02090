"""The AWS CLI, as people use it to look around."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

AWS = Path(sys.executable).parent / "aws"


@pytest.fixture
def aws(synced, tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "AWS_PAGER": "",
        **{name: value for name, value in synced.sandbox.environment.items() if name != "AWS_ENDPOINT_URL"},
    }

    def run(*words, fails=False):
        command = [sys.executable, str(AWS), "--endpoint-url", synced.sandbox.endpoint, "--output", "json", *words]
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        if fails:
            assert done.returncode != 0
            return done.stderr
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    run.bridge = synced
    return run


def test_describe_target_health(aws):
    found = aws("elbv2", "describe-target-health", "--target-group-arn", aws.bridge.arn)["TargetHealthDescriptions"]
    assert {one["TargetHealth"]["State"] for one in found} == {"healthy"}


def test_describe_network_interfaces_by_description(aws):
    found = aws("ec2", "describe-network-interfaces", "--filters", "Name=description,Values=ELB app/*")
    assert sorted(one["PrivateIpAddress"] for one in found["NetworkInterfaces"]) == aws.bridge.alb_ips()
    paged = aws("ec2", "describe-network-interfaces", "--page-size", "5", "--query", "length(NetworkInterfaces)")
    assert paged == 4


def test_describe_load_balancers_listeners_and_groups(aws):
    [found] = aws("elbv2", "describe-load-balancers", "--names", "web")["LoadBalancers"]
    assert found["Type"] == "application"
    assert aws("elbv2", "describe-listeners", "--load-balancer-arn", found["LoadBalancerArn"])["Listeners"]
    assert aws("elbv2", "describe-target-groups")["TargetGroups"]
    tags = aws("elbv2", "describe-tags", "--resource-arns", aws.bridge.arn)["TagDescriptions"][0]["Tags"]
    assert tags == [{"Key": "lbbridge:source", "Value": found["LoadBalancerArn"]}]


def test_networks_and_identity(aws):
    assert aws("ec2", "describe-subnets")["Subnets"]
    assert aws("ec2", "describe-vpcs")["Vpcs"]
    assert aws("ec2", "describe-availability-zones")["AvailabilityZones"]
    assert aws("ec2", "describe-security-groups")["SecurityGroups"]
    assert aws("sts", "get-caller-identity")["Account"] == "111122223333"


def test_writing(aws):
    ip = aws.bridge.free_ip()
    aws("elbv2", "register-targets", "--target-group-arn", aws.bridge.arn, "--targets", f"Id={ip},Port=8080")
    assert aws.bridge.state(ip, 8080).startswith("initial")
    aws("elbv2", "deregister-targets", "--target-group-arn", aws.bridge.arn, "--targets", f"Id={ip},Port=8080")
    assert aws.bridge.state(ip, 8080).startswith("draining")


def test_an_error_reads_like_awss(aws):
    text = aws("elbv2", "describe-load-balancers", "--names", "absent", fails=True)
    assert "An error occurred (LoadBalancerNotFound)" in text and "Load balancers '[absent]' not found" in text


def test_it_answers_while_lbbridge_works(aws):
    aws.bridge.sandbox.event("scale-out", zone="us-east-1a")
    aws.bridge.sandbox.advance(60)
    program = Path(__file__).resolve().parents[2] / "bin/run.js"
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **aws.bridge.sandbox.environment}
    words = ["node", str(program), "sync", "--alb", "web", "--target-group", "nlb-edge", "--wait", "2s"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as sync:
        found = aws("elbv2", "describe-target-health", "--target-group-arn", aws.bridge.arn)
        assert len(found["TargetHealthDescriptions"]) >= 2
        sync.wait(30)
    assert len(aws.bridge.health()) == 3
