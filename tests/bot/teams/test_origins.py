import pytest

from bot.teams.origins import address, origins, same_address

TEAMS = origins(("https://smba.trafficmanager.net",))


@pytest.mark.parametrize(
    "text",
    [
        "https://smba.trafficmanager.net",
        "https://smba.trafficmanager.net/",
        "https://smba.trafficmanager.net/emea/",
        "https://SMBA.TrafficManager.net/amer/7d6f5a3b-2b1c-4f7e-8f5d-2a4f0e9b1c11/",
        "https://smba.trafficmanager.net:443/teams",
    ],
)
def test_an_address_of_the_origin_is_trusted(text: str) -> None:
    assert TEAMS.trust(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "smba.trafficmanager.net",
        "//smba.trafficmanager.net/",
        "http://smba.trafficmanager.net/",
        "ftp://smba.trafficmanager.net/",
        "https://evil.example/",
        "https://smba.trafficmanager.net.evil.example/",
        "https://evil-smba.trafficmanager.net/",
        "https://sub.smba.trafficmanager.net/",
        "https://smba.trafficmanager.net.",
        "https://smba.trafficmanager.net:8443/",
        "https://smba.trafficmanager.net:99999999/",
        "https://smba.trafficmanager.net:/",
        "https://smba.trafficmanager.net@evil.example/",
        "https://evil.example@smba.trafficmanager.net/",
        "https://user:pass@smba.trafficmanager.net/",  # pragma: allowlist secret
        "https://evil.example\\@smba.trafficmanager.net/",
        "https://evil.example\\smba.trafficmanager.net/",
        "https:\\\\smba.trafficmanager.net/",
        "https:/smba.trafficmanager.net/",
        "https://evil.example#@smba.trafficmanager.net/",
        "https://evil.example?smba.trafficmanager.net/",
        "https://smba.trafficmanager.net/?to=evil",
        "https://smba.trafficmanager.net/#x",
        "https://smba.trafficmanager.net/%2e%2e/",
        "https://smba.trafficmanager.net/emea/../",
        "https://smba.trafficmanager.net/./",
        "https://smba.trafficmanager.net/;x",
        "https://smbа.trafficmanager.net/",  # the a is Cyrillic
        "https://smba。trafficmanager.net/",
        "https://xn--smb-7cd.trafficmanager.net/",
        "https://smba.trafficmanager.net\n.evil.example/",
        "https://smba.trafficmanager.net/\r\nHost: evil.example",
        " https://smba.trafficmanager.net/",
        "https://smba.trafficmanager.net/ ",
        "https://smba.trafficmanager.net/\x00",
        "https://[::1]/",
        "http://127.0.0.1:3979/",
        "http://localhost/",
    ],
)
def test_everything_else_is_not(text: str) -> None:
    assert not TEAMS.trust(text)


@pytest.mark.parametrize("text", ["http://127.0.0.1:3979/", "http://localhost:26150/_connector", "http://[::1]:80/"])
def test_local_mode_trusts_any_port_of_this_machine(text: str) -> None:
    assert origins((), loopback=True).trust(text)


@pytest.mark.parametrize("text", ["http://127.0.0.1.evil.example/", "http://10.0.0.1/", "https://evil.example/"])
def test_local_mode_trusts_nothing_else(text: str) -> None:
    assert not origins((), loopback=True).trust(text)


def test_a_loopback_origin_must_have_its_own_port() -> None:
    assert not origins(("http://127.0.0.1:3979",)).trust("http://127.0.0.1:3980/")


@pytest.mark.parametrize("text", ["http://smba.trafficmanager.net", "smba.trafficmanager.net", "https://*"])
def test_a_setting_that_is_no_plain_origin_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="origin"):
        origins((text,))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://smba.trafficmanager.net/emea/", "https://smba.trafficmanager.net/emea", True),
        ("https://SMBA.trafficmanager.net/emea", "https://smba.trafficmanager.net:443/emea/", True),
        ("https://smba.trafficmanager.net/emea/", "https://smba.trafficmanager.net/amer/", False),
        ("https://smba.trafficmanager.net/emea", "https://smba.trafficmanager.net/EMEA", False),
        ("http://localhost/", "https://localhost/", False),
        ("", "", False),
        ("nonsense", "nonsense", False),
    ],
)
def test_two_addresses_are_the_same_whatever_the_case_of_the_host_and_the_last_slash(
    one: str, other: str, same: bool
) -> None:
    assert same_address(one, other) is same


def test_an_address_is_taken_apart_in_one_spelling() -> None:
    assert address("HTTPS://Smba.Trafficmanager.NET:443/emea//") == ("https://smba.trafficmanager.net", "/emea")
