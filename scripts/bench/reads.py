"""Makes the interface read and the health read with boto3, one after the other, as a script would."""

import sys

import boto3

pattern, group = sys.argv[1:]
ec2 = boto3.client("ec2")
pages = ec2.get_paginator("describe_network_interfaces").paginate(
    Filters=[{"Name": "description", "Values": [pattern]}], PaginationConfig={"PageSize": 1000}
)
addresses = [one["PrivateIpAddress"] for page in pages for one in page["NetworkInterfaces"]]
if group:
    health = boto3.client("elbv2").describe_target_health(TargetGroupArn=group)
    print(len(addresses), len(health["TargetHealthDescriptions"]))
