"""Addresses in plain text, written so that no client makes a link of them by itself.

Floor 5, below `bot.teams.escape`. Whatever is written here a program may turn into something to press: Teams does it with
schemes and `www.`, other clients with mail addresses and with every `host.tld`. Which ones they are no tree tells, so the
marks that make an address are bracketed, as people write one that must not be pressed: `https[:]//example[.]com`. Nothing
invisible is put in between, because that would be copied along.

Every decision rests on what stands in the same word, next to the mark or before it: of a growing text nothing that was
shown is decided anew.
"""

import re

_LETTERS = re.ASCII | re.IGNORECASE
_SCHEMES = (
    "mailto|tel|sms|smsto|sips?|xmpp|im|callto|facetime|skype|msteams|slack|zoommtg|whatsapp|tg|data|javascript|vbscript"
    "|webcals?|feed|onenote|git|ssh|ftps?|https?|wss?|ldaps?|rtsp|irc|nntp|file|blob|about|view-source|intent|magnet|ms-[a-z-]{2,20}|search-ms|ipfs|geo|maps|bitcoin"
)
_SCHEME = re.compile(rf":(?=//)|(?<![a-z0-9])(?:{_SCHEMES}):(?=\S)", _LETTERS)
_KEPT = "key|name|type|value|note|status|label|lang|subject|author|title|category|priority|size|std|node|line|zeile"
_WORD = re.compile(
    rf"(?<![\w.:-])(?!(?:{_KEPT}):)[a-z][a-z0-9+-]{{2,20}}:"
    # `Kolleg:innen` is German for people of all genders.
    r"(?!(?:in|innen)(?![\w/@:.?#%+=-]))(?=[a-z0-9/+%?#~_\\])",
    _LETTERS,
)
"""Any word that is followed by a colon and more at once: what schemes clients know no list tells."""
_MAIL = re.compile(r"(?<=[\w+.-])@(?=\w)")
_WIDE = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
_ENDS = (
    "com|net|org|edu|gov|mil|int|info|biz|name|pro|museum|aero|coop|jobs|mobi|travel|asia|post|arpa|onion|example|invalid"
    "|test|localhost|local|internal|intranet|corp|home|lan|dev|app|page|web|website|cloud|online|site|store|shop|shopping"
    "|blog|tech|xyz|top|club|live|life|world|today|news|media|agency|digital|email|network|systems|solutions|services"
    "|support|software|studio|design|group|team|work|works|space|zone|host|hosting|server|link|click|icu|vip|win|bid|loan"
    "|date|stream|download|party|review|science|trade|webcam|racing|accountant|faith|cricket|nexus|foo|ing|meme|fun|ink"
    "|wiki|chat|cafe|city|company|ltd|inc|llc|gmbh|global|expert|guru|ninja|rocks|run|sale|tools|video|pics|photo|photos"
    "|gallery|lol|bar|pub|beer|art|bot|box|cam|fit|fyi|gdn|kim|law|ltda|mom|one|ooo|pet|pin|pub|rip|sbs|ski|soy|tax|uno"
    "|wtf|xin|yoga|bond|best|buzz|cash|care|casa|cfd|cyou|quest|monster|beauty|hair|makeup|skin|rest|bank|insure|finance"
    "|google|microsoft|azure|office|windows|skype|amazon|aws|apple|berlin|hamburg|koeln|cologne|bayern|wien|swiss|paris"
    "|london|nyc|tokyo|zip|mov|xn--[a-z0-9-]{1,59}"
)
_ABROAD = "рф|рус|укр|бел|срб|мкд|қаз|бг|ею|онлайн|сайт|москва|ελ|ευ|გე|հայ"
_FILES = "md|py|sh|rs|pl|ps|cc|so|mk|am|la|st|ai|zip|mov"
"""Ends of file names that are ends of hosts too."""
_NO_HOSTS = (
    "json|ya?ml|toml|txt|csv|pdf|docx?|xlsx?|pptx?|html?|xml|log|png|jpe?g|gif|svg|java|cpp|sql|exe"
    "|js|ts|cs|rb|go|vb|db|gz|hs|kt|ej|zt|uu|ipynb|jsx|tsx|css|scss|ini|cfg|conf|bak|lock|tmp|dll|bat|webp|bmp|tiff?|od[tsp]|rtf"
    "|eml|msg|ics|vcf|jar|war|class|swift|php|lua|tex|bib|sqlite|parquet|avro|proto|tar|tgz|xz|rar|iso|dmg|deb|rpm|apk|msi"
)
"""Ends of file names under which nobody can have a host."""
_DOT = re.compile(
    rf"(?<=[^\W_])(?:\.|[\u3002\uff0e\uff61](?=[a-z]))(?:"
    rf"(?=(?P<file>{_FILES})(?![a-z0-9_-]))"
    rf"|(?!(?:{_NO_HOSTS})\b)(?=(?:[a-z]{{2}}|{_ENDS}|{_ABROAD})(?![a-z0-9_-]))"
    # With something behind it, or before an @, nearly any end may be meant as a host's.
    rf"|(?!(?:{_NO_HOSTS})\b)(?=[a-z]{{2,24}}(?:[/\\]|:[0-9]|[?#]\w))"
    rf"|(?<=[^\W\d_]\.)(?=[{_WIDE}]))",
    re.IGNORECASE,
)
_LABEL = (
    rf"(?:(?![{_WIDE}\u3001-\u3040\uff01-\uff9f])[\w-]"
    r"|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0963\u0966-\u0dff])"
)
_HOST = re.compile(
    rf"(?<=[^\W_])[.\u2024](?P<last>(?=[^\W\d_])(?>{_LABEL}{{2,64}}))"
    rf"(?=(?P<more>(?>(?:[.\u2024](?>{_LABEL}{{1,64}})){{0,8}})))"
)
"""A dot between what may be two parts of a host: which ends there are no list tells for long, so it is taken for one."""
_NO_HOST = re.compile(rf"(?:{_NO_HOSTS})", _LETTERS)
_FILE = re.compile(rf"(?:{_FILES})", _LETTERS)
_NUMBERED = re.compile("[0-9_]")
_ORDINAL = re.compile(r"(?:^|[^\w.])[0-9]{1,2}$")
_SHARE = re.compile(r"(?<!\\)\\\\(?=[\w.$-]{1,64}\\)")
_DOTS = ".\u2024\u3002\uff0e\uff61"
_PATH = re.compile(r"[a-z]+(?:[/\\]|:[0-9]|[?#]\w)", _LETTERS)
_NAMED = re.compile(r"[.@\u2024\u3002\uff0e\uff61]\]?[\w-]*$")
_NUMBERS = re.compile(r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?=[/\\?#]|:[0-9])")
_BEHIND = re.compile(r"[/\\]|:[0-9]|[?#]\w")
_BEGUN, _ENDED = re.compile(r"[\w.-]*$"), re.compile(r"[\w.-]*")
OURS = frozenset(
    {
        "Channel.ReadBasic.All",
        "ChannelMessage.Read.All",
        "ChannelMessage.Read.Group",
        "Chat.Read",
        "ChatMessage.Read.Chat",
        "Files.Read.All",
        "Team.ReadBasic.All",
    }
)
"""Permissions that a reader has to grant by their name. They are constants: nobody can say anything with them."""
LABEL = 64
"""More characters than a part of a host's name has."""


def unpressed(text: str) -> str:
    """The text with what would make links of parts of it in brackets."""
    if ":" in text:
        text = _schemeless(text)
    if "\\\\" in text:
        text = _SHARE.sub(r"[\\\\]", text)
    if any(dot in text for dot in _DOTS):
        text = _HOST.sub(_part, text)
        text = _DOT.sub(_dot, _NUMBERS.sub(lambda found: found[0].replace(".", "[.]"), text))
    return _MAIL.sub("[@]", text) if "@" in text else text


def defanged(address: str) -> str:
    """An address of which all is known."""
    shown = _schemeless(address)
    shown = address.replace(":", "[:]", 1) if shown == address else shown
    return shown.replace(".", "[.]").replace("@", "[@]")


def _schemeless(text: str) -> str:
    text = _SCHEME.sub(lambda found: f"{found[0][:-1]}[:]", text)
    return _WORD.sub(lambda found: f"{found[0][:-1]}[:]", text)


def _part(found: re.Match[str]) -> str:
    """Stays: a file's name, `12.März`, and what ends like no host. A name of two parts may end like a file."""
    ends = re.split("[.\u2024]", found["last"] + found["more"])
    before = found.string[max(0, found.start() - LABEL) : found.start()]
    if _NO_HOST.fullmatch(ends[-1]) or _NUMBERED.search(ends[-1]):
        return found[0]
    alone = len(ends) == 1 and not _BEHIND.match(found.string, found.end())
    if alone and (_ORDINAL.search(before) or (found[0].isascii() and not _NAMED.search(before))):
        return found[0]  # `feature.export`: a host of two parts carries nothing; `_dot` knows which ends there are
    return found[0] if _is_ours(found) else f"[{found[0][0]}]{found['last']}"


def _dot(found: re.Match[str]) -> str:
    """`README.md` stays as it is: a name of two parts, and nothing behind it. Who owns that host is told nothing by it."""
    at = found.start()
    alone = found["file"] and not _PATH.match(found.string, found.end())
    if alone and not _NAMED.search(found.string[max(0, at - LABEL) : at]):
        return found[0]
    return found[0] if _is_ours(found) else f"[{found[0]}]"


def _is_ours(found: re.Match[str]) -> bool:
    """Whether it is a dot of one of the names that we say ourselves."""
    text, at = found.string, found.start()
    begun, ended = _BEGUN.search(text[max(0, at - LABEL) : at]), _ENDED.match(text[at : at + LABEL])
    return bool(begun and ended) and f"{begun and begun[0]}{ended and ended[0]}".rstrip(".") in OURS
