"""The policy for stack beside what CloudFormation's own resource schemas say that their handlers call.

CloudFormation calls other services with the permissions of whoever deploys. For every type of resource the schemas tell
which calls those are, over all properties; what belongs to properties that the template does not use is left out here,
with the reason. cfn-lint brings the schemas along.
"""

import json
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import cfnlint
from test_policies import printed

TYPES = {
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::Resource",
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Stage",
    "AWS::ApiGateway::VpcLink",
    "AWS::ApiGatewayV2::VpcLink",
    "AWS::CloudWatch::Alarm",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::Events::Rule",
    "AWS::IAM::Role",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::Function",
    "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup",
    "AWS::SQS::Queue",
    "AWS::Scheduler::Schedule",
}

LEFT_OUT = {
    "apigateway:*agResource": "IAM knows no such actions: API Gateway tags by PUT on /tags",
    "apigateway:UpdateRestApiPolicy": "the API has no resource policy",
    "cognito-idp:*": "no listener asks for a sign-in",
    "ec2:DescribeIpamPools": "addresses come from the subnets",
    "elasticfilesystem:*": "the function has no file system",
    "elasticloadbalancing:ModifyCapacityReservation": "nothing is reserved",
    "elasticloadbalancing:ModifyIpPools": "addresses come from the subnets",
    "firehose:*": "logs stay in CloudWatch",
    "iam:*PermissionsBoundary": "the roles have none; where a boundary is demanded, this has to be added",
    "iam:*tachRolePolicy": "the roles have inline policies alone",
    "iam:*ServiceLinkedRole*": "AWS's own roles are made once, and stay",
    "kms:*": "encryption is by the services' own keys",
    "lambda:*Concurrency": "nothing is reserved",
    "lambda:AssociateRuntimeAlias": "the runtime is AWS's of the day",
    "lambda:DeleteFunctionCodeSigningConfig": "the code is not signed",
    "lambda:GetCodeSigningConfig": "the code is not signed",
    "lambda:GetLayerVersion": "there are no layers",
    "lambda:PassCapacityProvider": "the function runs on demand",
    "lambda:PublishVersion": "there is but $LATEST",
    "lambda:Put*Config": "these settings keep their defaults",
    "logs:*BearerTokenAuthentication": "nobody writes to the logs by a token",
    "logs:*IndexPolicy": "no field is indexed",
    "logs:*KmsKey": "encryption is by the service's own key",
    "logs:*LogDelivery": "logs stay in CloudWatch",
    "logs:DeleteDataProtectionPolicy": "no data is masked",
    "logs:DeleteResourcePolicy": "there is none",
    "logs:PutDataProtectionPolicy": "no data is masked",
    "logs:PutLogGroupDeletionProtection": "the logs go with the stack",
    "logs:PutResourcePolicy": "there is none",
    "s3:*": "the code stands in the template",
    "s3files:*": "the function has no file system",
}

# What no handler calls: the driver of the stack itself with its looks at a certificate and at the function's log, the Auto
# Scaling group that no resource attaches, the template's way through a bucket, and CloudFormation's call to the custom
# resource.
BESIDES = [
    "acm:DescribeCertificate",
    "autoscaling:*",
    "cloudformation:*",
    "lambda:InvokeFunction",
    "logs:FilterLogEvents",
    "s3:*Object",
]
NEEDED_ALL_THE_SAME = {
    "iam:CreateServiceLinkedRole",
    "lambda:PutFunctionEventInvokeConfig",
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:PutObject",
}


@cache
def called() -> set:
    """Every action that the handlers of the template's types name."""
    actions, found = set(), set()
    for path in (Path(cfnlint.__file__).parent / "data" / "schemas" / "resources").glob("*.json"):
        schema = json.loads(path.read_text())
        if schema.get("typeName") not in TYPES:
            continue
        found.add(schema["typeName"])
        for name, handler in schema["handlers"].items():
            if name != "list":
                actions.update(handler["permissions"])
    assert found == TYPES
    return actions


def fits(action: str, patterns) -> bool:
    return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)


@cache
def allowed() -> list:
    return [action for statement in printed("stack")["Statement"] for action in statement["Action"]]


def test_what_the_handlers_call_is_allowed_or_left_out_for_a_reason():
    missing = [action for action in called() if not fits(action, allowed()) and not fits(action, LEFT_OUT)]
    assert sorted(missing) == []


def test_nothing_is_allowed_that_no_handler_calls():
    idle = [pattern for pattern in allowed() if not any(fits(action, [pattern]) for action in called())]
    assert [pattern for pattern in idle if not fits(pattern, BESIDES)] == []


def test_nothing_that_is_left_out_is_allowed_and_every_reason_is_needed():
    left = [action for action in allowed() if fits(action, LEFT_OUT) and action not in NEEDED_ALL_THE_SAME]
    assert left == []
    assert [pattern for pattern in LEFT_OUT if not any(fits(action, [pattern]) for action in called())] == []
