"""What keeps data must keep it; what must forget, must forget."""

import pytest

from tests.architecture.template import BUCKET, LOG_GROUP, TABLE, properties, resources

SECRET = "AWS::SecretsManager::Secret"
TABLES = sorted(properties(TABLE))
FORGETTING = {"TracesTable", "EventChecksTable"}
BUCKETS = sorted(properties(BUCKET))
LOCKED = {"Checkpoints"}
"""Nobody can delete there before its time: hashes, and nothing else."""
LEDGER = "LedgerTable"
SECRETS = sorted(properties(SECRET))


@pytest.mark.parametrize("name", [*TABLES, *BUCKETS, *SECRETS])
def test_what_holds_data_outlives_its_stack(name: str) -> None:
    """Deleting or replacing a stack deletes no customer's history."""
    own = resources()[name]

    assert (own["DeletionPolicy"], own["UpdateReplacePolicy"]) == ("Retain", "Retain")


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_protected_and_can_be_restored(name: str) -> None:
    """Against a slip of the hand, and against a bug."""
    table = properties(TABLE)[name]

    assert table["DeletionProtectionEnabled"] is True
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert table["SSESpecification"]["SSEEnabled"] is True


@pytest.mark.parametrize("name", sorted(set(TABLES) - FORGETTING))
def test_a_table_forgets_nothing_by_itself(name: str) -> None:
    """A promise or a profile that expired quietly would be work lost; a trace goes with the object it leads to.

    What event validation saw has been counted for weeks when it goes.
    """
    assert "TimeToLiveSpecification" not in properties(TABLE)[name]


@pytest.mark.parametrize("name", BUCKETS)
def test_a_bucket_is_encrypted_and_closed_to_the_public(name: str) -> None:
    """It holds whole deliveries, personal data included."""
    bucket = properties(BUCKET)[name]
    encryption = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    access = bucket["PublicAccessBlockConfiguration"]

    assert [rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] for rule in encryption] == ["AES256"]
    assert access == dict.fromkeys(
        ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"], True
    )


@pytest.mark.parametrize("name", sorted(set(BUCKETS) - LOCKED))
def test_a_bucket_lets_everything_expire(name: str) -> None:
    """The archive is for replay, not for keeping: a rule without a filter covers every object."""
    rules = properties(BUCKET)[name]["LifecycleConfiguration"]["Rules"]
    expiring = [rule for rule in rules if rule["Status"] == "Enabled" and "ExpirationInDays" in rule]

    assert [rule for rule in expiring if not rule.keys() & {"Prefix", "TagFilters"}] != []


@pytest.mark.parametrize("name", sorted(LOCKED))
def test_a_checkpoint_cannot_be_deleted_by_anybody(name: str) -> None:
    """Compliance mode binds the account's owner too."""
    bucket = properties(BUCKET)[name]

    assert bucket["ObjectLockEnabled"] is True
    assert bucket["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]["Mode"] == "COMPLIANCE"
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}


def test_the_ledger_refuses_to_be_changed_once_its_policy_is_attached() -> None:
    """Deny wins over every role: items are put within transactions and never changed; two roles manage the table."""
    condition, policy, otherwise = properties(TABLE)[LEDGER]["ResourcePolicy"]["Fn::If"]
    statements = {one["Sid"]: one for one in policy["PolicyDocument"]["Statement"]}

    assert (condition, otherwise) == ("GuardLedger", {"Ref": "AWS::NoValue"})
    assert {(one["Effect"], one["Principal"]) for one in statements.values()} == {("Deny", "*")}
    assert {"dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"} <= set(
        statements["EntriesAreForEver"]["Action"]
    )
    assert "Condition" not in statements["EntriesAreForEver"]
    assert statements["NoPutButInATransaction"]["Condition"] == {
        "StringNotEquals": {"dynamodb:EnclosingOperation": "TransactWriteItems"}
    }
    exempt = statements["OnlyTheGuardianManages"]["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]
    assert exempt == [{"Ref": "GuardianRoleArn"}, {"Ref": "DeploymentRoleArn"}]


def test_every_change_of_the_ledger_is_seen() -> None:
    """IAM cannot force a condition on a put, so the stream shows both images."""
    assert properties(TABLE)[LEDGER]["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_subjects_keys_are_backed_up_for_a_week_only() -> None:
    """A key that is deleted must stay deleted; the law does not wait five weeks."""
    recovery = properties(TABLE)["SubjectKeysTable"]["PointInTimeRecoverySpecification"]

    assert recovery["RecoveryPeriodInDays"] == 7


@pytest.mark.parametrize("name", sorted(properties(LOG_GROUP)))
def test_a_log_group_expires(name: str) -> None:
    """Logs kept for ever cost for ever."""
    assert properties(LOG_GROUP)[name]["RetentionInDays"] == {"Ref": "LogRetentionDays"}
