"""The data map of docs/privacy.md as data: each kind of data, where it arises, passes, rests, who reads it, and how it ends.

`python -m tests.structure.datamap` writes its two tables into the page; `picture_data` draws it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.structure.blocks import replaced, table

PAGE = Path("docs/privacy.md")
TEAMS, MEMORY, DATABASE, MODEL = "Teams", "Parley's memory", "database", "Azure OpenAI"
GRAPH, SIGN_IN, VAULT, LOGS, FOLDER = "Graph, SharePoint", "sign-in service", "Key Vault", "logs", "OneDrive"
PLACES = (TEAMS, GRAPH, SIGN_IN, MEMORY, MODEL, DATABASE, VAULT, FOLDER, LOGS)
"""Where data can be, in the order of the picture. Backups are the database's."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A place that it stays in, for how long, by itself; `columns` are the database's, or whole tables."""

    place: str
    long: str
    columns: tuple[str, ...] = ()
    sealed: bool = False

    @property
    def said(self) -> str:
        """For the table."""
        names = ", ".join(f"`{name}`" for name in self.columns)
        what = f"{names}, sealed" if self.sealed else names
        return f"{self.place}{f' ({what})' if what else ''}: {self.long}"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of data. `passes` are places that it goes through and does not stay in."""

    name: str
    short: str
    arises: str
    passes: tuple[str, ...]
    rests: tuple[Rest, ...]
    readers: str
    ends: str


OWN = "the person; an administrator by an export, which is a row of the audit"
FORGET = "retention; `forget me`; with its chat"
KINDS: Sequence[Kind] = (
    Kind(
        "what a person writes to Parley",
        "questions",
        "in Teams, by typing",
        (MEMORY, MODEL),
        (
            Rest(TEAMS, "Teams' own", ()),
            Rest(DATABASE, "until answered", ("inbox.body",), sealed=True),
            Rest(DATABASE, "30 days", ("history.text",), sealed=True),
        ),
        OWN,
        FORGET,
    ),
    Kind(
        "answers, and the sources beneath them",
        "answers",
        "at the model, or in Parley",
        (MEMORY, MODEL),
        (
            Rest(TEAMS, "Teams' own", ()),
            Rest(DATABASE, "until shown", ("inbox.answer",), sealed=True),
            Rest(DATABASE, "30 days", ("history.text", "history.cites"), sealed=True),
        ),
        "the person; in a channel or group chat, who belongs to it; an administrator by an export",
        FORGET,
    ),
    Kind(
        "a message that could not be answered",
        "dead letters",
        "in Teams, by typing",
        (MEMORY,),
        (Rest(DATABASE, "14 days", ("inbox.body",), sealed=True),),
        "nobody; an operator may have it answered",
        "retention; dropped by an operator; `forget me`",
    ),
    Kind(
        "messages of channels and group chats",
        "channel messages",
        "where colleagues talk",
        (GRAPH, MEMORY, MODEL),
        (Rest(TEAMS, "Teams' own", ()),),
        "who belongs there; of the summary, who asked, or who belongs there",
        "with the answer",
    ),
    Kind(
        "a file sent one to one",
        "files",
        "in Teams, by dropping it",
        (GRAPH, MEMORY, MODEL),
        (Rest(FOLDER, "OneDrive's own", ()), Rest(DATABASE, "30 days, its text", ("files.body",), sealed=True)),
        OWN,
        FORGET,
    ),
    Kind(
        "a file in a channel or group chat, and any picture",
        "other files, pictures",
        "in Teams, by dropping it",
        (GRAPH, MEMORY, MODEL),
        (Rest(FOLDER, "SharePoint's own", ()),),
        "who asked, with their own rights",
        "with the answer",
    ),
    Kind(
        "a private answer that may be posted",
        "private answers",
        "in Parley",
        (MEMORY, MODEL),
        (Rest(DATABASE, "24 hours", ("shares.answer", "shares.sealed"), sealed=True),),
        "the person; after posting, who belongs there; an administrator by an export",
        "retention; `forget me`",
    ),
    Kind(
        "exports, and answers as a document",
        "exports",
        "`export my data`, `as a document`",
        (MEMORY,),
        (Rest(DATABASE, "an hour", ("exports.piece",), sealed=True), Rest(FOLDER, "the person's own", ())),
        OWN,
        "retention; in OneDrive, by the person",
    ),
    Kind(
        "saved prompts and titles of chats",
        "prompts, titles",
        "in Teams, by typing",
        (MEMORY, MODEL),
        (
            Rest(DATABASE, "until deleted", ("prompts.name", "prompts.text"), sealed=True),
            Rest(DATABASE, "as its chat", ("titles.title",), sealed=True),
        ),
        "the person; a shared prompt, the team; an administrator by an export",
        "deleting it; `forget me`",
    ),
    Kind(
        "thumbs, and words written with one",
        "feedback",
        "in Teams, by pressing",
        (MEMORY,),
        (Rest(DATABASE, "90 days", ("feedback.text",), sealed=True),),
        "administrators: counts alone, never the words",
        "retention; `forget me`",
    ),
    Kind(
        "who is known, with their settings and department; last visits; digests",
        "people, settings",
        "at the first message; in settings",
        (MEMORY, GRAPH),
        (
            Rest(DATABASE, "until forgotten", ("people", "digests")),
            Rest(DATABASE, "30 days", ("visits",)),
        ),
        "the person; operators, ids alone",
        "`forget me`; 30 days after removing Parley",
    ),
    Kind(
        "that somebody signs in",
        "signing in",
        "at Entra",
        (MEMORY,),
        (
            Rest(SIGN_IN, "until `sign out`, the token", ()),
            Rest(DATABASE, "15 minutes to a day", ("offers", "signings", "exchanges")),
        ),
        "nobody",
        "retention; `sign out`",
    ),
    Kind(
        "that a message was handled, and whose turn a conversation has",
        "message ids",
        "at the door",
        (MEMORY,),
        (Rest(DATABASE, "7 days", ("inbox",)), Rest(DATABASE, "90 idle days", ("lanes",))),
        "operators: ids, times, outcomes",
        "retention; `forget me`",
    ),
    Kind(
        "tokens used, today's allowance",
        "usage",
        "at the model",
        (MEMORY,),
        (Rest(DATABASE, "400 days", ("usage",)), Rest(DATABASE, "the day", ("purses", "tills"))),
        "the person; administrators, by department of five at least; operators, by id",
        "retention; `forget me` moves it to nobody's sum",
    ),
    Kind(
        "the audit: that something was done, without content, under an alias",
        "audit",
        "at the end of each request",
        (MEMORY,),
        (
            Rest(DATABASE, "365 days", ("audit",)),
            Rest(DATABASE, "as its row", ("seals.hash", "seals.digest", "seals.previous")),
            Rest(LOGS, "the newest hash", ()),
        ),
        "administrators, auditors",
        "retention; `forget me` ends the alias, not the row",
    ),
    Kind(
        "the company's rules and legal holds",
        "rules, holds",
        "by administrators",
        (MEMORY,),
        (Rest(DATABASE, "until taken back", ("rules", "legal_holds")),),
        "administrators",
        "an administrator",
    ),
    Kind(
        "keys that contents are sealed with",
        "keys",
        "at the first message of a tenant",
        (MEMORY,),
        (
            Rest(DATABASE, "until destroyed, wrapped", ("data_keys.wrapped",)),
            Rest(VAULT, "until you end it", ()),
        ),
        "nobody: the key never leaves the vault",
        "`keys destroy`; disabling the key in the vault",
    ),
    Kind(
        "the course of things: events, counts, times, tenant, person's id, hashes",
        "logs, figures",
        "in Parley, at the gateway",
        (MEMORY,),
        (Rest(LOGS, "90 days", ()),),
        "operators",
        "retention of the log workspace",
    ),
    Kind(
        "which versions of the tables were made",
        "the program's own",
        "at a migration",
        (),
        (Rest(DATABASE, "for good", ("migrations",)),),
        "operators",
        "with the database",
    ),
)


@dataclass(frozen=True, slots=True)
class Way:
    """An address of the settings that something goes to; `what` goes there, or comes from there."""

    settings: tuple[str, ...]
    whose: str
    what: str


WAYS: Sequence[Way] = (
    Way(("SERVICE_ORIGINS",), "Microsoft Teams", "answers, cards; who belongs to a conversation is asked"),
    Way(
        ("OPENID_METADATA_URL", "TOKEN_ISSUER"),
        "the Bot Framework",
        "nothing: keys are fetched; the issuer is compared",
    ),
    Way(
        ("USER_TOKEN_URL",),
        "the Bot Framework's token service",
        "the bot's proof, a person's id; their token comes back",
    ),
    Way(("LOGIN_URL",), "Entra", "the bot's proof, and a person's token to exchange"),
    Way(("GRAPH_URL",), "Microsoft Graph", "which channel, chat or file is to be read; its messages come back"),
    Way(
        ("FILE_HOSTS",),
        "the company's SharePoint and OneDrive",
        "exports and documents that the person agreed to; files come back",
    ),
    Way(("LINK_HOSTS",), "nobody: nothing is called", "links in answers may lead there"),
    Way(
        ("AZURE_OPENAI_ENDPOINTS", "AZURE_OPENAI_SCOPE"),
        "the company's Azure OpenAI",
        "questions, what was said before, passages of messages and files, pictures; answers come back",
    ),
    Way(("DATABASE_URL", "DATA_DIR"), "the company's PostgreSQL", "everything that rests there"),
    Way(("CONTENT_KEY",), "the company's Key Vault", "wrapped data keys, to be opened"),
    Way(
        ("APPLICATIONINSIGHTS_CONNECTION_STRING", "OTEL_EXPORTER_OTLP_ENDPOINT"),
        "the company's receiver of telemetry, where one is set",
        "counts, times, ids; no content",
    ),
)
"""Every address that the settings hold."""


def kinds() -> str:
    """The map as a table."""
    rows = [
        (
            each.name,
            each.arises,
            ", ".join(each.passes),
            "; ".join(rest.said for rest in each.rests),
            each.readers,
            each.ends,
        )
        for each in KINDS
    ]
    return table(("data", "arises", "passes through", "rests, for how long", "who can read it", "how it ends"), rows)


def ways() -> str:
    """The addresses as a table."""
    rows = [(", ".join(f"`{name}`" for name in each.settings), each.whose, each.what) for each in WAYS]
    return table(("setting", "who that is", "what goes there"), rows)


TABLES: Mapping[str, str] = {"data map": kinds(), "ways out": ways()}


def main() -> None:
    """Write them."""
    PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8"), TABLES), encoding="utf-8")


if __name__ == "__main__":
    main()
