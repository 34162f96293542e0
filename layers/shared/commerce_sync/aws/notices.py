"""What people are told by the alarms' topic: an email, or whatever is subscribed to it."""

from commerce_sync.aws.clients import client

LONGEST_SUBJECT = 100


class Notices:
    """One SNS topic."""

    def __init__(self, topic: str) -> None:
        self._topic = topic

    def tell(self, subject: str, text: str) -> None:
        """Publish one message. Subjects are ASCII and at most a hundred characters long."""
        plain = subject.encode("ascii", "replace").decode()[:LONGEST_SUBJECT]
        client("sns").publish(TopicArn=self._topic, Subject=plain, Message=text)
