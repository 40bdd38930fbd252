"""The pictures of the story on one page, which needs nothing but them."""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from tests.demo.story import Scene

PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A day with Parley</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1.05rem/1.5 system-ui, sans-serif; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }}
figure {{ margin: 3rem 0; }}
img {{ width: 100%; height: auto; border: 1px solid #8888; border-radius: 6px; }}
h2 {{ margin: 0; }}
figcaption {{ margin-bottom: .7rem; }}
</style>
<h1>A day with Parley</h1>
<p>Played by a program in the Microsoft 365 Agents Playground, with invented people, on one machine and with no cloud. No language
model answers here but the offline engine, which quotes what was written; Teams looks a little different.</p>
{scenes}
</html>
"""
FIGURE = """<figure>
<figcaption><h2>{number}. {title}</h2>{caption}</figcaption>
<img src="{file}" alt="{title}: {caption}" loading="lazy">
</figure>"""


def file(number: int, scene: Scene) -> str:
    """What a scene's picture is called: numbered, so that a folder shows them in their order."""
    return f"{number:02}-{scene.name}.png"


def page(story: Sequence[Scene]) -> str:
    """The page, as HTML."""
    return PAGE.format(scenes="\n".join(_figures(story)))


def _figures(story: Sequence[Scene]) -> Iterator[str]:
    for number, scene in enumerate(story, 1):
        title, caption = escape(scene.title), escape(scene.caption)
        yield FIGURE.format(number=number, title=title, caption=caption, file=file(number, scene))


def emptied(folder: Path) -> None:
    """There, and without the pictures of the last time."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
