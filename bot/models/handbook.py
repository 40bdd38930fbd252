"""What the offline engine knows about Parley: lines it may quote, each with the words that ask for it.

Floor 6.
"""

from bot.models.words import content, words

LINES = (
    (
        "who are you what parley assistant bot name",
        "Parley is a private assistant for Microsoft Teams that a company runs in its own Azure.",
    ),
    (
        "what can you do help commands features able",
        "Type help to see what I can do here; mention me with summarise in a channel or group chat to get a summary.",
    ),
    (
        "summary summarise summarize thread channel recap",
        "A summary shows key points, decisions, action items and open questions, each with the message it comes from.",
    ),
    (
        "range since monday today yesterday last hours messages part summarise",
        "After summarise you can say today, yesterday, since Monday, the last 24 hours or the last 50 messages.",
    ),
    (
        "decisions action items tasks todo section",
        "The words decisions and action items each give that section of a summary alone.",
    ),
    (
        "catch up missed visit away since holiday mentions assigned",
        "Type catch me up in a channel or group chat for what happened since your last visit, what concerns you first.",
    ),
    (
        "digest daily weekly regularly every day morning",
        "Type digest daily 9:00, digest weekly Monday 9:00 or digest off where you want to be kept informed.",
    ),
    (
        "said about topic question focus what was",
        "Type what was said about, and then a topic, to get only what was said about it.",
    ),
    (
        "private privately alone secret only me see",
        "Add privately to summarise and the answer goes to you alone, with a button to post it.",
    ),
    (
        "citation citations numbers sources link check trust",
        "Each number in a summary opens the message it rests on; what no message bears out is left out.",
    ),
    (
        "coverage left out read messages how many",
        "The last line of a summary says how many messages were read, from when to when, and what was left out.",
    ),
    (
        "privacy keep store retention data delete long kept saved",
        "Type privacy to read what I keep and for how long; messages I read for a summary are not kept.",
    ),
    (
        "new chat forget reset start over afresh",
        "Type new chat and nothing said before is remembered in this conversation.",
    ),
    (
        "offline engine model language azure openai local quotes why",
        "The offline engine quotes what was written and never writes anything of its own; a company's Parley uses Azure OpenAI.",
    ),
    (
        "files attachments documents pdf word open read",
        "Attached files cannot be opened yet; I go by the words of a message alone.",
    ),
)
"""Words that ask for a line, and the line."""

ABOUT_ME = frozenset(["you", "your", "yourself", "parley", "bot", "assistant", "this", "here", "i"])
"""Without one of these a question is not about Parley."""


def looked_up(question: str) -> str | None:
    """The line that answers a question about Parley best, None where none does."""
    asked = set(words(question))
    if not asked & ABOUT_ME:
        return None
    stems = set(content(question))
    score, line = max((_score(keys, asked, stems), line) for keys, line in LINES)
    return line if score >= 2 else None


def _score(keys: str, asked: set[str], stems: set[str]) -> int:
    return len(set(keys.split()) & asked) + len(set(content(keys)) & stems)
