"""Addresses that look like a host's and are not plain https to it, by family."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

EVIL = "evil.example"

UNSEEN = ("\t", "\n", "\r", "\x00", "\x0b", "\x1f", " ", "\x7f", "\xa0", "\xad", "\u200b", "\u200d", "\u2028", "\u202e")
"""Characters that some readers of addresses drop, and others do not."""
TWINS: Mapping[str, str] = {
    "a": "аａ",
    "c": "сⅽ",
    "e": "еｅ",
    "i": "іⅰ",
    "m": "ｍⅿ",
    "n": "ｎո",
    "o": "оοօ",
    "p": "рｐ",
    "s": "ѕſ",
    "t": "ｔ",
    ".": "。．｡․",
    "-": "‐−",
    "k": "K",
    "r": "г",
    "f": "ſ",
    "b": "Ь",
    "g": "ɡ",
    "h": "һ",
}
"""Letters of other scripts and widths that look like ours, or become them when a name is prepared for the resolver."""
INSIDE = (
    *("127.0.0.1", "127.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001"),
    *("169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "168.63.129.16", "10.0.0.1", "192.168.0.1"),
    *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[::127.0.0.1]"),
    *("[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::]", "[fe80::1%25eth0]", "[fd00:ec2::254]", "[0:0:0:0:0:0:0:1]"),
    *("localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "metadata.google.internal", "①②⑦.⓪.⓪.①"),
)


def lookalikes(host: str) -> dict[str, list[str]]:
    """Addresses that are not plain https to that host, by family."""
    return {
        "userinfo": list(filled(host, USERINFO)),
        "backslash": list(filled(host, BACKSLASHES)),
        "ports": [f"https://{host}:{port}/x" for port in PORTS],
        "dots": [f"https://{name}/x" for name in (f"{host}.", f"{host}..", f".{host}", host.replace(".", "..", 1))],
        "neighbours": list(filled(host, NEIGHBOURS)),
        "schemes": list(filled(host, SCHEMES)),
        "unseen characters": list(dirty(host)),
        "homographs": list(homographs(host)),
        "percent": list(filled(host, PERCENT)),
        "numbers and this machine": [f"{scheme}://{name}/x" for scheme, name in product(("https", "http"), INSIDE)],
        "brackets": [
            f"https://{name}/x" for name in (f"[{host}]", f"[::1].{host}", f"[::1]{host}", f"{host}[", f"]{host}")
        ],
    }


USERINFO = (
    *("https://{host}@{evil}/x", "https://{host}:443@{evil}/x", "https://{evil}@{host}/x", "https://a:b@{host}/x"),
    *("https://@{host}/x", "https://:@{host}/x", "https://{host}&@{evil}/x", "https://{host} @{evil}/x"),
    *("https://{host}@{evil}@{host}/x", "https://{evil}:@{host}/x", "https://{host}＠{evil}/x"),
)
BACKSLASHES = (
    *(
        "https://{evil}\\@{host}/x",
        "https://{evil}\\.{host}/x",
        "https://{host}\\@{evil}/x",
        "https://{host}\\.{evil}/x",
    ),
    *("https:\\\\{host}/x", "https:/\\{host}/x", "\\\\{host}\\x", "https://{evil}\\{host}/x", "https://\\{host}/x"),
    *("https://{evil}＼{host}/x", "https://{evil}\\\\{host}/x"),
)
PORTS = (
    "80",
    "8443",
    "0",
    "65536",
    "99999999",
    "443x",
    "+443",
    "-443",
    " 443",
    "٤٤٣",
    "4４3",
    "443:443",
    "443@" + EVIL,
)
NEIGHBOURS = (
    *("https://{host}.{evil}/x", "https://{host}{evil}/x", "https://{evil}/{host}", "https://{evil}?{host}/x"),
    *("https://{evil}#{host}/x", "https://{evil};{host}/x", "https://{evil}#@{host}/x", "https://{evil}?@{host}/x"),
    *(
        "https://evil{host}/x",
        "https://evil-{host}/x",
        "https://{host}-evil.example/x",
        "https://{evil}/https://{host}/x",
    ),
    *("https://evil.trafficmanager.net/x", "https://evil.sharepoint.com.{evil}/x", "https://{evil},{host}/x"),
    *(
        "https://{host},{evil}/x",
        "https://{evil}:443#{host}/x",
        "https://{evil}/.{host}/x",
        "https://*/x",
        "https://*.{host}/x",
    ),
)
SCHEMES = (
    *("http://{host}/x", "ftp://{host}/x", "ws://{host}/x", "wss://{host}/x", "file://{host}/x", "gopher://{host}/x"),
    *(
        "//{host}/x",
        "{host}/x",
        "/x",
        "",
        "https:{host}/x",
        "https:/{host}/x",
        "https:///{host}/x",
        "https:////{host}/x",
    ),
    *(
        "blob:https://{host}/x",
        "view-source:https://{host}/x",
        "javascript://{host}/%0aalert(1)",
        "data:text/html,{host}",
    ),
    *(
        "httpſ://{host}/x",
        "https ://{host}/x",
        "https;//{host}/x",
        "https://",
        "https:///",
        "https://?{host}",
        "jar:https://{host}!/x",
    ),
)
PERCENT = (
    *(
        "https://{evil}%2f.{host}/x",
        "https://{evil}%23.{host}/x",
        "https://{evil}%3f.{host}/x",
        "https://{evil}%00.{host}/x",
    ),
    *("https://{host}%2e{evil}/x", "https://{host}%40{evil}/x", "https://{evil}%40{host}/x", "https://%{host}/x"),
    *("https://{evil}%5c.{host}/x", "https://{host}%00.{evil}/x", "https://{evil}%252f.{host}/x", "https%3a//{host}/x"),
    *("https:%2f%2f{host}/x", "https://%65vil.example/x", "https://{host}%0d%0aHost:{evil}/x"),
)


def filled(host: str, forms: Iterable[str]) -> Iterator[str]:
    """The forms with both hosts put in."""
    return (form.format(host=host, evil=EVIL) for form in forms)


def dirty(host: str) -> Iterator[str]:
    """A character that is not seen at every seam of an address, and a second host behind it."""
    for one in UNSEEN:
        yield from (
            f"{one}https://{host}/x",
            f"https{one}://{host}/x",
            f"https:/{one}/{host}/x",
            f"https://{one}{host}/x",
        )
        yield from (f"https://{host}{one}/x", f"https://{host}{one}.{EVIL}/x", f"https://{EVIL}{one}.{host}/x")
        yield f"https://{host[:4]}{one}{host[4:]}/x"


def homographs(host: str) -> Iterator[str]:
    """Every letter of a name replaced by each of its twins, all at once, and as punycode."""
    for place, letter in enumerate(host):
        for twin in TWINS.get(letter, ""):
            name = f"{host[:place]}{twin}{host[place + 1 :]}"
            yield f"https://{name}/x"
            yield f"https://{ascii_of(name, host)}/x"
    yield f"https://{''.join(TWINS.get(letter, letter)[0] for letter in host)}/x"


def ascii_of(name: str, host: str) -> str:
    """A name in punycode, label by label; one that becomes ours is spoilt, for then it would be ours."""
    labels = [label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in name.split(".")]
    found = ".".join(labels)
    return found if found != host else f"xn--{found}"
