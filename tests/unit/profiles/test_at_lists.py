"""Lists of Klaviyo's are told by the one engine: who joins and who leaves, each once, list by list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from commerce_sync.contracts.fields import FieldValues
from commerce_sync.contracts.told import LISTS, ON_IT, Wanted
from commerce_sync.errors import PausedError, RefusedByVendorError, RetriableError
from commerce_sync.profiles.at_lists import MOST_MADE, NO_PROFILE_YET, ListsPlace
from commerce_sync.profiles.telling import Endings, Telling
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.telling import BookInMemory, KilledError, KlaviyoInMemory, Mortality

ANA, BO, CY = "ana@example.com", "bo@example.com", "cy@example.com"
VIP, PRESS = "VIP001", "PRESS1"
MOST = 1000


@dataclass
class ListsInMemory:
    """Klaviyo's lists, by the ids that its profiles have. ``gone`` are not there."""

    klaviyo: KlaviyoInMemory
    mortality: Mortality
    members: dict[str, set[str]] = field(default_factory=lambda: {VIP: set(), PRESS: set()})
    calls: list[tuple[str, str, int]] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    odd: set[str] = field(default_factory=set)
    next_errors: list[Exception] = field(default_factory=list)

    def ids(self, emails: Sequence[str]) -> Mapping[str, str]:
        """Of those who have a profile; with one that is no address to Klaviyo it answers nobody."""
        self.mortality("ids")
        if self.odd & {*emails}:
            raise RefusedByVendorError("klaviyo", 400, "invalid")
        return {email: f"01{email}" for email in emails if email in self.klaviyo.profiles}

    def add(self, list_id: str, profile_ids: Sequence[str]) -> None:
        """All of them."""
        self._call("add", list_id, profile_ids)
        self.members[list_id] |= set(profile_ids)
        self.mortality("added")

    def remove(self, list_id: str, profile_ids: Sequence[str]) -> None:
        """Also those who are no members."""
        self._call("remove", list_id, profile_ids)
        self.members[list_id] -= set(profile_ids)
        self.mortality("removed")

    def _call(self, name: str, list_id: str, profile_ids: Sequence[str]) -> None:
        self.mortality(name)
        assert 0 < len(profile_ids) <= MOST
        self.calls.append((name, list_id, len(profile_ids)))
        if self.next_errors:
            raise self.next_errors.pop(0)
        if list_id in self.gone:
            raise RefusedByVendorError("klaviyo", 404, "not_found")


class World:
    """What HubSpot's lists say, and Klaviyo's."""

    def __init__(self, profiles: Sequence[str] = (ANA, BO, CY)) -> None:
        self.mortality = Mortality()
        self.klaviyo = KlaviyoInMemory(self.mortality, {email: {} for email in profiles})
        self.book = BookInMemory(self.mortality)
        self.lists = ListsInMemory(self.klaviyo, self.mortality)
        self.unready: dict[str, str] = {}
        self.why_unready: Callable[[str], str] = lambda list_id: self.unready.get(list_id, "")
        self.learnt: list[str] = []
        self.seconds = 1000

    def tell(self, wanted: Mapping[str, FieldValues], *, again: bool = False) -> Endings:
        """One look at these people."""
        place = ListsPlace(
            self.lists,
            self.klaviyo,
            self.why_unready,
            lambda _id, email: self.learnt.append(email),
            self._in_time,
        )
        telling = Telling(LISTS, self.book, lambda: place, lambda: True)
        looks = {email: Wanted(values, again=again) for email, values in wanted.items()}
        return telling.tell(looks, self.book.told(LISTS, list(looks)))

    def _in_time(self) -> bool:
        self.seconds -= 1
        return self.seconds >= 0

    def on(self, list_id: str) -> set[str]:
        """Who is on a list, by address."""
        return {one.removeprefix("01") for one in self.lists.members[list_id]}


def test_who_joins_and_who_leaves_is_told_once() -> None:
    """A call a list and way; a second look makes none at all."""
    world = World()
    world.tell({ANA: {VIP: ON_IT, PRESS: ON_IT}, BO: {VIP: ON_IT, PRESS: None}, CY: {VIP: None, PRESS: None}})
    assert (world.on(VIP), world.on(PRESS)) == ({ANA, BO}, {ANA})
    assert sorted(world.lists.calls) == [("add", PRESS, 1), ("add", VIP, 2)]
    world.lists.calls.clear()
    world.mortality.steps.clear()
    world.tell({ANA: {VIP: ON_IT, PRESS: ON_IT}, BO: {VIP: ON_IT, PRESS: None}})
    assert not world.mortality.steps
    world.tell({ANA: {VIP: None, PRESS: ON_IT}})
    assert (world.on(VIP), world.lists.calls) == ({BO}, [("remove", VIP, 1)])


def test_nobody_is_taken_off_a_list_who_was_never_put_on_it() -> None:
    """Somebody put them there at Klaviyo."""
    world = World()
    world.lists.members[VIP] = {f"01{ANA}"}
    world.tell({ANA: {VIP: None}})
    assert (world.on(VIP), world.lists.calls) == ({ANA}, [])


def test_a_list_that_is_gone_holds_up_its_own_people_alone() -> None:
    """Parked in the vendor's words; nothing is tried again before somebody says so."""
    world = World()
    world.lists.gone = {PRESS}
    ending = world.tell({ANA: {VIP: ON_IT, PRESS: ON_IT}, BO: {VIP: ON_IT}})
    assert world.on(VIP) == {ANA, BO}
    assert ending.refused.keys() == {ANA}
    assert ending.refused[ANA].startswith("klaviyo")
    assert "404" in ending.refused[ANA]
    world.lists.calls.clear()
    assert world.tell({ANA: {VIP: ON_IT, PRESS: ON_IT}}).refused.keys() == {ANA}
    assert world.lists.calls == []
    world.lists.gone = set()
    ending = world.tell({ANA: {VIP: ON_IT, PRESS: ON_IT}}, again=True)
    assert (ending.mended, world.on(PRESS)) == ({ANA}, {ANA})


def test_nobody_joins_a_list_that_starts_a_flow_and_whoever_leaves_does() -> None:
    """Asked once for all who join; nothing is sent."""
    world = World()
    world.tell({BO: {VIP: ON_IT}})
    world.unready = {VIP: "klaviyo: who joins list VIP001 may start flows"}
    ending = world.tell({ANA: {VIP: ON_IT}, BO: {VIP: None}, CY: {PRESS: ON_IT}})
    assert ending.refused == {ANA: world.unready[VIP]}
    assert (world.on(VIP), world.on(PRESS)) == (set(), {CY})


def test_who_has_no_profile_is_given_one_a_few_at_a_time() -> None:
    """The others wait: they may be on their way by import."""
    many = [f"p{number:03}@example.com" for number in range(MOST_MADE + 2)]
    world = World(())
    ending = world.tell({email: {VIP: ON_IT} for email in many})
    assert len(world.on(VIP)) == MOST_MADE == len(set(world.learnt))
    assert {email: str(error) for email, error in ending.waiting.items()} == dict.fromkeys(many[-2:], NO_PROFILE_YET)
    world.tell({email: {VIP: ON_IT} for email in many})
    assert world.on(VIP) == set(many)


def test_once_klaviyo_asks_to_wait_the_others_wait_too() -> None:
    """And are told later."""
    world = World()
    world.lists.next_errors = [PausedError("klaviyo 429", retry_after=7.0)]
    ending = world.tell({ANA: {VIP: ON_IT}, BO: {VIP: ON_IT}})
    assert {email: error.retry_after for email, error in ending.waiting.items()} == {ANA: 7.0, BO: 7.0}
    assert not ending.refused
    world.tell({ANA: {VIP: ON_IT}, BO: {VIP: ON_IT}})
    assert world.on(VIP) == {ANA, BO}


def test_what_can_be_tried_again_is_before_anybody_is_parked() -> None:
    """One list is gone, the other does not answer."""
    world = World()
    world.lists.gone = {PRESS}
    world.lists.next_errors = [RefusedByVendorError("klaviyo", 404, "not_found"), RetriableError("klaviyo 503")]
    ending = world.tell({ANA: {PRESS: ON_IT, VIP: ON_IT}})
    assert ending.waiting.keys() == {ANA}
    ending = world.tell({ANA: {PRESS: ON_IT, VIP: ON_IT}})
    assert (set(ending.refused), world.on(VIP)) == ({ANA}, {ANA})


def test_a_slow_klaviyo_is_left_in_time_and_nobody_is_forgotten() -> None:
    """Whoever was not told waits, whichever call was the last."""
    many = {f"p{number:03}@example.com": {VIP: ON_IT, PRESS: ON_IT} for number in range(5)}
    for seconds in range(8):
        world = World(())
        world.seconds = seconds
        assert world.tell(many).waiting
        world.seconds = 1000
        assert not world.tell(many).waiting
        assert world.on(VIP) == world.on(PRESS) == set(many)


WISHES = st.dictionaries(
    st.sampled_from([ANA, BO, CY]), st.fixed_dictionaries({VIP: st.booleans(), PRESS: st.booleans()}), min_size=1
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(WISHES, st.integers(0, 12)), min_size=1, max_size=6))
def test_a_worker_that_dies_anywhere_loses_nobody(rounds: list[tuple[dict[str, dict[str, bool]], int]]) -> None:
    """In the end the lists are as HubSpot's were last."""
    world = World()
    standing: dict[str, FieldValues] = {}
    for wishes, lives in rounds:
        said = {email: {one: ON_IT if on else None for one, on in lists.items()} for email, lists in wishes.items()}
        standing |= said
        world.mortality.left = lives
        try:
            world.tell(said)
        except KilledError:
            pass
        finally:
            world.mortality.left = None
    ending = world.tell(standing)
    assert not ending.waiting | ending.refused
    assert {one: world.on(one) for one in (VIP, PRESS)} == {
        one: {email for email, lists in standing.items() if lists[one]} for one in (VIP, PRESS)
    }


def test_one_whose_address_is_none_to_klaviyo_keeps_nobody_off() -> None:
    """That one is refused, in Klaviyo's words; a pause is none of anybody's."""
    many = [f"p{one}@example.com" for one in range(40)]
    world = World(many)
    world.lists.odd = {many[7]}
    endings = world.tell({email: {VIP: ON_IT} for email in many})
    assert world.on(VIP) == {*many} - {many[7]}
    assert endings.refused == {many[7]: "klaviyo 400 invalid"}
    assert not endings.waiting


def test_where_flows_cannot_be_asked_for_good_people_leave_all_the_same() -> None:
    """Who would join is refused, and nobody else."""
    world = World()
    world.tell({ANA: {VIP: ON_IT}})
    refusal = RefusedByVendorError("klaviyo", 400, "invalid")

    def broken(_list_id: str) -> str:
        raise refusal

    world.why_unready = broken
    endings = world.tell({ANA: {VIP: None}, BO: {PRESS: ON_IT}})
    assert (world.on(VIP), world.on(PRESS)) == (set(), set())
    assert endings.refused == {BO: "klaviyo 400 invalid"}
    assert not world.book.told(LISTS, [ANA])[ANA].pending
