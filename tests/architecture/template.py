"""The translated template, and how its resources refer to each other."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from local.translation import translate_template

Properties = Mapping[str, Any]
REFERENCE = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.[A-Za-z]+)?\}")

FUNCTION = "AWS::Lambda::Function"
QUEUE = "AWS::SQS::Queue"
MAPPING = "AWS::Lambda::EventSourceMapping"
TABLE = "AWS::DynamoDB::Table"
BUCKET = "AWS::S3::Bucket"
ALARM = "AWS::CloudWatch::Alarm"
ROLE = "AWS::IAM::Role"
LOG_GROUP = "AWS::Logs::LogGroup"
TOPIC = "AWS::SNS::Topic"


@cache
def template() -> dict[str, Any]:
    """The template as CloudFormation sees it."""
    return translate_template()


def resources(kind: str | None = None) -> dict[str, dict[str, Any]]:
    """The resources of one type by logical id, or all of them."""
    return {name: one for name, one in template()["Resources"].items() if kind in (None, one["Type"])}


def properties(kind: str) -> dict[str, Properties]:
    """The properties of every resource of a type by logical id."""
    return {name: one.get("Properties", {}) for name, one in resources(kind).items()}


def target(value: Any) -> str:
    """The one logical id that a ``Ref``, ``Fn::GetAtt`` or ``Fn::Sub`` points at."""
    (kind, argument), *others = value.items()
    assert not others, f"not one reference: {value}"
    if kind == "Fn::GetAtt":
        return str(argument[0] if isinstance(argument, list) else argument.split(".")[0])
    if kind == "Fn::Sub":
        (name,) = REFERENCE.findall(argument)
        return str(name)
    assert kind == "Ref", f"not a reference: {value}"
    return str(argument)


def number(value: Any) -> int:
    """A number, or the default of the parameter that stands for it."""
    return int(template()["Parameters"][target(value)]["Default"] if isinstance(value, dict) else value)


IN_A_TRANSACTION = {"StringEquals": {"dynamodb:EnclosingOperation": "TransactWriteItems"}}
"""The one condition that a statement may have: nothing is put but within a transaction."""


def dead_letter_queue(queue: Properties) -> str | None:
    """Where a queue's hopeless messages go."""
    policy = queue.get("RedrivePolicy")
    return target(policy["deadLetterTargetArn"]) if policy else None


def dead_letter_queues() -> set[str]:
    """Every queue that another one redrives to, or that takes what a stream's consumer failed on."""
    redriven = {dead for queue in properties(QUEUE).values() if (dead := dead_letter_queue(queue))}
    failed = (one["DestinationConfig"]["OnFailure"]["Destination"] for one in stream_mappings().values())
    return redriven | {target(one) for one in failed}


def queue_mappings() -> dict[str, Properties]:
    """The mappings that read queues."""
    return {name: one for name, one in properties(MAPPING).items() if name not in stream_mappings()}


def stream_mappings() -> dict[str, Properties]:
    """The mappings that read a table's stream."""
    return {name: one for name, one in properties(MAPPING).items() if "StartingPosition" in one}


def statements(function: str) -> list[Properties]:
    """Every statement of a function's role."""
    role = properties(ROLE)[target(properties(FUNCTION)[function]["Role"])]
    return [one for policy in role.get("Policies", []) for one in policy["PolicyDocument"]["Statement"]]


def as_list(value: Any) -> list[Any]:
    """IAM allows one thing where it allows a list."""
    return value if isinstance(value, list) else [value]


def grants(function: str) -> Iterator[tuple[str, str]]:
    """Each (action, resource) that a function's role allows; a resource as ``Archive/archive/*`` or ``Archive``."""
    for statement in statements(function):
        assert statement["Effect"] == "Allow", f"{function}: {json.dumps(statement)}"
        narrowed = statement.get("Condition", IN_A_TRANSACTION)
        assert statement.keys() <= {"Effect", "Action", "Resource", "Condition"}, f"{function}: {json.dumps(statement)}"
        assert narrowed == IN_A_TRANSACTION, f"{function}: {json.dumps(statement)}"
        for action in as_list(statement["Action"]):
            for resource in as_list(statement["Resource"]):
                yield action, _place(resource)


def _place(resource: Any) -> str:
    attribute = resource.get("Fn::GetAtt", "") if isinstance(resource, dict) else ""
    if attribute and (attribute[-1] if isinstance(attribute, list) else attribute).endswith("StreamArn"):
        return f"{target(resource)}.StreamArn"
    suffix = resource["Fn::Sub"].partition("}")[2] if isinstance(resource, dict) and "Fn::Sub" in resource else ""
    return resource if isinstance(resource, str) else target(resource) + suffix
