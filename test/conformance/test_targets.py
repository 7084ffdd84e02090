"""Registering, deregistering and describing targets."""

import pytest
from conftest import refused

OUTSIDE = "10.200.0.9"


def zone(bridge, subnet=0) -> str:
    return bridge.subnets[subnet]["AvailabilityZone"]


def test_an_address_inside_gets_the_groups_port_and_its_subnets_zone(bridge):
    ip = bridge.free_ip()
    bridge.register(ip)
    assert bridge.health()[f"{ip}:80"]["Target"] == {"Id": ip, "Port": 80, "AvailabilityZone": zone(bridge)}


@pytest.mark.parametrize("asked", ["all", 1])
def test_the_zone_of_an_address_inside_cannot_be_overridden(bridge, asked):
    ip, name = bridge.free_ip(), "all" if asked == "all" else zone(bridge, 1)
    text = (
        f"The IP address '{ip}' is within the VPC, and cannot have its Availability Zone overridden "
        f"to '{name}' from '{zone(bridge)}'"
    )
    answer = refused(bridge.elbv2.register_targets, TargetGroupArn=bridge.arn,
                     Targets=[{"Id": ip, "AvailabilityZone": name}])
    assert answer == (400, "ValidationError", text)


def test_its_own_zone_is_accepted(bridge):
    bridge.register((bridge.free_ip(), 80, zone(bridge)))


@pytest.mark.parametrize("ip", [OUTSIDE, "10.0.99.9"])
def test_an_address_in_no_subnet_is_outside_and_needs_a_zone(bridge, ip):
    register = lambda **more: dict(TargetGroupArn=bridge.arn, Targets=[{"Id": ip} | more])
    status, code, text = refused(bridge.elbv2.register_targets, **register())
    assert (status, code) == (400, "ValidationError")
    assert text.startswith("You must specify a valid Availability Zone or select 'all'")
    bridge.elbv2.register_targets(**register(AvailabilityZone="all"))
    assert bridge.health()[f"{ip}:80"]["Target"]["AvailabilityZone"] == "all"
    assert refused(bridge.elbv2.register_targets, **register(AvailabilityZone="mars"))[:2] == (400, "ValidationError")


@pytest.mark.parametrize("ip, more", [("8.8.8.8", {"AvailabilityZone": "all"}), ("not-an-ip", {}), ("fd00::1", {})])
def test_addresses_that_cannot_be_targets(bridge, ip, more):
    answer = refused(bridge.elbv2.register_targets, TargetGroupArn=bridge.arn, Targets=[{"Id": ip} | more])
    assert answer[:2] == (400, "ValidationError")
    if not more:
        assert answer[2] == f"The IP address '{ip}' is not a valid IPv4 address"
    assert bridge.health() == {}


@pytest.mark.parametrize("port", [0, 65536])
def test_ports_out_of_range(bridge, port):
    answer = refused(bridge.elbv2.register_targets, TargetGroupArn=bridge.arn,
                     Targets=[{"Id": bridge.free_ip(), "Port": port}])
    assert answer[:2] == (400, "ValidationError")


def test_no_targets_at_all_is_an_error_and_never_nothing(bridge):
    answer = refused(bridge.elbv2.register_targets, TargetGroupArn=bridge.arn, Targets=[])
    assert answer[:2] == (400, "ValidationError")
    answer = refused(bridge.elbv2.deregister_targets, TargetGroupArn=bridge.arn, Targets=[])
    assert answer[:2] == (400, "ValidationError")


def test_one_address_on_two_ports_is_two_targets(bridge):
    ip = bridge.free_ip()
    bridge.register((ip, 80), (ip, 8080))
    assert sorted(bridge.health()) == [f"{ip}:80", f"{ip}:8080"]


def test_deregistering_without_a_port_means_the_groups_port(synced):
    ip = synced.alb_ips()[0]
    synced.register((ip, 8080))
    synced.deregister(ip)
    assert synced.state(ip, 80).startswith("draining")
    assert not synced.state(ip, 8080).startswith("draining")


def test_deregistering_what_is_not_there_is_fine(synced):
    before = {key: one["TargetHealth"] for key, one in synced.health().items()}
    synced.deregister(OUTSIDE)
    synced.deregister((synced.alb_ips()[0], 80, "us-east-1f"))
    assert {key: one["TargetHealth"] for key, one in synced.health().items()} == before


def test_asking_for_a_target_that_is_not_registered(bridge):
    [entry] = bridge.health(OUTSIDE).values()
    assert entry["TargetHealth"] == {
        "State": "unused",
        "Reason": "Target.NotRegistered",
        "Description": "Target is not registered to the target group",
    }
    assert "HealthCheckPort" not in entry


def test_a_zone_narrows_what_is_asked_for(synced):
    ip = synced.alb_ips()[0]
    [found] = synced.health((ip, 80)).values()
    assert found["TargetHealth"]["State"] == "healthy"
    [other] = synced.health((ip, 80, "us-east-1f")).values()
    assert other["TargetHealth"]["Reason"] == "Target.NotRegistered"


def test_registering_again_changes_nothing(synced):
    ip = synced.alb_ips()[0]
    synced.register(ip)
    assert synced.state(ip) == "healthy"


def test_one_bad_target_keeps_every_other_out(bridge):
    good = bridge.free_ip()
    answer = refused(bridge.elbv2.register_targets, TargetGroupArn=bridge.arn,
                     Targets=[{"Id": good}, {"Id": "not-an-ip"}])
    assert answer[:2] == (400, "ValidationError")
    assert bridge.health() == {}


def test_groups_of_other_regions_and_none(bridge):
    elsewhere = bridge.arn.replace("us-east-1", "eu-west-1")
    answer = refused(bridge.elbv2.describe_target_health, TargetGroupArn=elsewhere)
    assert answer == (400, "ValidationError", f"'{elsewhere}' is not a valid target group ARN")
    absent = bridge.arn[:-16] + "0123456789abcdef"
    assert refused(bridge.elbv2.register_targets, TargetGroupArn=absent, Targets=[{"Id": OUTSIDE}])[:2] == (
        400, "TargetGroupNotFound",
    )


def test_a_healthy_target_carries_an_override_that_is_none(synced):
    for entry in synced.health().values():
        assert entry["AdministrativeOverride"]["State"] == "no_override"
        assert entry["HealthCheckPort"] == "80" and "AnomalyDetection" not in entry
        assert "Reason" not in entry["TargetHealth"]


@pytest.mark.parametrize("counts", [False, True])
def test_a_full_group_takes_no_more(synced, counts):
    ips = synced.alb_ips()
    synced.sandbox.knob("quota.targetsPerGroup", 2)
    synced.sandbox.knob("quota.drainingCounts", counts)
    more = lambda: synced.register(synced.free_ip())
    assert refused(synced.elbv2.register_targets, TargetGroupArn=synced.arn, Targets=[{"Id": synced.free_ip()}])[:2] == (
        400, "TooManyTargets",
    )
    synced.deregister(ips[0])
    if counts:
        answer = refused(synced.elbv2.register_targets, TargetGroupArn=synced.arn, Targets=[{"Id": synced.free_ip()}])
        assert answer[:2] == (400, "TooManyTargets")
    else:
        more()


@pytest.mark.parametrize("cross_zone, knob", [(False, "quota.targetsPerZonePerNlb"), (True, "quota.targetsPerNlbCrossZone")])
def test_quotas_of_the_nlb(synced, cross_zone, knob):
    attributes = [{"Key": "load_balancing.cross_zone.enabled", "Value": str(cross_zone).lower()}]
    synced.elbv2.modify_load_balancer_attributes(LoadBalancerArn=synced.nlb["LoadBalancerArn"], Attributes=attributes)
    synced.sandbox.knob(knob, 1 if not cross_zone else 2)
    answer = refused(synced.elbv2.register_targets, TargetGroupArn=synced.arn, Targets=[{"Id": synced.free_ip()}])
    assert answer[:2] == (400, "TooManyTargets")


def test_a_reply_that_was_lost_is_harmless_to_repeat(bridge):
    ip = bridge.free_ip()
    bridge.sandbox.fault("lostReply", action="RegisterTargets", count=1)
    client = bridge.sandbox.client("elbv2", attempts=3)
    client.register_targets(TargetGroupArn=bridge.arn, Targets=[{"Id": ip}])
    assert len(bridge.sandbox.calls("RegisterTargets")) == 2
    assert list(bridge.health()) == [f"{ip}:80"]
