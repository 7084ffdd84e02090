"""The life of a target of an NLB's `ip` group, row by row of its state table, on the virtual clock."""

import pytest

REGISTERING = "initial/Elb.RegistrationInProgress"
CHECKING = "initial/Elb.InitialHealthChecking"
FAILED = "unhealthy/Target.FailedHealthChecks"
DRAINING = "draining/Target.DeregistrationInProgress"
UNUSED = "unused/Target.NotInUse"
GONE = "gone"


@pytest.fixture
def still(synced):
    """A synced bridge whose consensus has no spread, so that every moment is known."""
    synced.sandbox.knob("tg.consensusJitterSeconds", 0)
    return synced


def silence(bridge) -> None:
    for zone in ("us-east-1a", "us-east-1b"):
        bridge.sandbox.event("fail-zone", zone=zone)


def answer(bridge) -> None:
    for zone in ("us-east-1a", "us-east-1b"):
        bridge.sandbox.event("recover-zone", zone=zone)


def test_h1_registered_in_a_group_that_no_listener_sends_to(start):
    bridge = start("unattached")
    ip = bridge.alb_ips()[0]
    bridge.register(ip)
    entry = bridge.health()[f"{ip}:80"]
    assert bridge.state(ip) == UNUSED
    text = "Target group is not configured to receive traffic from the load balancer"
    assert entry["TargetHealth"]["Description"] == text
    assert "HealthCheckPort" not in entry


def test_h2_registered_in_a_zone_that_the_nlb_does_not_use(start):
    bridge = start("peered")
    bridge.register(("172.20.1.9", 80, "us-east-1f"))
    text = "Target is in an Availability Zone that is not enabled for the load balancer"
    assert bridge.health()["172.20.1.9:80"]["TargetHealth"]["Description"] == text


def test_h3_h5_h6_registered_checked_healthy(bridge):
    ip = bridge.alb_ips()[0]
    bridge.register(ip)
    assert bridge.health()[f"{ip}:80"]["TargetHealth"]["Description"] == "Target registration is in progress"
    assert bridge.state(ip) == REGISTERING
    bridge.sandbox.advance(119)
    assert bridge.state(ip) == REGISTERING
    bridge.sandbox.advance(1)
    assert bridge.state(ip) == CHECKING
    assert bridge.health()[f"{ip}:80"]["TargetHealth"]["Description"] == "Initial health checks in progress"
    bridge.sandbox.advance(19)
    assert bridge.state(ip) == CHECKING
    bridge.sandbox.advance(1)
    assert bridge.state(ip) == "healthy"


def test_h6_one_success_where_the_knob_says_so(bridge):
    bridge.sandbox.knob("tg.initialSuccesses", 1)
    ip = bridge.alb_ips()[0]
    bridge.register(ip)
    bridge.sandbox.advance(130)
    assert bridge.state(ip) == "healthy"


def test_h4_a_listener_comes(start):
    bridge = start("unattached")
    ip = bridge.alb_ips()[0]
    bridge.register(ip)
    bridge.listen(bridge.arn, 80)
    bridge.sandbox.advance(1)
    assert bridge.state(ip) == REGISTERING


def test_h4_its_zone_is_enabled(start):
    bridge = start("peered")
    bridge.elbv2.set_subnets(LoadBalancerArn=bridge.nlb["LoadBalancerArn"], Subnets=[bridge.subnets[0]["SubnetId"]])
    bridge.register(("172.20.1.9", 80, "us-east-1b"))
    assert bridge.state("172.20.1.9") == UNUSED
    subnets = [one["SubnetId"] for one in bridge.subnets]
    bridge.elbv2.set_subnets(LoadBalancerArn=bridge.nlb["LoadBalancerArn"], Subnets=subnets)
    bridge.sandbox.advance(1)
    assert bridge.state("172.20.1.9") == REGISTERING


def test_h7_never_answers(bridge):
    ip = bridge.free_ip()
    bridge.register(ip)
    bridge.sandbox.advance(120 + 19)
    assert bridge.state(ip) == CHECKING
    bridge.sandbox.advance(1)
    assert bridge.state(ip) == FAILED
    assert bridge.health()[f"{ip}:80"]["TargetHealth"]["Description"] == "Health checks failed"


def test_h8_h10_fails_and_recovers(still):
    ip = still.alb_ips()[0]
    silence(still)
    still.sandbox.advance(30)
    assert still.state(ip) == FAILED
    answer(still)
    still.sandbox.advance(30)
    assert still.state(ip) == "healthy"


def test_h8_the_consensus_takes_its_time(synced):
    synced.sandbox.knob("tg.consensusJitterSeconds", 1000)
    silence(synced)
    synced.sandbox.advance(30)
    assert "healthy" in {synced.state(ip) for ip in synced.alb_ips()}


def test_h8_h9_unhealthy_draining_where_the_group_says_so(still):
    ip = still.alb_ips()[0]
    still.elbv2.modify_target_group_attributes(TargetGroupArn=still.arn, Attributes=[
        {"Key": "target_health_state.unhealthy.connection_termination.enabled", "Value": "false"},
        {"Key": "target_health_state.unhealthy.draining_interval_seconds", "Value": "100"},
    ])
    silence(still)
    still.sandbox.advance(30)
    assert still.state(ip) == "unhealthy.draining/Target.FailedHealthChecks"
    still.sandbox.advance(100)
    assert still.state(ip) == FAILED
    answer(still)
    still.sandbox.advance(30)
    assert still.state(ip) == "healthy"


def test_h11_h13_drains_for_the_delay_and_is_gone(synced):
    ip = synced.alb_ips()[0]
    synced.deregister(ip)
    assert synced.state(ip) == DRAINING
    assert synced.health()[f"{ip}:80"]["TargetHealth"]["Description"] == "Target deregistration is in progress"
    synced.sandbox.advance(299)
    assert synced.state(ip) == DRAINING
    synced.sandbox.advance(1)
    assert synced.state(ip) == GONE
    [asked] = synced.health(ip).values()
    assert asked["TargetHealth"]["Reason"] == "Target.NotRegistered"


def test_h13_even_a_delay_of_nothing_takes_two_minutes(synced):
    ip = synced.alb_ips()[0]
    attributes = [{"Key": "deregistration_delay.timeout_seconds", "Value": "0"}]
    synced.elbv2.modify_target_group_attributes(TargetGroupArn=synced.arn, Attributes=attributes)
    synced.deregister(ip)
    synced.sandbox.advance(119)
    assert synced.state(ip) == DRAINING
    synced.sandbox.advance(1)
    assert synced.state(ip) == GONE


@pytest.mark.parametrize("restarts", [False, True])
def test_h13_deregistering_again_restarts_the_drain_only_by_the_knob(synced, restarts):
    synced.sandbox.knob("tg.restartDrain", restarts)
    ip = synced.alb_ips()[0]
    synced.deregister(ip)
    synced.sandbox.advance(200)
    synced.deregister(ip)
    synced.sandbox.advance(100)
    assert synced.state(ip) == (DRAINING if restarts else GONE)


def test_h12_an_unused_target_goes_at_once(start):
    bridge = start("unattached")
    ip = bridge.alb_ips()[0]
    bridge.register(ip)
    bridge.deregister(ip)
    assert bridge.state(ip) == GONE


@pytest.mark.parametrize(
    "knob, at_once, later",
    [
        ("initial", REGISTERING, "healthy"),
        ("keep-draining-then-initial", DRAINING, "healthy"),
        ("healthy-immediately", "healthy", "healthy"),
    ],
)
def test_h14_registered_again_while_it_drains(synced, knob, at_once, later):
    synced.sandbox.knob("tg.reRegister", knob)
    ip = synced.alb_ips()[0]
    synced.deregister(ip)
    synced.sandbox.advance(10)
    synced.register(ip)
    assert synced.state(ip) == at_once
    synced.sandbox.advance(300)
    assert synced.state(ip) == later


def test_h14b_or_refused(synced):
    from conftest import refused

    synced.sandbox.knob("tg.reRegister", "error")
    ip = synced.alb_ips()[0]
    synced.deregister(ip)
    answer = refused(synced.elbv2.register_targets, TargetGroupArn=synced.arn, Targets=[{"Id": ip}])
    assert answer[:2] == (400, "InvalidTarget")


def test_h15_the_last_listener_goes(synced):
    [listener] = synced.elbv2.describe_listeners(LoadBalancerArn=synced.nlb["LoadBalancerArn"])["Listeners"]
    synced.elbv2.delete_listener(ListenerArn=listener["ListenerArn"])
    synced.sandbox.advance(1)
    assert {synced.state(ip) for ip in synced.alb_ips()} == {UNUSED}


def test_h15_the_nlb_is_deleted(synced):
    synced.elbv2.delete_load_balancer(LoadBalancerArn=synced.nlb["LoadBalancerArn"])
    synced.sandbox.advance(5)
    assert {synced.state(ip) for ip in synced.alb_ips()} == {UNUSED}


def test_h17_deregistered_before_it_was_ever_healthy(bridge):
    ip = bridge.alb_ips()[0]
    bridge.register(ip)
    bridge.deregister(ip)
    assert bridge.state(ip) == DRAINING


def test_a_check_that_the_alb_answers_with_404_fails(bridge):
    listener = bridge.elbv2.describe_listeners(LoadBalancerArn=bridge.alb["LoadBalancerArn"])["Listeners"][0]
    bridge.elbv2.modify_listener(
        ListenerArn=listener["ListenerArn"],
        DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
    )
    arn = bridge.new_group("http-checked", HealthCheckProtocol="HTTP")
    bridge.listen(arn, 8081)
    ip = bridge.alb_ips()[0]
    bridge.register(ip, arn=arn)
    bridge.sandbox.advance(200)
    assert bridge.state(ip, arn=arn) == FAILED
    bridge.elbv2.create_rule(
        ListenerArn=listener["ListenerArn"], Priority=1, Conditions=[{"Field": "path-pattern", "Values": ["/"]}],
        Actions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}],
    )
    bridge.sandbox.advance(30)
    assert bridge.state(ip, arn=arn) == "healthy"


def test_a_closed_security_group_fails_the_checks(synced):
    synced.sandbox.knob("tg.consensusJitterSeconds", 0)
    [group] = synced.ec2.describe_security_groups(GroupIds=synced.alb["SecurityGroups"])["SecurityGroups"]
    synced.ec2.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    ])
    synced.sandbox.advance(30)
    assert {synced.state(ip) for ip in synced.alb_ips()} == {FAILED}
