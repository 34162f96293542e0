"""Tells what came of the other shops to a person who has never seen the bundle."""

from collections import Counter
from collections.abc import Iterator

from local.sample_day.elsewhere import VISITOR, Elsewhere
from local.sample_day.elsewhere_checks import EXPECTED, KNOWN, OTHERS
from local.sample_day.wording import line, table

PLATFORMS = {"bigcommerce": "BigCommerce", "woocommerce": "WooCommerce", "recharge": "Recharge"}


def what_others_told(later: Elsewhere) -> Iterator[str]:
    """The other shops' day, line by line."""
    events = [one for one in later.klaviyo["events"] if one["unique_id"].startswith(OTHERS)]
    yield ""
    yield f"LATER THAT DAY, ELSEWHERE: {len(events)} events of shops on other platforms, by their own webhooks"
    yield from table(Counter(f"{PLATFORMS[one['unique_id'].partition(':')[0]]}: {one['metric']}" for one in events))
    wanted = {one.unique_id for one in EXPECTED if not one.unique_id.startswith(OTHERS)}
    seen = sum(one["unique_id"] in wanted for one in later.klaviyo["events"])
    yield line(seen, f"events of a visit to a shop's pages, by {VISITOR.first_name}, who bought in the morning")
    yield line(len(KNOWN), f"properties of {VISITOR.first_name} that the warehouse and the help desk own")
