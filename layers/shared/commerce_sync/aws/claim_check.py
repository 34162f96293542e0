"""Where a body goes that does not fit in a message. Rare, so only it pays for an S3 client."""

from botocore.exceptions import BotoCoreError, ClientError

from commerce_sync.aws.clients import client
from commerce_sync.errors import RetriableError


def put_claim(bucket: str, key: str, body: bytes) -> None:
    """Store one object.

    :raises RetriableError: S3 did not take it. The sender must try again.
    """
    try:
        client("s3").put_object(Bucket=bucket, Key=key, Body=body)
    except (BotoCoreError, ClientError) as error:
        raise RetriableError(f"s3 did not keep a body ({type(error).__name__})") from error
