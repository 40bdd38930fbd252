"""The one public door: what it lets through, and that it does not eat what employees paste.

The firewall itself cannot run here. What is checked is that its exclusions have the shape of what Teams sends: every place
in which a person's words stand is excluded, and nothing else is.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.package.pasted import PASTED
from tests.package.terraform import infra, inner

POLICY = infra().only("azurerm_web_application_firewall_policy").body
LOCALS = infra().locals("modules/gateway")
WRITTEN: dict[str, str] = LOCALS["written_by_people"]


def block(body: dict[str, Any], wanted: str) -> dict[str, Any]:
    return next(each for name, each in inner(body) if name == wanted)


def arguments(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """The members of a JSON body as the firewall sees them: nested names joined by dots, list items counted from one."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from arguments(each, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for place, each in enumerate(value, 1):
            yield from arguments(each, f"{name}.{place}")
    else:
        yield name, str(value)


def excluded(name: str) -> bool:
    return any(
        name == selector or (how == "StartsWith" and name.startswith(selector)) for selector, how in WRITTEN.items()
    )


def sent(words: str) -> dict[str, Any]:
    """What Teams posts: the words, once more as HTML, quoted, forwarded, and filled into a card."""
    return {
        "type": "message",
        "id": "1700000000000",
        "serviceUrl": "https://smba.trafficmanager.net/emea/",
        "channelId": "msteams",
        "from": {"id": "29:1", "aadObjectId": "00000000-0000-0000-0000-000000000001"},
        "conversation": {
            "id": "a:1",
            "tenantId": "00000000-0000-0000-0000-000000000002",
            "conversationType": "personal",
        },
        "recipient": {"id": "28:1"},
        "text": words,
        "attachments": [
            {"contentType": "text/html", "content": f"<p>{words}</p>"},
            {"contentType": "forwardedMessageReference", "content": {"messagePreview": words}},
        ],
        "value": {"ask": words, "commandContext": {"messagePayload": {"body": {"content": words}}}},
        "channelData": {"tenant": {"id": "00000000-0000-0000-0000-000000000002"}},
    }


def test_there_are_fifty_messages() -> None:
    assert len(set(PASTED)) == 50


@pytest.mark.parametrize("words", PASTED, ids=range(len(PASTED)))
def test_what_a_person_pastes_is_not_read_by_the_firewall(words: str) -> None:
    assert [name for name, value in arguments(sent(words)) if words in value and not excluded(name)] == []


def test_what_no_person_writes_is_read_by_the_firewall() -> None:
    read = {name for name, _ in arguments(sent("x")) if not excluded(name)}
    assert {"id", "serviceUrl", "from.id", "conversation.id", "channelData.tenant.id"} <= read


def test_the_exclusions_are_these_three_and_used() -> None:
    assert WRITTEN == {"text": "Equals", "value": "StartsWith", "attachments": "StartsWith"}
    exclusion = block(block(POLICY, "managed_rules"), "exclusion")
    assert exclusion == {
        "match_variable": "RequestArgNames",
        "selector": "${exclusion.key}",
        "selector_match_operator": "${exclusion.value}",
    }


def test_only_posts_of_json_with_a_token_to_one_path_pass() -> None:
    wanted = {
        name: (rule["variable"], rule["selector"], rule["operator"], rule["values"])
        for name, rule in LOCALS["wanted"].items()
    }
    assert wanted == {
        "method": ("RequestMethod", None, "Equal", ["POST"]),
        "path": ("RequestUri", None, "Equal", ["/api/messages"]),
        "json": ("RequestHeaders", "Content-Type", "BeginsWith", ["application/json"]),
        "token": ("RequestHeaders", "Authorization", "BeginsWith", ["Bearer "]),
    }
    rule = next(each for name, each in inner(POLICY) if name == "custom_rules" and each["rule_type"] == "MatchRule")
    assert (rule["action"], block(rule, "match_conditions")["negation_condition"]) == ("Block", True)


def test_the_firewall_prevents_with_todays_rules_and_bounds_size_and_rate() -> None:
    settings = block(POLICY, "policy_settings")
    assert (settings["mode"], settings["request_body_check"], settings["max_request_body_size_in_kb"]) == (
        "Prevention",
        True,
        256,
    )
    managed = block(POLICY, "managed_rules")
    assert [(each["type"], each["version"]) for name, each in inner(managed) if name == "managed_rule_set"] == [
        ("Microsoft_DefaultRuleSet", "2.1"),
        ("Microsoft_BotManagerRuleSet", "1.1"),
    ]
    assert [each["rule_type"] for name, each in inner(POLICY) if name == "custom_rules"].count("RateLimitRule") == 1


def test_the_firewalls_log_keeps_neither_words_nor_tokens() -> None:
    scrubbing = block(block(POLICY, "policy_settings"), "log_scrubbing")
    assert scrubbing["enabled"] is True
    assert {each["match_variable"] for name, each in inner(scrubbing) if name == "rule"} == {
        "RequestJSONArgNames",
        "RequestHeaderNames",
    }


def test_the_gateway_listens_on_443_alone_and_asks_whether_the_app_lives() -> None:
    gateway = infra().only("azurerm_application_gateway").body
    assert [each["port"] for name, each in inner(gateway) if name == "frontend_port"] == [443]
    assert block(gateway, "http_listener")["protocol"] == "Https"
    assert (block(gateway, "probe")["path"], block(gateway, "backend_http_settings")["protocol"]) == (
        "/healthz",
        "Https",
    )
    assert gateway["firewall_policy_id"] == "${azurerm_web_application_firewall_policy.door.id}"
