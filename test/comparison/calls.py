"""The calls that both emulators are asked, in order. Each gives a small comparable value; an error gives its status and code."""

from __future__ import annotations

ABSENT = "0123456789abcdef"


class Stage:
    """What the calls work on: the same network in both emulators, and whatever earlier calls have made."""

    def __init__(self, ec2, elbv2, sts, vpc: str, subnets: list[str]) -> None:
        self.ec2, self.elbv2, self.sts, self.vpc, self.subnets = ec2, elbv2, sts, vpc, subnets
        self.made: dict[str, str] = {}

    def interface(self, **more):
        return self.ec2.create_network_interface(**({"SubnetId": self.subnets[0]} | more))["NetworkInterface"]

    def interfaces(self, **more):
        return self.ec2.describe_network_interfaces(**more)["NetworkInterfaces"]

    def filtered(self, name, *values):
        return sorted(one["Description"] for one in self.interfaces(Filters=[{"Name": name, "Values": list(values)}]))

    def group(self, name="tg", **more):
        settings = dict(Name=name, Protocol="TCP", Port=80, VpcId=self.vpc, TargetType="ip") | more
        return self.elbv2.create_target_group(**settings)["TargetGroups"][0]

    def register(self, *targets):
        self.elbv2.register_targets(TargetGroupArn=self.made["tg"], Targets=list(targets))

    def deregister(self, *targets):
        self.elbv2.deregister_targets(TargetGroupArn=self.made["tg"], Targets=list(targets))

    def health(self, *targets):
        more = {"Targets": list(targets)} if targets else {}
        found = self.elbv2.describe_target_health(TargetGroupArn=self.made["tg"], **more)["TargetHealthDescriptions"]
        return sorted(
            (one["Target"]["Id"], one["Target"].get("Port"), one["Target"].get("AvailabilityZone"),
             one["TargetHealth"]["State"], one["TargetHealth"].get("Reason"))
            for one in found
        )

    def authorize(self, *cidrs, **more):
        permission = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": c} | more for c in cidrs]}
        answer = self.ec2.authorize_security_group_ingress(GroupId=self.made["sg"], IpPermissions=[permission])
        return sorted(one["CidrIpv4"] for one in answer.get("SecurityGroupRules", []))

    def revoke(self, *cidrs, port=80):
        permission = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": c} for c in cidrs]}
        self.ec2.revoke_security_group_ingress(GroupId=self.made["sg"], IpPermissions=[permission])


def keep(stage: Stage, name: str, value: str) -> str:
    stage.made[name] = value
    return "made"


def fields(item: dict, *names: str) -> dict:
    return {name: item.get(name) for name in names}


def nlb(stage: Stage, **more):
    settings = dict(Name="nlb", Type="network", Scheme="internal", Subnets=stage.subnets) | more
    return stage.elbv2.create_load_balancer(**settings)["LoadBalancers"][0]


CALLS = [
    # STS
    ("who am I", lambda s: sorted(k for k in s.sts.get_caller_identity() if k != "ResponseMetadata")),
    ("assume a role by a malformed ARN", lambda s: s.sts.assume_role(RoleArn="nonsense", RoleSessionName="me")),
    ("assume a role under a bad session name", lambda s: s.sts.assume_role(
        RoleArn="arn:aws:iam::444455556666:role/bridge", RoleSessionName="a b")),
    # Networks
    ("describe an unknown VPC", lambda s: s.ec2.describe_vpcs(VpcIds=["vpc-0123456789abcdef0"])),
    ("describe an unknown subnet", lambda s: s.ec2.describe_subnets(SubnetIds=["subnet-0123456789abcdef0"])),
    ("blocks of a VPC", lambda s: [b["CidrBlock"] for b in s.ec2.describe_vpcs(VpcIds=[s.vpc])["Vpcs"][0]["CidrBlockAssociationSet"]]),
    ("subnets of a VPC by filter", lambda s: sorted(n["CidrBlock"] for n in s.ec2.describe_subnets(
        Filters=[{"Name": "vpc-id", "Values": [s.vpc]}])["Subnets"])),
    ("names of the zones", lambda s: sorted(z["ZoneName"] for z in s.ec2.describe_availability_zones()["AvailabilityZones"])),
    # Interfaces
    ("create an interface", lambda s: fields(s.interface(Description="prod"), "Description", "Status", "RequesterManaged", "SourceDestCheck", "InterfaceType")),
    ("create a second one at an address", lambda s: s.interface(Description="prods", PrivateIpAddress="10.0.1.200")["PrivateIpAddress"]),
    ("create one at an address that is taken", lambda s: s.interface(PrivateIpAddress="10.0.1.200")),
    ("create one at an address outside the subnet", lambda s: s.interface(PrivateIpAddress="10.0.9.200")),
    ("create one in an unknown subnet", lambda s: s.interface(SubnetId="subnet-0123456789abcdef0")),
    ("create one in an unknown security group", lambda s: s.interface(Groups=["sg-0123456789abcdef0"])),
    ("create one by dry run", lambda s: s.interface(DryRun=True)),
    ("interfaces by exact description", lambda s: s.filtered("description", "prod")),
    ("interfaces by a star", lambda s: s.filtered("description", "prod*")),
    ("interfaces by a question mark", lambda s: s.filtered("description", "prod?")),
    ("interfaces by part of a description", lambda s: s.filtered("description", "rod")),
    ("interfaces by a description in other case", lambda s: s.filtered("description", "PROD")),
    ("interfaces by two descriptions", lambda s: s.filtered("description", "prod", "prods")),
    ("interfaces by address", lambda s: s.filtered("private-ip-address", "10.0.1.200")),
    ("interfaces by an unknown filter", lambda s: s.filtered("foo", "bar")),
    ("interfaces by an unknown id", lambda s: s.interfaces(NetworkInterfaceIds=["eni-0123456789abcdef0"])),
    ("interfaces by a malformed id", lambda s: s.interfaces(NetworkInterfaceIds=["x"])),
    ("a page of 4", lambda s: s.interfaces(MaxResults=4)),
    ("a page of 1001", lambda s: s.interfaces(MaxResults=1001)),
    ("a page token that is none", lambda s: s.interfaces(NextToken="garbage")),
    ("delete an unknown interface", lambda s: s.ec2.delete_network_interface(NetworkInterfaceId="eni-0123456789abcdef0")),
    # Security groups
    ("create a security group", lambda s: keep(s, "sg", s.ec2.create_security_group(GroupName="mine", Description="d", VpcId=s.vpc)["GroupId"])),
    ("create the security group again", lambda s: s.ec2.create_security_group(GroupName="mine", Description="d", VpcId=s.vpc)),
    ("authorize two ranges", lambda s: s.authorize("10.0.0.1/32", "10.0.0.2/32")),
    ("authorize one of them again", lambda s: s.authorize("10.0.0.1/32")),
    ("authorize it with another description", lambda s: s.authorize("10.0.0.1/32", Description="other")),
    ("authorize an old and a new range", lambda s: s.authorize("10.0.0.1/32", "10.0.0.3/32")),
    ("authorize one range twice", lambda s: s.authorize("10.0.0.4/32", "10.0.0.4/32")),
    ("authorize a block with host bits", lambda s: s.authorize("10.1.0.5/24")),
    ("authorize a malformed block", lambda s: s.authorize("300.1.1.1/32")),
    ("rules of the group", lambda s: sorted(r.get("CidrIpv4") for r in s.ec2.describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [s.made["sg"]]}])["SecurityGroupRules"] if not r["IsEgress"])),
    ("revoke a range on another port", lambda s: s.revoke("10.0.0.1/32", port=81)),
    ("revoke a range", lambda s: s.revoke("10.0.0.1/32")),
    ("describe an unknown security group", lambda s: s.ec2.describe_security_groups(GroupIds=["sg-0123456789abcdef0"])),
    ("delete the security group", lambda s: s.ec2.delete_security_group(GroupId=s.made["sg"])["ResponseMetadata"]["HTTPStatusCode"]),
    # Load balancers
    ("create an NLB", lambda s: (keep(s, "nlb", (made := nlb(s))["LoadBalancerArn"]), fields(made, "Type", "Scheme") | {
        "state": made["State"]["Code"], "path": made["LoadBalancerArn"].split("/")[1], "zones": len(made["AvailabilityZones"])})[-1]),
    ("create the NLB again", lambda s: nlb(s)["LoadBalancerArn"] == s.made["nlb"]),
    ("create the NLB with other settings", lambda s: nlb(s, Scheme="internet-facing")),
    ("create an ALB in one zone", lambda s: nlb(s, Name="alb", Type="application", Subnets=s.subnets[:1])),
    ("interfaces of the NLB after it was created", lambda s: len(s.interfaces(Filters=[{"Name": "description", "Values": ["ELB net/nlb/*"]}]))),
    ("describe an unknown name", lambda s: s.elbv2.describe_load_balancers(Names=["absent"])),
    ("describe a malformed ARN", lambda s: s.elbv2.describe_load_balancers(LoadBalancerArns=["nonsense"])),
    # Target groups
    ("create a target group", lambda s: (keep(s, "tg", (made := s.group())["TargetGroupArn"]), fields(made, "HealthCheckProtocol", "HealthCheckPort",
        "HealthCheckIntervalSeconds", "HealthCheckTimeoutSeconds", "HealthyThresholdCount", "UnhealthyThresholdCount", "IpAddressType", "LoadBalancerArns"))[-1]),
    ("create that again", lambda s: s.group()["TargetGroupArn"] == s.made["tg"]),
    ("create that on another port", lambda s: s.group(Port=81)),
    ("create one without a port", lambda s: s.elbv2.create_target_group(Name="x", Protocol="TCP", VpcId=s.vpc, TargetType="ip")),
    ("describe an unknown group", lambda s: s.elbv2.describe_target_groups(Names=["absent"])),
    ("attributes of the group", lambda s: sorted((a["Key"], a["Value"]) for a in s.elbv2.describe_target_group_attributes(
        TargetGroupArn=s.made["tg"])["Attributes"])),
    # Targets
    ("register an address inside the VPC", lambda s: (s.register({"Id": "10.0.1.50"}), s.health())[-1]),
    ("register it for all zones", lambda s: s.register({"Id": "10.0.1.51", "AvailabilityZone": "all"})),
    ("register an address outside without a zone", lambda s: s.register({"Id": "10.200.0.9"})),
    ("register a public address", lambda s: s.register({"Id": "8.8.8.8", "AvailabilityZone": "all"})),
    ("register what is no address", lambda s: s.register({"Id": "not-an-ip"})),
    ("register nothing", lambda s: s.register()),
    ("register one address on two ports", lambda s: (s.register({"Id": "10.0.1.60", "Port": 80}, {"Id": "10.0.1.60", "Port": 8080}), s.health())[-1]),
    ("ask for a target that is not registered", lambda s: s.health({"Id": "10.0.1.99", "Port": 80})),
    ("deregister what is not registered", lambda s: s.deregister({"Id": "10.0.1.99"})),
    ("attach the group to a listener", lambda s: fields(s.elbv2.create_listener(LoadBalancerArn=s.made["nlb"], Protocol="TCP", Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": s.made["tg"]}])["Listeners"][0], "Port", "Protocol")),
    ("health once attached", lambda s: s.health()),
    ("deregister a target", lambda s: (s.deregister({"Id": "10.0.1.50"}), s.health())[-1]),
    ("a second listener on the port", lambda s: s.elbv2.create_listener(LoadBalancerArn=s.made["nlb"], Protocol="TCP", Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": s.group("second")["TargetGroupArn"]}])),
    ("delete a group in use", lambda s: s.elbv2.delete_target_group(TargetGroupArn=s.made["tg"])),
    # Tags
    ("tag the group", lambda s: (s.elbv2.add_tags(ResourceArns=[s.made["tg"]], Tags=[{"Key": "a", "Value": "1"}]), sorted(
        (t["Key"], t["Value"]) for t in s.elbv2.describe_tags(ResourceArns=[s.made["tg"]])["TagDescriptions"][0]["Tags"]))[-1]),
    ("one key twice in a call", lambda s: s.elbv2.add_tags(ResourceArns=[s.made["tg"]], Tags=[{"Key": "c", "Value": "1"}, {"Key": "c", "Value": "2"}])),
    ("remove an absent tag", lambda s: s.elbv2.remove_tags(ResourceArns=[s.made["tg"]], TagKeys=["absent"])["ResponseMetadata"]["HTTPStatusCode"]),
    ("tags of an unknown group", lambda s: s.elbv2.describe_tags(ResourceArns=[s.made["tg"][:-16] + ABSENT])),
    # The end
    ("delete the NLB", lambda s: s.elbv2.delete_load_balancer(LoadBalancerArn=s.made["nlb"])["ResponseMetadata"]["HTTPStatusCode"]),
    ("delete it twice", lambda s: s.elbv2.delete_load_balancer(LoadBalancerArn=s.made["nlb"])["ResponseMetadata"]["HTTPStatusCode"]),
]
