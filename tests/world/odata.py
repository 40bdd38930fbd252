"""The little of OData that Graph understands for messages: $top, $skiptoken, and for chats $orderby and $filter."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from tests.world.door import Call, Refusal

Record = dict[str, Any]
PAGE = 20
LARGEST = 50
ORDERS = {"": "lastModifiedDateTime"} | {f"{name} desc": name for name in ("lastModifiedDateTime", "createdDateTime")}
CLAUSE = re.compile(r"(\w+)\s+(gt|lt)\s+(\S+)")


class Query:
    """The options of a request; `Refusal` 400 for one that is not allowed there."""

    def __init__(self, call: Call, allowed: Collection[str]) -> None:
        strange = [name for name in call.query if name not in allowed]
        if strange:
            raise Refusal(400, "BadRequest", "Query option is not allowed.")
        self._call = call
        self.top = self._top()
        self.number, _, self.last = (self.text("$skiptoken") or "1").partition("~")

    def text(self, name: str) -> str:
        return self._call.query.get(name, "")

    @property
    def order(self) -> str:
        """The field a chat is ordered by, newest first."""
        wish = self.text("$orderby").strip()
        if wish not in ORDERS:
            raise Refusal(400, "BadRequest", "The order is not supported.")
        return ORDERS[wish]

    def next(self, record: Record) -> str:
        """The token for what comes after a record; messages that arrive meanwhile shift nothing."""
        return f"{int(self.number) + 1}~{record['id']}"

    def _top(self) -> int:
        wish = self.text("$top") or str(PAGE)
        if not wish.isdigit() or not 1 <= int(wish) <= LARGEST:
            raise Refusal(400, "BadRequest", "$top must be between 1 and 50.")
        return int(wish)


def page(call: Call) -> int:
    """Which page a request wants, from 1."""
    return int((call.query.get("$skiptoken") or "1").partition("~")[0])


def after(records: Sequence[Record], query: Query) -> Sequence[Record]:
    """What comes after the last record of the page before."""
    if not query.last:
        return records
    places = [place for place, record in enumerate(records) if record["id"] == query.last]
    return records[places[0] + 1 :] if places else ()


def older(records: Sequence[Record], query: Query) -> Sequence[Record]:
    """Ordered and filtered; a filter on another property than the order's is silently ignored, as Graph does."""
    field = query.order
    found = sorted(records, key=lambda record: str(record[field]), reverse=True)
    for name, way, value in CLAUSE.findall(query.text("$filter")):
        if name == field:
            found = [record for record in found if (record[field] > value if way == "gt" else record[field] < value)]
    return found
