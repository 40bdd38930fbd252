import re
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.limits import MESSAGE_BYTES
from bot.teams.split import size, split

LIMIT = 1_000
ALWAYS = settings(derandomize=True, database=None, deadline=None)
WORDS = st.lists(st.sampled_from(["word", "wörter", "👩‍💻", "a" * 40, "\n", "\n\n", '"quoted"', "\\*"]), max_size=400)


def body(part: str) -> str:
    return re.sub(r"\n\n\(\d+/\d+\)$", "", part)


def test_what_fits_stays_as_it_is() -> None:
    assert split("One.\n\nTwo.") == ("One.\n\nTwo.",)


def test_parts_are_numbered_and_end_between_paragraphs() -> None:
    paragraph = "A sentence of some length. " * 7
    parts = split("\n\n".join([paragraph.strip()] * 6), LIMIT)
    assert [part.rpartition("\n\n")[2] for part in parts] == ["(1/3)", "(2/3)", "(3/3)"]
    assert all(body(part).endswith(".") for part in parts)


@settings(ALWAYS)
@given(WORDS)
def test_every_part_fits_and_no_word_is_lost(words: list[str]) -> None:
    text = " ".join(words).strip()
    parts = split(text, LIMIT)
    assert all(len(part.encode("utf-16-le")) <= size(part) <= LIMIT for part in parts)
    assert "".join("".join(body(part).split()) for part in parts) == "".join(text.split())


@settings(ALWAYS)
@given(WORDS)
def test_the_first_part_of_several_holds_half_of_what_fits(words: list[str]) -> None:
    parts = split(" ".join(words).strip(), LIMIT)
    assert len(parts) == 1 or size(parts[0]) >= (LIMIT - 200) // 2 - 100


def test_text_without_any_gap_is_cut_where_it_must_be() -> None:
    parts = split("𝄞" * 1_000, LIMIT)
    assert "".join(map(body, parts)) == "𝄞" * 1_000


def test_a_code_block_is_closed_and_opened_again() -> None:
    code = "\n".join(f"line_{number} = {number}" for number in range(60))
    parts = split(f"Look:\n\n```python\n{code}\n```\n\nDone.", LIMIT)
    assert len(parts) > 1
    assert all(body(part).count("```") == 2 for part in parts)
    assert all(part.startswith("```python\n") for part in parts[1:])


def test_a_code_block_in_a_list_is_opened_again_where_it_stood() -> None:
    code = "\n".join(f"  line_{number} = {number}" for number in range(60))
    parts = split(f"- Look:\n\n  ```\n{code}\n  ```", LIMIT)
    assert all(part.startswith("  ```\n  line_") for part in parts[1:])


def test_the_limit_is_the_one_of_teams() -> None:
    assert all(len(part.encode("utf-16-le")) <= MESSAGE_BYTES for part in split("word " * 50_000))


def test_a_deep_quote_is_looked_at_once() -> None:
    quote = "> " * 5_000
    start = time.process_time()
    parts = split(f"{quote}x\n" + "word " * 6_000)
    assert len(parts) > 1 and time.process_time() - start < 5
