"""Stacks on CloudFormation, Lambda, a scheduler and IAM that nobody here wrote, with the code that stands in the template."""

import json
import time

import pytest
from botocore.exceptions import ClientError

from stand import Stand


@pytest.fixture
def stand(bridge):
    running = Stand(bridge)
    yield running
    running.stop()


def changes(document) -> dict:
    return {one["logicalId"]: one for one in document["result"]["changes"]}


def test_a_whole_bridge_from_nothing_to_nothing(stand):
    stand.scaffold_whole("edge")
    before = snapshot(stand)

    status, plan = stand.deploy("edge", "--dry-run")
    assert status == 0
    assert {one["action"] for one in plan["result"]["changes"]} == {"Add"}
    assert {"Nlb", "Alb", "VpcLink", "Bridge", "SyncFunction", "Schedule"} <= changes(plan).keys()
    assert stand.stacks() == []

    status, done = stand.deploy("edge")
    assert status == 0, done
    assert done["result"]["stackStatus"] == "CREATE_COMPLETE"
    assert {"NlbDnsName", "ApiUrl", "TargetGroupArn"} <= done["result"]["outputs"].keys()

    # The custom resource has ended only when the targets were healthy.
    status, shown = stand.run("stack", "status", "edge")
    [found] = shown["result"]["bridges"]
    assert found["source"] == done["result"]["outputs"]["AlbArn"]
    assert (found["health"], found["inSync"]) == ({"healthy": 2}, True)
    # What the function has logged on MiniStack, by the custom resource and perhaps by the schedule since.
    run = shown["result"]["lastSync"]["run"]
    assert (run["status"], run["error"], shown["warnings"]) == (0, None, [])
    assert 0 <= run["secondsAgo"] < 120 and run["at"].endswith("Z")

    status, same = stand.deploy("edge")
    assert (status, same["result"]["changes"]) == (0, [])
    left = stand.client("cloudformation").list_change_sets(StackName="edge")["Summaries"]
    assert [one["ExecutionStatus"] for one in left] == ["EXECUTE_COMPLETE"]

    status, gone = stand.destroy("edge")
    assert status == 0, gone
    assert (gone["result"]["stackStatus"], gone["result"]["left"]) == ("DELETE_COMPLETE", [])
    assert stand.stacks() == []
    assert stand.client("lambda").list_functions()["Functions"] == []
    assert stand.client("scheduler").list_schedules()["Schedules"] == []
    assert stand.client("iam").list_roles()["Roles"] == []
    assert snapshot(stand) == before


def snapshot(stand) -> dict:
    """Names of everything of EC2's and ELB's that a stack makes."""
    elbv2, ec2 = stand.bridge.elbv2, stand.bridge.ec2
    return {
        "balancers": sorted(one["LoadBalancerName"] for one in elbv2.describe_load_balancers()["LoadBalancers"]),
        "groups": sorted(one["TargetGroupName"] for one in elbv2.describe_target_groups()["TargetGroups"]),
        "security groups": sorted(one["GroupId"] for one in ec2.describe_security_groups()["SecurityGroups"]),
        "interfaces": sorted(one["Description"] for one in ec2.describe_network_interfaces()["NetworkInterfaces"]),
    }


def test_an_update_in_place_and_one_by_a_replacement(stand):
    stand.scaffold_whole("edge")
    assert stand.deploy("edge")[0] == 0
    status, done = stand.deploy("edge", "--yes", "--parameter", "LogRetentionDays=7")
    assert (status, done["result"]["stackStatus"]) == (0, "UPDATE_COMPLETE")
    assert changes(done)["SyncLogs"]["action"] == "Modify"
    [log] = [one for one in stand.client("logs").describe_log_groups()["logGroups"] if "Sync" in one["logGroupName"]]
    assert log["retentionInDays"] == 7

    # Another port of the ALB is another target group: minutes without a target, so its name has to be said.
    port = ("--parameter", "LogRetentionDays=7", "--parameter", "AlbPort=8080")
    status, refused = stand.deploy("edge", "--yes", *port)
    assert (status, refused["error"]["code"]) == (64, "ConfirmationNeeded")
    status, plan = stand.deploy("edge", "--dry-run", *port)
    assert plan["warnings"][0]["code"] == "Outage"
    assert changes(plan)["NlbTargetGroup"]["replacement"] == "True"
    # So is another port of the NLB.
    other = ("--parameter", "LogRetentionDays=7", "--parameter", "ListenerPort=8443")
    status, refused = stand.deploy("edge", "--yes", *other)
    assert (status, refused["error"]["code"]) == (64, "ConfirmationNeeded")
    status, plan = stand.deploy("edge", "--dry-run", *other)
    assert plan["warnings"][0]["code"] == "Outage" and "NlbListener" in plan["warnings"][0]["message"]
    before = done["result"]["outputs"]["TargetGroupArn"]
    status, replaced = stand.deploy("edge", "--confirm", "edge", *port)
    assert (status, replaced["result"]["stackStatus"]) == (0, "UPDATE_COMPLETE"), replaced
    assert replaced["result"]["outputs"]["TargetGroupArn"] != before
    [found] = stand.run("stack", "status", "edge")[1]["result"]["bridges"]
    assert (found["health"], found["inSync"]) == ({"healthy": 2}, True)


def test_a_template_that_is_too_large_for_a_call_goes_by_way_of_a_bucket(stand):
    stand.scaffold_sync("edge")
    template = stand.scratch / "edge" / "template.yaml"
    template.write_text(template.read_text() + "# " + "x" * 60_000 + "\n")
    status, refused = stand.deploy("edge")
    assert (status, refused["error"]["code"]) == (64, "TemplateTooLarge")
    s3 = stand.client("s3")
    s3.create_bucket(Bucket="my.templates")
    status, done = stand.deploy("edge", "--yes", "--bucket", "my.templates")
    assert (status, done["result"]["stackStatus"], done["warnings"]) == (0, "CREATE_COMPLETE", []), done
    status, same = stand.deploy("edge", "--yes", "--bucket", "my.templates")
    assert (status, same["result"]["changes"]) == (0, [])
    assert s3.list_objects_v2(Bucket="my.templates")["KeyCount"] == 0
    status, missing = stand.deploy("edge", "--yes", "--bucket", "nowhere")
    assert (status, missing["error"]["code"]) == (1, "NoSuchBucket")
    assert missing["error"]["suggestions"][0].startswith("There is no bucket nowhere.")
    assert stand.destroy("edge")[0] == 0


def test_an_auto_scaling_group_is_attached_and_detached(stand):
    scaling = stand.sandbox.client("autoscaling")
    subnets = ",".join(subnet["SubnetId"] for subnet in stand.bridge.subnets)
    for name in ("web", "web-2"):
        scaling.create_auto_scaling_group(AutoScalingGroupName=name, MinSize=2, MaxSize=4, VPCZoneIdentifier=subnets)

    def attached(name: str) -> list:
        [group] = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
        return group["TargetGroupARNs"]

    stand.scaffold_whole("edge", "--auto-scaling-group", "web")
    status, done = stand.deploy("edge")
    assert status == 0, done
    arn = done["result"]["outputs"]["AlbTargetGroupArn"]
    assert attached("web") == [arn]
    status, swapped = stand.deploy("edge", "--yes", "--parameter", "AutoScalingGroupName=web-2")
    assert status == 0, swapped
    assert changes(swapped)["AlbTargetGroup"]["replacement"] == "False"
    assert (attached("web"), attached("web-2")) == ([], [arn])
    [shown] = stand.run("stack", "status", "edge")[1]["result"]["autoScalingGroups"]
    assert (shown["name"], shown["targetGroup"], shown["change"]) == ("web-2", arn, None)
    status, gone = stand.destroy("edge")
    assert (status, gone["result"]["left"]) == (0, []), gone
    assert attached("web-2") == []


def test_a_create_that_fails_is_rolled_back_and_can_be_cleared_away(stand):
    stand.scaffold_sync("edge")
    stand.sandbox.fault("error", action="DescribeTargetHealth", status=400, code="ValidationError", message="No.")
    status, failed = stand.deploy("edge")
    assert (status, failed["result"]["stackStatus"]) == (1, "ROLLBACK_COMPLETE")
    assert failed["error"]["message"].startswith("edge is in ROLLBACK_COMPLETE: Bridge (Custom::LbbridgeBridge) failed first")
    stand.sandbox.control("DELETE", "faults")
    status, blocked = stand.deploy("edge")
    assert (status, blocked["error"]["code"]) == (1, "StackBlocked")
    assert stand.destroy("edge")[0] == 0
    assert stand.deploy("edge")[0] == 0


def test_an_update_that_fails_is_rolled_back_to_what_it_was(stand):
    stand.scaffold_whole("edge")
    assert stand.deploy("edge")[0] == 0
    before = listener_ports(stand)
    stand.sandbox.fault("error", action="RegisterTargets", status=400, code="ValidationError", message="No.")
    status, failed = stand.deploy("edge", "--confirm", "edge", "--parameter", "AlbPort=8080")
    assert (status, failed["result"]["stackStatus"]) == (1, "UPDATE_ROLLBACK_COMPLETE"), failed
    assert "Bridge (Custom::LbbridgeBridge) failed first" in failed["error"]["message"]
    assert listener_ports(stand) == before


def listener_ports(stand) -> list:
    elbv2 = stand.bridge.elbv2
    arns = [one["LoadBalancerArn"] for one in elbv2.describe_load_balancers()["LoadBalancers"]]
    return sorted(
        one["Port"] for arn in arns for one in elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    )


def test_a_deletion_that_is_held_up_and_then_goes_through(stand):
    stand.scaffold_whole("edge")
    status, done = stand.deploy("edge")
    assert status == 0
    elbv2 = stand.bridge.elbv2
    [nlb] = [one for one in elbv2.describe_load_balancers()["LoadBalancers"]
             if one["DNSName"] == done["result"]["outputs"]["NlbDnsName"]]  # fmt: skip
    protect(elbv2, nlb, "true")
    status, held = stand.destroy("edge")
    assert (status, held["error"]["code"]) == (1, "HeldUp")
    assert "Deletion protection is on" in held["error"]["message"]
    assert stand.client("lambda").list_functions()["Functions"] != []
    protect(elbv2, nlb, "false")

    # A security group that is still in use makes the first deletion fail; the second, half a minute later, goes through.
    stand.sandbox.fault("error", action="DeleteSecurityGroup", status=400, code="InternalError", message="Busy.", count=1)
    status, gone = stand.destroy("edge")
    assert (status, gone["result"]["stackStatus"], gone["result"]["left"]) == (0, "DELETE_COMPLETE", []), gone
    codes = [call["code"] for call in stand.sandbox.calls("DeleteSecurityGroup")]
    assert "InternalError" in codes and codes.count(None) == 2


def protect(elbv2, balancer, value: str) -> None:
    elbv2.modify_load_balancer_attributes(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Attributes=[{"Key": "deletion_protection.enabled", "Value": value}],
    )


def test_a_deployed_bridge_follows_its_alb_as_it_scales(stand):
    stand.scaffold_sync("edge")
    assert stand.deploy("edge")[0] == 0
    before = stand.targets()
    assert before == stand.bridge.alb_ips()
    stand.sandbox.event("scale-out", zone="us-east-1a")
    stand.sandbox.event("replace", zone="us-east-1b")
    until(lambda: len(stand.bridge.alb_ips()) == 3 and not set(before) <= set(stand.bridge.alb_ips()))
    # Nobody calls it but the schedule, once a minute: it registers what has come, and takes out what has gone.
    until(lambda: stand.targets() == stand.bridge.alb_ips())
    assert len(stand.targets()) == 3 and set(before) - set(stand.targets())
    assert last_sync(stand)["status"] == 0
    assert stand.destroy("edge")[0] == 0
    # What the deployment has put in, the tear-down has taken out.
    assert stand.targets() == []
    [tags] = stand.bridge.elbv2.describe_tags(ResourceArns=[stand.bridge.arn])["TagDescriptions"]
    assert tags["Tags"] == []


def test_status_tells_what_the_functions_own_log_says_of_its_last_run(stand):
    stand.scaffold_sync("edge")
    assert stand.deploy("edge")[0] == 0
    stand.sandbox.event("scale-out", zone="us-east-1a")
    until(lambda: len(stand.bridge.alb_ips()) == 3)
    stand.sandbox.fault("error", action="RegisterTargets", status=400, code="ValidationError", message="No.")
    run = after_a_run(stand)
    assert (run["status"], run["error"]["code"]) == (1, "ValidationError")
    assert "RegisterTargets failed" in run["error"]["message"]
    stand.sandbox.control("DELETE", "faults")
    run = after_a_run(stand)
    assert (run["status"], run["registered"], run["error"]) == (0, 1, None)
    # Interfaces that are hidden are no ALB without addresses, but look like one.
    stand.sandbox.fault("hide", action="DescribeNetworkInterfaces")
    run = after_a_run(stand)
    assert (run["status"], run["refused"], run["error"]["rule"]) == (3, 1, "S2")
    [group] = [one for one in stand.client("logs").describe_log_groups()["logGroups"] if "Sync" in one["logGroupName"]]
    stand.client("logs").delete_log_group(logGroupName=group["logGroupName"])
    status, shown = stand.run("stack", "status", "edge")
    assert (status, shown["result"]["lastSync"]) == (0, None)
    assert [one["code"] for one in shown["warnings"]] == ["LastSyncUnknown"]


def after_a_run(stand) -> dict:
    [function] = stand.client("lambda").list_functions()["Functions"]
    stand.client("lambda").invoke(FunctionName=function["FunctionName"], Payload=b"{}")
    return last_sync(stand)


def test_a_deployment_wants_a_certificate_and_api_gateways_role_for_logs(stand):
    stand.scaffold_whole("edge", "--listener", "tls")
    acm = stand.client("acm")
    arn = acm.request_certificate(DomainName="edge.example.com")["CertificateArn"]
    given = ("--parameter", "BackendHost=edge.example.com", "--parameter")
    status, refused = stand.deploy("edge", "--dry-run", *given, f"NlbCertificateArn={arn[:-1]}x")
    assert (status, refused["error"]["code"]) == (1, "CertificateNotFound")
    role = [{"op": "remove", "path": "/cloudwatchRoleArn"}]
    stand.client("apigateway").update_account(patchOperations=role)
    status, refused = stand.deploy("edge", "--dry-run", *given, f"NlbCertificateArn={arn}")
    assert (status, refused["error"]["code"]) == (1, "LoggingRoleMissing")
    assert "aws apigateway update-account" in refused["error"]["suggestions"][0]
    assert stand.stacks() == []
    stand.set_logging_role()
    status, done = stand.deploy("edge", "--yes", *given, f"NlbCertificateArn={arn}")
    assert (status, done["warnings"]) == (0, []), done
    assert stand.destroy("edge")[0] == 0


def last_sync(stand) -> dict:
    return stand.run("stack", "status", "edge")[1]["result"]["lastSync"]["run"]


def until(holds, seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(1)


def test_the_functions_role_may_do_what_it_needs_and_nothing_else(bridge):
    stand = Stand(bridge, auth=True)
    try:
        stand.scaffold_sync("edge")
        assert stand.deploy("edge")[0] == 0
        iam = stand.client("iam")
        [role] = [one for one in iam.list_roles()["Roles"] if "SyncRole" in one["RoleName"]]
        [name] = iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]
        document = iam.get_role_policy(RoleName=role["RoleName"], PolicyName=name)["PolicyDocument"]
        assert denied(stand, role, needs(stand)) == []
        assert denied(stand, role, never(stand)) == [action for action, _ in never(stand)]
        for index in range(2):
            # Without the statement for reading, or the one for writing, something that the function does is denied.
            fewer = {**document, "Statement": [one for at, one in enumerate(document["Statement"]) if at != index]}
            iam.put_role_policy(RoleName=role["RoleName"], PolicyName=name, PolicyDocument=json.dumps(fewer))
            assert denied(stand, role, needs(stand)) != []
    finally:
        stand.stop()


def needs(stand) -> list:
    elb = "elasticloadbalancing"
    reads = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DescribeAvailabilityZones",
             *(f"{elb}:Describe{what}" for what in ("LoadBalancers", "Tags", "TargetGroups", "TargetHealth"))]  # fmt: skip
    # A simulation brings no tags along, and the role may write our tags alone: that is for the simulated AWS to judge.
    writes = [f"{elb}:{what}" for what in ("RegisterTargets", "DeregisterTargets")]
    return [*((action, "*") for action in reads), *((action, stand.bridge.arn) for action in writes)]


def never(stand) -> list:
    other = stand.bridge.arn.replace("nlb-edge", "another")
    return [
        ("elasticloadbalancing:RegisterTargets", other),
        ("elasticloadbalancing:DeleteTargetGroup", stand.bridge.arn),
        ("ec2:AuthorizeSecurityGroupIngress", "*"),
        ("iam:PassRole", "*"),
    ]


def denied(stand, role, calls) -> list:
    iam = stand.client("iam")
    return [
        action
        for action, resource in calls
        if iam.simulate_principal_policy(
            PolicySourceArn=role["Arn"], ActionNames=[action], ResourceArns=[resource]
        )["EvaluationResults"][0]["EvalDecision"] != "allowed"
    ]


def test_a_stack_that_is_not_ours_is_left_alone(stand):
    queue = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}
    cloudformation = stand.client("cloudformation")
    cloudformation.create_stack(StackName="edge", TemplateBody=json.dumps(queue))
    cloudformation.get_waiter("stack_create_complete").wait(StackName="edge", WaiterConfig={"Delay": 1})
    stand.scaffold_sync("edge")
    for status, document in (stand.deploy("edge"), stand.destroy("edge")):
        assert (status, document["error"]["rule"]) == (3, "S5")
    with pytest.raises(ClientError):
        cloudformation.describe_change_set(StackName="edge", ChangeSetName="lbbridge")
    assert stand.stacks() == ["edge"]
