"""Interfaces: discovery by filter, pages, shapes, and those that people make themselves."""

import pytest
from conftest import refused


def ids(found) -> set:
    return {one["NetworkInterfaceId"] for one in found}


def make(bridge, description="", **more):
    settings = dict(SubnetId=bridge.subnets[0]["SubnetId"], Description=description) | more
    return bridge.ec2.create_network_interface(**settings)["NetworkInterface"]


def test_the_exact_description_finds_exactly_the_albs_interfaces(bridge):
    found = bridge.interfaces(("description", bridge.description()))
    assert len(found) == 2
    for one in found:
        assert one["RequesterManaged"] is True and one["RequesterId"] == "amazon-elb"
        assert one["Attachment"]["InstanceOwnerId"] == "amazon-elb"
        assert one["Attachment"]["AttachmentId"].startswith("eni-attach-")
        assert "InstanceId" not in one["Attachment"]
        assert one["Status"] == "in-use" and one["InterfaceType"] == "interface" and one["TagSet"] == []
        assert one["SourceDestCheck"] is True


def test_wildcards_match_anywhere_and_nothing_is_a_substring_match(start):
    bridge = start("look-alikes")
    path = bridge.description().removeprefix("ELB ")
    exact = ids(bridge.interfaces(("description", bridge.description())))
    assert ids(bridge.interfaces(("description", f"ELB app/web/{path.split('/')[2]}*"))) == exact
    assert bridge.interfaces(("description", path)) == []
    assert bridge.interfaces(("description", bridge.description().lower())) == []
    assert ids(bridge.interfaces(("description", "*web*"))) > exact


def test_a_backslash_takes_the_next_wildcard_literally(bridge):
    literal, other = make(bridge, "a*b"), make(bridge, "axxb")
    assert ids(bridge.interfaces(("description", r"a\*b"))) == {literal["NetworkInterfaceId"]}
    both = {literal["NetworkInterfaceId"], other["NetworkInterfaceId"]}
    assert ids(bridge.interfaces(("description", "a*b"))) == both


def test_a_question_mark_stands_for_at_most_one_character(bridge):
    names = {name: make(bridge, name)["NetworkInterfaceId"] for name in ("prod", "prods", "production")}
    assert ids(bridge.interfaces(("description", "prod?"))) == {names["prod"], names["prods"]}
    bridge.sandbox.knob("filter.questionMark", "exactlyOne")
    assert ids(bridge.interfaces(("description", "prod?"))) == {names["prods"]}


def test_values_are_ored_and_filters_anded(bridge):
    both = bridge.interfaces(("description", [bridge.description(), bridge.description(bridge.nlb)]))
    assert len(both) == 4
    zone = bridge.subnets[0]["AvailabilityZone"]
    one = bridge.interfaces(("description", bridge.description()), ("availability-zone", zone))
    assert len(one) == 1


@pytest.mark.parametrize("name", ["Description", "foo", "tag"])
def test_an_unknown_filter_is_refused(bridge, name):
    answer = refused(bridge.ec2.describe_network_interfaces, Filters=[{"Name": name, "Values": ["x"]}])
    assert answer == (400, "InvalidParameterValue", f"The filter '{name}' is invalid")


def test_more_than_200_filter_values_are_refused(bridge):
    values = [str(n) for n in range(201)]
    answer = refused(bridge.ec2.describe_network_interfaces, Filters=[{"Name": "description", "Values": values}])
    assert answer[:2] == (400, "FilterLimitExceeded")


@pytest.mark.parametrize("size", [4, 1001])
def test_a_page_has_5_to_1000_items(bridge, size):
    assert refused(bridge.ec2.describe_network_interfaces, MaxResults=size)[:2] == (400, "InvalidParameterValue")


def test_ids_and_pages_exclude_each_other(bridge):
    one = bridge.interfaces()[0]["NetworkInterfaceId"]
    answer = refused(bridge.ec2.describe_network_interfaces, NetworkInterfaceIds=[one], MaxResults=5)
    text = "The parameter NetworkInterfaceIds cannot be used with the parameter MaxResults"
    assert answer == (400, "InvalidParameterCombination", text)


@pytest.mark.parametrize("style", ["full", "sparse"])
def test_pages_hold_every_interface_once_short_and_empty_ones_included(start, style):
    bridge = start("large")
    bridge.sandbox.knob("page.style", style)
    sizes, found, token = [], [], None
    while True:
        more = {"NextToken": token} if token else {}
        filters = [{"Name": "description", "Values": [bridge.description()]}]
        page = bridge.ec2.describe_network_interfaces(Filters=filters, MaxResults=100, **more)
        sizes.append(len(page["NetworkInterfaces"]))
        found += page["NetworkInterfaces"]
        token = page.get("NextToken")
        if not token:
            break
    assert len(found) == len(ids(found)) == 6
    assert (0 in sizes) == (style == "sparse")
    pager = bridge.ec2.get_paginator("describe_network_interfaces")
    every = [one for page in pager.paginate(PaginationConfig={"PageSize": 500}) for one in page["NetworkInterfaces"]]
    assert len(ids(every)) == len(every) > 1500


def test_a_token_that_is_none_is_refused(bridge):
    assert refused(bridge.ec2.describe_network_interfaces, NextToken="garbage")[:2] == (400, "InvalidParameterValue")


def test_unknown_and_malformed_ids(bridge):
    absent = "eni-0123456789abcdef0"
    answer = refused(bridge.ec2.describe_network_interfaces, NetworkInterfaceIds=[absent])
    text = f"The networkInterface ID '{absent}' does not exist"
    assert answer == (400, "InvalidNetworkInterfaceID.NotFound", text)
    answer = refused(bridge.ec2.describe_network_interfaces, NetworkInterfaceIds=["x"])
    assert answer[:2] == (400, "InvalidNetworkInterfaceId.Malformed")


def test_an_nlb_has_one_interface_a_subnet(bridge):
    found = bridge.interfaces(("description", bridge.description(bridge.nlb)))
    assert {one["SubnetId"] for one in found} == {one["SubnetId"] for one in bridge.subnets}
    for one in found:
        assert one["InterfaceType"] == "network_load_balancer" and one["SourceDestCheck"] is False
        assert one["Attachment"]["InstanceOwnerId"] == "amazon-aws"
        assert one["Attachment"]["AttachmentId"].startswith("ela-attach-")


def test_secondary_addresses_of_an_nlb(bridge):
    key = "secondary_ips.auto_assigned.per_subnet"
    modify = lambda value: dict(
        LoadBalancerArn=bridge.nlb["LoadBalancerArn"], Attributes=[{"Key": key, "Value": value}]
    )
    bridge.elbv2.modify_load_balancer_attributes(**modify("2"))
    bridge.sandbox.advance(60)
    found = bridge.interfaces(("description", bridge.description(bridge.nlb)))
    for one in found:
        assert [address["Primary"] for address in one["PrivateIpAddresses"]] == [True, False, False]
    secondary = found[0]["PrivateIpAddresses"][1]["PrivateIpAddress"]
    assert ids(bridge.interfaces(("private-ip-address", secondary))) == {found[0]["NetworkInterfaceId"]}
    assert refused(bridge.elbv2.modify_load_balancer_attributes, **modify("1"))[0] == 400


def test_a_copied_description_is_found_too_and_told_by_who_runs_it(start):
    bridge = start("look-alikes")
    described = bridge.interfaces(("description", bridge.description()))
    managed = bridge.interfaces(("description", bridge.description()), ("requester-managed", "true"))
    assert len(described) > len(managed)
    assert any(not one["RequesterManaged"] and one["Status"] == "available" for one in described)


def test_a_new_interface_is_pending_in_its_answer_and_available_in_the_next_read(bridge):
    made = make(bridge, "mine", TagSpecifications=[
        {"ResourceType": "network-interface", "Tags": [{"Key": "team", "Value": "edge"}]}
    ])
    assert made["Status"] == "pending"
    [read] = bridge.interfaces(("tag:team", "ed*"))
    assert read["Status"] == "available" and "Attachment" not in read and read["Description"] == "mine"
    bridge.ec2.modify_network_interface_attribute(
        NetworkInterfaceId=made["NetworkInterfaceId"], Description={"Value": "yours"}
    )
    assert bridge.interfaces(("description", "yours"))
    bridge.ec2.delete_network_interface(NetworkInterfaceId=made["NetworkInterfaceId"])
    answer = refused(bridge.ec2.delete_network_interface, NetworkInterfaceId=made["NetworkInterfaceId"])
    assert answer[:2] == (400, "InvalidNetworkInterfaceID.NotFound")


def test_addresses_are_given_once_and_from_their_subnet(bridge):
    ip = bridge.free_ip()
    make(bridge, PrivateIpAddress=ip)
    in_use = (400, "InvalidIPAddress.InUse", "The specified address is already in use")
    create = lambda **more: refused(
        bridge.ec2.create_network_interface, SubnetId=bridge.subnets[0]["SubnetId"], **more
    )
    assert create(PrivateIpAddress=ip) == in_use
    assert create(PrivateIpAddress=bridge.free_ip(1))[:2] == (400, "InvalidParameterValue")
    assert create(PrivateIpAddress=bridge.free_ip(0, 1))[:2] == (400, "InvalidParameterValue")
    group = "sg-0123456789abcdef0"
    text = f"The security group '{group}' does not exist"
    assert create(Groups=[group]) == (400, "InvalidGroup.NotFound", text)
    absent = refused(bridge.ec2.create_network_interface, SubnetId="subnet-0123456789abcdef0")
    assert absent[:2] == (400, "InvalidSubnetID.NotFound")


def test_a_load_balancers_interface_is_nobodys_to_delete(bridge):
    [one, _] = bridge.interfaces(("description", bridge.description()))
    answer = refused(bridge.ec2.delete_network_interface, NetworkInterfaceId=one["NetworkInterfaceId"])
    assert answer[:2] == (400, "InvalidParameterValue")


def test_a_public_load_balancers_interfaces_show_public_addresses(start):
    bridge = start("public")
    front = bridge.elbv2.describe_load_balancers(Names=["front"])["LoadBalancers"][0]
    for one in bridge.interfaces(("description", bridge.description(front))):
        assert one["Association"]["IpOwnerId"] == "amazon-elb"
        assert one["Association"]["PublicIp"].startswith("203.0.113.")


def test_dual_stack_interfaces_have_an_ipv6_address_each(start):
    bridge = start("dual-stack")
    found = bridge.interfaces(("description", bridge.description()))
    addresses = [one["Ipv6Addresses"][0]["Ipv6Address"] for one in found]
    assert all(address.startswith("2001:db8:") for address in addresses)
    assert ids(bridge.interfaces(("ipv6-addresses.ipv6-address", addresses[0]))) == {found[0]["NetworkInterfaceId"]}


def test_subnets_count_their_free_addresses(bridge):
    count = lambda: bridge.ec2.describe_subnets(SubnetIds=[bridge.subnets[0]["SubnetId"]])["Subnets"][0][
        "AvailableIpAddressCount"
    ]
    before = count()
    make(bridge)
    assert count() == before - 1
    vpc = bridge.ec2.describe_vpcs(VpcIds=[bridge.vpc])["Vpcs"][0]
    assert [one["CidrBlock"] for one in vpc["CidrBlockAssociationSet"]] == ["10.0.0.0/16"]
    assert refused(bridge.ec2.describe_vpcs, VpcIds=["vpc-0123456789abcdef0"])[:2] == (400, "InvalidVpcID.NotFound")
