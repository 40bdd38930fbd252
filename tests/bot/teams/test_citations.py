from bot.teams.citations import ABSTRACT, NAME, cited, labels, links
from dialogs.talk import Answer, Cite

LINK = "https://teams.example/l/message/1"


def cite(number: int, **fields: str) -> Cite:
    return Cite(number, **{"title": f"Anna, message {number}", "quote": "We ship.", "link": LINK, **fields})


def test_only_what_a_mark_names_is_cited() -> None:
    assert [found.number for found in cited([cite(1), cite(2), cite(3)], "So [3], and [1].")] == [3, 1]


def test_no_position_comes_twice() -> None:
    assert len(cited([cite(1), cite(1)], "[1] and [1]")) == 1


def test_of_twenty_one_citations_twenty_are_sent() -> None:
    text = " ".join(f"[{number}]" for number in range(1, 22))
    assert len(cited([cite(number) for number in range(1, 22)], text)) == 20


def test_titles_and_quotes_are_cut_to_what_teams_takes() -> None:
    (entity,) = labels(Answer(cites=(cite(1, title="t" * 200, quote="q" * 500),)), "[1]")
    look = entity.additional_properties["citation"][0]["appearance"]
    assert (len(look["name"]), len(look["abstract"])) == (NAME, ABSTRACT)


def test_a_citation_without_title_and_quote_still_has_a_name() -> None:
    (entity,) = labels(Answer(cites=(cite(4, title="", quote=""),)), "[4]")
    look = entity.additional_properties["citation"][0]["appearance"]
    assert (look["name"], look["abstract"]) == ("Source 4", "Source 4")


def test_only_https_addresses_are_handed_on() -> None:
    (entity,) = labels(Answer(cites=(cite(1, link="http://evil.example"),)), "[1]")
    assert "url" not in entity.additional_properties["citation"][0]["appearance"]
    assert links([cite(1, link="javascript:x"), cite(2)]) == {LINK}


def test_what_no_model_wrote_is_not_labelled() -> None:
    assert labels(Answer("Hello"), "Hello") == []


def test_what_a_model_wrote_is_labelled() -> None:
    (entity,) = labels(Answer("Hello", ai=True), "Hello")
    assert entity.additional_properties["additionalType"] == ["AIGeneratedContent"]
