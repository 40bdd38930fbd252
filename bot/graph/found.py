"""What has been met of a window so far: each message once, turned into posts.

Floor 6, of the family of `bot.graph`. Pure.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import itemgetter

from bot.posts import LOST, Moment, Record, Spot, order, post, time_of
from dialogs.errors import Unreadable
from dialogs.talk import Omitted, Post, Window

Item = Post | Omitted
Placed = tuple[Moment, Item]
"""With the place in time that it is sorted by."""

TOO_MANY = (
    "There are more messages than I read for one question; the oldest were not read. "
    "Ask for a shorter time, such as **since Monday**, or for **the last 500 messages**."
)


class Found:
    """The messages met in the window, of which `most` are taken."""

    def __init__(self, window: Window, own: str, most: int) -> None:
        """`own` is the application id of this bot."""
        self._window = window
        self._own = own
        self._most = most
        self._ids: set[str] = set()
        self._times: list[datetime] = []
        self._newest: list[Placed] = []

    @property
    def counts(self) -> bool:
        """Whether only so many are wanted, so that nothing can be given before the end."""
        return self._window.last is not None

    @property
    def enough(self) -> datetime | None:
        """A change not before this says that reading is not over, whatever else changed; None where all must be known."""
        return None if self.counts else self._window.since or LOST

    @property
    def any(self) -> bool:
        """Whether a message of the window has been met."""
        return bool(self._ids)

    def take(self, record: Record, spot: Spot) -> Placed | None:
        """A record as an item; None where it lies outside the window or was met before. Raises `Unreadable`."""
        id = str(record.get("id"))
        if id in self._ids or not self._inside(record):
            return None
        if len(self._ids) >= self._most:
            raise Unreadable(TOO_MANY)
        self._ids.add(id)
        moment, item = order(record), post(record, self._own, spot)
        if self.counts and isinstance(item, Post):
            self._times.append(item.time)
        return moment, item

    def keep(self, items: Iterable[Placed]) -> None:
        """Keep items until it is clear which are the newest."""
        self._newest += items

    def over(self, bound: datetime | None) -> bool:
        """Whether nothing that was written before `bound` is wanted any more."""
        since, last = self._window.since, self._window.last
        if bound is None:
            return False
        passed = since is not None and bound < since
        return passed or (last is not None and sum(time >= bound for time in self._times) >= last)

    def newest(self) -> Sequence[Item]:
        """Of what was kept the newest `last` posts, oldest first, and what was left out among them."""
        items = sequence(self._newest)
        posts = [place for place, item in enumerate(items) if isinstance(item, Post)]
        last = self._window.last
        return items[posts[-last] :] if last and len(posts) > last else items

    def _inside(self, record: Record) -> bool:
        since, until = self._window.since, self._window.until
        if since is None and until is None:
            return True
        time = time_of(record)
        return (since is None or time >= since) and (until is None or time < until)


def sequence(items: Iterable[Placed]) -> list[Item]:
    """Oldest first."""
    return [item for _, item in sorted(items, key=itemgetter(0))]


def entries(page: Record, name: str = "value") -> Sequence[Record]:
    """The records of a page, or the one record that it is."""
    found = page.get(name, [page] if name == "value" else [])
    return [record for record in found if isinstance(record, dict)] if isinstance(found, list) else []


def oldest(page: Record) -> datetime | None:
    """When the oldest message of a page was written that says so; None for a record that is no page."""
    times = map(time_of, entries(page)) if "value" in page else ()
    return min((time for time in times if time != LOST), default=None)


def latest(page: Record, enough: datetime | None = None) -> datetime | None:
    """When any chain of a page of roots changed last; or a change that is not before `enough`: a page is long."""
    found = None
    for change in (change_of(record) for root in entries(page) for record in (root, *entries(root, "replies"))):
        found = change if found is None else max(found, change)
        if enough is not None and found >= enough:
            break
    return found


def change_of(record: Record) -> datetime:
    """When a message changed last."""
    return max(time_of(record), time_of(record, "lastModifiedDateTime"))
