"""How records end: archived, restored, merged into another, purged for privacy."""

from local.sandboxes.hubspot.errors import invalid, not_found
from local.sandboxes.hubspot.events import API, Source
from local.sandboxes.hubspot.records import Record
from local.sandboxes.hubspot.state import HubSpotState


def archive(state: HubSpotState, object_type: str, record: Record, source: Source = API) -> None:
    """Archive a record: its unique values are free again, its associations are gone."""
    store = state.stores[object_type]
    store.unindex(record)
    record.archived_at = state.clock.now()
    state.associations.drop(object_type, record.id)
    if object_type == "contacts":
        state.announce("deletion", record, source, changeFlag="DELETED")


def restore(state: HubSpotState, object_type: str, record_id: str, source: Source) -> None:
    """Bring an archived record back, which staff may do for 90 days, unless its unique values were taken."""
    store = state.stores[object_type]
    record = store.get(record_id, archived=True)
    if record is None:
        raise not_found()
    unique = state.schemas[object_type].unique_names()
    if any(store.find(name, record.properties[name]) for name in unique if name in record.properties):
        raise invalid("A record with the same unique value exists")
    record.archived_at = None
    store.index(record, unique)
    store.touch(record)
    if object_type == "contacts":
        state.announce("restore", record, source, changeFlag="RESTORED")


def merge(state: HubSpotState, object_type: str, primary_id: str, other_id: str, source: Source = API) -> Record:
    """Join two records; both old ids lead to the survivor, which may have a new one."""
    store = state.stores[object_type]
    primary, other = store.get(primary_id), store.get(other_id)
    if primary is None or other is None:
        raise not_found()
    if primary is other:
        raise invalid("Cannot merge an object with itself")
    if state.settings.old_ids_are_for_reading and {primary_id, other_id} & store.merged.keys():
        raise invalid("Cannot merge a record that was merged into another one")
    survivor = store.add() if state.settings.merge_makes_new_id else primary
    gone = [record for record in (primary, other) if record is not survivor]
    values = _joined(primary, other, [record.id for record in gone])
    moved = sum(primary.properties.get(name) != value for name, value in values.items())
    for record in gone:
        store.unindex(record)
        state.associations.move(object_type, record.id, survivor.id)
        del store.records[record.id]
        store.merged[record.id] = survivor.id
    store.write(survivor, values, state.schemas[object_type].unique_names())
    if object_type == "contacts":
        details = {
            "primaryObjectId": int(primary.id),
            "mergedObjectIds": [int(other.id)],
            "newObjectId": int(survivor.id),
            "numberOfPropertiesMoved": moved,
        }
        state.announce("merge", survivor, source, **details)
    return survivor


def _joined(primary: Record, other: Record, gone: list[str]) -> dict[str, str]:
    """The primary's values, the other's where it has none; the other's addresses become additional ones.

    ``gone`` are the ids that no longer stand alone; those merged into either before stay named.
    """
    merged = {**other.properties, **primary.properties}
    for name in ("hs_object_id", "createdate", "hs_createdate", "hs_additional_emails"):
        merged.pop(name, None)
    aliases = ";".join(
        filter(
            None,
            [
                _aliases(primary),
                other.properties.get("email") if "email" in primary.properties else "",
                _aliases(other),
            ],
        )
    )
    before = [record.properties.get("hs_merged_object_ids", "") for record in (primary, other)]
    history = ";".join(filter(None, [*before, *gone]))
    return {**merged, "hs_merged_object_ids": history, **({"hs_additional_emails": aliases} if aliases else {})}


def _aliases(record: Record) -> str:
    return record.properties.get("hs_additional_emails", "")


def purge(state: HubSpotState, record: Record) -> None:
    """Forget a contact for privacy; the two webhooks about it come in either order."""
    store = state.stores["contacts"]
    store.unindex(record)
    del store.records[record.id]
    store.merged = {old: new for old, new in store.merged.items() if new != record.id}
    state.associations.drop("contacts", record.id)
    state.subscriptions.forget(str(record.properties.get("email") or "").lower())
    verbs = ["deletion", "privacyDeletion"]
    state.random.shuffle(verbs)
    for verb in verbs:
        state.announce(verb, record, API, changeFlag="DELETED")
