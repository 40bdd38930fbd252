"""How fast the bot speaks: the limits that Teams has published, kept here so that Teams need not.

Floor 5. Arithmetic on the seconds of a clock that is handed in; it neither waits nor calls. A call is told how long it waits
and has its turn then, in the order in which they asked. A step of a stream or an update of a note may be left out instead:
it gets no turn while somebody waits, and leaves a quarter of every limit to the answers.

Teams counts a bot, and each process knows only its own calls. A chat is served by one process at a time, so that its count
is nearly always whole; the threads of a channel and the tenant are shared, and there several processes together may be too
fast. A 429 teaches the one that gets it: `hold` keeps everybody else in this process back meanwhile, who would only find
out the same. Source: Microsoft Teams, "Optimize your bot with rate limiting".
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from math import inf

from bot.teams.errors import Throttled

Windows = tuple[tuple[int, float], ...]
"""So many calls in any so many seconds."""

LATE = 0.1
"""Seconds by which two calls may come nearer to each other on their way: Teams counts when they arrive."""
PATIENCE = 30.0
"""Seconds a call waits for its turn at most; longer is left to the store's schedule. The window of 60 calls is that long."""
UNTOLD = 2.0
"""Seconds of rest after a 429 that wishes none."""
TRACKS = 20_000
"""Conversations that are remembered at most. One that is forgotten early starts with a clean sheet."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`sends` and `reads` hold for each conversation, where a channel is one with all its threads; `all` for a tenant."""

    sends: Windows
    reads: Windows
    all: Windows


PUBLISHED = Limits(
    sends=((7, 1.0), (8, 2.0), (60, 30.0), (1_800, 3_600.0)),
    reads=((14, 1.0), (16, 2.0), (120, 30.0), (3_600, 3_600.0)),
    all=((50, 1.0),),
)
_MANY: Windows = ((1_000_000_000, 1.0),)
NONE = Limits(_MANY, _MANY, _MANY)
"""For measurements against a connector without limits."""


class Track:
    """The calls to one place: when each was made, or has its turn. `quiet`: until when Teams wants none. Times are seconds of a
    clock that only goes forward."""

    __slots__ = ("_apart", "_few", "_most", "_times", "quiet")

    def __init__(self, windows: Windows) -> None:
        self._most = tuple((most, span + LATE) for most, span in windows)
        self._few = tuple((most - -(-most // 4), span + LATE) for most, span in windows)
        self._apart = max((span for _, span in self._most), default=0.0)
        self._times: deque[float] = deque(maxlen=max((most for most, _ in windows), default=1))
        self.quiet = -inf

    def turn(self, now: float, *, passing: bool = False) -> float:
        """When one more call may be made, after all that have their turn already."""
        times, count = self._times, len(self._times)
        at = max(now, self.quiet, times[-1]) if count else max(now, self.quiet)
        for most, span in self._few if passing else self._most:
            if count >= most and times[-most] + span > at:
                at = times[-most] + span
        return at

    def take(self, at: float) -> None:
        """One call has its turn then. What no window reaches back to is dropped."""
        times = self._times
        times.append(at)
        while times[0] < at - self._apart:
            times.popleft()

    def idle(self, now: float) -> bool:
        """Whether nothing of it matters any more."""
        return self.quiet <= now and (not self._times or self._times[-1] < now - self._apart)


class Tracks:
    """The tracks of many places by name, those used last at the end. Times are seconds, as in a `Track`."""

    def __init__(self, windows: Windows, most: int = TRACKS) -> None:
        self._windows = windows
        self._most = most
        self._tracks: OrderedDict[str, Track] = OrderedDict()

    def __len__(self) -> int:
        return len(self._tracks)

    def of(self, name: str, now: float) -> Track:
        """The track of a place."""
        track = self._tracks.get(name)
        if track is not None:
            self._tracks.move_to_end(name)
            return track
        self._forget(now)
        track = self._tracks[name] = Track(self._windows)
        return track

    def _forget(self, now: float) -> None:
        """For each one that comes two may go, so that what was needed once is given back."""
        for _ in range(2):
            oldest = next(iter(self._tracks), None)
            if oldest is None or (len(self) < self._most and not self._tracks[oldest].idle(now)):
                return
            del self._tracks[oldest]


class Pacing:
    """Whose turn it is. `clock` counts seconds and never goes back."""

    def __init__(self, clock: Callable[[], float], limits: Limits = PUBLISHED, most: int = TRACKS) -> None:
        self._clock = clock
        # The address names the tenant or its region. Tenants that share one share its limit too: never too fast.
        self._all = Tracks(limits.all, most)
        self._sends = Tracks(limits.sends, most)
        self._reads = Tracks(limits.reads, most)

    def book(self, method: str, url: str, *, passing: bool = False) -> float:
        """How many seconds a call waits for its turn, which it has then.

        Raises `Throttled`, and counts nothing, where that is longer than `PATIENCE`, for a `passing` call where it is at all.
        """
        now = self._clock()
        address, conversation = place(url)
        everybody = self._all.of(address, now)
        own = self._own(method, conversation, now) if conversation else None
        first = everybody.turn(now, passing=passing)
        at = first if own is None else max(first, own.turn(now, passing=passing))
        if at - now > (0.0 if passing else PATIENCE):
            raise Throttled(retry_after=timedelta(seconds=at - now))
        # At its first turn: who waits for a conversation of their own holds up nobody elsewhere.
        everybody.take(first)
        if own is not None:
            own.take(at)
        return at - now

    def hold(self, method: str, url: str, span: timedelta | None) -> None:
        """Teams said 429, with that wish: nobody calls there before."""
        conversation = place(url)[1]
        if conversation:
            now = self._clock()
            track = self._own(method, conversation, now)
            track.quiet = max(track.quiet, now + (UNTOLD if span is None else span.total_seconds()))

    def held(self, method: str, url: str) -> bool:
        """Whether Teams wants no calls there just now."""
        conversation, now = place(url)[1], self._clock()
        return bool(conversation) and self._own(method, conversation, now).quiet > now

    def _own(self, method: str, conversation: str, now: float) -> Track:
        return (self._reads if method == "GET" else self._sends).of(conversation, now)


def place(url: str) -> tuple[str, str]:
    """The service address of a call, and the conversation it is for: that of the channel for a thread; "" for none."""
    address, _, path = url.partition("/v3/")
    kind, _, rest = path.partition("/")
    return address, rest.partition("/")[0].partition("%3B")[0] if kind == "conversations" else ""
