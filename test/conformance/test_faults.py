"""Every kind of fault, as a client meets it."""

import time

import pytest
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from botocore.parsers import ResponseParserError
from conftest import refused


@pytest.mark.parametrize(
    "kind, ec2, elb",
    [
        ("throttle", (503, "RequestLimitExceeded"), (400, "Throttling")),
        ("http500", (500, "InternalError"), (500, "InternalFailure")),
        ("http503", (503, "Unavailable"), (503, "ServiceUnavailable")),
        ("accessDenied", (403, "UnauthorizedOperation"), (403, "AccessDenied")),
        ("expiredToken", (400, "RequestExpired"), (403, "ExpiredToken")),
    ],
)
def test_each_service_words_it_in_its_own_way(bridge, kind, ec2, elb):
    bridge.sandbox.fault(kind)
    assert refused(bridge.ec2.describe_network_interfaces)[:2] == ec2
    assert refused(bridge.elbv2.describe_load_balancers)[:2] == elb


def test_any_other_error(bridge):
    bridge.sandbox.fault("error", action="DescribeTargetHealth", status=500, code="HealthUnavailable", message="m")
    answer = refused(bridge.elbv2.describe_target_health, TargetGroupArn=bridge.arn)
    assert answer == (500, "HealthUnavailable", "m")


def test_the_other_code_for_throttling(bridge):
    bridge.sandbox.knob("error.elbThrottleCode", "ThrottlingException")
    bridge.sandbox.fault("throttle")
    assert refused(bridge.elbv2.describe_load_balancers)[:2] == (400, "ThrottlingException")


@pytest.mark.parametrize("kind", ["reset", "lostReply"])
def test_a_connection_that_is_cut(bridge, kind):
    bridge.sandbox.fault(kind, action="RegisterTargets")
    ip = bridge.free_ip()
    with pytest.raises(ConnectionClosedError):
        bridge.register(ip)
    assert (f"{ip}:80" in bridge.health()) == (kind == "lostReply")


def test_nothing_comes(bridge):
    bridge.sandbox.fault("hang", action="DescribeVpcs")
    with pytest.raises(ReadTimeoutError):
        bridge.ec2.describe_vpcs()


def test_it_comes_late(bridge):
    bridge.sandbox.fault("slow", action="DescribeVpcs", seconds=0.5)
    started = time.monotonic()
    bridge.ec2.describe_vpcs()
    assert time.monotonic() - started >= 0.5


@pytest.mark.parametrize("kind", ["truncate", "wrongXml", "emptyBody"])
def test_half_a_body_somebody_elses_or_none_is_no_answer(bridge, kind):
    bridge.sandbox.fault(kind, action="Describe*")
    with pytest.raises((ResponseParserError, KeyError)):
        bridge.elbv2.describe_target_health(TargetGroupArn=bridge.arn)
    assert bridge.sandbox.calls("DescribeTargetHealth")[-1]["status"] == 200


def test_a_read_that_leaves_some_out(bridge):
    ip = bridge.alb_ips()[0]
    bridge.sandbox.fault("hide", action="DescribeNetworkInterfaces", ips=[ip])
    assert ip not in bridge.alb_ips() and len(bridge.alb_ips()) == 1


def test_rules_count_their_strikes(bridge):
    bridge.sandbox.fault("http500", action="DescribeVpcs", after=1, count=2)
    outcomes = []
    for _ in range(4):
        try:
            bridge.ec2.describe_vpcs()
            outcomes.append("fine")
        except Exception:
            outcomes.append("failed")
    assert outcomes == ["fine", "failed", "failed", "fine"]


def test_the_documented_buckets(bridge):
    bridge.sandbox.knob("throttle.enabled", True)
    codes = []
    for _ in range(60):
        try:
            bridge.elbv2.describe_load_balancers()
            codes.append(None)
        except Exception as error:
            codes.append(error.response["Error"]["Code"])
    first = codes.index("Throttling")
    assert 40 <= first < 60
    bridge.ec2.describe_vpcs()


def test_a_stale_read_of_targets(bridge):
    bridge.sandbox.fault("stale", action="DescribeTargetHealth", seconds=20)
    bridge.sandbox.advance(30)
    ip = bridge.alb_ips()[0]
    bridge.sandbox.advance(1)
    bridge.register(ip)
    assert bridge.state(ip) == "gone"
    bridge.sandbox.advance(30)
    assert bridge.state(ip).startswith("initial")
