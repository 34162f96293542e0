"""What every queue, its consumer and its alarm must be."""

import pytest

from tests.architecture.template import (
    ALARM,
    FUNCTION,
    QUEUE,
    TOPIC,
    dead_letter_queue,
    dead_letter_queues,
    grants,
    number,
    properties,
    queue_mappings,
    resources,
    stream_mappings,
    target,
    template,
)

DAY = 24 * 60 * 60
MAPPINGS = sorted(queue_mappings())
SOURCES = sorted(set(properties(QUEUE)) - dead_letter_queues())
DEAD_LETTERS = sorted(dead_letter_queues())
LAMBDA_ERRORS = ("AWS/Lambda", "Errors")


def test_there_are_queues_to_check() -> None:
    """An empty list would pass every test below."""
    assert (len(MAPPINGS), len(SOURCES), len(DEAD_LETTERS)) == (9, 9, 10)


@pytest.mark.parametrize("mapping", MAPPINGS)
def test_a_message_stays_invisible_six_times_as_long_as_its_function_may_run(mapping: str) -> None:
    """AWS asks for six, so that a throttled batch is not handed to a second worker meanwhile."""
    source = queue_mappings()[mapping]
    queue = properties(QUEUE)[target(source["EventSourceArn"])]
    function = properties(FUNCTION)[target(source["FunctionName"])]

    assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]


@pytest.mark.parametrize("mapping", MAPPINGS)
def test_a_mapping_returns_failed_messages_alone(mapping: str) -> None:
    """One bad message must not bring its neighbours back."""
    assert queue_mappings()[mapping]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize("mapping", MAPPINGS)
def test_a_mapping_bounds_its_concurrency(mapping: str) -> None:
    """Vendors have limits, and a new account has ten concurrent executions in all."""
    assert 2 <= number(queue_mappings()[mapping]["ScalingConfig"]["MaximumConcurrency"]) <= 10


def test_a_batch_of_looks_can_be_taken_over_and_settled_in_time() -> None:
    """Fifty rows a message, each written twice, a hundred writes a second: else a run ends before its rows do."""
    mapping = next(one for one in queue_mappings().values() if target(one["EventSourceArn"]) == "ProfileChangesQueue")
    rows = number(mapping["BatchSize"]) * 50
    assert 2 * rows / 100 <= properties(FUNCTION)["ProfileSync"]["Timeout"] - 20


@pytest.mark.parametrize("queue", SOURCES)
def test_a_queue_has_one_consumer(queue: str) -> None:
    """A queue nobody reads loses everything after four days."""
    readers = [name for name, one in queue_mappings().items() if target(one["EventSourceArn"]) == queue]

    assert len(readers) == 1


@pytest.mark.parametrize("queue", SOURCES)
def test_a_queue_gives_up_into_a_queue_of_its_own(queue: str) -> None:
    """Two queues in one dead-letter queue could not be redriven apart."""
    own = properties(QUEUE)[queue]
    users = [name for name in SOURCES if dead_letter_queue(properties(QUEUE)[name]) == dead_letter_queue(own)]

    assert users == [queue]
    assert own["RedrivePolicy"]["maxReceiveCount"] >= 3


@pytest.mark.parametrize("queue", ["InboundQueue", "ConsentInboundQueue"])
def test_a_delivery_outlives_a_night_in_which_its_store_does_not_answer(queue: str) -> None:
    """Thousands of thin ones at once take as long, and an opt-out among them needs no person; it rings meanwhile."""
    own = properties(QUEUE)[queue]
    alarms = [one for one in properties(ALARM).values() if one["MetricName"] == "HeldUpDeliveries"]

    assert own["RedrivePolicy"]["maxReceiveCount"] * own["VisibilityTimeout"] >= DAY / 2
    assert [one["Period"] * one["EvaluationPeriods"] for one in alarms] == [900]


@pytest.mark.parametrize("queue", SOURCES)
def test_a_source_queue_keeps_four_days(queue: str) -> None:
    """A long weekend: releases overlap no longer than that."""
    assert properties(QUEUE)[queue]["MessageRetentionPeriod"] == 4 * DAY


@pytest.mark.parametrize("queue", DEAD_LETTERS)
def test_dead_letters_keep_fourteen_days(queue: str) -> None:
    """The most SQS offers; a redriven message keeps its first date."""
    assert properties(QUEUE)[queue]["MessageRetentionPeriod"] == 14 * DAY


@pytest.mark.parametrize("queue", DEAD_LETTERS)
def test_the_first_dead_letter_raises_an_alarm(queue: str) -> None:
    """One message that waits for a person is one too many to overlook."""
    alarms = [
        alarm
        for alarm in properties(ALARM).values()
        if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
        and [target(one["Value"]) for one in alarm["Dimensions"] if one["Name"] == "QueueName"] == [queue]
    ]

    assert [(one["Threshold"], one["ComparisonOperator"], one["Statistic"]) for one in alarms] == [
        (0, "GreaterThanThreshold", "Maximum")
    ]


@pytest.mark.parametrize("queue", sorted(properties(QUEUE)))
def test_a_queue_is_encrypted_and_standard(queue: str) -> None:
    """Messages hold personal data; and order never matters, so none is FIFO."""
    own = properties(QUEUE)[queue]

    assert own.get("SqsManagedSseEnabled") is True
    assert "FifoQueue" not in own


@pytest.mark.parametrize("alarm", sorted(properties(ALARM)))
def test_an_alarm_tells_the_alarms_topic(alarm: str) -> None:
    """An alarm without an action is a colour on a page nobody has open."""
    assert [target(action) for action in properties(ALARM)[alarm]["AlarmActions"]] == list(resources(TOPIC))


@pytest.mark.parametrize("function", sorted(set(properties(FUNCTION)) - {"Operations"}))
def test_a_function_that_fails_rings(function: str) -> None:
    """Whoever gives a command sees its answer; nobody sees what runs by itself."""
    errors = [one for one in properties(ALARM).values() if (one["Namespace"], one["MetricName"]) == LAMBDA_ERRORS]
    watched = [target(dimension["Value"]) for one in errors for dimension in one["Dimensions"]]

    assert watched.count(function) == 1


@pytest.mark.parametrize("metric", ["PrivacyRequestsWaiting", "OverduePrivacyRequests"])
def test_a_privacy_request_that_waits_for_a_person_rings(metric: str) -> None:
    """The law sets the time for an answer."""
    assert [name for name, one in properties(ALARM).items() if one["MetricName"] == metric] != []


@pytest.mark.parametrize("mapping", sorted(stream_mappings()))
def test_a_stream_mapping_gives_up_on_one_record_only(mapping: str) -> None:
    """One bad record must not hold up the stream until its records expire: it is halved out and kept for a person."""
    own = stream_mappings()[mapping]

    assert own["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert own["BisectBatchOnFunctionError"] is True
    assert 1 <= own["MaximumRetryAttempts"] <= 100


@pytest.mark.parametrize("mapping", sorted(stream_mappings()))
def test_the_reader_of_a_stream_may_do_all_that_its_mapping_asks_for(mapping: str) -> None:
    """Lambda refuses to make the mapping without one of them (AWSLambdaDynamoDBExecutionRole)."""
    own = stream_mappings()[mapping]
    table = target(own["EventSourceArn"])
    granted = {action for action, where in grants(target(own["FunctionName"])) if where.startswith(table)}

    wanted = ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
    assert granted >= {f"dynamodb:{action}" for action in wanted}


@pytest.mark.parametrize(
    "metric",
    [
        *("LedgerTampered", "LedgerUnsound", "LedgerLost"),
        *("ConsentNotTaken", "ParkedConsent", "ConsentDestinationFailed", "CredentialsRefused"),
    ],
)
def test_what_endangers_consent_rings(metric: str) -> None:
    """A changed ledger, a lost one, and an opt-out that a destination does not show."""
    assert [name for name, one in properties(ALARM).items() if one["MetricName"] == metric] != []


def test_an_opt_out_that_waits_a_quarter_of_an_hour_rings() -> None:
    """Whatever the reason: a vendor that is down, a refused token, a limit, a worker that fails."""
    alarms = [one for one in properties(ALARM).values() if one["MetricName"] == "OldestOptOutSeconds"]

    assert [(one["Statistic"], one["Threshold"], one["ComparisonOperator"]) for one in alarms] == [
        ("Maximum", 900, "GreaterThanThreshold")
    ]
    assert [one["Period"] * one["EvaluationPeriods"] for one in alarms] == [60]


def test_cloudwatch_may_publish_on_the_alarms_topic() -> None:
    """The key alias/aws/sns admits no CloudWatch alarm, and its policy cannot be edited: no action would ever run.

    (AWS Knowledge Center, "configure a CloudWatch alarm with an encrypted SNS topic".)
    """
    keys = {name: one.get("KmsMasterKeyId") for name, one in properties(TOPIC).items()}

    assert "alias/aws/sns" not in keys.values()


def test_a_promise_is_owned_longer_than_its_worker_may_run() -> None:
    """Otherwise the dispatcher gives it to a second worker while the first one still sends."""
    lease = template()["Parameters"]["LeaseSeconds"]["Default"]

    assert lease > properties(FUNCTION)["EventDelivery"]["Timeout"]
