"""The paperclip that the Playground lacks: a page on which files are chosen, and what Teams makes of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from tests.world.drive import Drive
from tests.world.playground.cast import NEWCOMER

PATH = "/send"
LARGEST = 64 * 1024 * 1024
"""Bytes of all files of a message: more than the bot takes, so that this can be tried as well."""
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Send files to Parley</title>
<style>
  body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem }}
  label, button {{ display: block; margin-top: 1rem }}
  textarea {{ display: block; width: 100%; box-sizing: border-box; font: inherit }}
</style>
<h1>Send files to Parley</h1>
<p>The Agents Playground has no paperclip; here is one. What is sent here arrives as in Teams, in <a href="/">Personal Chat</a>.
<form method="post" enctype="multipart/form-data">
  <label>Files <input type="file" name="files" multiple required></label>
  <label>Message <textarea name="text" rows="3" placeholder="Ask something, write summarise, or leave it empty"></textarea></label>
  <button>Send</button>
</form>
<p role="status">{told}</p>
</html>
"""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What was sent on the page: the words, and the files as attachments of an activity."""

    text: str
    files: tuple[dict[str, Any], ...]

    @property
    def typed(self) -> dict[str, Any]:
        """The words as the Playground's own page sends them."""
        return {"type": "text", "textFormat": "plain", "from": {"id": NEWCOMER.teams}, "text": self.text}

    @property
    def shown(self) -> str:
        """The words and the names, for the Playground's page."""
        names = " ".join("`" + file["name"].replace("`", "'") + "`" for file in self.files)
        return f"{self.text}\n\n{names}".strip()


async def packed(request: web.Request, drive: Drive) -> Parcel:
    """What was filled in, its files put on the drive. A field in which no file was chosen comes without a name."""
    form = await request.post()
    files = chosen(form.getall("files", ()))
    text = str(form.get("text", "")).replace("\r\n", "\n").strip()
    return Parcel(text, tuple(drive.sent(file.filename, file.file.read(), file.content_type) for file in files))


def chosen(fields: Iterable[object]) -> Sequence[FileField]:
    return [field for field in fields if isinstance(field, FileField) and field.filename]


def page(told: str = "") -> web.Response:
    """The page, with what came of it."""
    return web.Response(text=PAGE.format(told=told), content_type="text/html")
