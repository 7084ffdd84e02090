"""Load balancers, target groups, listeners, rules and tags."""

import pytest
from conftest import refused

ABSENT = "0123456789abcdef"


def subnet_ids(bridge) -> list:
    return [one["SubnetId"] for one in bridge.subnets]


def test_an_unknown_name_is_quoted(bridge):
    answer = refused(bridge.elbv2.describe_load_balancers, Names=["absent"])
    assert answer == (400, "LoadBalancerNotFound", "Load balancers '[absent]' not found")
    absent = bridge.alb["LoadBalancerArn"][:-16] + ABSENT
    assert refused(bridge.elbv2.describe_load_balancers, LoadBalancerArns=[absent])[:2] == (400, "LoadBalancerNotFound")
    both = refused(bridge.elbv2.describe_load_balancers, LoadBalancerArns=[absent], Names=["web"])
    assert both[:2] == (400, "ValidationError")


def test_pages_by_marker_hold_every_load_balancer_once(bridge):
    bridge.elbv2.create_load_balancer(Name="third", Subnets=subnet_ids(bridge), Scheme="internal")
    pager = bridge.elbv2.get_paginator("describe_load_balancers")
    pages = [page["LoadBalancers"] for page in pager.paginate(PaginationConfig={"PageSize": 1})]
    assert [len(page) for page in pages] == [1, 1, 1]
    assert len({page[0]["LoadBalancerArn"] for page in pages}) == 3
    assert refused(bridge.elbv2.describe_load_balancers, PageSize=401)[:2] == (400, "ValidationError")
    assert refused(bridge.elbv2.describe_load_balancers, Marker="garbage")[:2] == (400, "ValidationError")


def test_a_new_load_balancer_is_provisioning_then_active(bridge):
    made = bridge.elbv2.create_load_balancer(Name="young", Subnets=subnet_ids(bridge), Scheme="internal")
    arn = made["LoadBalancers"][0]["LoadBalancerArn"]
    assert made["LoadBalancers"][0]["State"]["Code"] == "provisioning"
    again = bridge.elbv2.create_load_balancer(Name="young", Subnets=subnet_ids(bridge), Scheme="internal")
    assert again["LoadBalancers"][0]["LoadBalancerArn"] == arn
    other = refused(bridge.elbv2.create_load_balancer, Name="young", Subnets=subnet_ids(bridge))
    text = "A load balancer with the same name 'young' exists, but with different settings"
    assert other == (400, "DuplicateLoadBalancerName", text)
    bridge.sandbox.advance(30)
    listed = bridge.interfaces(("description", "ELB app/young/*"))
    assert len(listed) == 2
    bridge.sandbox.advance(150)
    bridge.elbv2.get_waiter("load_balancer_available").wait(LoadBalancerArns=[arn], WaiterConfig={"Delay": 0})


@pytest.mark.parametrize(
    "change, expected",
    [
        ({"Name": "internal-web"}, "ValidationError"),
        ({"Name": "a" * 33}, "ValidationError"),
        ({"Name": "-web"}, "ValidationError"),
        ({"Subnets": ["subnet-0123456789abcdef0"]}, "SubnetNotFound"),
        ({"SecurityGroups": ["sg-0123456789abcdef0"]}, "InvalidSecurityGroup"),
        ({"Type": "classic"}, "ValidationError"),
    ],
)
def test_load_balancers_that_cannot_be(bridge, change, expected):
    settings = {"Name": "bad", "Subnets": subnet_ids(bridge)} | change
    assert refused(bridge.elbv2.create_load_balancer, **settings)[:2] == (400, expected)


def test_an_alb_needs_two_zones_an_nlb_one(bridge):
    answer = refused(bridge.elbv2.create_load_balancer, Name="narrow", Subnets=subnet_ids(bridge)[:1])
    text = "At least two subnets in two different Availability Zones must be specified"
    assert answer == (400, "ValidationError", text)
    bridge.elbv2.create_load_balancer(Name="narrow", Type="network", Subnets=subnet_ids(bridge)[:1], Scheme="internal")


def test_deleting_twice_is_fine_and_its_interfaces_linger(bridge):
    arn = bridge.alb["LoadBalancerArn"]
    bridge.elbv2.delete_load_balancer(LoadBalancerArn=arn)
    bridge.sandbox.advance(5)
    assert refused(bridge.elbv2.describe_load_balancers, LoadBalancerArns=[arn])[1] == "LoadBalancerNotFound"
    assert len(bridge.interfaces(("description", bridge.description()))) == 2
    bridge.elbv2.delete_load_balancer(LoadBalancerArn=arn)
    bridge.sandbox.advance(120)
    assert bridge.interfaces(("description", bridge.description())) == []


def test_deletion_protection(bridge):
    arn = bridge.alb["LoadBalancerArn"]
    attributes = [{"Key": "deletion_protection.enabled", "Value": "true"}]
    bridge.elbv2.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=attributes)
    assert refused(bridge.elbv2.delete_load_balancer, LoadBalancerArn=arn)[:2] == (400, "OperationNotPermitted")
    unknown = [{"Key": "no.such", "Value": "1"}]
    answer = refused(bridge.elbv2.modify_load_balancer_attributes, LoadBalancerArn=arn, Attributes=unknown)
    assert answer[:2] == (400, "ValidationError")


def test_an_nlb_that_loses_and_regains_a_zone_comes_back_with_another_address(bridge):
    arn, before = bridge.nlb["LoadBalancerArn"], bridge.interfaces(("description", bridge.description(bridge.nlb)))
    bridge.elbv2.set_subnets(LoadBalancerArn=arn, Subnets=subnet_ids(bridge)[:1])
    bridge.sandbox.advance(300)
    assert len(bridge.interfaces(("description", bridge.description(bridge.nlb)))) == 1
    bridge.elbv2.set_subnets(LoadBalancerArn=arn, Subnets=subnet_ids(bridge))
    bridge.sandbox.advance(60)
    after = bridge.interfaces(("description", bridge.description(bridge.nlb)))
    assert len(after) == 2
    assert {one["NetworkInterfaceId"] for one in before} != {one["NetworkInterfaceId"] for one in after}


def test_target_groups_are_made_once(bridge):
    arn = bridge.new_group()
    assert bridge.new_group() == arn
    text = "A target group with the same name 'another' exists, but with different settings"
    settings = dict(Name="another", Protocol="TCP", VpcId=bridge.vpc, TargetType="ip")
    assert refused(bridge.elbv2.create_target_group, Port=81, **settings) == (400, "DuplicateTargetGroupName", text)
    assert refused(bridge.elbv2.create_target_group, **settings) == (400, "ValidationError", "A port must be specified")
    one = bridge.elbv2.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]
    assert one["LoadBalancerArns"] == [] and one["HealthCheckPort"] == "traffic-port"
    absent = refused(bridge.elbv2.describe_target_groups, Names=["absent"])
    assert absent == (400, "TargetGroupNotFound", "One or more target groups not found")


def test_a_group_in_use_stays_an_unused_one_goes(bridge):
    text = f"Target group '{bridge.arn}' is currently in use by a listener or a rule"
    assert refused(bridge.elbv2.delete_target_group, TargetGroupArn=bridge.arn) == (400, "ResourceInUse", text)
    arn = bridge.new_group()
    bridge.elbv2.delete_target_group(TargetGroupArn=arn)
    bridge.elbv2.delete_target_group(TargetGroupArn=arn)
    assert refused(bridge.elbv2.describe_target_health, TargetGroupArn=arn)[1] == "TargetGroupNotFound"


def test_attributes_of_a_tcp_group(bridge):
    read = bridge.elbv2.describe_target_group_attributes(TargetGroupArn=bridge.arn)["Attributes"]
    values = {one["Key"]: one["Value"] for one in read}
    assert values["deregistration_delay.timeout_seconds"] == "300"
    assert values["preserve_client_ip.enabled"] == "false"
    assert values["load_balancing.cross_zone.enabled"] == "use_load_balancer_configuration"
    assert values["target_health_state.unhealthy.connection_termination.enabled"] == "true"
    modify = lambda value: dict(
        TargetGroupArn=bridge.arn, Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": value}]
    )
    bridge.elbv2.modify_target_group_attributes(**modify("0"))
    assert refused(bridge.elbv2.modify_target_group_attributes, **modify("3601"))[:2] == (400, "ValidationError")


def test_listeners(bridge):
    arn = bridge.new_group()
    listener = bridge.listen(arn, 8080)
    assert bridge.listen(arn, 8080) == listener
    other = bridge.new_group("third")
    text = f"A listener already exists on this port for this load balancer '{bridge.nlb['LoadBalancerArn']}'"
    answer = refused(
        bridge.elbv2.create_listener, LoadBalancerArn=bridge.nlb["LoadBalancerArn"], Protocol="TCP", Port=8080,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": other}],
    )
    assert answer == (400, "DuplicateListener", text)
    second = bridge.elbv2.create_load_balancer(
        Name="second", Type="network", Scheme="internal", Subnets=subnet_ids(bridge)
    )["LoadBalancers"][0]
    answer = refused(
        bridge.elbv2.create_listener, LoadBalancerArn=second["LoadBalancerArn"], Protocol="TCP", Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}],
    )
    assert answer[:2] == (400, "TargetGroupAssociationLimit")
    answer = refused(
        bridge.elbv2.create_listener, LoadBalancerArn=bridge.alb["LoadBalancerArn"], Protocol="TCP", Port=81,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": other}],
    )
    assert answer[:2] == (400, "ValidationError")
    found = bridge.elbv2.describe_listeners(LoadBalancerArn=bridge.nlb["LoadBalancerArn"])["Listeners"]
    assert sorted(one["Port"] for one in found) == [80, 8080]
    bridge.elbv2.delete_listener(ListenerArn=listener)
    assert refused(bridge.elbv2.delete_listener, ListenerArn=listener)[:2] == (400, "ListenerNotFound")


def test_rules_of_an_alb(bridge):
    listener = bridge.elbv2.describe_listeners(LoadBalancerArn=bridge.alb["LoadBalancerArn"])["Listeners"][0]
    made = bridge.elbv2.create_rule(
        ListenerArn=listener["ListenerArn"], Priority=10,
        Conditions=[{"Field": "path-pattern", "Values": ["/health"]}],
        Actions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "204"}}],
    )["Rules"][0]
    rules = bridge.elbv2.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
    assert [one["Priority"] for one in rules] == ["10", "default"]
    assert [one["IsDefault"] for one in rules] == [False, True]
    bridge.elbv2.delete_rule(RuleArn=made["RuleArn"])
    assert refused(bridge.elbv2.delete_rule, RuleArn=made["RuleArn"])[:2] == (400, "RuleNotFound")


def test_a_rule_keeps_what_a_change_does_not_name(bridge):
    [alb_listener] = bridge.elbv2.describe_listeners(LoadBalancerArn=bridge.alb["LoadBalancerArn"])["Listeners"]
    answer = lambda status: [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": status}}]
    [made] = bridge.elbv2.create_rule(
        ListenerArn=alb_listener["ListenerArn"],
        Priority=1,
        Conditions=[{"Field": "path-pattern", "Values": ["/a"]}],
        Actions=answer("200"),
    )["Rules"]
    arn = made["RuleArn"]
    [changed] = bridge.elbv2.modify_rule(RuleArn=arn, Actions=answer("503"))["Rules"]
    assert changed["Conditions"] == made["Conditions"]
    assert changed["Actions"][0]["FixedResponseConfig"]["StatusCode"] == "503"
    [changed] = bridge.elbv2.modify_rule(RuleArn=arn, Conditions=[{"Field": "path-pattern", "Values": ["/b"]}])["Rules"]
    assert changed["Conditions"][0]["Values"] == ["/b"]
    assert refused(bridge.elbv2.modify_rule, RuleArn=arn[:-16] + ABSENT)[:2] == (400, "RuleNotFound")


def test_dual_stack_needs_ipv6_blocks_and_comes_and_goes(start):
    bridge = start("bridge")
    arn = bridge.alb["LoadBalancerArn"]
    dual = dict(LoadBalancerArn=arn, IpAddressType="dualstack")
    assert refused(bridge.elbv2.set_ip_address_type, **dual)[:2] == (400, "InvalidSubnet")
    stacked = start("dual-stack")
    arn = stacked.alb["LoadBalancerArn"]
    ipv6 = lambda: [len(one["Ipv6Addresses"]) for one in stacked.interfaces(("description", stacked.description()))]
    assert ipv6() == [1, 1]
    for kind, addresses in (("ipv4", [0, 0]), ("dualstack", [1, 1])):
        changed = stacked.elbv2.set_ip_address_type(LoadBalancerArn=arn, IpAddressType=kind)
        assert changed["IpAddressType"] == kind
        stacked.sandbox.advance(10)
        assert ipv6() == addresses
    assert refused(stacked.elbv2.set_ip_address_type, LoadBalancerArn=arn, IpAddressType="x")[:2] == (400, "ValidationError")


def test_tags(bridge):
    tags = lambda *arns: bridge.elbv2.describe_tags(ResourceArns=list(arns))["TagDescriptions"]
    bridge.elbv2.add_tags(ResourceArns=[bridge.arn], Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}])
    bridge.elbv2.add_tags(ResourceArns=[bridge.arn], Tags=[{"Key": "a", "Value": "2"}])
    [group, balancer] = tags(bridge.arn, bridge.alb["LoadBalancerArn"])
    assert {one["Key"]: one["Value"] for one in group["Tags"]} == {"a": "2", "b": ""}
    assert balancer["Tags"] == []
    bridge.elbv2.remove_tags(ResourceArns=[bridge.arn], TagKeys=["a", "absent"])
    assert tags(bridge.arn)[0]["Tags"] == [{"Key": "b", "Value": ""}]
    twice = [{"Key": "c", "Value": "1"}, {"Key": "c", "Value": "2"}]
    assert refused(bridge.elbv2.add_tags, ResourceArns=[bridge.arn], Tags=twice)[:2] == (400, "DuplicateTagKeys")
    many = [{"Key": f"k{n}", "Value": ""} for n in range(50)]
    assert refused(bridge.elbv2.add_tags, ResourceArns=[bridge.arn], Tags=many)[:2] == (400, "TooManyTags")
    assert refused(bridge.elbv2.describe_tags, ResourceArns=[bridge.arn] * 21)[:2] == (400, "ValidationError")
    absent = bridge.arn[:-16] + ABSENT
    assert refused(bridge.elbv2.describe_tags, ResourceArns=[absent])[:2] == (400, "TargetGroupNotFound")
