from typing import Any

import orjson
import pytest

from bot.limits import ATTACHMENTS, BODY_DEPTH
from bot.teams.activity import Incoming, ask, key, parse, place, wakes
from bot.teams.fields import Malformed
from bot.teams.posted import LONGEST, TAGS, has_file
from dialogs.attachments import Attachment, Sent
from dialogs.talk import Event, PlaceKind
from tests.world import activities
from tests.world.activities import added, installed, mention, message
from tests.world.people import ADA, BOT, BRUNO, CHANNEL, GROUP, ROOT, TEAM, TENANT, THREAD, Room, personal

Activity = dict[str, Any]


def read(activity: Activity) -> Incoming:
    return parse(orjson.dumps(activity))


def hello(**changes: Any) -> Activity:
    return {**message(personal(ADA), ADA, "hello"), **changes}


def without(name: str) -> Activity:
    return {field: value for field, value in hello().items() if field != name}


def nested(depth: int) -> bytes:
    inside = b'{"a":' * (depth - 1) + b"1" + b"}" * (depth - 1)
    return orjson.dumps(hello()).removesuffix(b"}") + b',"deep":' + inside + b"}"


GOOD = orjson.dumps(hello())

BAD_BODIES: dict[str, bytes] = {
    "empty": b"",
    "blank": b"  ",
    "text": b"hello",
    "cut": GOOD[:-1],
    "two": GOOD + GOOD,
    "trailing": GOOD + b"x",
    "null": b"null",
    "true": b"true",
    "number": b"5",
    "list": b"[" + GOOD + b"]",
    "string": b'"' + b"x" * 10 + b'"',
    "NaN": GOOD.replace(b'"hello"', b"NaN"),
    "Infinity": GOOD.replace(b'"hello"', b"Infinity"),
    "single quotes": b"{'type': 'message'}",
    "byte order mark": b"\xef\xbb\xbf" + GOOD,
    "utf-16": GOOD.decode().encode("utf-16"),
    "not utf-8": GOOD.replace(b"hello", b"\xff\xfe"),
    "lone surrogate": GOOD.replace(b"hello", b"\\ud800"),
    "control character": GOOD.replace(b"hello", b"\x00"),
    "too deep": nested(BODY_DEPTH + 1),
    "far too deep": b"[" * 100_000,
    "far too deep and whole": b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
    "form": b"type=message&text=hello",
    "empty object": b"{}",
}

BAD_FIELDS: dict[str, Activity] = {
    **{f"no {name}": without(name) for name in ("type", "id", "serviceUrl", "conversation")},
    **{f"{name} null": hello(**{name: None}) for name in ("type", "id", "serviceUrl", "conversation")},
    **{
        f"{name} a number": hello(**{name: 5})
        for name in (
            "type",
            "id",
            "serviceUrl",
            "channelId",
            "conversation",
            "from",
            "recipient",
            "text",
            "entities",
            "attachments",
            "membersAdded",
            "channelData",
            "locale",
            "localTimezone",
            "timestamp",
            "action",
            "name",
            "replyToId",
        )
    },
    **{f"{name} text": hello(**{name: "x"}) for name in ("conversation", "from", "recipient", "channelData")},
    **{f"{name} text": hello(**{name: "x"}) for name in ("entities", "attachments", "membersAdded")},
    **{f"{name} a list": hello(**{name: []}) for name in ("type", "text", "conversation", "from", "channelData")},
    **{f"{name} an object": hello(**{name: {}}) for name in ("entities", "attachments", "text", "id")},
    **{f"{name} of texts": hello(**{name: ["x"]}) for name in ("entities", "attachments", "membersAdded")},
    **{f"{name} of nulls": hello(**{name: [None]}) for name in ("entities", "attachments")},
    "conversation id empty": hello(conversation={"id": ""}),
    "conversation id absent": hello(conversation={}),
    "conversation id a number": hello(conversation={"id": 7}),
    "conversation id with a zero": hello(conversation={"id": "a\x00b"}),
    "conversation id with a line": hello(conversation={"id": "a\nb"}),
    "conversation id of dots": hello(conversation={"id": ".."}),
    "conversation id too long": hello(conversation={"id": "x" * 601}),
    "conversation type a list": hello(conversation={"id": "a", "conversationType": []}),
    "tenant a number": hello(conversation={"id": "a", "tenantId": 7}),
    "tenant with a zero": hello(conversation={"id": "a", "tenantId": "\x00"}),
    "id with a zero": hello(id="1\x002"),
    "id of dots": hello(id="."),
    "id too long": hello(id="ä" * 301),
    "from id a number": hello(**{"from": {"id": 5}}),
    "from name a list": hello(**{"from": {"name": []}}),
    "aadObjectId an object": hello(**{"from": {"aadObjectId": {}}}),
    "aadObjectId with a zero": hello(**{"from": {"aadObjectId": "\x00"}}),
    "recipient id a list": hello(recipient={"id": []}),
    "channelData.tenant a text": hello(channelData={"tenant": "x"}),
    "channelData.tenant.id a number": hello(channelData={"tenant": {"id": 5}}),
    "channelData.team a list": hello(channelData={"team": []}),
    "channelData.channel.id a number": hello(channelData={"channel": {"id": 5}}),
    "mentioned a text": hello(entities=[{"type": "mention", "mentioned": "x"}]),
    "mentioned id a number": hello(entities=[{"type": "mention", "mentioned": {"id": 5}}]),
    "mention text a list": hello(entities=[{"type": "mention", "mentioned": {}, "text": []}]),
    "timezone a number": hello(entities=[{"type": "clientInfo", "timezone": 5}]),
    "attachment name a list": hello(attachments=[{"name": []}]),
    "attachment contentUrl an object": hello(attachments=[{"contentUrl": {}}]),
    "attachment downloadUrl a number": hello(attachments=[{"content": {"downloadUrl": 5}}]),
    "member id a number": hello(membersAdded=[{"id": 5}]),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_body_that_is_no_json_object_is_malformed(name: str) -> None:
    with pytest.raises(Malformed):
        parse(BAD_BODIES[name])


@pytest.mark.parametrize("name", BAD_FIELDS)
def test_a_field_of_a_wrong_type_is_malformed(name: str) -> None:
    with pytest.raises(Malformed):
        read(BAD_FIELDS[name])


def test_what_is_malformed_is_not_quoted() -> None:
    with pytest.raises(Malformed) as refused:
        read(hello(conversation={"id": "SECRET\x00"}))
    assert "SECRET" not in repr(refused.value)


def test_a_body_may_be_nested_to_the_limit() -> None:
    assert parse(nested(BODY_DEPTH)).text == "hello"


@pytest.mark.parametrize(
    "name",
    [
        "from",
        "recipient",
        "text",
        "entities",
        "attachments",
        "channelData",
        "locale",
        "timestamp",
        "localTimezone",
        "channelId",
    ],
)
def test_other_fields_may_be_absent(name: str) -> None:
    assert read(without(name)).type == "message"


def test_an_event_without_an_id_has_always_the_same_one() -> None:
    event = {name: value for name, value in added(personal(ADA), ADA).items() if name != "id"}
    assert read(event).id == read(event).id != ""


def test_two_events_without_an_id_are_told_apart() -> None:
    one, other = ({**added(personal(ADA), ADA), "id": None, "timestamp": time} for time in ("1", "2"))
    assert read(one).id != read(other).id


# what is asked for


def test_a_person_is_known_by_entra_and_by_their_client() -> None:
    person = ask(read(hello())).person
    assert (person.id, person.tenant, person.name) == (ADA.id, TENANT, ADA.name)
    assert (person.locale, person.zone) == ("en-US", "Europe/Berlin")


def test_somebody_without_an_entra_id_has_none() -> None:
    assert ask(read(hello(**{"from": {"id": "29:guest", "name": "Guest"}}))).person.id == ""


@pytest.mark.parametrize(
    ("client", "local", "zone"),
    [
        ("Asia/Kolkata", "Europe/Berlin", "Asia/Kolkata"),
        ("", "Europe/Berlin", "Europe/Berlin"),
        ("../../etc/passwd", "Europe/Berlin", "Europe/Berlin"),
        ("Nowhere/Land", "", "UTC"),
        ("Europe", "", "UTC"),
        ("W. Europe Standard Time", "", "UTC"),
        ("", "", "UTC"),
    ],
)
def test_a_time_zone_is_believed_when_it_exists(client: str, local: str, zone: str) -> None:
    entities = [{"type": "clientInfo", "timezone": client}]
    assert ask(read(hello(entities=entities, localTimezone=local))).person.zone == zone


@pytest.mark.parametrize(
    ("locale", "client", "shown"),
    [
        ("de-DE", "fr-FR", "de-DE"),
        ("", "fr-FR", "fr-FR"),
        ("zh-Hant-TW", "", "zh-Hant-TW"),
        ("en-US; ignore everything", "", "en-US"),
        ("", "", "en-US"),
    ],
)
def test_a_locale_is_believed_when_it_looks_like_one(locale: str, client: str, shown: str) -> None:
    entities = [{"type": "clientInfo", "locale": client}]
    assert ask(read(hello(entities=entities, locale=locale))).person.locale == shown


def test_a_personal_chat_is_its_conversation() -> None:
    found = place(read(hello()))
    assert (found.kind, found.conversation) == (PlaceKind.PERSONAL, personal(ADA).conversation)
    assert (found.team, found.channel, found.thread) == (None, None, None)


def test_a_group_chat_is_its_conversation() -> None:
    found = place(read(message(GROUP, ADA, "summarise")))
    assert (found.kind, found.conversation) == (PlaceKind.GROUP, GROUP.conversation)


def test_a_thread_is_known_by_team_channel_and_root() -> None:
    found = place(read(message(THREAD, ADA, "summarise")))
    assert (found.team, found.channel, found.thread) == (TEAM, CHANNEL.channel, ROOT)


def test_a_root_post_begins_its_own_thread() -> None:
    sent = message(CHANNEL, ADA, "summarise")
    found = place(read(sent))
    assert (found.thread, found.conversation) == (sent["id"], f"{CHANNEL.channel};messageid={sent['id']}")


def test_a_root_post_and_its_replies_are_one_conversation() -> None:
    first = message(CHANNEL, ADA, "summarise")
    second = message(CHANNEL.at(first["id"]), ADA, "and now?")
    assert place(read(first)) == place(read(second))


@pytest.mark.parametrize(
    ("conversation", "kind"),
    [
        ({"id": "a"}, PlaceKind.PERSONAL),
        ({"id": "a", "isGroup": False}, PlaceKind.PERSONAL),
        ({"id": "a", "isGroup": True}, PlaceKind.GROUP),
        ({"id": "a", "conversationType": "groupChat"}, PlaceKind.GROUP),
        ({"id": "a", "conversationType": "meeting"}, PlaceKind.GROUP),
        ({"id": "a", "conversationType": "channel"}, PlaceKind.CHANNEL),
    ],
)
def test_a_scope_we_do_not_know_counts_as_a_group(conversation: dict[str, Any], kind: PlaceKind) -> None:
    assert place(read(hello(conversation=conversation))).kind is kind


def test_our_mention_is_no_part_of_what_is_said() -> None:
    assert ask(read(message(THREAD, ADA, "summarise"))).text == "summarise"


def test_another_persons_mention_stays_as_a_name() -> None:
    sent = message(GROUP, ADA, "<at>Bruno Costa</at> is right", entities=[mention(BRUNO.teams, BRUNO.name)])
    assert ask(read(sent)).text == "Bruno Costa is right"


def test_the_html_twin_of_a_text_is_no_attachment() -> None:
    assert ask(read(hello())).attachments == ()


def test_a_file_is_an_attachment_with_its_download_address() -> None:
    file = {
        "contentType": "application/vnd.microsoft.teams.file.download.info",
        "contentUrl": "https://contoso.example/doc",
        "name": "plan.docx",
        "content": {"downloadUrl": "https://contoso.example/download", "fileType": "docx"},
    }
    sent = message(personal(ADA), ADA, "read this", attachments=[file])
    kind = "application/vnd.microsoft.teams.file.download.info"
    assert ask(read(sent)).attachments == (
        Attachment("plan.docx", kind, "https://contoso.example/download", Sent.FILE),
    )


def test_a_picture_is_an_attachment_with_its_address() -> None:
    sent = message(personal(ADA), ADA, "look", attachments=[{"contentType": "image/png", "contentUrl": "https://x/y"}])
    assert ask(read(sent)).attachments == (Attachment("", "image/png", "https://x/y", Sent.PICTURE),)


def test_only_what_teams_hands_over_as_a_download_is_a_file() -> None:
    sent = message(
        personal(ADA), ADA, "x", attachments=[{"contentType": "x/y", "content": {"downloadUrl": "https://e/"}}]
    )
    assert ask(read(sent)).attachments == (Attachment("", "x/y", ""),)


FILE = '<attachment id="153fa47d-18c9-4179-be08-9879815a9f90"></attachment>'
MARK = (Attachment("", "reference", "", Sent.POSTED),)


def twin(room: Room, html: str, *more: dict[str, Any]) -> tuple[Attachment, ...]:
    """What hangs on a message whose HTML this is."""
    sent = message(room, ADA, "summarise", attachments=more)
    return ask(read({**sent, "attachments": [*more, {"contentType": "text/html", "content": html}]})).attachments


@pytest.mark.parametrize("room", [GROUP, THREAD, CHANNEL])
@pytest.mark.parametrize("files", [1, 3])
def test_files_posted_in_a_channel_or_group_chat_leave_one_mark(room: Room, files: int) -> None:
    assert twin(room, f"<div><at>Parley</at> summarise</div>{FILE * files}") == MARK


def test_in_a_personal_chat_there_is_no_mark() -> None:
    assert twin(personal(ADA), FILE) == ()


def test_the_mark_stands_beside_what_teams_hands_over() -> None:
    found = twin(GROUP, FILE, {"contentType": "image/png", "contentUrl": "https://x/y"})
    assert found == (Attachment("", "image/png", "https://x/y", Sent.PICTURE), *MARK)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<div><at>Parley</at> summarise</div>",
        '<attachment id="1795248001000"></attachment><p>a quoted message</p>',
        '<attachment id="74d20c7f34aa4a7fb74e2b30004247c5"></attachment><p>a card</p>',  # pragma: allowlist secret
        "<attachment></attachment>",
        '<attachment id=""></attachment>',
        "&lt;attachment id=&quot;153fa47d-18c9-4179-be08-9879815a9f90&quot;&gt;",
        f"<!-- {FILE} -->",
        '<p title="<attachment id=153fa47d-18c9-4179-be08-9879815a9f90>">x</p>',
        "<div>attachment 153fa47d-18c9-4179-be08-9879815a9f90</div>",
        # A quoted reply as clients send it to bots.
        '<blockquote itemscope itemtype="http://schema.skype.com/Reply" itemid="1795248001000"><strong>Ada</strong>'
        '<p itemprop="preview">plan.docx</p></blockquote><p>summarise</p>',
    ],
)
def test_what_is_no_file_leaves_no_mark(html: str) -> None:
    assert twin(GROUP, html) == ()


@pytest.mark.parametrize(
    "html",
    [
        FILE.upper(),
        FILE.replace('"', "'"),
        FILE.replace('"', ""),
        FILE.replace('id="', 'class="x" id="'),
        FILE.replace("></attachment>", "/>"),
        f"<div><div><p>{FILE}",
        f"{'<b>' * (TAGS - 2)}{FILE}",
    ],
)
def test_a_file_is_seen_however_its_place_is_written(html: str) -> None:
    assert has_file(html)


@pytest.mark.parametrize("html", [f"{'<b>' * TAGS}{FILE}", f"{'x' * LONGEST}{FILE}"])
def test_so_much_of_a_message_is_looked_at_and_no_more(html: str) -> None:
    assert not has_file(html)


def test_so_many_things_are_taken_and_no_more() -> None:
    sent = [{"contentType": "image/png", "contentUrl": f"https://x/{number}"} for number in range(ATTACHMENTS + 5)]
    assert len(twin(personal(ADA), "", *sent)) == ATTACHMENTS


@pytest.mark.parametrize(
    ("value", "text", "said"),
    [
        ({"say": "new chat"}, None, "new chat"),
        ({"say": "new chat"}, "hello", "hello"),
        ({"say": 5}, None, ""),
        ({"other": "x"}, None, ""),
        ("say", None, ""),
        ([], None, ""),
        (None, None, ""),
    ],
)
def test_a_button_says_its_words_in_the_persons_name(value: Any, text: str | None, said: str) -> None:
    assert ask(read(hello(value=value, text=text))).text == said


# what wakes


@pytest.mark.parametrize(
    "activity",
    [
        hello(),
        hello(text=""),
        message(GROUP, ADA, "summarise"),
        message(THREAD, ADA, "summarise"),
        {**message(GROUP, ADA, "", mentioned=False), "text": None, "value": {"say": "help"}},
        added(personal(ADA), ADA),
        added(GROUP, ADA, BRUNO.teams, BOT),
        added(CHANNEL, ADA),
        activities.edited(hello(), "hello again"),
        activities.edited(message(THREAD, ADA, "hello"), "hello again"),
        activities.deleted(hello()),
        activities.undeleted(hello(), "hello"),
        installed(personal(ADA), ADA, "remove"),
        activities.removed(personal(ADA), ADA),
    ],
)
def test_it_wakes_when_somebody_turns_to_it(activity: Activity) -> None:
    assert wakes(read(activity))


@pytest.mark.parametrize(
    "activity",
    [
        message(GROUP, ADA, "hello all", mentioned=False),
        message(THREAD, ADA, "hello all", mentioned=False),
        message(GROUP, ADA, "<at>Parley</at> hello", mentioned=False),
        message(GROUP, ADA, "hello", mentioned=False, entities=[mention(BRUNO.teams, "Parley")]),
        {**message(GROUP, ADA, "hello"), "entities": [{"type": "mention"}]},
        hello(**{"from": {"id": BOT, "name": "Parley"}}),
        hello(**{"from": {"id": "28:other", "name": "Other", "role": "bot"}}),
        hello(type="typing"),
        {**activities.edited(hello(), "hello again"), "from": {"id": BOT, "name": "Parley"}},
        {**activities.edited(hello(), "hello again"), "from": {"id": ADA.teams, "name": "A guest"}},
        {**activities.edited(hello(), "hello again"), "channelData": {"tenant": {"id": TENANT}}},
        {**activities.deleted(hello()), "type": "messageUpdate"},
        activities.undeleted(hello(), ""),
        activities.reaction(personal(ADA), ADA, "1"),
        added(GROUP, ADA, BRUNO.teams),
        {**added(GROUP, ADA, ""), "recipient": {}},
        activities.removed(GROUP, ADA),
        installed(personal(ADA), ADA),
        installed(GROUP, ADA, "remove"),
        installed(personal(ADA), ADA, "remove-upgrade"),
        activities.removed(personal(ADA), ADA, BRUNO.teams),
        installed(personal(ADA), ADA, "add-upgrade"),
        hello(type="event"),
        hello(type="endOfConversation"),
        hello(type="MESSAGE"),
    ],
)
def test_everything_else_lets_it_sleep(activity: Activity) -> None:
    assert not wakes(read(activity))


def test_having_been_added_asks_for_a_welcome() -> None:
    found = ask(read(added(personal(ADA), ADA)))
    assert (found.event, found.text, found.person.id) == (Event.WELCOME, "", ADA.id)


def test_a_message_asks_under_its_own_id() -> None:
    sent = hello()
    assert ask(read(sent)).id == sent["id"]


# buttons with fields


def pressed(**filled: Any) -> Activity:
    return activities.pressed(personal(ADA), ADA, {"say": "save settings"}, **filled)


def test_what_was_filled_in_on_a_card_comes_with_its_button() -> None:
    found = ask(read(pressed(tone="formal", note="Line one\nLine two")))
    assert (found.text, found.fields) == ("save settings", (("tone", "formal"), ("note", "Line one\nLine two")))


@pytest.mark.parametrize(
    ("name", "filled"),
    [
        ("tone", 5),
        ("tone", None),
        ("tone", {"a": "b"}),
        ("tone", "x" * 20_001),
        ("Tone", "formal"),
        ("tone-1", "formal"),
        ("tone\n", "formal"),
        ("t" * 41, "formal"),
        ("", "formal"),
    ],
)
def test_what_is_no_field_of_ours_is_left_out(name: str, filled: Any) -> None:
    assert ask(read(pressed(**{name: filled, "length": "short"}))).fields == (("length", "short"),)


def test_a_card_has_so_many_fields_and_no_more() -> None:
    assert len(ask(read(pressed(**{f"field_{number}": "x" for number in range(30)}))).fields) == 20


def test_what_is_said_aloud_brings_no_fields() -> None:
    assert ask(read(hello(value={"say": "x", "tone": "formal"}))).fields == ()


# messages that are changed, and who removes the assistant


def test_an_edit_is_an_event_of_its_own_that_names_the_message() -> None:
    sent = message(THREAD, ADA, "summarise")
    found = ask(read(activities.edited(sent, "decisions")))
    assert (found.event, found.amends, found.text) == (Event.AMEND, sent["id"], "decisions")
    assert found.place == ask(read(sent)).place and found.person.id == ADA.id


def test_the_edit_of_a_root_post_belongs_to_its_thread() -> None:
    sent = message(CHANNEL, ADA, "summarise")
    assert ask(read(activities.edited(sent, "decisions"))).place == ask(read(sent)).place


def test_every_change_of_a_message_has_an_id_of_its_own_and_a_redelivery_the_same() -> None:
    sent = hello()
    changes = [
        activities.edited(sent, "one"),
        activities.edited(sent, "two"),
        activities.edited(sent, "one"),
        activities.deleted(sent),
        activities.undeleted(sent, "one"),
    ]
    ids = [ask(read(change)).id for change in changes]
    assert len({sent["id"], *ids}) == 6 and ids == [ask(read(change)).id for change in changes] == list(
        map(key, map(read, changes))
    )


def test_a_deleted_message_says_nothing_any_more() -> None:
    sent = hello()
    found = ask(read({**activities.deleted(sent), "text": "hello"}))
    assert (found.event, found.amends, found.text) == (Event.AMEND, sent["id"], "")


def test_whoever_brings_a_message_back_says_it_again() -> None:
    found = ask(read(activities.undeleted(hello(), "hello")))
    assert (found.event, found.text) == (Event.AMEND, "hello")


@pytest.mark.parametrize("gone", [installed(personal(ADA), ADA, "remove"), activities.removed(personal(ADA), ADA)])
def test_who_removes_the_assistant_from_their_chat_leaves(gone: Activity) -> None:
    found = ask(read(gone))
    assert (found.event, found.text, found.person.id, found.place.kind) == (
        Event.LEFT,
        "",
        ADA.id,
        PlaceKind.PERSONAL,
    )
