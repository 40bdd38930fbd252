"""Summaries of recorded threads, printed with what can be measured of them: `python -m tests.load.threads FILE…`."""

import asyncio
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bot.models.offline import OfflineModel
from dialogs.summary import summarise
from dialogs.talk import Answer, Post
from tests.dialogs.desk import a_desk, an_ask, shown
from tests.dialogs.threads import load


async def summed_up(posts: Sequence[Post]) -> Answer:
    """The summary of a thread as a person sees it."""
    return await shown(summarise, an_ask(), a_desk(OfflineModel(lambda usage: None), posts))


def quotes(answer: Answer) -> list[tuple[str, str]]:
    """Each quoted line with the number of the first citation after it, without the backslashes of markdown."""
    found = re.findall(r"“(.*?)”.*?\[(\d+)\]", answer.text)
    return [(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text), number) for text, number in found]


def verbatim(answer: Answer, posts: Sequence[Post]) -> float:
    """Share of the quoted lines that stand verbatim in the message they cite."""
    texts = {post.link: post.text for post in posts}
    links = {str(cite.number): cite.link for cite in answer.cites}
    return _share([text in texts[links[number]] for text, number in quotes(answer)])


def valid(answer: Answer, posts: Sequence[Post]) -> float:
    """Share of the citations that open a message of the thread, named with its author, and are used in the text."""
    authors = {post.link: post.author for post in posts}
    good = [
        cite.link in authors and authors[cite.link][:40] in cite.title and f"[{cite.number}]" in answer.text
        for cite in answer.cites
    ]
    return _share(good)


def _share(good: Sequence[bool]) -> float:
    return 100 * sum(good) / len(good) if good else 0.0


def report(path: Path) -> None:
    """Prints one thread's result."""
    posts = load(path)
    start = time.process_time()
    answer = asyncio.run(summed_up(posts))
    seconds = time.process_time() - start
    print(f"{path.name}: {len(posts)} messages, {seconds:.2f} s of one core")
    print(f"  {len(quotes(answer))} quotes, {verbatim(answer, posts):.0f} % verbatim")
    print(f"  {len(answer.cites)} citations, {valid(answer, posts):.0f} % valid\n")
    print(f"{answer.text}\n")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        if not name.endswith(".reference.json"):
            report(Path(name))
