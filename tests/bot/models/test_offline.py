"""The offline engine: it quotes, it never invents."""

import json
import random
import re
from typing import Any

import pytest

from bot.models.extract import summary
from bot.models.offline import OfflineModel
from dialogs.points import SCHEMA
from dialogs.prompt import Prompt, Purpose
from dialogs.talk import Message, Post, Usage
from tests.dialogs.desk import a_post, thread
from tests.dialogs.threads import SAMPLE


def a_question(text: str, *before: str, posts: tuple[Post, ...] = ()) -> Prompt:
    history = tuple(Message("assistant" if n % 2 else "user", said) for n, said in enumerate(before))
    return Prompt(Purpose.ANSWER, "", text, history, posts)


async def answered(prompt: Prompt) -> str:
    return "".join([piece async for piece in OfflineModel(lambda usage: None).stream(prompt)])


def texts(found: dict[str, list[dict[str, Any]]], section: str) -> list[str]:
    return [item["text"] for item in found[section]]


def quoted(answer: str) -> list[str]:
    return re.findall("“(.*?)”", answer)


def test_the_same_thread_gives_the_same_summary() -> None:
    assert summary(SAMPLE) == summary(SAMPLE)


def test_every_text_stands_verbatim_in_the_post_it_names() -> None:
    posts = {post.id: post.text for post in SAMPLE}
    items = [item for section in summary(SAMPLE).values() for item in section]
    assert items and all(item["text"] in posts[item["ids"][0]] for item in items)


def test_nothing_stands_in_two_sections() -> None:
    found = [text for section in summary(SAMPLE) for text in texts(summary(SAMPLE), section)]
    assert len(found) == len(set(found))


def test_talk_without_content_is_not_quoted() -> None:
    posts = thread(
        ("A", "{vocalsound} Mm-hmm ."), ("B", "Yeah , okay ."), ("A", "Um , uh {disfmarker} right ."), ("B", "👍")
    )
    assert summary(posts) == {"key_points": [], "decisions": [], "actions": [], "questions": []}


def test_what_an_app_posts_settles_nothing() -> None:
    posts = (a_post(1, "Build bot", "We decided to ship the release candidate on Friday.", bot=True),)
    assert not texts(summary(posts), "decisions")


def test_an_apps_notice_ranks_below_what_people_say() -> None:
    notice = "This is a sample notice of the calendar app about the customer event in Lisbon and its budget."
    posts = (*SAMPLE, *(a_post(30 + number, "Notices", f"{notice} {number}", bot=True) for number in range(4)))
    points = summary(posts)["key_points"]
    assert len(points) > 3 and not any("sample notice" in point["text"] for point in points)


@pytest.mark.parametrize(
    "text",
    [
        "We decided to move the launch to March.",
        "Let's go with the second supplier.",
        "We'll use the old logo for the brochure.",
        "Decision: the office in Graz closes.",
        "Wir haben uns auf den zweiten Lieferanten geeinigt.",
        "Wir nehmen den Saal in Linz.",
        "On a décidé de garder le budget actuel.",
        "Hemos decidido aplazar la reunión de marzo.",
    ],
)
def test_a_decision_is_found(text: str) -> None:
    assert texts(summary(thread(("Anna", text))), "decisions") == [text]


@pytest.mark.parametrize(
    "text",
    [
        "We haven't decided on the second supplier yet.",
        "If we decided to move the launch, sales would complain.",
        "Have we decided to move the launch?",
        "Maybe we should have agreed on another supplier.",
        "Wir haben noch nicht über den Lieferanten entschieden.",
    ],
)
def test_what_is_not_settled_is_no_decision(text: str) -> None:
    assert not texts(summary(thread(("Anna", text))), "decisions")


def test_a_proposal_becomes_a_decision_when_others_agree() -> None:
    posts = thread(("Anna", "I suggest we order the blue chairs."), ("Ben", "Sounds good."), ("Chloe", "Works for me"))
    assert texts(summary(posts), "decisions") == ["I suggest we order the blue chairs."]


def test_a_proposal_alone_is_no_decision() -> None:
    posts = thread(("Anna", "I suggest we order the blue chairs."), ("Ben", "The green chairs are cheaper."))
    assert not texts(summary(posts), "decisions")


@pytest.mark.parametrize(
    ("text", "owner", "due"),
    [
        ("I'll send the contract to legal by Friday.", "Anna Weber", "Friday"),
        ("I ’ll check the numbers with the bank tomorrow morning", "Anna Weber", "tomorrow morning"),
        ("Ben, can you book the room until 3 March?", "Ben Okafor", "3 March"),
        ("@Ben Okafor please review the draft contract", "Ben Okafor", None),
        ("Could you please update the price list, Ben?", "Ben Okafor", None),
        ("Ben will prepare the budget slides for Monday.", "Ben Okafor", None),
        ("@Zoe Quinn please call the landlord about the heating.", "Zoe Quinn", None),
        ("Someone should order new badges for the visitors.", None, None),
        ("TODO: renew the certificate of the web shop before 2027-01-31", None, "before 2027-01-31"),
        ("Ich schicke den Vertrag bis Freitag an die Rechtsabteilung.", "Anna Weber", "Freitag"),
        ("Ben, kannst du bitte den Saal reservieren?", "Ben Okafor", None),
        ("Je prépare le budget pour lundi.", "Anna Weber", "lundi"),
        ("Ben, pourrais-tu appeler le traiteur demain ?", "Ben Okafor", "demain"),
        ("Me encargo de reservar la sala mañana.", "Anna Weber", "mañana"),
        ("Ben, por favor envía el contrato antes del viernes.", "Ben Okafor", "antes del viernes"),
    ],
)
def test_an_action_is_found_with_its_owner_and_its_deadline(text: str, owner: str | None, due: str | None) -> None:
    posts = thread(("Anna Weber", text), ("Ben Okafor", "Hm, hm."))
    assert summary(posts)["actions"] == [{"text": text, "ids": ["m1"], "owner": owner, "due": due}]


@pytest.mark.parametrize(
    "text",
    [
        "I'll be in Berlin all week with the sales people.",
        "I'll never understand the tax rules.",
        "Can I send the contract later?",
    ],
)
def test_what_nobody_takes_on_is_no_action(text: str) -> None:
    assert not summary(thread(("Anna Weber", text)))["actions"]


def test_a_first_name_that_two_people_share_owns_nothing() -> None:
    posts = thread(
        ("Anna Weber", "Ben, please book the large meeting room."), ("Ben Okafor", "Hm."), ("Ben Stiller", "Hm.")
    )
    assert not summary(posts)["actions"]


@pytest.mark.parametrize(
    "after",
    [
        (),
        (("Ben", "The lobby will be painted green."),),
        (("Ben", "👍"), ("Chloe", "When does the parking garage reopen?")),
    ],
)
def test_a_question_that_nobody_answered_is_open(after: tuple[tuple[str, str], ...]) -> None:
    posts = thread(("Anna", "Which insurance covers the exhibition stand?"), *after)
    assert "Which insurance covers the exhibition stand?" in texts(summary(posts), "questions")


@pytest.mark.parametrize(
    "reply",
    [
        "The exhibition stand is covered by Helvetia insurance.",
        "Helvetia.",
        "I think it's the one from last year.",
        "No idea, but Helvetia probably.",
    ],
)
def test_a_question_with_an_answer_is_not_open(reply: str) -> None:
    posts = thread(("Anna", "Which insurance covers the exhibition stand?"), ("Ben", reply))
    assert not texts(summary(posts), "questions")


@pytest.mark.parametrize(
    "text",
    [
        "The order is good, isn't it?",
        "Makes sense for the budget meeting, right?",
        "Any questions about the budget meeting?",
    ],
)
def test_a_question_that_wants_no_answer_is_not_open(text: str) -> None:
    assert not texts(summary(thread(("Anna", text))), "questions")


@pytest.mark.parametrize(
    "text", ["We still need to find out who owns the domain.", "Der Preis für das Hotel ist noch offen."]
)
def test_what_is_said_to_be_open_is_open(text: str) -> None:
    assert texts(summary(thread(("Anna", text), ("Ben", "Yes."))), "questions") == [text]


def test_addresses_quotation_marks_and_line_breaks_are_never_inside_a_quote() -> None:
    text = "The plan of the new warehouse is at https://example.org/plan and was called “the big one”\nby the regional sales team [1]."
    found = [item["text"] for section in summary(thread(("Anna", text))).values() for item in section]
    assert found and not [quote for quote in found if re.search(r"https|[“”\n]|\[1\]", quote)]


@pytest.mark.parametrize(
    "text", ["x" * 50_000, "a " * 20_000, "?" * 9_000, "{vocalsound} " * 9_000, "Ben, " * 9_000, "word, and " * 9_000]
)
def test_a_strange_post_is_survived(text: str) -> None:
    found = summary(thread(("Ben", text)))
    assert all(item["text"] in text for section in found.values() for item in section)


@pytest.mark.slow
def test_ten_thousand_messages_are_summed_up() -> None:
    dice = random.Random(7)
    vocabulary = ["".join(dice.choices("abcdefghij", k=6)) for _ in range(3_000)]
    posts = [a_post(n, f"Person {n % 40}", " ".join(dice.choices(vocabulary, k=12)) + ".") for n in range(10_000)]
    assert len(summary(posts)["key_points"]) == 6


async def test_an_answer_comes_word_by_word() -> None:
    pieces = [piece async for piece in OfflineModel(lambda usage: None).stream(a_question("Hello"))]
    assert len(pieces) > 10 and all(len(piece.split()) == 1 for piece in pieces)


async def test_a_greeting_is_returned() -> None:
    assert (await answered(a_question("Good morning!"))).startswith("Hello! I'm the offline engine")


async def test_what_was_said_before_is_quoted() -> None:
    answer = await answered(
        a_question("When is the launch of Falcon?", "The launch of Falcon is on 3 March.", "Noted.")
    )
    assert "Earlier you wrote: “The launch of Falcon is on 3 March.”" in answer
    assert answer.startswith("I'm the offline engine")


async def test_the_last_words_can_be_asked_for() -> None:
    answer = await answered(a_question("What did I just say?", "I like trains.", "Noted."))
    assert quoted(answer) == ["I like trains."]


async def test_what_the_engine_said_itself_is_no_source() -> None:
    answer = await answered(a_question("What does the engine quote?", "Hello", "The engine quotes what was written."))
    assert "Earlier you wrote" not in answer


async def test_a_thread_answers_with_author_and_mark() -> None:
    answer = await answered(a_question("What does the customs house cost?", posts=SAMPLE))
    assert "Ben Okafor: “The old customs house holds 180 people and costs 14,500 euros.” [m2]" in answer


async def test_a_question_about_parley_is_answered_from_its_handbook() -> None:
    assert "From my handbook: “Type new chat" in await answered(a_question("How do I start a new chat here?"))


async def test_to_a_statement_it_says_plainly_that_it_only_quotes() -> None:
    answer = await answered(a_question("The code of the door is 4711."))
    assert "I have no answer to that" in answer and "type **help**" in answer


@pytest.mark.parametrize(
    "text",
    ["Can you summarise this thread?", "Kannst du das zusammenfassen?", "Tu peux résumer ?", "¿Puedes resumir esto?"],
)
async def test_who_wants_a_summary_is_told_how_to_get_one(text: str) -> None:
    assert (await answered(a_question(text))).startswith("Mention me with **summarise**")


async def test_where_nothing_fits_it_says_so() -> None:
    answer = await answered(a_question("What is the capital of France?", "I like trains.", "Noted."))
    assert "I found nothing" in answer and not quoted(answer)


async def test_a_text_sent_along_is_summed_up_by_its_own_lines() -> None:
    text = " ".join(post.text for post in SAMPLE)
    lines = quoted(await answered(a_question(f"summarise: {text}")))
    assert 3 <= len(lines) <= 5 and all(line in text for line in lines)


async def test_markup_in_what_is_quoted_stays_text() -> None:
    answer = await answered(
        a_question("What about the *budget* plan?", "The budget plan is [here](http://evil.example) *now*.")
    )
    assert "evil" not in answer


async def test_a_summary_is_json_that_fits_the_schema() -> None:
    found = json.loads(await answered(Prompt(Purpose.SUMMARY, "", "", posts=SAMPLE, schema=SCHEMA)))
    assert sorted(found) == sorted(SCHEMA["required"])


async def test_tokens_are_told_as_estimates() -> None:
    told: list[Usage] = []
    async for _ in OfflineModel(told.append).stream(a_question("Hello")):
        pass
    assert [(usage.model, usage.estimated, usage.input > 0, usage.output > 0) for usage in told] == [
        ("offline engine", True, True, True)
    ]


async def test_the_pace_is_the_callers() -> None:
    pauses = 0

    async def pause() -> None:
        nonlocal pauses
        pauses += 1

    words = [piece async for piece in OfflineModel(lambda usage: None, pause).stream(a_question("Hello"))]
    assert pauses == len(words)
