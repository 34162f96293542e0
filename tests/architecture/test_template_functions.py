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

READ_QUEUE = "sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage"
WRITE_LOGS = "logs:CreateLogStream logs:PutLogEvents"
REDRIVE = "sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage"
SEND_AND_MEASURE = "sqs:GetQueueAttributes sqs:SendMessage"

TEACH = "dynamodb:BatchGetItem dynamodb:DeleteItem dynamodb:PutItem"
"""What learning and deciding who is who takes: neighbourhoods are put, absorbed ones deleted."""

BUDGET = "dynamodb:GetItem dynamodb:PutItem"
"""What whoever calls a vendor takes: the budget is read before a call, and drawn from and paused by a put."""

LEDGER: dict[str, str] = {
    "LedgerTable": "dynamodb:GetItem dynamodb:PutItem dynamodb:Query",
    "HeadsTable": "dynamodb:BatchGetItem dynamodb:GetItem dynamodb:PutItem",
    "ConsentOutboxTable": "dynamodb:BatchGetItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem",
    "SubjectKeysTable": "dynamodb:BatchGetItem dynamodb:GetItem dynamodb:PutItem",
    "ControlTable": "dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem",
    "ConsentKey": "kms:Decrypt kms:GenerateDataKey",
    "IdentityTable": "dynamodb:BatchGetItem dynamodb:PutItem",
    "Pepper": "secretsmanager:GetSecretValue",
}
"""What writing a consent record takes. The ledger itself is put to within a transaction, and nothing else."""

GOLDEN: dict[str, dict[str, str]] = {
    "WebhookIntake": {
        "WebhookIntakeLogs": WRITE_LOGS,
        "InboundQueue": "sqs:SendMessage",
        "ConsentInboundQueue": "sqs:SendMessage",
        "Archive/archive/*": "s3:PutObject",
        "SigningSecrets": "secretsmanager:GetSecretValue",
    },
    "IdentityNormalization": {
        "IdentityNormalizationLogs": WRITE_LOGS,
        "Archive": "s3:ListBucket s3:ListBucketVersions",  # without the first S3 answers 403 for what is gone
        "Archive/archive/*": "s3:DeleteObject s3:DeleteObjectVersion s3:GetObject s3:PutObject",
        "IdentityTable": TEACH,
        "TracesTable": "dynamodb:BatchGetItem dynamodb:BatchWriteItem",
        "QuarantineTable": "dynamodb:PutItem",
        "Pepper": "secretsmanager:GetSecretValue",
        "BudgetTable": BUDGET,
        "VendorTokens": "secretsmanager:GetSecretValue",
        "EventsQueue": "sqs:SendMessage",
        "ProfileChangesQueue": "sqs:SendMessage",
        "PrivacyQueue": "sqs:SendMessage",
        "OptOutsQueue": "sqs:SendMessage",
        "OptInsQueue": "sqs:SendMessage",
        "InboundQueue": READ_QUEUE,
        "ConsentInboundQueue": READ_QUEUE,
    },
    "EventDelivery": {
        "EventDeliveryLogs": WRITE_LOGS,
        "ControlTable": "dynamodb:GetItem dynamodb:PutItem",
        "RatesTable": "dynamodb:Query",
        "EventChecksTable": "dynamodb:BatchWriteItem",
        "OrderBookTable": "dynamodb:BatchGetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem",
        "IdentityTable": "dynamodb:BatchGetItem",
        "Pepper": "secretsmanager:GetSecretValue",
        "BudgetTable": BUDGET,
        "VendorTokens": "secretsmanager:GetSecretValue",
        "EventsQueue": READ_QUEUE,
    },
    "CurrencyRates": {
        "CurrencyRatesLogs": WRITE_LOGS,
        "RatesTable": "dynamodb:PutItem dynamodb:Query",
    },
    "EventValidation": {
        "EventValidationLogs": WRITE_LOGS,
        "EventChecksTable": "dynamodb:GetItem dynamodb:PutItem dynamodb:Query",
        "QuarantineTable/index/received": "dynamodb:Query",
    },
    "DueDispatch": {
        "DueDispatchLogs": WRITE_LOGS,
        "OrderBookTable/index/due": "dynamodb:Query",
        "OrderBookTable": "dynamodb:UpdateItem",
        "ConsentOutboxTable/index/due": "dynamodb:Query",
        "ConsentOutboxTable": "dynamodb:UpdateItem",
        "EventsQueue": "sqs:SendMessage",
        "ProfileChangesQueue": "sqs:SendMessage",
        "PrivacyQueue": "sqs:SendMessage",
        "OptOutsQueue": SEND_AND_MEASURE,
        "OptInsQueue": SEND_AND_MEASURE,
    },
    "ProfileSync": {
        "ProfileSyncLogs": WRITE_LOGS,
        "ControlTable": "dynamodb:GetItem",
        "IdentityTable": f"{TEACH} dynamodb:UpdateItem",
        "OrderBookTable": "dynamodb:BatchGetItem dynamodb:BatchWriteItem dynamodb:PutItem dynamodb:UpdateItem",
        "TracesTable": "dynamodb:Query",
        "RatesTable": "dynamodb:Query",
        "Archive": "s3:ListBucket",
        "Archive/imports/profiles/*": "s3:GetObject s3:PutObject",
        "Pepper": "secretsmanager:GetSecretValue",
        "BudgetTable": BUDGET,
        "VendorTokens": "secretsmanager:GetSecretValue",
        "ProfileChangesQueue": READ_QUEUE,
    },
    "DeliveryVerification": {
        "DeliveryVerificationLogs": WRITE_LOGS,
        "OrderBookTable/index/due": "dynamodb:Query",
        "OrderBookTable": "dynamodb:BatchGetItem",
        "Archive": "s3:ListBucket",
        "Archive/audits/*": "s3:GetObject s3:PutObject",
        "BudgetTable": BUDGET,
        "VendorTokens": "secretsmanager:GetSecretValue",
    },
    "DuplicateAudit": {
        "DuplicateAuditLogs": WRITE_LOGS,
        "Archive": "s3:ListBucket",
        "Archive/audits/*": "s3:GetObject s3:PutObject",
        "BudgetTable": BUDGET,
        "VendorTokens": "secretsmanager:GetSecretValue",
        "Pepper": "secretsmanager:GetSecretValue",
        "IdentityTable": TEACH,
        "DuplicateAuditQueue": f"{READ_QUEUE} sqs:SendMessage",
    },
    "ContactSampling": {
        "ContactSamplingLogs": WRITE_LOGS,
        "ControlTable": "dynamodb:GetItem",
        "IdentityTable": "dynamodb:BatchGetItem dynamodb:Scan",
        "OrderBookTable": "dynamodb:BatchGetItem",
        "TracesTable": "dynamodb:Query",
        "RatesTable": "dynamodb:Query",
        "Archive": "s3:ListBucket",
        "Archive/audits/*": "s3:GetObject s3:PutObject",
        "BudgetTable": BUDGET,
        "VendorTokens": "secretsmanager:GetSecretValue",
        "Pepper": "secretsmanager:GetSecretValue",
    },
    "PrivacyRequests": {
        **LEDGER,
        "SubjectKeysTable": f"{LEDGER['SubjectKeysTable']} dynamodb:DeleteItem",
        "PrivacyRequestsLogs": WRITE_LOGS,
        "PrivacyTable": "dynamodb:GetItem dynamodb:PutItem",
        "TracesTable": "dynamodb:BatchWriteItem dynamodb:Query",
        "IdentityTable": f"{TEACH} dynamodb:GetItem dynamodb:Scan",
        "OrderBookTable": "dynamodb:DeleteItem dynamodb:PutItem dynamodb:Query dynamodb:Scan dynamodb:UpdateItem",
        "QuarantineTable": "dynamodb:DeleteItem dynamodb:Query dynamodb:Scan",
        "Archive": "s3:ListBucket s3:ListBucketVersions",
        "Archive/archive/*": "s3:DeleteObject s3:DeleteObjectVersion s3:GetObject",
        "Archive/exports/*": "s3:DeleteObject s3:DeleteObjectVersion s3:PutObject",
        "BudgetTable": BUDGET,
        "VendorTokens": "secretsmanager:GetSecretValue",
        "Pepper": "secretsmanager:GetSecretValue",
        "PrivacyQueue": READ_QUEUE,
    },
    "ConsentPropagation": {
        **LEDGER,
        "ConsentPropagationLogs": WRITE_LOGS,
        "BudgetTable": BUDGET,
        "VendorTokens": "secretsmanager:GetSecretValue",
        "OptOutsQueue": READ_QUEUE,
        "OptInsQueue": READ_QUEUE,
    },
    "LedgerWatch": {
        "LedgerWatchLogs": WRITE_LOGS,
        "LedgerTable.StreamArn": "dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator",
        "LedgerTable/stream/*": "dynamodb:ListStreams",  # Lambda refuses the mapping without it
        "LedgerWatchDeadLetters": "sqs:SendMessage",
    },
    "LedgerAudit": {
        "LedgerAuditLogs": WRITE_LOGS,
        "LedgerTable": "dynamodb:Query dynamodb:Scan",
        "HeadsTable": "dynamodb:BatchGetItem dynamodb:GetItem dynamodb:Scan dynamodb:UpdateItem",
        "HeadsTable/index/unsealed": "dynamodb:Query",
        "ControlTable": "dynamodb:GetItem dynamodb:PutItem",
        "Checkpoints": "s3:ListBucket",
        "Checkpoints/checkpoints/*": "s3:GetObject s3:PutObject s3:PutObjectRetention",
        "CheckpointKey": "kms:Sign kms:Verify",
    },
    "ChangePolling": {
        "ChangePollingLogs": WRITE_LOGS,
        "ControlTable": "dynamodb:GetItem dynamodb:PutItem",
        "BudgetTable": BUDGET,
        "VendorTokens": "secretsmanager:GetSecretValue",
        "OptOutsQueue": "sqs:SendMessage",
        "OptInsQueue": "sqs:SendMessage",
        "InboundQueue": "sqs:SendMessage",
        "ProfileChangesQueue": "sqs:SendMessage",
        "OrderBookTable": "dynamodb:BatchGetItem dynamodb:BatchWriteItem",
        "IdentityTable": "dynamodb:BatchGetItem dynamodb:PutItem",
        "TracesTable": "dynamodb:Query",
        "Pepper": "secretsmanager:GetSecretValue",
        "Archive/archive/*": "s3:PutObject",
    },
    "ConsentBaseline": {
        **LEDGER,
        "ConsentBaselineLogs": WRITE_LOGS,
        "ConsentOutboxTable/index/due": "dynamodb:Query",
        "BudgetTable": BUDGET,
        "VendorTokens": "secretsmanager:GetSecretValue",
        "Archive": "s3:ListBucket",
        "Archive/audits/*": "s3:DeleteObject s3:GetObject s3:PutObject",
        "BaselineQueue": f"{READ_QUEUE} sqs:SendMessage",
    },
    "HistoryBackfill": {
        "HistoryBackfillLogs": WRITE_LOGS,
        "ControlTable": "dynamodb:GetItem dynamodb:PutItem",
        "BudgetTable": BUDGET,
        "VendorTokens": "secretsmanager:GetSecretValue",
        "InboundQueue": SEND_AND_MEASURE,
        "ProfileChangesQueue": SEND_AND_MEASURE,
        "EventsQueue": "sqs:GetQueueAttributes",
        "OrderBookTable": "dynamodb:BatchGetItem",
        "Archive/archive/*": "s3:PutObject",
    },
    "ReviewDigest": {
        "ReviewDigestLogs": WRITE_LOGS,
        "HeadsTable/index/waits": "dynamodb:Query",
        "ConsentOutboxTable/index/due": "dynamodb:Query",
        "Alarms": "sns:Publish",
    },
    "Operations": {
        "OperationsLogs": WRITE_LOGS,
        "OrderBookTable/index/due": "dynamodb:Query",
        "OrderBookTable": "dynamodb:BatchGetItem dynamodb:PutItem dynamodb:UpdateItem",
        "RatesTable": "dynamodb:Query",
        "PrivacyTable": "dynamodb:GetItem dynamodb:PutItem dynamodb:Scan",
        "TracesTable": "dynamodb:Query",
        **LEDGER,
        "LedgerTable": f"{LEDGER['LedgerTable']} dynamodb:Scan",
        "HeadsTable": f"{LEDGER['HeadsTable']} dynamodb:Scan",
        "HeadsTable/index/waits": "dynamodb:Query",
        "ConsentOutboxTable/index/due": "dynamodb:Query",
        "ControlTable": f"{LEDGER['ControlTable']} dynamodb:Scan",
        "Checkpoints": "s3:ListBucket",
        "Checkpoints/checkpoints/*": "s3:GetObject",
        "CheckpointKey": "kms:Verify",
        "IdentityTable": f"{TEACH} dynamodb:Scan",
        "QuarantineTable": "dynamodb:Scan dynamodb:UpdateItem",
        "EventChecksTable": "dynamodb:GetItem",
        "Archive": "s3:ListBucket",
        "Archive/archive/*": "s3:GetObject s3:PutObject",
        "Archive/imports/*": "s3:GetObject",
        "Archive/audits/*": "s3:DeleteObject s3:GetObject s3:PutObject",
        "BudgetTable": f"{BUDGET} dynamodb:Scan",
        "SigningSecrets": "secretsmanager:GetSecretValue",
        "VendorTokens": "secretsmanager:GetSecretValue",
        "InboundQueue": SEND_AND_MEASURE,
        "ConsentInboundQueue": SEND_AND_MEASURE,
        "EventsQueue": SEND_AND_MEASURE,
        "ProfileChangesQueue": SEND_AND_MEASURE,
        "DuplicateAuditQueue": SEND_AND_MEASURE,
        "PrivacyQueue": SEND_AND_MEASURE,
        "OptOutsQueue": SEND_AND_MEASURE,
        "OptInsQueue": SEND_AND_MEASURE,
        "BaselineQueue": SEND_AND_MEASURE,
        "InboundDeadLetters": REDRIVE,
        "ConsentInboundDeadLetters": REDRIVE,
        "EventsDeadLetters": REDRIVE,
        "ProfileChangesDeadLetters": REDRIVE,
        "DuplicateAuditDeadLetters": REDRIVE,
        "PrivacyDeadLetters": REDRIVE,
        "OptOutsDeadLetters": REDRIVE,
        "OptInsDeadLetters": REDRIVE,
        "BaselineDeadLetters": REDRIVE,
    },
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
