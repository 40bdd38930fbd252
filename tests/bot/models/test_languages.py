"""The offline engine in five languages: what it finds, and what it must not."""

from dataclasses import replace

import pytest

from bot.models.cues import spoken
from bot.models.dues import due
from bot.models.extract import summary
from bot.models.tongues import tongue
from dialogs.talk import Post
from tests.bot.models.colleagues import CASES, Case
from tests.dialogs.desk import thread

cases = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@cases
def test_every_decision_of_a_thread_is_found_and_no_other(case: Case) -> None:
    found = [item["text"] for item in summary(case.posts)["decisions"]]
    assert [text[: len(start)] for text, start in zip(found, case.decisions, strict=True)] == list(case.decisions)


@cases
def test_every_action_of_a_thread_is_found_with_owner_and_deadline_and_no_other(case: Case) -> None:
    found = summary(case.posts)["actions"]
    short = [
        (item["text"][: len(start)], item["owner"], item["due"])
        for item, (start, _, _) in zip(found, case.actions, strict=True)
    ]
    assert short == list(case.actions)


@cases
def test_every_open_question_of_a_thread_is_found_and_no_other(case: Case) -> None:
    found = [item["text"] for item in summary(case.posts)["questions"]]
    short = [text[: len(start)] for text, start in zip(sorted(found), sorted(case.questions), strict=True)]
    assert short == sorted(case.questions)


@cases
def test_an_owner_or_a_deadline_stands_in_the_messages_that_are_cited(case: Case) -> None:
    posts = {post.id: post for post in case.posts}
    for item in summary(case.posts)["actions"]:
        cited = " ".join(f"{posts[key].author}: {posts[key].text}" for key in item["ids"])
        assert item["text"] in posts[item["ids"][0]].text
        assert (item["owner"] or "") in cited or item["owner"].split()[0] in cited
        assert (item["due"] or "") in cited


@cases
def test_the_language_of_a_thread_is_told_by_its_small_words(case: Case) -> None:
    code = {"english": "en", "german": "de", "french": "fr", "spanish": "es", "japanese": "ja"}[case.name.split()[0]]
    assert tongue(" ".join(post.text for post in case.posts)).code == code


@pytest.mark.parametrize(
    "text",
    [
        "We haven't decided yet which supplier to take.",
        "We never agreed on a price.",
        "When we have agreed on a price, I will tell you.",
        "We need to decide on the supplier.",
        "The board has not approved the budget.",
        "She decided to go into business with her sister.",
        "We'll keep looking for a venue.",
        "Wenn wir beschlossen hätten zu warten, wäre es billiger.",
        "Sobald wir uns geeinigt haben, sage ich Bescheid.",
        "Es wurde nichts entschieden über den Standort.",
        "Wir müssen über den Standort entscheiden.",
        "On n'a rien décidé pour le moment sur le budget.",
        "Rien n'a été décidé sur le budget.",
        "A-t-on décidé de garder le budget ?",
        "Il faut décider du budget.",
        "No hemos decidido nada sobre la fecha.",
        "Aún no se ha decidido la fecha.",
        "¿Hemos decidido aplazar la reunión?",
        "El presupuesto no ha sido aprobado.",
        "会場はまだ決定していません。",
        "予算が承認されたら、印刷を発注します。",
        "会場の予算は決まりましたか？",
        "会場について検討する必要があります。",
    ],
)
def test_what_is_not_settled_is_no_decision(text: str) -> None:
    assert not summary(thread(("Anna Weber", text), ("Paul Roche", "Hm.")))["decisions"]


@pytest.mark.parametrize(
    "text",
    [
        "It was decided to close the office in Graz.",
        "The board approved the budget of 40,000 euros.",
        "OK, so we go with option B for the venue.",
        "Management has signed off on the hiring plan.",
        "Beschlossen: Start am 3. März.",
        "Damit ist beschlossen, dass wir nach Linz fahren.",
        "Der Vorstand hat das Budget genehmigt.",
        "C'est décidé, on part à Lyon en mars.",
        "La direction a validé le budget.",
        "Nous avons choisi le deuxième prestataire.",
        "Queda decidido: salimos el 3 de marzo.",
        "La dirección ha aprobado el presupuesto.",
        "Nos quedamos con el segundo proveedor.",
    ],
)
def test_what_is_settled_is_a_decision(text: str) -> None:
    assert summary(thread(("Anna Weber", text), ("Paul Roche", "Hm.")))["decisions"]


@pytest.mark.parametrize("reply", ["No, that is too early.", "I'm not sure about that.", "Wait, the room is taken."])
def test_what_somebody_objects_to_is_no_decision(reply: str) -> None:
    posts = thread(("Anna", "Let's go with the launch on Monday."), ("Ben", reply), ("Chloe", "Sounds good."))
    assert not summary(posts)["decisions"]


def test_a_proposal_that_was_agreed_to_cites_who_agreed() -> None:
    posts = thread(("Anna", "Shall we order the blue chairs?"), ("Ben", "Yes, they match the desks."))
    assert [item["ids"] for item in summary(posts)["decisions"]] == [["m1", "m2"]]


@pytest.mark.parametrize(
    "text",
    [
        "I sent the contract to legal on Friday.",
        "He said he would send the report.",
        "The meeting on Friday was good.",
        "We could send the letter by Friday.",
        "We have to talk about the contract today.",
        "Who will be at lunch today?",
        "Ich habe den Vertrag am Freitag geschickt.",
        "Ich werde am Montag nicht im Büro sein.",
        "Ich schicke nie wieder etwas mit dieser Firma.",
        "Kannst du dich an den Termin erinnern?",
        "J'ai envoyé le contrat vendredi.",
        "Je vais être en congé lundi.",
        "Je prends le train de huit heures.",
        "La réunion de vendredi était longue.",
        "Envié el contrato el viernes.",
        "Voy a estar fuera el lunes.",
        "Hice la copia ayer.",
    ],
)
def test_what_gives_nobody_anything_to_do_is_no_action(text: str) -> None:
    assert not summary(thread(("Anna Weber", text), ("Paul Roche", "Hm.")))["actions"]


@pytest.mark.parametrize(
    ("text", "owner", "when"),
    [
        ("We have to finish the slides before Tuesday.", None, "before Tuesday"),
        ("Paul Roche to update the price list by 15 December.", "Paul Roche", "15 December"),
        ("Paul should send the invoice by Monday.", "Paul Roche", "Monday"),
        ("The forms must be signed by Friday.", None, "Friday"),
        ("@Paul Roche can you finish the draft by EOD?", "Paul Roche", "EOD"),
        ("I'll send you the figures Thursday morning.", "Anna Weber", "Thursday morning"),
        ("Wir müssen bis Ende der Woche die Steuern abgeben.", None, "Ende der Woche"),
        ("Paul soll den Vertrag bis Montag prüfen.", "Paul Roche", "Montag"),
        ("Die Formulare müssen bis Freitag unterschrieben werden.", None, "Freitag"),
        ("Ich werde den Bericht bis Mittwoch fertigstellen.", "Anna Weber", "Mittwoch"),
        ("Je vais appeler la banque demain matin.", "Anna Weber", "demain matin"),
        ("Paul doit vérifier le contrat pour lundi.", "Paul Roche", "lundi"),
        ("À faire : renouveler le bail avant le 1er mars.", None, "avant le 1er mars"),
        ("Voy a llamar al banco mañana por la mañana.", "Anna Weber", "mañana por la mañana"),
        ("Paul, ¿me envías los datos antes del martes?", "Paul Roche", "antes del martes"),
        ("Pendiente: renovar el alquiler antes del 1 de marzo.", None, "antes del 1 de marzo"),
    ],
)
def test_an_action_has_the_owner_and_the_deadline_that_are_said(text: str, owner: str | None, when: str | None) -> None:
    found = summary(thread(("Anna Weber", text), ("Paul Roche", "Hm.")))["actions"]
    assert [(item["owner"], item["due"]) for item in found] == [(owner, when)]


def test_who_volunteers_owns_what_was_asked_of_everybody() -> None:
    posts = thread(("Anna", "Can someone update the customer list?"), ("Ben", "I'll do it by Friday."))
    found = summary(posts)["actions"]
    assert [(item["ids"], item["owner"], item["due"]) for item in found] == [(["m1", "m2"], "Ben", "Friday")]


def test_what_somebody_would_not_do_is_no_action() -> None:
    posts = thread(("Anna", "Ben, can you update the customer list?"), ("Ben", "Sorry, I can't."))
    assert not summary(posts)["actions"]


def test_an_answer_in_another_thread_answers_nothing() -> None:
    first, other = thread(
        ("Anna", "Which insurance covers the exhibition stand?"), ("Ben", "The exhibition stand is blue.")
    )
    assert summary((first, _in(other, "another thread")))["questions"]


def _in(post: Post, name: str) -> Post:
    return replace(post, thread=name)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("done by the end of the week", "the end of the week"),
        ("I’ll be ready d’ici demain", "demain"),
        ("due on 2027-01-31", "2027-01-31"),
        ("bis 17:30 Uhr", "17:30 Uhr"),
        ("since last Monday", None),
        ("every Friday.", None),
        ("guten Morgen", None),
        ("por la mañana", None),
    ],
)
def test_a_deadline_is_named_in_its_own_words(text: str, when: str | None) -> None:
    assert due(text) == when


def test_typographic_apostrophes_are_understood() -> None:
    assert spoken("I ’ll") == "I'll"
