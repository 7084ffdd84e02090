"""Prints what takes tags, by AWS's schemas, and lacks ours: `FILE RESOURCE TYPE`. Runs beside cfn-lint."""

import sys

from cfnlint.decode import decode
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

OURS = "lbbridge:stack"

for path in sys.argv[1:]:
    template, problems = decode(path)
    assert not problems, problems
    for name, resource in template["Resources"].items():
        if not resource["Type"].startswith("AWS::"):
            continue
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", resource["Type"]).schema
        tags = resource["Properties"].get("Tags", [])
        keys = tags if isinstance(tags, dict) else [tag["Key"] for tag in tags]
        if "Tags" in schema["properties"] and OURS not in keys:
            print(path, name, resource["Type"])
