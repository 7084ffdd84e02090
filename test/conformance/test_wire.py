"""How requests are told apart, signed, refused and answered."""

import time
from email.utils import parsedate_to_datetime

import pytest
from conftest import OTHER_KEYS, refused


def test_the_request_id_stands_in_the_header_and_in_the_body(bridge):
    meta = bridge.ec2.describe_network_interfaces()["ResponseMetadata"]
    assert meta["RequestId"] == meta["HTTPHeaders"]["x-amzn-requestid"]


def test_a_malformed_arn_is_named(bridge):
    answer = refused(bridge.elbv2.describe_load_balancers, LoadBalancerArns=["nonsense"])
    assert answer == (400, "ValidationError", "'nonsense' is not a valid load balancer ARN")


def test_an_unknown_access_key_has_each_services_own_error(bridge):
    keys = ("AKIAUNKNOWN000000000", "x" * 40)
    assert refused(bridge.sandbox.client("ec2", keys).describe_vpcs)[:2] == (401, "AuthFailure")
    status, code, text = refused(bridge.sandbox.client("elbv2", keys).describe_load_balancers)
    assert (status, code) == (403, "InvalidClientTokenId")
    assert text.startswith("The security token included in the request is invalid")


def test_a_denial_by_iam_names_user_and_action(bridge):
    bridge.sandbox.fault("accessDenied")
    status, code, text = refused(bridge.ec2.describe_network_interfaces)
    assert (status, code) == (403, "UnauthorizedOperation")
    assert "is not authorized to perform: ec2:DescribeNetworkInterfaces" in text
    status, code, text = refused(bridge.elbv2.describe_target_groups)
    assert (status, code) == (403, "AccessDenied")
    assert "elasticloadbalancing:DescribeTargetGroups" in text


def test_a_client_retries_throttling_until_it_passes(bridge):
    bridge.sandbox.fault("throttle", service="ec2", count=1)
    bridge.sandbox.client("ec2", attempts=3).describe_vpcs()
    assert [call["code"] for call in bridge.sandbox.calls("DescribeVpcs")] == ["RequestLimitExceeded", None]
    assert bridge.sandbox.calls("DescribeVpcs")[0]["status"] == 503


def test_a_client_gives_up_when_throttled_for_good(bridge):
    bridge.sandbox.fault("throttle", service="elasticloadbalancing")
    before = len(bridge.sandbox.calls("DescribeLoadBalancers"))
    client = bridge.sandbox.client("elbv2", attempts=3)
    assert refused(client.describe_load_balancers) == (400, "Throttling", "Rate exceeded")
    assert len(bridge.sandbox.calls("DescribeLoadBalancers")) == before + 3


def test_a_server_fault_is_retried(bridge):
    bridge.sandbox.fault("http500", action="DescribeVpcs", count=2)
    bridge.sandbox.client("ec2", attempts=3).describe_vpcs()
    assert len(bridge.sandbox.calls("DescribeVpcs")) == 3


def test_the_date_header_is_real_time_whatever_the_virtual_clock_says(bridge):
    bridge.sandbox.advance(30 * 86400)
    headers = bridge.ec2.describe_vpcs()["ResponseMetadata"]["HTTPHeaders"]
    assert abs(parsedate_to_datetime(headers["date"]).timestamp() - time.time()) < 60


def test_a_dry_run_creates_nothing(bridge):
    before = len(bridge.interfaces())
    answer = refused(bridge.ec2.create_network_interface, SubnetId=bridge.subnets[0]["SubnetId"], DryRun=True)
    assert answer == (412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.")
    assert len(bridge.interfaces()) == before


def test_any_valid_key_may_ask_who_it_is(bridge):
    identity = bridge.sandbox.client("sts").get_caller_identity()
    assert identity["Account"] == "111122223333"
    assert identity["Arn"] == "arn:aws:iam::111122223333:user/sandbox"


def test_an_unknown_action_is_refused_and_never_answered_with_nothing(bridge):
    assert refused(bridge.ec2.describe_instances)[:2] == (400, "InvalidAction")
    assert refused(bridge.elbv2.describe_ssl_policies)[:2] == (400, "InvalidAction")


def test_signatures_are_checked_where_the_knob_says_so(bridge):
    bridge.sandbox.knob("auth.verifySignature", True)
    bridge.ec2.describe_vpcs()
    bridge.elbv2.describe_load_balancers(Names=["web"])
    wrong = (bridge.sandbox.keys[0], "wrong")
    assert refused(bridge.sandbox.client("ec2", wrong).describe_vpcs)[:2] == (401, "AuthFailure")
    assert refused(bridge.sandbox.client("elbv2", wrong).describe_load_balancers)[:2] == (403, "SignatureDoesNotMatch")


def test_an_assumed_role_acts_in_its_own_account(bridge):
    sts = bridge.sandbox.client("sts")
    answer = sts.assume_role(RoleArn="arn:aws:iam::444455556666:role/bridge", RoleSessionName="conformance")
    keys = answer["Credentials"]
    assert keys["AccessKeyId"].startswith("ASIA")
    session = (keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    identity = bridge.sandbox.client("sts", session).get_caller_identity()
    assert identity["Arn"] == "arn:aws:sts::444455556666:assumed-role/bridge/conformance"
    assert bridge.sandbox.client("elbv2", session).describe_load_balancers()["LoadBalancers"] == []
    without_token = bridge.sandbox.client("elbv2", session[:2])
    assert refused(without_token.describe_load_balancers)[:2] == (403, "InvalidClientTokenId")


@pytest.mark.parametrize(
    "role, more, expected",
    [
        ("nonsense", {}, (400, "ValidationError")),
        ("arn:aws:iam::444455556666:role/absent", {}, (403, "AccessDenied")),
        ("arn:aws:iam::444455556666:role/bridge-external", {}, (403, "AccessDenied")),
        ("arn:aws:iam::444455556666:role/bridge-external", {"ExternalId": "wrong"}, (403, "AccessDenied")),
        ("arn:aws:iam::444455556666:role/bridge", {"RoleSessionName": "a b"}, (400, "ValidationError")),
    ],
)
def test_roles_that_cannot_be_assumed(bridge, role, more, expected):
    sts = bridge.sandbox.client("sts")
    assert refused(sts.assume_role, **({"RoleArn": role, "RoleSessionName": "me"} | more))[:2] == expected


def test_accounts_do_not_see_each_others_load_balancers_and_name_zones_differently(bridge):
    theirs = bridge.sandbox.client("elbv2", OTHER_KEYS)
    answer = refused(theirs.describe_load_balancers, LoadBalancerArns=[bridge.alb["LoadBalancerArn"]])
    assert answer[:2] == (400, "ValidationError")
    zones = lambda keys: {
        zone["ZoneName"]: zone["ZoneId"]
        for zone in bridge.sandbox.client("ec2", keys).describe_availability_zones()["AvailabilityZones"]
    }
    ours, others = zones(None), zones(OTHER_KEYS)
    assert sorted(ours) == sorted(others) and sorted(ours.values()) == sorted(others.values())
    assert ours != others
