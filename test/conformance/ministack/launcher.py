"""MiniStack, with the resources that it lacks or gets wrong made in the simulated AWS instead.

MiniStack runs CloudFormation's engine, Lambda, the schedule and IAM. Its load balancers own no network interfaces and
have no health, and VPC links and single rules of security groups are unknown to it: those types are made by the
simulated AWS's own API, at SANDBOX_ENDPOINT, so that the function of a stack meets real nodes.
"""

import os
import time
import uuid

import botocore.session
from botocore.config import Config
from ministack.services.cloudformation import provisioners

SANDBOX = os.environ["SANDBOX_ENDPOINT"]
session = botocore.session.get_session()


def client(service):
    return session.create_client(
        service,
        region_name="us-east-1",
        endpoint_url=SANDBOX,
        aws_access_key_id="AKIASANDBOXHOME00001",
        aws_secret_access_key="sandbox-secret-of-111122223333",
        config=Config(proxies={}, retries={"total_max_attempts": 1}),
    )


elbv2, ec2 = client("elbv2"), client("ec2")


def name_of(stack, logical_id, props):
    return props.get("Name") or f"{stack}-{logical_id}"[:23].rstrip("-") + "-" + uuid.uuid4().hex[:8]


def given(props, *names):
    """Those of the properties that are there, numbers as numbers."""
    numbers = {"Port", "Priority", "HealthCheckIntervalSeconds", "HealthCheckTimeoutSeconds",
               "HealthyThresholdCount", "UnhealthyThresholdCount"}
    own = {**props, "Tags": tags_of(props)}
    return {name: int(own[name]) if name in numbers else own[name] for name in names if own.get(name)}


def tags_of(props):
    """Without those of CloudFormation's own, which only AWS itself may write."""
    return [tag for tag in props.get("Tags") or [] if not tag["Key"].startswith("aws:")]


def wait_until_active(arn):
    for _ in range(600):
        [found] = elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
        if found["State"]["Code"] == "active":
            return found
        time.sleep(0.05)
    raise ValueError(f"{arn} did not become active")


def create_load_balancer(logical_id, props, stack):
    settings = given(props, "Type", "Scheme", "Subnets", "SecurityGroups", "IpAddressType", "Tags")
    made = elbv2.create_load_balancer(Name=name_of(stack, logical_id, props), **settings)["LoadBalancers"][0]
    arn = made["LoadBalancerArn"]
    if props.get("LoadBalancerAttributes"):
        known = {one["Key"] for one in elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]}
        wanted = [one for one in props["LoadBalancerAttributes"] if one["Key"] in known]
        elbv2.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=wanted)
    wait_until_active(arn)
    return arn, {
        "LoadBalancerArn": arn,
        "DNSName": made["DNSName"],
        "LoadBalancerName": made["LoadBalancerName"],
        "LoadBalancerFullName": arn.split(":loadbalancer/")[1],
        "CanonicalHostedZoneID": made["CanonicalHostedZoneId"],
    }


def create_target_group(logical_id, props, stack):
    settings = given(
        props, "Protocol", "Port", "VpcId", "TargetType", "Tags", "HealthCheckProtocol", "HealthCheckPath",
        "HealthCheckPort", "HealthCheckIntervalSeconds", "HealthyThresholdCount", "UnhealthyThresholdCount",
    )  # fmt: skip
    made = elbv2.create_target_group(Name=name_of(stack, logical_id, props), **settings)["TargetGroups"][0]
    return made["TargetGroupArn"], attributes_of_group(made)


def attributes_of_group(group):
    arn = group["TargetGroupArn"]
    name = group["TargetGroupName"]
    return {"TargetGroupArn": arn, "TargetGroupName": name, "TargetGroupFullName": arn.split(":")[-1]}


def create_listener(logical_id, props, stack):
    settings = given(props, "LoadBalancerArn", "Port", "Protocol", "DefaultActions", "Certificates", "SslPolicy", "Tags")
    arn = elbv2.create_listener(**settings)["Listeners"][0]["ListenerArn"]
    return arn, {"ListenerArn": arn}


def create_rule(logical_id, props, stack):
    arn = elbv2.create_rule(**given(props, "ListenerArn", "Priority", "Conditions", "Actions", "Tags"))["Rules"][0]["RuleArn"]
    return arn, {"RuleArn": arn}


def create_security_group(logical_id, props, stack):
    tags = [{"ResourceType": "security-group", "Tags": tags_of(props)}]
    group = ec2.create_security_group(
        GroupName=props.get("GroupName") or f"{stack}-{logical_id}-{uuid.uuid4().hex[:8]}",
        Description=props["GroupDescription"],
        VpcId=props["VpcId"],
        TagSpecifications=tags,
    )["GroupId"]
    for rule in props.get("SecurityGroupIngress") or []:
        authorize(group, rule)
    return group, {"GroupId": group, "VpcId": props["VpcId"]}


def authorize(group, rule):
    note = {"Description": rule["Description"]} if "Description" in rule else {}
    permission = {"IpProtocol": rule["IpProtocol"], "FromPort": int(rule["FromPort"]), "ToPort": int(rule["ToPort"])}
    if "CidrIp" in rule:
        permission["IpRanges"] = [{"CidrIp": rule["CidrIp"], **note}]
    else:
        permission["UserIdGroupPairs"] = [{"GroupId": rule["SourceSecurityGroupId"], **note}]
    made = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])
    return made["SecurityGroupRules"][0]["SecurityGroupRuleId"]


def delete_rule_of_group(physical_id, props):
    ec2.revoke_security_group_ingress(GroupId=props["GroupId"], SecurityGroupRuleIds=[physical_id])


def create_link(logical_id, props, stack):
    [arn] = props["TargetArns"]
    [found] = elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
    if found["Type"] != "network" or found["State"]["Code"] != "active":
        raise ValueError(f"NLB ARN is malformed or not active: {arn}")
    link = uuid.uuid4().hex[:6]
    return link, {"VpcLinkId": link}


def patiently(delete):
    """CloudFormation tries for a while where a load balancer's interfaces still use a security group."""

    def run(physical_id, props):
        for attempt in range(200):
            try:
                return delete(physical_id, props)
            except Exception as error:
                if "DependencyViolation" not in str(error) or attempt == 199 or not lingers(physical_id):
                    raise ValueError(str(error)) from error
                time.sleep(0.05)

    return run


def lingers(group):
    found = ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [group]}])["NetworkInterfaces"]
    return any(one["Description"].startswith("ELB ") for one in found)


former = []


def tidy():
    """Deletes what replacements have left; what something still uses has to wait for the next update."""
    for delete, physical_id, props in list(former):
        try:
            delete(physical_id, props)
            former.remove((delete, physical_id, props))
        except Exception:
            pass


def updating(create, delete, in_place, replaced_by):
    """In place where that goes, else by a replacement."""

    def update(physical_id, old_props, new_props, stack, logical_id):
        if in_place and all(old_props.get(name) == new_props.get(name) for name in replaced_by):
            result = in_place(physical_id, new_props)
        else:
            result = create(logical_id, new_props, stack)
            former.append((delete, physical_id, old_props))
        tidy()
        return result

    return update


def handler(create, delete, in_place=None, replaced_by=()):
    update = updating(create, delete, in_place, replaced_by)
    return {"create": create, "delete": delete, "update": update, "update_with_logical_id": True}


def modify_listener(arn, props):
    elbv2.modify_listener(ListenerArn=arn, **given(props, "Port", "Protocol", "DefaultActions", "Certificates"))
    return arn, {"ListenerArn": arn}


def modify_target_group(arn, props):
    settings = given(props, "HealthCheckPath", "HealthCheckIntervalSeconds", "HealthyThresholdCount")
    [group] = elbv2.modify_target_group(TargetGroupArn=arn, **settings)["TargetGroups"]
    return arn, attributes_of_group(group)


def modify_security_group(group, props):
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    for rule in rules:
        if not rule["IsEgress"]:
            ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])
    for rule in props.get("SecurityGroupIngress") or []:
        authorize(group, rule)
    return group, {"GroupId": group, "VpcId": props["VpcId"]}


def nothing(physical_id, props):
    return None


TYPES = {
    "AWS::ElasticLoadBalancingV2::LoadBalancer": handler(
        create_load_balancer, lambda arn, props: elbv2.delete_load_balancer(LoadBalancerArn=arn)
    ),
    "AWS::ElasticLoadBalancingV2::TargetGroup": handler(
        create_target_group,
        lambda arn, props: elbv2.delete_target_group(TargetGroupArn=arn),
        modify_target_group,
        ("Port", "Protocol", "VpcId", "TargetType", "Name"),
    ),
    "AWS::ElasticLoadBalancingV2::Listener": handler(
        create_listener, lambda arn, props: elbv2.delete_listener(ListenerArn=arn), modify_listener, ("LoadBalancerArn",)
    ),
    "AWS::ElasticLoadBalancingV2::ListenerRule": handler(create_rule, lambda arn, props: elbv2.delete_rule(RuleArn=arn)),
    "AWS::EC2::SecurityGroup": handler(
        create_security_group,
        patiently(lambda group, props: ec2.delete_security_group(GroupId=group)),
        modify_security_group,
        ("GroupName", "GroupDescription", "VpcId"),
    ),
    "AWS::EC2::SecurityGroupIngress": handler(
        lambda logical_id, props, stack: (authorize(props["GroupId"], props), {}), delete_rule_of_group
    ),
    # The simulated AWS lets everything out.
    "AWS::EC2::SecurityGroupEgress": handler(lambda logical_id, props, stack: (f"sgr-{uuid.uuid4().hex[:17]}", {}), nothing),
    "AWS::ApiGateway::VpcLink": handler(create_link, nothing),
}
alarm = provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::Alarm"]["create"]


def create_alarm(logical_id, props, stack):
    # An alarm on an expression is one of those that MiniStack has no mind for: it only stands there.
    return alarm(logical_id, props, stack) if "MetricName" in props else (f"{stack}-{logical_id}", {})


provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::Alarm"]["create"] = create_alarm
provisioners._RESOURCE_HANDLERS.update(TYPES)

if __name__ == "__main__":
    from ministack.app import main

    main()
