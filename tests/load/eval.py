"""How good the offline engine's summaries are: `python -m tests.load.eval FOLDER`, `make eval`.

Exit code 1 when a quote is not verbatim, a citation not valid, the coverage not exact, a lie seen, or another way to
choose lines is ahead on the mean.
"""

import asyncio
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from rouge_score.rouge_scorer import RougeScorer

from dialogs.talk import Answer, Post
from tests.dialogs.threads import load
from tests.load.baselines import BASELINES, cut, lines_of
from tests.load.liar import EVIL, seen
from tests.load.threads import quotes, summed_up, valid, verbatim

ENGINE = "engine"
MEASURES = ("rouge1", "rouge2", "rougeL")

Figures = tuple[float, ...]
"""F1 in percent, one for each of the `MEASURES`."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured of one thread."""

    name: str
    messages: int
    words: int
    verbatim: float
    valid: float
    covered: bool
    lies: int
    unseen: bool
    figures: Mapping[str, Figures]

    @property
    def sound(self) -> bool:
        """Whether everything that is to be exact is."""
        return self.verbatim == self.valid == 100 and self.covered and self.unseen


async def measured(path: Path) -> Result:
    """One thread, read, summed up, lied about and compared."""
    posts = load(path)
    answer = await summed_up(posts)
    text = "\n".join(quote for quote, _ in quotes(answer))
    honest, lying, lies = await seen(posts)
    return Result(
        name=path.stem,
        messages=len(posts),
        words=len(text.split()),
        verbatim=verbatim(answer, posts),
        valid=valid(answer, posts),
        covered=covered(answer, path),
        lies=lies,
        unseen=_same(honest, lying) and lying.dropped - honest.dropped == lies,
        figures=_figures(reference(path), text, posts),
    )


def reference(path: Path) -> str:
    """The summary that a person wrote of the whole thread."""
    record = json.loads(path.with_name(f"{path.stem}.reference.json").read_text(encoding="utf-8"))
    return str(record["general_query_list"][0]["answer"])


def covered(answer: Answer, path: Path) -> bool:
    """Whether the numbers of the coverage line are those of the file, counted without our own reading of it."""
    record = json.loads(path.read_text(encoding="utf-8"))
    messages = [record["root"], *record["replies"]]
    kept = [message for message in messages if message["messageType"] == "message" and not message["deletedDateTime"]]
    people = len({message["from"]["user"]["id"] for message in kept})
    found = re.search(r"Read (\d[\d,.]*) of (\d[\d,.]*) messages by (\d+) (?:people|person)", answer.text)
    numbers = [int(re.sub(r"\D", "", number)) for number in found.groups()] if found else []
    return numbers == [len(kept), len(messages), people]


def _same(honest: Answer, lying: Answer) -> bool:
    """Whether a person sees the same of both."""
    return honest.text == lying.text and honest.cites == lying.cites and EVIL not in lying.text


def _figures(wanted: str, text: str, posts: Sequence[Post]) -> dict[str, Figures]:
    lines, words = lines_of(posts), len(text.split())
    texts = {name: cut(lines, ranked(lines), words) for name, ranked in BASELINES.items()}
    scorer = RougeScorer(list(MEASURES), use_stemmer=True)
    scores = {name: scorer.score(wanted, said) for name, said in {ENGINE: text, **texts}.items()}
    return {name: tuple(100 * score[measure].fmeasure for measure in MEASURES) for name, score in scores.items()}


def means(results: Sequence[Result]) -> dict[str, Figures]:
    """The mean of every way over all threads."""
    return {
        name: tuple(mean(result.figures[name][number] for result in results) for number in range(len(MEASURES)))
        for name in (ENGINE, *BASELINES)
    }


def ahead(average: Mapping[str, Figures]) -> bool:
    """Whether the engine's mean is above every other on every measure."""
    return all(ours > theirs for name in BASELINES for ours, theirs in zip(average[ENGINE], average[name], strict=True))


def table(results: Sequence[Result], average: Mapping[str, Figures]) -> str:
    """What is printed."""
    lines = ["thread      messages  quotes verbatim  citations valid  coverage  lies dropped, unseen"]
    lines += [
        f"{one.name:<12}{one.messages:>8}{one.verbatim:>15.0f} %{one.valid:>15.0f} %{'exact' if one.covered else 'WRONG':>10}"
        f"{one.lies:>6} {'all' if one.unseen else 'NOT ALL'}"
        for one in results
    ]
    lines += ["", "F1 (ROUGE-1 / ROUGE-2 / ROUGE-L) against the written summary, at equal length"]
    lines.append(f"{'thread':<12}{'words':>6}" + "".join(f"{name:>21}" for name in average))
    lines += [f"{one.name:<12}{one.words:>6}" + _row(one.figures) for one in results]
    lines.append(f"{'mean':<12}{mean(one.words for one in results):>6.0f}" + _row(average))
    return "\n".join(lines)


def _row(figures: Mapping[str, Figures]) -> str:
    return "".join(f"{' / '.join(f'{value:.1f}' for value in each):>21}" for each in figures.values())


async def main(folder: Path) -> int:
    """Prints the table; the exit code."""
    paths = sorted(path for path in folder.glob("*.json") if path.with_name(f"{path.stem}.reference.json").exists())
    if not paths:
        print(f"no threads with references in {folder}")
        return 1
    results = [await measured(path) for path in paths]
    average = means(results)
    print(table(results, average))
    good = all(one.sound for one in results) and ahead(average)
    print("\nexact, and ahead of all three" if good else "\nNOT GOOD ENOUGH")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(Path(sys.argv[1]))))
