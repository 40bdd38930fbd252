"""Where each table would stand on a cluster (docs/scale.md), and which statements do not stay on one shard there, and why."""

from collections.abc import Mapping
from enum import StrEnum


class By(StrEnum):
    """What the bucket of a row is made from: the bucket is the distribution column."""

    CONVERSATION = "conversation"
    PERSON = "person"
    TENANT = "bucket"
    EVERYWHERE = "reference table"
    COORDINATOR = "local table"


NEEDED: Mapping[By, frozenset[str]] = {
    By.CONVERSATION: frozenset({"tenant", "conversation"}),
    By.PERSON: frozenset({"tenant", "person"}),
    By.TENANT: frozenset({"tenant"}),
    By.EVERYWHERE: frozenset({"tenant"}),
    By.COORDINATOR: frozenset(),
}
"""The columns that every statement of a turn must fix in a table of that kind."""

TABLES: Mapping[str, tuple[By, str]] = {
    "inbox": (By.CONVERSATION, "what is to be done, beside its lane"),
    "lanes": (By.CONVERSATION, "whoever holds the row holds the conversation"),
    "history": (By.CONVERSATION, "read and written with the lane in hand"),
    "files": (By.CONVERSATION, "like the history"),
    "titles": (By.CONVERSATION, "of a chat of a conversation"),
    "offers": (
        By.CONVERSATION,
        "a card stands in a conversation; to sign in clears them on all shards, once a session",
    ),
    "feedback": (By.CONVERSATION, "of a message of a conversation, whose ask is looked up"),
    "people": (By.PERSON, "read once a turn"),
    "purses": (By.PERSON, "one row a person and day, settled when the ask is closed"),
    "usage": (By.PERSON, "settled with the purse; a person's own report is of one shard"),
    "visits": (By.PERSON, "one row a person and place"),
    "digests": (By.PERSON, "and told in the person's own chat, which is in the same bucket"),
    "shares": (By.PERSON, "an answer that one person saw"),
    "prompts": (By.PERSON, "those shared with a team are read on all shards, when somebody opens the list"),
    "signings": (By.PERSON, "locked by a sign-in and by who parks"),
    "exchanges": (By.PERSON, "one row an attempt"),
    "exports": (By.PERSON, "pieces of one document"),
    "tills": (By.TENANT, "a till for each bucket instead of sixteen: then no two shards share one"),
    "audit": (By.TENANT, "beside the ask that it is about; see *the chain*"),
    "seals": (By.TENANT, "a chain for each bucket; see *the chain*"),
    "rules": (By.EVERYWHERE, "a few rows, read all the time, changed by an administrator"),
    "legal_holds": (By.EVERYWHERE, "a few rows, asked by every sweep and erasure"),
    "data_keys": (By.EVERYWHERE, "a few rows a tenant, kept in memory by every process"),
    "migrations": (By.COORDINATOR, "what was applied, once"),
}

HOUSE: Mapping[str, str] = {
    "statements.RIPEN": "looks over all lanes for what is due: once for each bucket that has something",
    "statements.CLAIM": "looks over all lanes for what was left behind: once for each bucket that has something",
    "statements.RELEASE": "gives back all that a process holds: by the claims that it knows of, one bucket after the other",
    "sweeps.": "retention, by bucket: a row's place (`ctid`) means nothing beyond its shard",
    "seals.": "a chain for each bucket",
    "vault.": "keys stand everywhere",
    "pool.TRIAL": "whether the disk takes what is given to it: for each node, by one of its buckets",
    "estate.GONE": "retention: who removed the assistant long ago, by bucket",
    "books.": "an operator's report, read on all shards",
}
"""What is no part of a turn, by the name of its statement or of the module of statements: what becomes of it."""

ELSEWHERE: Mapping[tuple[str, str], str] = {
    ("signing.SIGNED", "offers"): "a person's cards in all conversations: a delete on all shards, once a sign-in",
    ("signing.UNPARK", "inbox"): (
        "a person's waiting asks in all conversations, found by the person: a look on all shards without a lock, and "
        "then one statement for each conversation found, once a sign-in"
    ),
    ("keeping.FINISH_MORE", "inbox"): (
        "a digest that is changed or ended takes back the errand that would have told it, which lies in the person's own "
        "chat (`digests.chat`): a statement of its own, in the person's bucket"
    ),
    ("owned.HOLDINGS", "*"): "everything that is kept of a person, counted when they ask: read on all shards",
    ("owned.PAGES", "*"): "everything that is kept of a person, read when they export it: read on all shards",
    ("erasure.", "*"): "forgetting a person: a statement a table and bucket, in one transaction over the nodes",
    ("estate.HALT", "inbox"): "forgetting a person begins with stopping all their asks: as UNPARK",
    ("estate.AT_WORK", "*"): "forgetting a person waits for their asks: read on all shards",
    ("statements.BEFORE", "inbox"): "how many wait before an ask, told when the model is throttled: read on all shards",
    ("shelving.PROMPTS", "prompts"): "prompts that a team shares: read on all shards, when somebody opens the list",
}

SPLIT: Mapping[str, str] = {
    "accepting.ACCEPT": "the ask and its lane, and the chat's lines; the person by a read of its own, as where the lane was not fresh",
    "statements.FINISH": "the ask, its lines and its audit row first; then purse, till and usage, by what the ask still holds",
    "keeping.FINISH_MORE": "as FINISH; then what is the person's: visit, share, digests and the errands in their own chat",
    "statements.POSTPONE": "the ask first; then purse, till and usage",
    "signing.PARK": "the person's sign-in is read first and the ask compared with it; then purse, till and usage",
    "signing.SIGNED": "the person's number first; then the cards, on all shards",
    "purses.RESERVE": "purse and till first, then the ask; the other tills' sum is handed in, some seconds old",
    "purses.OPEN": "purse and till, whose person is handed in",
    "recall.RECALL": "the person, and beside it the chat: two reads at the same time",
    "filed.KEEP": "the person is looked at first; an erasure that comes in between deletes by person afterwards",
    "statements.STOP": "the person's digests are read first",
    "owned.HOLDINGS": "counted on all shards",
}
"""Statements about a conversation and its person at once. One to one both are in the same bucket, and it is one statement on one
shard. In a group or channel they are two: what is done instead."""
