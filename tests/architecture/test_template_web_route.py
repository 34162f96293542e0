"""The route for browsers: its own throttle, its preflight, and nothing that the other routes would share."""

import pytest

from tests.architecture.template import number, properties, resources, target

ROUTE, STAGE, API = "AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Stage", "AWS::ApiGatewayV2::Api"
METHODS = pytest.mark.parametrize("method", ["POST", "OPTIONS"])


def keys() -> dict[str, str]:
    """Logical ids by route key."""
    return {str(one["RouteKey"]): name for name, one in properties(ROUTE).items()}


@METHODS
def test_both_methods_reach_the_intake(method: str) -> None:
    """A preflight that nobody answers lets no browser send JSON."""
    route = properties(ROUTE)[keys()[f"{method} /web/{{store}}"]]
    assert target(route["Target"]) == "ApiIntegration"


@METHODS
def test_browsers_cannot_use_up_what_webhooks_need(method: str) -> None:
    """Anybody can read the token, so the route's throttle is well below the stage's, which opt-outs come through."""
    (stage,) = properties(STAGE).values()
    ours, theirs = stage["RouteSettings"][f"{method} /web/{{store}}"], stage["DefaultRouteSettings"]
    assert 0 < number(ours["ThrottlingRateLimit"]) <= number(theirs["ThrottlingRateLimit"]) / 2
    assert 0 < number(ours["ThrottlingBurstLimit"]) <= number(theirs["ThrottlingBurstLimit"])


def test_only_routes_that_exist_are_throttled_and_they_exist_first() -> None:
    """API Gateway refuses settings of a route that it does not know."""
    (name,) = resources(STAGE)
    throttled = set(properties(STAGE)[name]["RouteSettings"])
    assert throttled <= set(keys())
    assert {keys()[key] for key in throttled} <= set(resources(STAGE)[name]["DependsOn"])


def test_the_api_answers_no_preflight_by_itself() -> None:
    """One list of origins for the whole API would be told to every route, and would take this route's place."""
    (api,) = properties(API).values()
    assert "CorsConfiguration" not in api
