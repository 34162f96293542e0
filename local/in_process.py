"""The bundle inside this process: resources (moto) made from the translated template, and each function's environment.

Used by the integration tests and by ``make invoke``: nothing listens, nothing leaves the process.
"""

import importlib.util
import json
import os
import re
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

import boto3
from botocore.exceptions import ClientError
from commerce_sync.aws.clients import forget_clients
from commerce_sync.aws.lean import use_transport
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.composing.clients import forget_budgets
from commerce_sync.composing.hydrating import forget_records
from commerce_sync.composing.identity import forget_peppers
from commerce_sync.settings import settings_for
from moto import mock_aws

from local.deployment import FUNCTIONS, snake_case
from local.emulator import CREDENTIALS
from local.places import REGION, ROOT, STACK_NAME
from local.translation import translate_template

ACCOUNT = "123456789012"
REFERENCE = re.compile(r"\$\{([A-Za-z0-9:]+)\}")


@cache
def translated() -> dict[str, Any]:
    """The translated template, once."""
    return translate_template()


class InProcessBundle:
    """Tables, queues, the archive and secrets by logical id, and the environment that the template gives a function."""

    def __init__(self, parameters: Mapping[str, str]) -> None:
        self._template = translated()
        defaults = {name: str(one.get("Default", "")) for name, one in self._template["Parameters"].items()}
        self.names: dict[str, str] = {
            "AWS::StackName": STACK_NAME,
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::Region": REGION,
            "Api": "sample",
            **defaults,
            **parameters,
        }
        for logical_id, resource in self._template["Resources"].items():
            make = MAKERS.get(resource["Type"])
            if make:
                self.names[logical_id] = make(logical_id, resource.get("Properties", {}))

    def environment(self, function: str) -> dict[str, str]:
        """A function's environment variables, resolved."""
        variables = self._template["Resources"][function]["Properties"]["Environment"]["Variables"]
        return {name: self._resolve(value) for name, value in variables.items()}

    def put_secret(self, logical_id: str, value: Mapping[str, Any]) -> None:
        """Set a secret's value."""
        manager = _client("secretsmanager")
        manager.put_secret_value(SecretId=self.names[logical_id], SecretString=json.dumps(value))

    @contextmanager
    def function(self, name: str, overrides: Mapping[str, str] | None = None) -> Iterator[ModuleType]:
        """A function's module, imported afresh in its own environment. ``name`` is its folder's."""
        known = {snake_case(one): one for one in FUNCTIONS}
        if name not in known:
            raise ValueError(f"there is no function {name!r}; one of {', '.join(known)}")
        logical_id = known[name]
        before = dict(os.environ)
        os.environ.update({**self.environment(logical_id), **(overrides or {})})
        _forget()
        try:
            yield load_function(name)
        finally:
            os.environ.clear()
            os.environ.update(before)
            _forget()

    def _resolve(self, value: Any) -> str:
        if isinstance(value, dict):
            kind, argument = next(iter(value.items()))
            if kind == "Ref":
                return self.names[argument]
            if kind == "Fn::Sub":
                return REFERENCE.sub(lambda match: self.names[match[1]], argument)
            raise NotImplementedError(kind)
        return str(value)


@contextmanager
def in_process_bundle(parameters: Mapping[str, str] | None = None) -> Iterator[InProcessBundle]:
    """A fresh bundle, gone at the end."""
    before = dict(os.environ)
    os.environ.update(CREDENTIALS)
    os.environ.pop("AWS_ENDPOINT_URL", None)
    try:
        with mock_aws():
            _client.cache_clear()
            _forget()
            use_transport(_to_moto)
            yield InProcessBundle(parameters or {})
    finally:
        use_transport(None)
        os.environ.clear()
        os.environ.update(before)
        _forget()


def load_function(name: str) -> ModuleType:
    """Import ``functions/<name>/app.py`` as a module of its own."""
    path = ROOT / "functions" / name / "app.py"
    spec = importlib.util.spec_from_file_location(f"functions.{name}.app", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"there is no function {name}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class LambdaContext:
    """What Lambda tells a handler about its invocation."""

    function_name = "local"
    memory_limit_in_mb = 512
    invoked_function_arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:local"
    aws_request_id = "00000000-0000-4000-8000-000000000000"

    def __init__(self, milliseconds: int = 60_000) -> None:
        self._milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        """How long the invocation may still run."""
        return self._milliseconds


@cache
def _client(service: str) -> Any:
    """One client a service: making one costs more than most of what is asked of it."""
    return boto3.client(service, region_name=REGION)


def _forget() -> None:
    """Forget what a process remembers between invocations: a new environment is a cold start."""
    forget_clients()
    forget_peppers()
    forget_records()
    forget_budgets()
    settings_for.cache_clear()
    cached_secret.cache_clear()


def _to_moto(_url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
    """What :mod:`commerce_sync.aws.lean` sends, through a client that moto answers."""
    service, operation = TARGETS[headers["X-Amz-Target"]]
    try:
        answer = getattr(_client(service), operation)(**json.loads(body))
    except ClientError as error:
        return int(error.response["ResponseMetadata"]["HTTPStatusCode"]), b"{}"
    return 200, json.dumps({name: value for name, value in answer.items() if isinstance(value, str)}).encode()


TARGETS = {
    "AmazonSQS.SendMessage": ("sqs", "send_message"),
    "secretsmanager.GetSecretValue": ("secretsmanager", "get_secret_value"),
}


def _table(logical_id: str, properties: Mapping[str, Any]) -> str:
    kept = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    arguments = {name: properties[name] for name in kept if name in properties}
    _client("dynamodb").create_table(TableName=logical_id, **arguments)
    return logical_id


def _key(_logical_id: str, properties: Mapping[str, Any]) -> str:
    kept = {name: properties[name] for name in ("KeySpec", "KeyUsage") if name in properties}
    return str(_client("kms").create_key(**kept)["KeyMetadata"]["KeyId"])


def _topic(logical_id: str, _properties: Mapping[str, Any]) -> str:
    return str(_client("sns").create_topic(Name=logical_id)["TopicArn"])


def _queue(logical_id: str, _properties: Mapping[str, Any]) -> str:
    return str(_client("sqs").create_queue(QueueName=logical_id)["QueueUrl"])


def _bucket(logical_id: str, properties: Mapping[str, Any]) -> str:
    locked = {"ObjectLockEnabledForBucket": True} if properties.get("ObjectLockEnabled") else {}
    _client("s3").create_bucket(Bucket=logical_id.lower(), **locked)
    return logical_id.lower()


def _secret(logical_id: str, properties: Mapping[str, Any]) -> str:
    manager = _client("secretsmanager")
    generated = properties.get("GenerateSecretString")
    text = _generated(generated) if generated else properties["SecretString"]
    return str(manager.create_secret(Name=logical_id, SecretString=text)["ARN"])


def _generated(how: Mapping[str, Any]) -> str:
    """A secret as Secrets Manager makes it: the template with one random key more."""
    value = secrets.token_hex(how["PasswordLength"] // 2)
    return json.dumps(json.loads(how["SecretStringTemplate"]) | {how["GenerateStringKey"]: value})


MAKERS = {
    "AWS::DynamoDB::Table": _table,
    "AWS::KMS::Key": _key,
    "AWS::SNS::Topic": _topic,
    "AWS::SQS::Queue": _queue,
    "AWS::S3::Bucket": _bucket,
    "AWS::SecretsManager::Secret": _secret,
}
