"""The floors of the house, as data. A room stands on one floor; imports go down.

A name stands for the module and for everything below it, unless a longer name says otherwise.
"""

FLOORS: dict[int, tuple[str, ...]] = {
    8: ("app",),
    7: (
        "bot.admin",
        "bot.doctor",
        "bot.filing",
        "bot.records",
        "bot.upkeep",
        "bot.worker",
        "bot.teams.desk",
        "bot.teams.doors",
        "bot.teams.endpoint",
        "bot.teams.invoke",
        "bot.teams.readers",
    ),
    6: (
        "bot.turn",
        "bot.graph",
        "bot.obo",
        "bot.fetching",
        "bot.files",
        "bot.purse",
        "bot.models",
        "bot.papers",
        "bot.store",
        "bot.teams.adapter",
        "bot.teams.authentication",
        "bot.teams.connector",
        "bot.teams.extension",
        "bot.teams.members",
        "bot.teams.signin",
        "bot.teams.speaker",
        "bot.teams.usertokens",
        "bot.teams.verify",
    ),
    5: (
        "bot.answers",
        "bot.audit",
        "bot.calendar",
        "bot.catalogue",
        "bot.exporting",
        "bot.hosts",
        "bot.rings",
        "bot.wrapping",
        "bot.limits",
        "bot.drift",
        "bot.lookups",
        "bot.names",
        "bot.pinning",
        "bot.posts",
        "bot.printing",
        "bot.settings",
        "bot.store.rows",
        "bot.telemetry",
        "bot.voice",
        "bot.tokens",
        "bot.teams.activity",
        "bot.teams.bodies",
        "bot.teams.cards",
        "bot.teams.citations",
        "bot.teams.documents",
        "bot.teams.errors",
        "bot.teams.escape",
        "bot.teams.keys",
        "bot.teams.line",
        "bot.teams.origins",
        "bot.teams.outgoing",
        "bot.teams.render",
        "bot.teams.sessions",
        "bot.teams.split",
        "bot.teams.wire",
    ),
    4: ("dialogs.menu",),
    3: (
        "dialogs.admin",
        "dialogs.amends",
        "dialogs.answer",
        "dialogs.chats",
        "dialogs.handouts",
        "dialogs.help",
        "dialogs.records",
        "dialogs.settings",
        "dialogs.shares",
        "dialogs.summary",
        "dialogs.tasks",
        "dialogs.usage",
    ),
    2: (
        "dialogs.again",
        "dialogs.points",
        "dialogs.ports",
        "dialogs.prompt",
        "dialogs.queue",
        "dialogs.reading",
        "dialogs.shelves",
        "dialogs.sources",
        "dialogs.statements",
        "dialogs.typed",
    ),
    1: (
        "dialogs.addresses",
        "dialogs.attachments",
        "dialogs.cards",
        "dialogs.changes",
        "dialogs.crew",
        "dialogs.days",
        "dialogs.documents",
        "dialogs.errors",
        "dialogs.figures",
        "dialogs.names",
        "dialogs.plain",
        "dialogs.preferences",
        "dialogs.references",
        "dialogs.relevance",
        "dialogs.rules",
        "dialogs.slices",
        "dialogs.streams",
        "dialogs.tables",
        "dialogs.talk",
        "dialogs.terms",
        "dialogs.times",
    ),
}

FAMILIES: dict[str, tuple[str, ...]] = {
    "app": ("bot.foundation", "bot.house", "bot.outward", "bot.running"),
    "bot.admin": (
        "bot.admin_arguments",
        "bot.admin_books",
        "bot.admin_keys",
        "bot.admin_people",
        "bot.admin_rules",
        "bot.cabinet",
        "bot.office",
        "bot.reports",
        "bot.tables",
    ),
    "bot.doctor": ("bot.chain", "bot.findings"),
    "bot.models": ("bot.terms",),
    "bot.posts": ("bot.markup",),
    "bot.printing": ("bot.manuscript", "bot.markdown", "bot.wordfile"),
    "bot.settings": ("bot.clauses", "bot.rulebook", "bot.values"),
    "bot.teams.activity": (
        "bot.teams.errands",
        "bot.teams.fields",
        "bot.teams.mentions",
        "bot.teams.posted",
        "bot.teams.zones",
    ),
    "bot.teams.escape": ("bot.teams.defang",),
    "bot.teams.connector": ("bot.teams.conversations",),
    "bot.teams.desk": ("bot.teams.admission", "bot.teams.hearing", "bot.teams.kept", "bot.teams.reach"),
    "bot.teams.endpoint": ("bot.teams.listener",),
    "bot.teams.extension": ("bot.teams.runs",),
    "bot.teams.invoke": ("bot.teams.consent", "bot.teams.feedback"),
    "bot.teams.line": ("bot.teams.pacing", "bot.teams.refusals"),
    "bot.teams.render": ("bot.teams.inline", "bot.teams.settled"),
    "bot.teams.speaker": (
        "bot.teams.message",
        "bot.teams.placeholder",
        "bot.teams.invitation",
        "bot.teams.pressable",
        "bot.teams.private",
        "bot.teams.stream",
    ),
    "bot.turn": ("bot.record",),
    "bot.upkeep": ("bot.chores",),
    "dialogs.help": ("dialogs.account", "dialogs.privacy"),
    "dialogs.menu": ("dialogs.choice",),
    "dialogs.chats": ("dialogs.chatlist",),
    "dialogs.tasks": ("dialogs.prompts", "dialogs.toolbox", "dialogs.work"),
    "dialogs.answer": ("dialogs.consulting",),
    "dialogs.points": ("dialogs.evidence",),
    "dialogs.reading": ("dialogs.answering", "dialogs.contents", "dialogs.papers", "dialogs.selection"),
    "dialogs.summary": (
        "dialogs.abroad",
        "dialogs.brief",
        "dialogs.catchup",
        "dialogs.digests",
        "dialogs.files",
        "dialogs.heading",
        "dialogs.instructions",
        "dialogs.mine",
        "dialogs.page",
        "dialogs.pieces",
        "dialogs.tree",
        "dialogs.writer",
    ),
}
"""Rooms of several modules: the one they are known by, and those that stand behind it. Within a room all may know
each other, as in a package."""

GROUND = frozenset(
    {
        "dialogs.attachments",
        "dialogs.cards",
        "dialogs.changes",
        "dialogs.documents",
        "dialogs.preferences",
        "dialogs.shelves",
        "dialogs.terms",
        "bot.audit",
        "bot.limits",
        "bot.drift",
        "bot.exporting",
        "bot.names",
        "bot.rings",
        "bot.settings",
        "bot.store.rows",
        "bot.teams.errors",
        "bot.teams.escape",
        "bot.teams.origins",
        "bot.telemetry",
        "dialogs.days",
        "dialogs.errors",
        "dialogs.plain",
        "dialogs.ports",
        "dialogs.prompt",
        "dialogs.sources",
        "dialogs.talk",
    }
)
"""The ground of a floor: numbers, rows, words, definitions, leaf functions. The other rooms of the floor stand on it;
every other import between two rooms of one floor goes sideways and is refused."""

PACKAGES = ("bot", "bot.teams", "dialogs")
"""Packages that are no room themselves; their `__init__` holds a docstring."""

ROOMS: dict[str, str] = {name: name for names in FLOORS.values() for name in names} | {
    member: head for head, members in FAMILIES.items() for member in members
}
"""The room that each name of the tables above belongs to."""


def room(module: str) -> str | None:
    """The room a module belongs to: that of the longest name that it is or stands under."""
    mine = [name for name in ROOMS if module == name or module.startswith(f"{name}.")]
    return ROOMS[max(mine, key=len)] if mine else None


def floor(module: str) -> int | None:
    """The floor a module stands on; None where the tables do not know it."""
    own = room(module)
    return next((number for number, rooms in FLOORS.items() if own in rooms), None)
