"""What keeps data must keep it; what must forget, must forget."""

import pytest

from tests.architecture.template import BUCKET, LOG_GROUP, TABLE, properties, resources

SECRET = "AWS::SecretsManager::Secret"
TABLES = sorted(properties(TABLE))
FORGETTING = {"TracesTable"}
BUCKETS = sorted(properties(BUCKET))
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
    """A promise or a profile that expired quietly would be work lost; a trace goes with the object it leads to."""
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


@pytest.mark.parametrize("name", BUCKETS)
def test_a_bucket_lets_everything_expire(name: str) -> None:
    """The archive is for replay, not for keeping: a rule without a filter covers every object."""
    rules = properties(BUCKET)[name]["LifecycleConfiguration"]["Rules"]
    expiring = [rule for rule in rules if rule["Status"] == "Enabled" and "ExpirationInDays" in rule]

    assert [rule for rule in expiring if not rule.keys() & {"Prefix", "TagFilters"}] != []


@pytest.mark.parametrize("name", sorted(properties(LOG_GROUP)))
def test_a_log_group_expires(name: str) -> None:
    """Logs kept for ever cost for ever."""
    assert properties(LOG_GROUP)[name]["RetentionInDays"] == {"Ref": "LogRetentionDays"}
