"""Functions that invoke themselves over a queue: none by mistake, and those that are meant to may."""

from collections import defaultdict

from tests.architecture.template import FUNCTION, QUEUE, grants, properties, queue_mappings, target

SELF_INVOKING = {"ConsentBaseline", "DuplicateAudit"}
"""They send themselves the next step of something that is longer than one invocation, and end it by themselves.

Lambda's recursive loop detection, on by default, would stop such a chain after about 16 invocations.
"""


def invoked_by() -> dict[str, set[str]]:
    """The functions that each function can invoke by sending to their queues."""
    consumers: dict[str, set[str]] = defaultdict(set)
    for mapping in queue_mappings().values():
        consumers[target(mapping["EventSourceArn"])].add(target(mapping["FunctionName"]))
    return {
        function: {
            consumer
            for action, resource in grants(function)
            if action == "sqs:SendMessage" and resource in properties(QUEUE)
            for consumer in consumers[resource]
        }
        for function in properties(FUNCTION)
    }


def reached_from(function: str) -> set[str]:
    """Every function that one can invoke, directly or through others."""
    edges, reached, todo = invoked_by(), set[str](), [function]
    while todo:
        new = edges[todo.pop()] - reached
        reached |= new
        todo += new
    return reached


def test_only_named_functions_invoke_themselves() -> None:
    """Whether directly or through other functions: a loop that nobody meant costs money until somebody looks."""
    assert {function for function in properties(FUNCTION) if function in reached_from(function)} == SELF_INVOKING


def test_who_invokes_itself_says_so_to_lambda_and_nobody_else_does() -> None:
    """The translated function carries the property, and everywhere else Lambda goes on looking for loops."""
    allowed = {name for name, one in properties(FUNCTION).items() if one.get("RecursiveLoop") == "Allow"}

    assert allowed == SELF_INVOKING
    assert all(one.get("RecursiveLoop") in (None, "Allow") for one in properties(FUNCTION).values())
