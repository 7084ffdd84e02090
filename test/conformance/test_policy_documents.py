"""The printed policies as parliament sees them, a linter that knows AWS's service authorization reference.

It tells actions that do not exist, resources that an action is not authorised on, and condition keys that an action does
not have.
"""

import json

import pytest
from parliament import analyze_policy_string
from test_policies import printed

SCOPES = [(), ("--target-group", "nlb-edge", "--security-group", "sg-0123456789abcdef0")]


# Actions that are younger than the linter.
YOUNGER = ("lambda:GetFunctionScalingConfig",)


def findings(policy: dict) -> list:
    found = [f"{one.issue}: {one.detail}" for one in analyze_policy_string(json.dumps(policy)).findings]
    return [one for one in found if not one.endswith(YOUNGER)]


@pytest.mark.parametrize("scope", SCOPES, ids=["wide", "named"])
@pytest.mark.parametrize("use", ["sync", "sg", "doctor", "stack", "lambda"])
def test_a_linter_of_policies_finds_nothing(use, scope):
    assert findings(printed(use, *scope)) == []


@pytest.mark.parametrize(
    ("more", "issue"),
    [
        ({"Action": ["ec2:DescribeSubnet"]}, "UNKNOWN_ACTION"),
        ({"Resource": "arn:aws:ec2:*:*:security-group/*"}, "RESOURCE_MISMATCH"),
        ({"Condition": {"StringEquals": {"ec2:CreateActions": "x"}}}, "UNKNOWN_CONDITION_FOR_ACTION"),
    ],
)
def test_and_would_find_what_is_wrong(more, issue):
    statement = {"Sid": "x", "Effect": "Allow", "Action": ["ec2:DescribeSubnets"], "Resource": "*"} | more
    assert issue in str(findings({"Version": "2012-10-17", "Statement": [statement]}))
