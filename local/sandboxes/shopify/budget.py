"""The budget of GraphQL: points by what a document could return, given back second by second.

A field that returns an object costs a point, a connection two and its objects as often as they are asked for, a
mutation ten (shopify.dev, "GraphQL Admin API rate limits").
"""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_argument_values,
    get_named_type,
)

from local.sandboxes.base import Clock
from local.sandboxes.shopify.settings import Settings

DEAREST = 1000.0
MUTATION = 10.0
CONNECTION = 2.0


class Budget:
    """What is left to spend."""

    def __init__(self, clock: Clock, settings: Settings) -> None:
        self._clock = clock
        self._settings = settings
        self._spent = 0.0
        self._since = clock.now()

    def left(self) -> float:
        """Points that may be spent now."""
        now = self._clock.now()
        self._spent = max(0.0, self._spent - (now - self._since) * self._settings.restored)
        self._since = now
        return self._settings.points - self._spent

    def take(self, points: float) -> bool:
        """Spend points, or say that there are too few."""
        if self._settings.throttle_next > 0:
            self._settings.throttle_next -= 1
            return False
        if self._settings.rate_limits and self.left() < points:
            return False
        self._spent += points if self._settings.rate_limits else 0.0
        return True

    def told(self, asked: float, paid: float | None) -> dict[str, Any]:
        """The ``extensions`` of an answer."""
        status = {
            "maximumAvailable": self._settings.points,
            "currentlyAvailable": self.left(),
            "restoreRate": self._settings.restored,
        }
        return {"cost": {"requestedQueryCost": asked, "actualQueryCost": paid, "throttleStatus": status}}


class Price:
    """What one document may cost with its variables."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]) -> None:
        self._variables = dict(variables)
        definitions = document.definitions
        self._fragments = {one.name.value: one for one in definitions if isinstance(one, FragmentDefinitionNode)}
        self._operation = next(one for one in definitions if isinstance(one, OperationDefinitionNode))
        self._schema = schema

    def points(self) -> float:
        """The most it can cost."""
        if self._operation.operation is OperationType.MUTATION:
            return MUTATION * sum(isinstance(one, FieldNode) for one in self._operation.selection_set.selections)
        root = self._schema.query_type
        return self._of(self._operation.selection_set, root) if root else 0.0

    def _of(self, selections: SelectionSetNode, parent: GraphQLObjectType) -> float:
        total = 0.0
        for one in selections.selections:
            if isinstance(one, FieldNode):
                total += self._field(one, parent)
            elif isinstance(one, FragmentSpreadNode):
                total += self._of(self._fragments[one.name.value].selection_set, parent)
        return total

    def _field(self, node: FieldNode, parent: GraphQLObjectType) -> float:
        definition = parent.fields.get(node.name.value)
        kind = get_named_type(definition.type) if definition else None
        if definition is None or not isinstance(kind, GraphQLObjectType) or node.selection_set is None:
            return 0.0
        if kind.name == "PageInfo":
            return 0.0
        inner = self._of(node.selection_set, kind)
        if not kind.name.endswith("Connection"):
            return 1.0 + inner
        arguments = get_argument_values(definition, node, self._variables)
        return CONNECTION + float(arguments.get("first") or 0) * inner
