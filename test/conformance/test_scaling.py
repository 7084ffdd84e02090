"""ALB nodes come and go, row by row: what is listed, what answers, what is in DNS. Truth stands beside the listing."""

import pytest


def node(bridge, ip):
    for balancer in bridge.sandbox.control("GET", "load-balancers")["loadBalancers"]:
        for one in balancer["nodes"]:
            if one["ip"] == ip:
                return one
    return None


def scaled_out(bridge):
    before = set(bridge.alb_ips())
    bridge.sandbox.event("scale-out", zone="us-east-1a")
    [ip] = set(bridge.alb_ips()) - before
    return ip


def status(bridge, ip):
    found = bridge.interfaces(("private-ip-address", ip))
    return found[0]["Status"] if found else "gone"


def test_o1_o2_o3_listed_then_answering_then_in_dns(synced):
    ip = scaled_out(synced)
    assert status(synced, ip) == "available"
    synced.sandbox.advance(3)
    assert status(synced, ip) == "in-use" and not node(synced, ip)["answering"]
    synced.sandbox.advance(27)
    assert node(synced, ip)["answering"] and not node(synced, ip)["inDns"]
    synced.sandbox.advance(10)
    assert node(synced, ip)["inDns"]


def test_i1_to_i4_out_of_dns_silent_unlisted(synced):
    first = synced.alb_ips()[0]
    scaled_out(synced)
    synced.sandbox.advance(60)
    synced.sandbox.event("scale-in", zone="us-east-1a")
    assert not node(synced, first)["inDns"] and node(synced, first)["answering"]
    synced.sandbox.advance(359)
    assert node(synced, first)["answering"] and status(synced, first) == "in-use"
    synced.sandbox.advance(1)
    assert not node(synced, first)["answering"] and status(synced, first) == "in-use"
    synced.sandbox.advance(30)
    assert status(synced, first) == "detaching"
    synced.sandbox.advance(8)
    assert status(synced, first) == "available"
    synced.sandbox.advance(2)
    assert status(synced, first) == "gone"


def test_i4_the_other_way_round_where_the_knob_says_so(synced):
    for name, value in {"alb.eniBeforeStop": True, "alb.drainSeconds": 10, "alb.deadListedSeconds": 100}.items():
        synced.sandbox.knob(name, value)
    first = synced.alb_ips()[0]
    scaled_out(synced)
    synced.sandbox.advance(60)
    synced.sandbox.event("scale-in", zone="us-east-1a")
    synced.sandbox.advance(25)
    assert status(synced, first) == "gone" and node(synced, first)["answering"]
    synced.sandbox.advance(90)
    assert not node(synced, first)["answering"]


def test_the_last_node_of_a_zone_never_goes(synced):
    before = synced.alb_ips()
    synced.sandbox.event("scale-in", zone="us-east-1a", count=5)
    synced.sandbox.advance(1000)
    assert synced.alb_ips() == before


def test_c1_a_whole_replacement_lists_old_and_new_side_by_side_and_never_none(synced):
    old = set(synced.alb_ips())
    synced.sandbox.event("replace")
    synced.sandbox.advance(60)
    both = set(synced.alb_ips())
    assert old < both and len(both) == 4
    for _ in range(12):
        synced.sandbox.advance(60)
        assert synced.alb_ips()
    assert not old & set(synced.alb_ips()) and len(synced.alb_ips()) == 2


def test_c2_a_node_registered_before_it_answers_becomes_healthy_when_it_does(synced):
    synced.sandbox.knob("alb.warmSeconds", 200)
    ip = scaled_out(synced)
    synced.register(ip)
    synced.sandbox.advance(150)
    assert synced.state(ip).startswith("unhealthy")
    synced.sandbox.advance(100)
    assert synced.state(ip) == "healthy"


def test_c3_a_stopped_node_is_listed_while_its_target_is_unhealthy(synced):
    synced.sandbox.knob("alb.deadListedSeconds", 300)
    synced.sandbox.knob("tg.consensusJitterSeconds", 0)
    first = synced.alb_ips()[0]
    scaled_out(synced)
    synced.sandbox.advance(60)
    synced.sandbox.event("scale-in", zone="us-east-1a")
    synced.sandbox.advance(420)
    assert status(synced, first) == "in-use" and synced.state(first).startswith("unhealthy")


def test_c4_a_listing_that_is_empty_is_a_success(synced):
    synced.sandbox.fault("hide", action="DescribeNetworkInterfaces")
    assert synced.interfaces() == []


def test_c5_an_address_that_another_load_balancer_gets(start):
    bridge = start("look-alikes")
    ip = bridge.alb_ips()[0]
    bridge.register(ip)
    bridge.sandbox.event("give", ip=ip, to="web-2")
    [owner] = bridge.interfaces(("private-ip-address", ip))
    assert owner["Description"].startswith("ELB app/web-2/")
    bridge.deregister(ip)
    assert bridge.state(ip).startswith("draining")


def test_an_address_that_a_machine_gets(synced):
    ip = synced.alb_ips()[0]
    synced.sandbox.event("give", ip=ip)
    [owner] = synced.interfaces(("private-ip-address", ip))
    assert owner["Description"] == "" and owner["Attachment"]["InstanceId"].startswith("i-")
    assert synced.sandbox.truth()["now"]["stranger"] > 0


def test_c6_a_stale_read_shows_the_past(synced):
    synced.sandbox.fault("stale", action="DescribeNetworkInterfaces", seconds=30)
    synced.sandbox.advance(60)
    before = synced.alb_ips()
    synced.sandbox.event("scale-out", zone="us-east-1a")
    synced.sandbox.advance(5)
    assert synced.alb_ips() == before
    synced.sandbox.advance(60)
    assert len(synced.alb_ips()) == len(before) + 1


def test_c7_a_deleted_load_balancers_interfaces_linger(synced):
    synced.elbv2.delete_load_balancer(LoadBalancerArn=synced.alb["LoadBalancerArn"])
    synced.sandbox.advance(30)
    assert len(synced.alb_ips()) == 2
    synced.sandbox.advance(30)
    assert synced.alb_ips() == []


def test_a_zone_that_fails_keeps_its_listing_and_its_targets_fail(synced):
    synced.sandbox.knob("tg.consensusJitterSeconds", 0)
    synced.sandbox.event("fail-zone", zone="us-east-1a")
    synced.sandbox.advance(61)
    assert len(synced.alb_ips()) == 2
    states = sorted(synced.state(ip).split("/")[0] for ip in synced.alb_ips())
    assert states == ["healthy", "unhealthy"]
    now = synced.sandbox.truth()["now"]
    assert now["serving"] == 1 and len(now["darkZones"]) == 1


def test_a_zonal_shift_leaves_interfaces_and_health_and_sets_the_override(start):
    bridge = start("zonal-shift")
    entries = bridge.health().values()
    assert {one["TargetHealth"]["State"] for one in entries} == {"healthy"}
    overrides = {one["Target"]["AvailabilityZone"]: one["AdministrativeOverride"]["State"] for one in entries}
    assert overrides == {"us-east-1a": "zonal_shift_active", "us-east-1b": "no_override"}
    assert len(bridge.alb_ips()) == 2


def test_zones_of_the_alb_that_go_and_come(synced):
    subnets = [one["SubnetId"] for one in synced.subnets]
    more = synced.ec2.describe_subnets()["Subnets"]
    assert len(more) == len(subnets)
    synced.sandbox.event("set-subnets", subnets=subnets[:1])
    synced.sandbox.advance(1000)
    assert len(synced.alb_ips()) == 1
    synced.sandbox.event("set-subnets", subnets=subnets)
    synced.sandbox.advance(60)
    assert len(synced.alb_ips()) == 2


def test_an_address_comes_up_again_only_after_its_rest(synced):
    synced.sandbox.knob("alb.ipReuseSeconds", 10**9)
    seen = set(synced.alb_ips())
    for _ in range(5):
        synced.sandbox.event("replace", zone="us-east-1a")
        synced.sandbox.advance(1000)
        seen |= set(synced.alb_ips())
    assert len(seen) == 7


@pytest.mark.parametrize("leak, downtime", [(0, 60), (60, 0)])
def test_a_draining_target_still_gets_connections_for_a_while(synced, leak, downtime):
    synced.sandbox.knob("tg.drainLeakSeconds", leak)
    for ip in synced.alb_ips():
        synced.deregister(ip)
    synced.sandbox.control("POST", "truth", {})
    synced.sandbox.advance(60)
    assert synced.sandbox.truth()["since"]["downSeconds"] == downtime


def test_without_a_healthy_target_the_nlb_fails_open(synced):
    synced.sandbox.knob("tg.consensusJitterSeconds", 0)
    [group] = synced.ec2.describe_security_groups(GroupIds=synced.alb["SecurityGroups"])["SecurityGroups"]
    rule = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    synced.ec2.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[rule])
    synced.sandbox.advance(120)
    assert all(synced.state(ip).startswith("unhealthy") for ip in synced.alb_ips())
    assert synced.sandbox.truth()["now"]["serving"] == 0
    synced.ec2.authorize_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[rule])
    synced.sandbox.advance(1)
    assert all(synced.state(ip).startswith("unhealthy") for ip in synced.alb_ips())
    assert synced.sandbox.truth()["now"]["serving"] == 1
