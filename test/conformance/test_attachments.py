"""Auto Scaling groups and S3 buckets, as far as a stack needs them, as boto3 sees them."""

import pytest
from conftest import OTHER_KEYS, refused


@pytest.fixture
def scaling(bridge):
    return bridge.sandbox.client("autoscaling")


@pytest.fixture
def s3(bridge):
    return bridge.sandbox.client("s3")


def scaling_group(bridge, scaling, name: str = "web", **more) -> None:
    settings = dict(MinSize=2, MaxSize=4, HealthCheckType="ELB") | more
    subnets = ",".join(one["SubnetId"] for one in bridge.subnets)
    scaling.create_auto_scaling_group(AutoScalingGroupName=name, VPCZoneIdentifier=subnets, **settings)


def instances_behind_the_alb(bridge) -> str:
    arn = bridge.new_group("backend", Protocol="HTTP", TargetType="instance")
    [listener] = bridge.elbv2.describe_listeners(LoadBalancerArn=bridge.alb["LoadBalancerArn"])["Listeners"]
    forward = [{"Type": "forward", "TargetGroupArn": arn}]
    bridge.elbv2.modify_listener(ListenerArn=listener["ListenerArn"], DefaultActions=forward)
    return arn


def state(scaling, arn: str, name: str = "web"):
    found = scaling.describe_load_balancer_target_groups(AutoScalingGroupName=name)["LoadBalancerTargetGroups"]
    return {one["LoadBalancerTargetGroupARN"]: one["State"] for one in found}.get(arn)


def test_an_attachment_from_adding_to_gone(bridge, scaling):
    scaling_group(bridge, scaling)
    arn = instances_behind_the_alb(bridge)
    both = dict(AutoScalingGroupName="web", TargetGroupARNs=[arn])
    scaling.attach_load_balancer_target_groups(**both)
    scaling.attach_load_balancer_target_groups(**both)
    [group] = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["web"])["AutoScalingGroups"]
    assert group["TargetGroupARNs"] == [arn]
    assert len(bridge.health(arn=arn)) == len(group["Instances"]) == 2
    bridge.sandbox.advance(120)
    assert state(scaling, arn) == "InService"
    scaling.detach_load_balancer_target_groups(**both)
    assert state(scaling, arn) == "Removing"
    # What is being removed is told by this call alone.
    [group] = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["web"])["AutoScalingGroups"]
    assert group["TargetGroupARNs"] == []
    bridge.sandbox.advance(600)
    assert (state(scaling, arn), bridge.health(arn=arn)) == (None, {})
    assert refused(scaling.detach_load_balancer_target_groups, **both)[:2] == (400, "ValidationError")


def test_without_the_load_balancers_health_checks_an_attachment_stays_added(bridge, scaling):
    scaling_group(bridge, scaling, HealthCheckType="EC2")
    arn = instances_behind_the_alb(bridge)
    scaling.attach_load_balancer_target_groups(AutoScalingGroupName="web", TargetGroupARNs=[arn])
    bridge.sandbox.advance(300)
    assert state(scaling, arn) == "Added"


def test_groups_come_in_pages_and_a_name_that_is_none_is_no_error(bridge, scaling):
    names = [f"web-{number:03}" for number in range(55)]
    for name in names:
        scaling_group(bridge, scaling, name)
    first = scaling.describe_auto_scaling_groups()
    assert len(first["AutoScalingGroups"]) == 50 and first["NextToken"]
    pages = scaling.get_paginator("describe_auto_scaling_groups").paginate(PaginationConfig={"PageSize": 20})
    assert [one["AutoScalingGroupName"] for page in pages for one in page["AutoScalingGroups"]] == names
    assert scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["nobody"])["AutoScalingGroups"] == []
    assert bridge.sandbox.client("autoscaling", OTHER_KEYS).describe_auto_scaling_groups()["AutoScalingGroups"] == []


def test_what_cannot_be_attached_is_refused(bridge, scaling):
    attach = scaling.attach_load_balancer_target_groups
    answer = refused(attach, AutoScalingGroupName="nobody", TargetGroupARNs=[bridge.arn])
    assert answer[:2] == (400, "ValidationError") and "not found" in answer[2]
    scaling_group(bridge, scaling)
    # Of type ip, and one that is not there.
    for arn in (bridge.arn, bridge.arn[:-4] + "0000"):
        assert refused(attach, AutoScalingGroupName="web", TargetGroupARNs=[arn])[:2] == (400, "ValidationError")
    assert refused(scaling_group, bridge=bridge, scaling=scaling)[:2] == (400, "AlreadyExists")


def test_an_object_in_a_bucket_of_ones_own(bridge, s3):
    s3.create_bucket(Bucket="templates")
    made = s3.put_object(Bucket="templates", Key="lbbridge/edge/one two+three", Body=b"{}")
    meta = made["ResponseMetadata"]
    assert meta["RequestId"] == meta["HTTPHeaders"]["x-amz-request-id"]
    for _ in range(2):
        s3.delete_object(Bucket="templates", Key="lbbridge/edge/one two+three")
    put = dict(Bucket="templates", Key="one", Body=b"{}")
    assert refused(bridge.sandbox.client("s3", OTHER_KEYS).put_object, **put)[:2] == (403, "AccessDenied")
    assert refused(s3.put_object, **put | {"Bucket": "nowhere"})[:2] == (404, "NoSuchBucket")
    assert refused(s3.put_object, **put | {"Key": "x" * 1025})[:2] == (400, "KeyTooLongError")


def test_a_bucket_is_reached_in_its_own_region_alone(bridge, s3):
    s3.create_bucket(Bucket="templates")
    away = bridge.sandbox.client("s3", region="eu-west-1")
    # botocore would follow the redirection by asking for the bucket's region, which is not modelled.
    away.meta.events.unregister("needs-retry.s3")
    status, code, _ = refused(away.put_object, Bucket="templates", Key="one", Body=b"{}")
    assert (status, code) == (301, "PermanentRedirect")


def test_cloudformation_reads_a_template_from_a_bucket(bridge, s3):
    cloudformation = bridge.sandbox.client("cloudformation")
    s3.create_bucket(Bucket="templates")
    template = "Resources: {Queue: {Type: 'AWS::SQS::Queue'}}\n"
    change = dict(StackName="edge", ChangeSetName="one", ChangeSetType="CREATE")

    def url(key: str) -> str:
        return f"{bridge.sandbox.endpoint}/templates/{key}"

    s3.put_object(Bucket="templates", Key="large", Body=(template + "# " + "x" * 100_000).encode())
    cloudformation.create_change_set(**change, TemplateURL=url("large"))
    s3.put_object(Bucket="templates", Key="huge", Body=(template + "# " + "x" * 1_000_000).encode())
    text = refused(cloudformation.create_change_set, **change | {"ChangeSetName": "two"}, TemplateURL=url("huge"))[2]
    assert text == "Template may not exceed 1000000 bytes in size."
    for more in ({"TemplateURL": url("gone")}, {"TemplateURL": "nonsense"}, {}):
        answer = refused(cloudformation.create_change_set, **change | {"ChangeSetName": "two"}, **more)
        assert answer[:2] == (400, "ValidationError")
