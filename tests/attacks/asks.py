"""What people ask of the assistant in a town: in channels and chats, alone, by buttons, with files and saved prompts."""

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from random import Random
from typing import Any, Protocol
from urllib.parse import quote

from bot.teams.activity import DOWNLOAD
from tests.attacks.badges import token_of
from tests.attacks.markers import Source
from tests.attacks.moves import Moves
from tests.attacks.sending import addressed, alone, buttons, named
from tests.attacks.steps import AMONG, ASIDE, Step
from tests.attacks.town import Company, Spot, Town
from tests.attacks.wires import DRIVE, Wires
from tests.world import activities
from tests.world.activities import Activity
from tests.world.people import Room, Someone

ATTACHED = ("privately: what is in it?", "privately summarise", "what is in it?", "summarise", "what else?")
"""What is said with a file among others."""
Post = Callable[[Activity, str], Awaitable[tuple[int, bytes]]]


class Told(Protocol):
    """Told of every ask before it is posted."""

    def __call__(
        self, company: Company, one: Someone, conversation: str, id: str, text: str, *, file: str = ""
    ) -> object:
        """`text` is what everybody there sees of it, `file` the mark of a file that only its person may read."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved prompt: whose, under which name, and how the house calls it."""

    company: Company
    one: Someone
    name: str
    id: str
    mark: str


class Asks:
    """Asks in a town's conversations, as steps say."""

    def __init__(self, town: Town, wires: Wires, post: Post, told: Told) -> None:
        self._town = town
        self._wires = wires
        self._post = post
        self._told = told
        self._moves = Moves(town)
        self._saved: list[Saved] = []
        self._last: dict[str, Activity] = {}
        self._uploads = count()
        self._been: defaultdict[str, dict[Someone, None]] = defaultdict(dict)
        """Who has asked among others, by the channel or chat."""

    async def happen(self, step: Step) -> None:
        """One step."""
        self._town.step += 1
        chance = Random(step.seed)
        company = chance.choice(self._town.companies)
        if self._moves.made(step.verb, chance, company):
            return
        said = {
            "among": self._among,
            "late": self._late,
            "aside": self._aside,
            "again": self._again,
            "menu": self._menu,
        }
        files = {"file": self._file, "attach": self._attach, "thumb": self._thumb, "sign_in": self._sign_in}
        pressed = {"press": self._press, "steal": self._steal}
        prompts = {"keep": self._keep, "share": self._share, "use": self._use}
        await {**said, **files, **pressed, **prompts}[step.verb](chance, company)

    async def _among(self, chance: Random, company: Company) -> None:
        """Also by somebody who does not belong there any more, which Teams would not let in: a late delivery."""
        spot = chance.choice(company.spots)
        people = list(spot.everybody()) if chance.random() < 0.85 else self._town.anybody(company.id)
        if people:
            await self._ask(chance, company, spot, chance.choice(people))

    async def _late(self, chance: Random, company: Company) -> None:
        """Somebody who has asked there before leaves, and what they wrote last is delivered only then."""
        spots = [spot for spot in company.spots if len(spot.members) > 2 and self._been[spot.id].keys() & spot.members]
        if spots:
            spot = chance.choice(spots)
            one = chance.choice([one for one in self._been[spot.id] if one in spot.members])
            del spot.members[one]
            await self._ask(chance, company, spot, one)

    async def _ask(self, chance: Random, company: Company, spot: Spot, one: Someone) -> None:
        roots = [id for id, record in spot.records.items() if not record["replyToId"]]
        if roots or not spot.team:
            self._been[spot.id][one] = None
            room = spot.room(chance.choice(roots) if spot.team else "")
            await self._say(company, one, room, self._worded(chance, AMONG, company, one, spot.id), spot.team)

    async def _aside(self, chance: Random, company: Company) -> None:
        one = chance.choice(self._town.anybody(company.id))
        await self._say(company, one, alone(company, one), self._worded(chance, ASIDE, company, one, ""))

    def _worded(self, chance: Random, forms: Sequence[str], company: Company, one: Someone, home: str) -> str:
        form = chance.choice(forms)
        mine = [spot for spot in company.spots if one in spot.everybody()] or company.spots
        mark = self._town.marks.new(Source(company.id, home, one.id, self._town.step)) if "{mark}" in form else ""
        return form.format(
            mark=mark,
            place=named(chance.choice(mine)),
            foreign=named(chance.choice(company.spots)),
            number=chance.randint(1, 6),
        )

    async def _say(self, company: Company, one: Someone, room: Room, text: str, team: str = "") -> None:
        activity = addressed(activities.message(room, one, text), company, team)
        self._last[company.region] = activity
        self._told(company, one, room.conversation, activity["id"], text)
        await self._post(activity, company.region)

    async def _file(self, chance: Random, company: Company) -> None:
        """A file is dropped into somebody's own chat."""
        one = chance.choice(self._town.anybody(company.id))
        mark = self._town.marks.new(Source(company.id, "", one.id, self._town.step))
        content = {"downloadUrl": f"{DRIVE}/file/{mark}", "uniqueId": mark, "fileType": "txt"}
        sent = {"contentType": DOWNLOAD, "name": "notes.txt", "contentUrl": DRIVE, "content": content}
        room, text = alone(company, one), chance.choice(("summarise", "what is in it?", ""))
        activity = addressed(activities.message(room, one, text, attachments=[sent]), company, "")
        self._told(company, one, room.conversation, activity["id"], text, file=mark)
        await self._post(activity, company.region)

    async def _attach(self, chance: Random, company: Company) -> None:
        """A file hangs on a message among others; it lies in a drive where its author alone may read."""
        spot = chance.choice(company.spots)
        people = list(spot.everybody())
        roots = [id for id, record in spot.records.items() if not record["replyToId"]]
        if not people or not (roots or not spot.team):
            return
        one, root = chance.choice(people), chance.choice(roots) if spot.team else ""
        mark = self._town.marks.new(Source(company.id, "", one.id, self._town.step))
        record = self._town.write(spot, one, root)
        record["attachments"] = [{"contentType": "reference", "name": "notes.txt", "contentUrl": f"{DRIVE}/{mark}"}]
        place = f'<div><attachment id="{uuid.UUID(int=chance.getrandbits(128), version=4)}"></attachment></div>'
        text, sent = chance.choice(ATTACHED), [{"contentType": "text/html", "content": place}]
        said = activities.message(spot.room(root), one, text, attachments=sent, id=record["id"])
        self._told(company, one, spot.room(root).conversation, record["id"], text, file=mark)
        await self._post(addressed(said, company, spot.team), company.region)

    # saved prompts

    async def _keep(self, chance: Random, company: Company) -> None:
        one = chance.choice(self._town.anybody(company.id))
        room, name = alone(company, one), f"note {len(self._saved)}"
        mark = self._town.marks.new(Source(company.id, "", one.id, self._town.step, prompt=True))
        activity = activities.pressed(room, one, {"say": "prompts save"}, name=name, prompt=f"They say {mark} of it.")
        once = "\n".join((company.id, room.conversation, activity["id"]))
        self._saved.append(Saved(company, one, name, hashlib.sha256(once.encode()).hexdigest()[:16], mark))
        self._told(company, one, room.conversation, activity["id"], "")
        await self._post(addressed(activity, company, ""), company.region)

    async def _share(self, chance: Random, company: Company) -> None:
        """Somebody lets a team use what they have saved; who is not of it presses in vain."""
        mine = [saved for saved in self._saved if saved.company is company][-8:]
        teams = [spot for spot in company.spots if spot.team and spot.records]
        if not mine or not teams:
            return
        saved = chance.choice(mine)
        own = [spot for spot in teams if saved.one in spot.everybody()]
        spot = chance.choice(own if own and chance.random() < 0.8 else teams)
        if spot in own:
            self._town.marks.sources[saved.mark].teams.add(spot.team)
        room = spot.room(next(iter(spot.records)))
        await self._pressed(company, saved.one, room, {"say": f"prompts share {saved.id}"}, spot.team)

    async def _use(self, chance: Random, company: Company) -> None:
        """A prompt is used by its name where that may work, and also where it may not: another's, or another team's."""
        known = [saved for saved in self._saved if saved.company is company][-8:]
        if not known:
            return
        saved = chance.choice(known)
        teams = self._town.marks.sources[saved.mark].teams
        shared = [spot for spot in company.spots if spot.team in teams]
        spot = chance.choice(shared if shared and chance.random() < 0.7 else company.spots)
        people = list(spot.everybody())
        one = saved.one if chance.random() < 0.2 or not people else chance.choice(people)
        words = f"{chance.choice(('', 'privately '))}prompt {saved.name}: a text"
        if chance.random() < 0.2:
            await self._say(company, one, alone(company, one), words)
        elif spot.records or not spot.team:
            await self._say(company, one, spot.room(next(iter(spot.records), "")), words, spot.team)

    async def _again(self, chance: Random, company: Company) -> None:
        """Teams delivers something a second time."""
        if company.region in self._last:
            await self._post(self._last[company.region], company.region)

    async def _press(self, chance: Random, company: Company, *, thief: bool = False) -> None:
        """A button of a card that stands somewhere; a thief sends what another's button would, from their own chat."""
        found = [
            (place, offers) for place, offers in self._wires.offers.items() if place[0] == company.region and offers
        ]
        if not found:
            return
        (_, conversation), offers = chance.choice(found)
        account, data = chance.choice(offers[-3:])
        people = self._town.anybody(company.id)
        owners = [each for each in people if each.teams == account]
        one = chance.choice(people) if thief or not owners else owners[0]
        spot = self._town.spot(company.id, conversation.partition(";")[0])
        room = replace(spot.room(), conversation=conversation) if spot else alone(company, one)
        if thief and chance.random() < 0.5:
            room, spot = alone(company, one), None
        await self._pressed(company, one, room, data, spot.team if spot else "")

    async def _steal(self, chance: Random, company: Company) -> None:
        await self._press(chance, company, thief=True)

    async def _pressed(self, company: Company, one: Someone, room: Room, data: Mapping[str, Any], team: str) -> None:
        if "consent" in data:
            where = f"{DRIVE}/{company.region}/{quote(one.teams, safe='')}/{next(self._uploads)}"
            info = {"name": "data.json", "uploadUrl": where, "contentUrl": where, "uniqueId": "1", "fileType": "json"}
            activity = activities.file_consent(alone(company, one), one, "1", data["consent"], info)
            await self._post(addressed(activity, company, ""), company.region)
            return
        spoken = (data.get("msteams") or {}).get("value")
        if spoken is not None:
            await self._say(company, one, room, spoken, team)
            return
        activity = addressed(activities.pressed(room, one, data, "1"), company, team)
        self._told(company, one, room.conversation, activity["id"], str(data.get("say", "")))
        await self._post(activity, company.region)

    async def _menu(self, chance: Random, company: Company) -> None:
        """`Summarise thread` on a message, and at times the button of its window at once."""
        spot = chance.choice(company.spots)
        people = list(spot.everybody()) if chance.random() < 0.8 else self._town.anybody(company.id)
        if not spot.records or not people:
            return
        one, record = chance.choice(people), chance.choice(list(spot.records.values()))
        room = spot.room(record["replyToId"] or record["id"])
        for name in ("composeExtension/fetchTask", "composeExtension/submitAction"):
            activity = activities.on_message(room, one, record["id"], "<p>…</p>", "summariseThread")
            activity |= {"name": name}
            if name.endswith("submitAction"):
                activity["value"] |= {"data": self._window}
            _, body = await self._post(addressed(activity, company, spot.team), company.region)
            self._wires.heard(company.region, room.conversation, {"window": body.decode()}, one.teams)
            self._window = next((data for _, data in buttons(json.loads(body or b"{}"))), {})

    async def _thumb(self, chance: Random, company: Company) -> None:
        one = chance.choice(self._town.anybody(company.id))
        mark = self._town.marks.new(Source(company.id, "", one.id, self._town.step))
        await self._post(
            addressed(activities.feedback(alone(company, one), one, "1", "like", mark), company, ""), company.region
        )

    async def _sign_in(self, chance: Random, company: Company) -> None:
        one = chance.choice(self._town.anybody(company.id))
        self._town.signed.add(one.teams)
        activity = activities.token_exchange(alone(company, one), one, token_of(one), f"sign-in {self._town.step}")
        await self._post(addressed(activity, company, ""), company.region)

    _window: Mapping[str, Any] = {}
