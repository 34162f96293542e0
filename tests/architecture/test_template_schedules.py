"""What runs by a schedule rings when it fails, and when it does not run."""

import re
from collections import defaultdict
from collections.abc import Mapping

import pytest

from tests.architecture.template import ALARM, Properties, properties, target

MINUTE, HOUR, DAY = 60, 3600, 86400
RULE = "AWS::Events::Rule"
UNITS = {"minute": MINUTE, "hour": HOUR, "day": DAY}
NOT_MISSED = {"DuplicateAudit", "ContactSampling"}
"""Once a week, for a report that anybody can ask for: a week without one harms nobody."""


def interval(expression: str) -> int:
    """Seconds between two runs of a schedule."""
    if rate := re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression):
        return int(rate[1]) * UNITS[rate[2]]
    daily = re.fullmatch(r"cron\(\d+ \d+ (\*|\?) \* (\?|\*|[A-Z]{3}) \*\)", expression)
    assert daily, f"say how often {expression} runs"
    return DAY if daily[2] in "?*" else 7 * DAY


def schedules() -> Mapping[str, list[int]]:
    """The intervals of each scheduled function."""
    found: dict[str, list[int]] = defaultdict(list)
    for rule in properties(RULE).values():
        for one in rule["Targets"]:
            found[target(one["Arn"])].append(interval(rule["ScheduleExpression"]))
    return found


def alarms_on(function: str, metric: str) -> list[Properties]:
    """The alarms on a function's own metric."""
    return [
        one
        for one in properties(ALARM).values()
        if (one["Namespace"], one["MetricName"]) == ("AWS/Lambda", metric)
        and [target(dimension["Value"]) for dimension in one["Dimensions"]] == [function]
    ]


def window(alarm: Properties) -> int:
    """The seconds that an alarm looks at."""
    return int(alarm["Period"]) * int(alarm["EvaluationPeriods"])


def can_ring(alarm: Properties, every: int) -> bool:
    """Whether failing at each run, and only then, gives as many bad periods as the alarm wants."""
    wanted = alarm.get("DatapointsToAlarm", alarm["EvaluationPeriods"])
    return bool(wanted == 1 or alarm["Period"] >= every or wanted * every <= window(alarm))


@pytest.mark.parametrize(
    ("expression", "seconds"),
    [("rate(15 minutes)", 900), ("rate(1 minute)", 60), ("cron(41 2 * * ? *)", DAY), ("cron(17 3 ? * SUN *)", 7 * DAY)],
)
def test_intervals_are_read(expression: str, seconds: int) -> None:
    """As the schedules below write them."""
    assert interval(expression) == seconds


def test_there_are_schedules_to_check() -> None:
    """An empty list would pass every test below."""
    assert set(schedules()) >= {"DueDispatch", "LedgerAudit", "ChangePolling", "ReviewDigest", "DuplicateAudit"}


@pytest.mark.parametrize("function", sorted(schedules()))
def test_a_scheduled_function_that_fails_at_every_run_rings(function: str) -> None:
    """Three bad minutes in a row never come from what runs every quarter of an hour, or every second minute."""
    (alarm,) = alarms_on(function, "Errors")
    slowest = max(schedules()[function])
    assert can_ring(alarm, slowest), f"{function}: a run every {slowest} s never breaches {alarm}"


def test_the_rule_catches_an_alarm_that_cannot_ring() -> None:
    """As it was: three of three minutes, for what runs every quarter of an hour."""
    assert not can_ring({"Period": 60, "EvaluationPeriods": 3, "DatapointsToAlarm": 3}, 900)
    assert not can_ring({"Period": 60, "EvaluationPeriods": 3}, 120)
    assert can_ring({"Period": 60, "EvaluationPeriods": 3}, 60)


@pytest.mark.parametrize("function", sorted(set(schedules()) - NOT_MISSED))
def test_a_scheduled_function_that_does_not_run_rings(function: str) -> None:
    """No data is what a rule that was disabled, or a function without concurrency, looks like."""
    (alarm,) = alarms_on(function, "Invocations")
    every = min(schedules()[function])
    assert (alarm["Statistic"], alarm["Threshold"], alarm["ComparisonOperator"]) == ("Sum", 1, "LessThanThreshold")
    assert alarm["TreatMissingData"] == "breaching"
    assert alarm["Period"] >= every or "DatapointsToAlarm" not in alarm
    assert every < window(alarm) <= max(5 * every, 5 * MINUTE)


def test_a_day_without_a_verified_ledger_rings() -> None:
    """Sealing runs more often in the same function, and would hide it."""
    (alarm,) = [one for one in properties(ALARM).values() if one["MetricName"] == "LedgerVerified"]
    assert (alarm["TreatMissingData"], alarm["ComparisonOperator"]) == ("breaching", "LessThanThreshold")
    assert DAY < window(alarm) < 2 * DAY


@pytest.mark.parametrize("alarm", sorted(properties(ALARM)))
def test_an_alarm_looks_no_farther_back_than_cloudwatch_does(alarm: str) -> None:
    """A day, or a week where its periods are an hour or longer (CloudWatch, PutMetricAlarm)."""
    own = properties(ALARM)[alarm]
    assert window(own) <= (7 * DAY if own["Period"] >= HOUR else DAY)
