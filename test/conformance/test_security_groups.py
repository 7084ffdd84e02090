"""Security groups and their rules."""

import pytest
from conftest import refused


def rule(*cidrs, port=80, to=None, **more):
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": to or port,
            "IpRanges": [{"CidrIp": cidr} | more for cidr in cidrs]}


@pytest.fixture
def group(bridge) -> str:
    return bridge.ec2.create_security_group(GroupName="mine", Description="mine", VpcId=bridge.vpc)["GroupId"]


def authorize(bridge, group, *permissions, **more):
    settings = dict(GroupId=group, IpPermissions=list(permissions)) | more
    return bridge.ec2.authorize_security_group_ingress(**settings)["SecurityGroupRules"]


def ingress(bridge, group) -> list:
    filters = [{"Name": "group-id", "Values": [group]}]
    found = bridge.ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    return [one for one in found if not one["IsEgress"]]


def duplicate(bridge, group, *permissions):
    return refused(bridge.ec2.authorize_security_group_ingress, GroupId=group, IpPermissions=list(permissions))


def test_each_range_is_a_rule_of_its_own_with_description_and_tags(bridge, group):
    tags = [{"ResourceType": "security-group-rule", "Tags": [{"Key": "a", "Value": "1"}]}]
    made = authorize(bridge, group, rule("10.0.0.1/32", "10.0.0.2/32", Description="edge"), TagSpecifications=tags)
    assert len({one["SecurityGroupRuleId"] for one in made}) == 2
    assert all(one["Description"] == "edge" and one["Tags"] == [{"Key": "a", "Value": "1"}] for one in made)
    [shown] = bridge.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    [permission] = shown["IpPermissions"]
    assert sorted(one["CidrIp"] for one in permission["IpRanges"]) == ["10.0.0.1/32", "10.0.0.2/32"]


def test_a_rule_that_is_there_already(bridge, group):
    authorize(bridge, group, rule("10.0.0.1/32"))
    text = 'the specified rule "peer: 10.0.0.1/32, TCP, from port: 80, to port: 80, ALLOW" already exists'
    assert duplicate(bridge, group, rule("10.0.0.1/32")) == (400, "InvalidPermission.Duplicate", text)
    assert duplicate(bridge, group, rule("10.0.0.1/32", "10.0.0.2/32"))[1] == "InvalidPermission.Duplicate"
    assert duplicate(bridge, group, rule("10.0.0.1/32", Description="other"))[1] == "InvalidPermission.Duplicate"
    assert len(ingress(bridge, group)) == 1


def test_the_same_rule_twice_in_one_call(bridge, group):
    answer = duplicate(bridge, group, rule("10.0.0.1/32", "10.0.0.1/32"))
    assert answer == (400, "InvalidParameterValue", "The same permission must not appear multiple times")


def test_blocks_are_kept_in_canonical_form(bridge, group):
    [made] = authorize(bridge, group, rule("10.0.0.5/24"))
    assert made["CidrIpv4"] == "10.0.0.0/24"
    assert duplicate(bridge, group, rule("10.0.0.0/24"))[1] == "InvalidPermission.Duplicate"
    assert duplicate(bridge, group, rule("300.1.1.1/32"))[:2] == (400, "InvalidParameterValue")


def test_sixty_rules_of_a_family_and_no_more(bridge, group):
    authorize(bridge, group, rule(*[f"10.1.0.{n}/32" for n in range(60)]))
    assert duplicate(bridge, group, rule("10.2.0.0/32"))[:2] == (400, "RulesPerSecurityGroupLimitExceeded")
    six = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/64"}]}
    authorize(bridge, group, six)


def test_revoking_is_all_or_nothing(bridge, group):
    authorize(bridge, group, rule("10.0.0.1/32"), rule("10.0.0.2/32", port=80, to=90))
    revoke = lambda *permissions: dict(GroupId=group, IpPermissions=list(permissions))
    wrong = revoke(rule("10.0.0.1/32"), rule("10.0.0.2/32"))
    assert refused(bridge.ec2.revoke_security_group_ingress, **wrong)[:2] == (400, "InvalidPermission.NotFound")
    assert len(ingress(bridge, group)) == 2
    bridge.ec2.revoke_security_group_ingress(**revoke(rule("10.0.0.1/32")))
    assert len(ingress(bridge, group)) == 1


def test_revoking_by_id(bridge, group):
    [made] = authorize(bridge, group, rule("10.0.0.1/32"))
    call = dict(GroupId=group, SecurityGroupRuleIds=[made["SecurityGroupRuleId"]])
    answer = bridge.ec2.revoke_security_group_ingress(**call)
    assert answer["Return"] is True
    assert refused(bridge.ec2.revoke_security_group_ingress, **call)[:2] == (400, "InvalidSecurityGroupRuleId.NotFound")


def test_outbound_rules_are_apart_from_inbound_ones(bridge, group):
    filters = [{"Name": "group-id", "Values": [group]}]
    [everything] = bridge.ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    assert everything["IsEgress"] is True
    by_id = dict(GroupId=group, SecurityGroupRuleIds=[everything["SecurityGroupRuleId"]])
    refusal = refused(bridge.ec2.revoke_security_group_ingress, **by_id)
    assert refusal[:2] == (400, "InvalidSecurityGroupRuleId.NotFound")
    assert bridge.ec2.revoke_security_group_egress(**by_id)["Return"] is True
    out = dict(GroupId=group, IpPermissions=[rule("10.0.0.1/32")])
    [made] = bridge.ec2.authorize_security_group_egress(**out)["SecurityGroupRules"]
    assert made["IsEgress"] is True
    assert refused(bridge.ec2.authorize_security_group_egress, **out)[1] == "InvalidPermission.Duplicate"
    authorize(bridge, group, rule("10.0.0.1/32"))
    assert len(ingress(bridge, group)) == 1


def test_an_nlb_that_may_not_go_out_finds_no_target(start):
    sound = start("sound")
    [group] = sound.nlb["SecurityGroups"]
    filters = [{"Name": "group-id", "Values": [group]}]
    found = sound.ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    out = [one["SecurityGroupRuleId"] for one in found if one["IsEgress"]]
    assert {one["TargetHealth"]["State"] for one in sound.health().values()} == {"healthy"}
    sound.ec2.revoke_security_group_egress(GroupId=group, SecurityGroupRuleIds=out)
    sound.sandbox.advance(120)
    assert {one["TargetHealth"]["State"] for one in sound.health().values()} == {"unhealthy"}
    pairs = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80,
             "UserIdGroupPairs": [{"GroupId": sound.alb["SecurityGroups"][0]}]}
    sound.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[pairs])
    sound.sandbox.advance(120)
    assert {one["TargetHealth"]["State"] for one in sound.health().values()} == {"healthy"}


def test_rules_come_in_pages_ingress_and_egress(bridge, group):
    authorize(bridge, group, rule(*[f"10.1.0.{n}/32" for n in range(11)]))
    pager = bridge.ec2.get_paginator("describe_security_group_rules")
    filters = [{"Name": "group-id", "Values": [group]}]
    pages = [page["SecurityGroupRules"] for page in pager.paginate(Filters=filters, PaginationConfig={"PageSize": 5})]
    assert [len(page) for page in pages] == [5, 5, 2]
    assert sum(one["IsEgress"] for page in pages for one in page) == 1
    bad = refused(bridge.ec2.describe_security_group_rules, NextToken="garbage", MaxResults=5)
    assert bad == (400, "InvalidPaginationToken", "Next token 'garbage' is invalid")


def test_a_group_in_use_stays(bridge, group):
    [used] = bridge.alb["SecurityGroups"]
    text = f"resource {used} has a dependent object"
    assert refused(bridge.ec2.delete_security_group, GroupId=used) == (400, "DependencyViolation", text)
    authorize(bridge, group, {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "UserIdGroupPairs": [{"GroupId": used}]})
    bridge.elbv2.delete_load_balancer(LoadBalancerArn=bridge.alb["LoadBalancerArn"])
    bridge.sandbox.advance(10)
    assert refused(bridge.ec2.delete_security_group, GroupId=used)[1] == "DependencyViolation"
    bridge.sandbox.advance(600)
    assert refused(bridge.ec2.delete_security_group, GroupId=used)[1] == "DependencyViolation"
    bridge.ec2.delete_security_group(GroupId=group)
    bridge.ec2.delete_security_group(GroupId=used)


def test_groups_have_one_name_a_vpc(bridge, group):
    answer = refused(bridge.ec2.create_security_group, GroupName="MINE", Description="x", VpcId=bridge.vpc)
    assert answer[:2] == (400, "InvalidGroup.Duplicate")
    absent = "sg-0123456789abcdef0"
    text = f"The security group '{absent}' does not exist"
    assert refused(bridge.ec2.describe_security_groups, GroupIds=[absent]) == (400, "InvalidGroup.NotFound", text)


def test_tags_of_ec2(bridge, group):
    bridge.ec2.create_tags(Resources=[group], Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    bridge.ec2.delete_tags(Resources=[group], Tags=[{"Key": "a"}, {"Key": "b", "Value": ""}])
    [shown] = bridge.ec2.describe_security_groups(Filters=[{"Name": "tag:b", "Values": ["2"]}])["SecurityGroups"]
    assert shown["Tags"] == [{"Key": "b", "Value": "2"}]
    absent = refused(bridge.ec2.create_tags, Resources=["eni-0123456789abcdef0"], Tags=[{"Key": "a", "Value": ""}])
    assert absent[:2] == (400, "InvalidNetworkInterfaceID.NotFound")
