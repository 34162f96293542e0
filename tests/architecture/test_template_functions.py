"""What every function may do, is told, and leaves behind."""

from dataclasses import MISSING, fields
from typing import Any

import pytest
from commerce_sync.settings.consent import (
    BackfillSettings,
    BaselineSettings,
    ConsentSettings,
    DigestSettings,
    LedgerAuditSettings,
    LedgerWatchSettings,
    PollingSettings,
    PrivacySettings,
)
from commerce_sync.settings.intake import IntakeSettings
from commerce_sync.settings.operations import OperationsSettings
from commerce_sync.settings.workers import (
    DeliverySettings,
    DispatchSettings,
    DuplicateAuditSettings,
    NormalizationSettings,
    ProfileSyncSettings,
    RatesSettings,
    SamplingSettings,
    ValidationSettings,
    VerificationSettings,
)

from local.deployment import FUNCTIONS, snake_case
from tests.architecture.golden_permissions import GOLDEN
from tests.architecture.imports import FUNCTIONS as FOLDER
from tests.architecture.template import FUNCTION, LOG_GROUP, ROLE, grants, properties, resources, target

SETTINGS: dict[str, Any] = {
    "WebhookIntake": IntakeSettings,
    "IdentityNormalization": NormalizationSettings,
    "EventDelivery": DeliverySettings,
    "CurrencyRates": RatesSettings,
    "EventValidation": ValidationSettings,
    "DueDispatch": DispatchSettings,
    "ProfileSync": ProfileSyncSettings,
    "DeliveryVerification": VerificationSettings,
    "DuplicateAudit": DuplicateAuditSettings,
    "ContactSampling": SamplingSettings,
    "PrivacyRequests": PrivacySettings,
    "ConsentPropagation": ConsentSettings,
    "LedgerWatch": LedgerWatchSettings,
    "LedgerAudit": LedgerAuditSettings,
    "ChangePolling": PollingSettings,
    "ConsentBaseline": BaselineSettings,
    "HistoryBackfill": BackfillSettings,
    "ReviewDigest": DigestSettings,
    "Operations": OperationsSettings,
}

READ_FOR_ALL = {"AWS_URL_SUFFIX", "METRICS_NAMESPACE"}
"""What the settings module reads for every function alike."""
NAMES = {
    "AlarmName",
    "BucketName",
    "FunctionName",
    "LayerName",
    "LogGroupName",
    "Name",
    "QueueName",
    "RoleName",
    "TableName",
    "TopicName",
}
NAMES_OF_OTHERS = {"AWS::Lambda::Permission", "AWS::Lambda::EventSourceMapping"}
"""They name the function that they belong to."""
VERSIONED = {"AWS::Lambda::LayerVersion"}
"""A stack's layer is a version of its own under a name that SAM gives; two stacks share no version."""
EVERY_FUNCTION = pytest.mark.parametrize("function", sorted(properties(FUNCTION)))


def test_every_function_of_the_repository_is_deployed() -> None:
    """A folder without a resource, or a resource without a folder, is a mistake."""
    folders = {path.parent.name for path in FOLDER.glob("*/app.py")}

    assert {snake_case(name) for name in properties(FUNCTION)} == folders
    assert set(properties(FUNCTION)) == set(FUNCTIONS) == set(SETTINGS) == set(GOLDEN)


@EVERY_FUNCTION
def test_a_function_may_do_what_its_golden_list_says(function: str) -> None:
    """A wider permission is a decision, made here by hand."""
    allowed: dict[str, set[str]] = {}
    for action, resource in grants(function):
        allowed.setdefault(resource, set()).add(action)

    assert allowed == {resource: set(actions.split()) for resource, actions in GOLDEN[function].items()}


@EVERY_FUNCTION
def test_no_permission_holds_a_wildcard(function: str) -> None:
    """Only objects and streams have names that nobody knows beforehand: below a prefix of one bucket, or one table."""
    assert [action for action, _ in grants(function) if "*" in action] == []
    assert {resource for _, resource in grants(function) if "*" in resource} <= {
        "Archive/archive/*",
        "Archive/audits/*",
        "Archive/exports/*",
        "Archive/imports/profiles/*",
        "Archive/imports/*",
        "Checkpoints/checkpoints/*",
        "LedgerTable/stream/*",
    }


@EVERY_FUNCTION
def test_a_function_has_a_role_of_its_own(function: str) -> None:
    """A shared role is the sum of what its users need."""
    role = target(properties(FUNCTION)[function]["Role"])
    users = [name for name, one in properties(FUNCTION).items() if target(one["Role"]) == role]

    assert users == [function]
    assert "ManagedPolicyArns" not in properties(ROLE)[role]


@EVERY_FUNCTION
def test_a_role_is_assumed_by_lambda_alone(function: str) -> None:
    """Nobody else takes a function's place."""
    trusted = properties(ROLE)[target(properties(FUNCTION)[function]["Role"])]["AssumeRolePolicyDocument"]["Statement"]

    assert trusted == [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]


@EVERY_FUNCTION
def test_a_function_writes_to_a_log_group_of_its_own(function: str) -> None:
    """Lambda's default group would keep for ever and outlive the stack."""
    group = target(properties(FUNCTION)[function]["LoggingConfig"]["LogGroup"])
    users = [name for name, one in properties(FUNCTION).items() if target(one["LoggingConfig"]["LogGroup"]) == group]

    assert users == [function]
    assert group in properties(LOG_GROUP)


@EVERY_FUNCTION
def test_a_function_says_how_long_it_may_run(function: str) -> None:
    """Between a second and Lambda's quarter of an hour."""
    assert 1 <= properties(FUNCTION)[function]["Timeout"] <= 900


@EVERY_FUNCTION
def test_a_function_is_told_only_what_its_settings_read(function: str) -> None:
    """A misspelt variable is silently a default."""
    known = {field.name.upper() for field in fields(SETTINGS[function])}
    given = set(properties(FUNCTION)[function]["Environment"]["Variables"])

    assert given - known == READ_FOR_ALL


@EVERY_FUNCTION
def test_a_function_is_told_all_that_its_settings_require(function: str) -> None:
    """A missing variable refuses to start, so it must not be deployed."""
    required = {field.name.upper() for field in fields(SETTINGS[function]) if field.default is MISSING}
    given = set(properties(FUNCTION)[function]["Environment"]["Variables"])

    assert required - given == set()


def test_nothing_has_a_fixed_physical_name() -> None:
    """One account may hold several environments, and a replacement needs a free name."""
    fixed = [
        f"{logical_id}.{name}"
        for logical_id, one in resources().items()
        for name in NAMES & one.get("Properties", {}).keys()
        if one["Type"] not in NAMES_OF_OTHERS | VERSIONED and "${AWS::StackName}" not in str(one["Properties"][name])
    ]

    assert fixed == []


def test_there_are_at_most_four_hundred_resources() -> None:
    """CloudFormation stops at 500."""
    assert len(resources()) <= 400


@EVERY_FUNCTION
def test_the_environment_holds_texts(function: str) -> None:
    """AWS makes texts of numbers; what starts a process with them elsewhere does not."""
    variables = properties(FUNCTION)[function].get("Environment", {}).get("Variables", {})

    assert [name for name, value in variables.items() if isinstance(value, (int, float))] == []
