"""How near texts are to a question."""

import pytest

from dialogs.relevance import counted, related, scores, terms, weights

TEXTS = (
    "The budget for marketing rose to 900 euros in March.",
    "Die Kosten der neuen Lagerhalle trägt der Vermieter.",
    "Les coûts du déménagement sont payés par la société.",
    "新しい倉庫は五月に開きます。",
    "That is great, and that is what we thought when we met the people.",
)


def nearest(question: str, texts: tuple[str, ...] = TEXTS) -> int:
    asked = terms(question)
    counts = list(counted(texts, asked))
    found = list(scores(counts, [len(text) for text in texts], list(weights(counts, asked))))
    return found.index(max(found))


def concerns(question: str, texts: tuple[str, ...] = TEXTS) -> bool:
    asked = terms(question)
    counts = list(counted(texts, asked))
    return any(related(counts, list(weights(counts, asked))))


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("What are the budgets of marketing?", 0),
        ("Was kostet die Lagerhalle?", 1),
        ("Qui paie le déménagement ?", 2),
        ("倉庫はいつ開きますか", 3),
        ("900?", 0),
    ],
)
def test_the_text_that_shares_the_rare_words_is_nearest(question: str, place: int) -> None:
    assert nearest(question) == place


def test_a_number_is_no_beginning_of_another() -> None:
    assert not concerns("90", ("It costs 900.",)) and concerns("900", ("It costs 900.",))


@pytest.mark.parametrize("question", ["budgets", "Lagerhallen", "déménagements"])
def test_an_ending_makes_no_other_word(question: str) -> None:
    assert concerns(question)


def test_little_words_count_less_than_long_ones() -> None:
    assert nearest("in the warehouse", ("it was in the bag", "our warehouse burned")) == 1


def test_of_two_texts_with_the_same_words_the_shorter_is_nearer() -> None:
    assert nearest("roof", ("roof " + "word " * 90, "the roof")) == 1


@pytest.mark.parametrize("question", ["Thanks!", "Danke schön!", "Merci beaucoup !", "👍", "", "Write me a poem"])
def test_small_talk_has_nothing_to_do_with_a_text(question: str) -> None:
    assert not concerns(question, TEXTS * 20)


@pytest.mark.parametrize("question", ["What is the marketing budget?", "Wer trägt die Kosten?", "倉庫"])
def test_a_question_about_a_text_has_to_do_with_it(question: str) -> None:
    assert concerns(question, TEXTS * 20)


def test_a_question_without_end_is_looked_for_by_its_longest_words() -> None:
    assert len(terms(" ".join(f"word{n}" for n in range(10_000)))) == 40
