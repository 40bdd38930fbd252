"""Reading what was sent along with a message, one file after the other: what of it can be read, and why the rest cannot.

Floor 2. A member of the room of `dialogs.reading`. One bad file is no reason to leave the others alone.
"""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from dialogs.attachments import Attachment, Sent
from dialogs.contents import gaps, title
from dialogs.documents import Document, Picture
from dialogs.errors import AssistantError, Foreign, NeedsSignIn, NoEyes, NoFilesHere, OldOffice, Vanished
from dialogs.ports import Desk, Words
from dialogs.reading import why
from dialogs.talk import Ask, Note, PlaceKind, Scope

MOST = 10
"""Files of one message."""
PICTURE_BYTES = 20 * 1024 * 1024
"""Bytes of all pictures of one message, as they are shown to a model: it takes no more of them at once."""
ASIDE = "I go by the text of what you sent, and leave the pictures aside. Send me a picture with a question, and I look at it."
ALONE = (
    "I can read the file on your message only with your own rights, so only you may see what I say about it. Send it to me one "
    "to one, or post it again and begin with **privately:** and then your question."
)

_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that could not be read, and why."""

    name: str
    error: AssistantError


@dataclass(frozen=True, slots=True)
class Papers:
    """What was read. `left`: how many files were too many for one message; `heavy`: how many pictures too large together."""

    documents: tuple[Document, ...] = ()
    pictures: tuple[Picture, ...] = ()
    refused: tuple[Refused, ...] = ()
    left: int = 0
    heavy: int = 0

    @property
    def read(self) -> bool:
        """Whether there is anything that can be worked on."""
        return bool(self.documents or self.pictures)

    def notices(self, words: Words) -> list[str]:
        """What of it a person must know: a line for each file that was not read, and for what is missing of one."""
        return [*self.refusals(words), *filter(None, (gaps(document, words) for document in self.documents))]

    def refusals(self, words: Words) -> list[str]:
        """A line for each file that was not read."""
        said = [f"**{title(one.name, words)}**: {why(one.error, words)}" for one in self.refused]
        if self.left:
            said.append(
                words.count(
                    "{number} more file I did not read: send me at most {most} at once.",
                    "{number} more files I did not read: send me at most {most} at once.",
                    self.left,
                    most=MOST,
                )
            )
        if self.heavy:
            said.append(
                words.count(
                    "{number} more picture I did not look at: together they are too large.",
                    "{number} more pictures I did not look at: together they are too large.",
                    self.heavy,
                )
            )
        return said


def handed(attachments: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """What Teams handed over: neither the mere mark of a file, nor a card or a quoted message, which have no name."""
    return tuple(each for each in attachments if each.sent in (Sent.FILE, Sent.PICTURE) or _unknown(each))


def filed(attachments: Sequence[Attachment]) -> bool:
    """Whether a file was handed over that is not plainly a picture."""
    return any(not _is_picture(each) for each in handed(attachments))


def meant(scope: Scope, kept: Sequence[Document]) -> tuple[Document, ...]:
    """The files of a chat that an answer there was about: none where it was about messages, all where nobody noted which."""
    if scope.place.kind is not PlaceKind.PERSONAL:
        return ()
    return tuple(each for each in kept if each.key in scope.files or not scope.files)


async def received(attachments: Sequence[Attachment], desk: Desk) -> AsyncIterator[Note | Papers]:
    """A note for each file, and at the end what came of them.

    Raises the error of the first where none could be read and trying again may help.
    """
    documents, pictures, refused = list[Document](), list[Picture](), list[Refused]()
    for attachment in attachments[:MOST]:
        name = title(attachment.name, desk.words)
        yield Note(desk.words.say("Reading {name}…", name=name))
        try:
            found = await _taken(attachment, desk)
        except (NeedsSignIn, Vanished):
            raise  # these are about the person and not about the file
        except AssistantError as error:
            refused.append(Refused(attachment.name, error))
            continue
        documents += [found] if isinstance(found, Document) else []
        pictures += [found] if isinstance(found, Picture) else []
    hopeful = [one.error for one in refused if not one.error.lasting]
    if hopeful and not documents and not pictures:
        raise hopeful[0]
    seen = _within(pictures)
    left = max(0, len(attachments) - MOST)
    yield Papers(tuple(documents), seen, tuple(refused), left, len(pictures) - len(seen))


async def posted(ask: Ask, desk: Desk) -> tuple[tuple[Attachment, ...], str]:
    """The files on a message in a channel or group chat, and a line about those that are not read: "" for none.

    They are found with the person's own rights, which the others there need not have: only that person is answered from them.
    """
    if not any(each.sent is Sent.POSTED for each in ask.attachments):
        return (), ""
    try:
        found = await desk.files.posted()
    except NoFilesHere as error:
        return (), why(error, desk.words)
    return (found, "") if ask.alone or not found else ((), desk.words.say(ALONE))


def _within(pictures: Sequence[Picture]) -> tuple[Picture, ...]:
    """Those that a model takes at once: of the others, it would refuse the whole question."""
    seen, room = list[Picture](), PICTURE_BYTES
    for picture in pictures:
        if len(picture.data) <= room:
            seen.append(picture)
            room -= len(picture.data)
    return tuple(seen)


async def _taken(attachment: Attachment, desk: Desk) -> Document | Picture:
    """A file as text or as a picture. Its name may be wrong about which: then it is tried the other way."""
    seen = _is_picture(attachment)
    if seen and not desk.model.sees:
        raise NoEyes
    try:
        return await (desk.files.look(attachment) if seen else desk.files.read(attachment))
    except Foreign as error:
        if isinstance(error, OldOffice) or not (seen or desk.model.sees):
            raise
        return await _otherwise(attachment, desk, error, seen=seen)


async def _otherwise(attachment: Attachment, desk: Desk, error: Foreign, *, seen: bool) -> Document | Picture:
    try:
        return await (desk.files.read(attachment) if seen else desk.files.look(attachment))
    except Foreign:
        raise error from None


def looked_at(attachments: Sequence[Attachment]) -> bool:
    """Whether any of these may have to be looked at: a picture, or what is known to Microsoft Graph alone."""
    return any(each.sent is Sent.POSTED or _is_picture(each) for each in attachments)


def _is_picture(attachment: Attachment) -> bool:
    kind = attachment.media_type.casefold()
    return attachment.sent is Sent.PICTURE or kind.startswith("image/") or bool(_PICTURE.search(attachment.name))


def _unknown(attachment: Attachment) -> bool:
    return attachment.sent is Sent.OTHER and bool(attachment.name.strip())
