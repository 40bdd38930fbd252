"""What can go wrong for a person, as types with words: the docstring is what they read.

Floor 1. Foreign errors are translated into these at the edge where they happen; nothing foreign travels further.
"""

import inspect
from datetime import timedelta

NOTHING_LOST = "Nothing is lost."


class AssistantError(Exception):
    """Something went wrong on my side, and your message could not be answered. Please send it again."""

    lasting = True
    """Whether trying again by itself is pointless."""
    counts = True
    """Whether a try that failed so is one of the few there are; see `dialogs.rules`."""
    tries: int | None = None
    """How many tries there are after one that failed so, where that is fewer than usual."""
    loses = False
    """Whether something that the person had is gone; then its own words say what."""

    def __init__(self, detail: str = "", *, retry_after: timedelta | None = None) -> None:
        """`detail` is one of our own sentences and is shown too; `retry_after` is the other side's wish."""
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after

    @property
    def final(self) -> bool:
        """Whether another resource of the same model would answer no better."""
        return self.lasting

    @property
    def text(self) -> str:
        """What went wrong, in English: a key of `Words`."""
        return inspect.cleandoc(type(self).__doc__ or "").replace("\n", " ")

    @property
    def words(self) -> str:
        """What the person reads."""
        return " ".join(filter(None, (self.text, self.detail, self.spared)))

    @property
    def spared(self) -> str:
        """That nothing is lost, where that is so and somebody could fear it."""
        return "" if self.loses else NOTHING_LOST


class Blocked(AssistantError):
    """Your company's content filter stopped this request or its answer, so I have nothing to show. Saying it in other words may help."""


class Busy(AssistantError):
    """The language model has too much to do just now and did not get to your message. Please try again in a few minutes."""

    lasting = False


class AllBusy(Busy):
    """Every language model I may ask has had too much to do for so long that I stop asking for you. Please try again later."""

    counts = False


class Unavailable(AssistantError):
    """A part of the company's system that I need did not answer. Your message is safe; please try again in a few minutes."""

    lasting = False


class Silent(Unavailable):
    """The language model did not answer in time. Please try again in a few minutes."""

    tries = 2


class ModelGone(Unavailable):
    """The language model that answers you here is no longer there. Please choose another with **models**, or tell your administrator."""

    lasting = True

    @property
    def final(self) -> bool:
        """It may be there in another region."""
        return False


class TooLong(AssistantError):
    """That is more text than I can take in at once. Please send a shorter piece of it."""


class OverBudget(AssistantError):
    """Today's allowance is used up. It starts afresh tomorrow: please ask again then. With **usage** you see what took it."""


class CompanyOverBudget(OverBudget):
    """Your company's allowance for today is used up. It starts afresh tomorrow: please ask again then, or tell your administrator."""


class SetAside(AssistantError):
    """What is left of today's allowance is set aside for other messages that are being answered just now. Please send this one again in a while."""

    lasting = False
    counts = False


class TooMany(AssistantError):
    """You have asked me more in the last minute than I may answer. Please wait a minute, then ask again."""


class Crowded(AssistantError):
    """You sent me more at once than I may keep waiting, so this message is lost to me and gets no answer. Please send it again when I have caught up."""

    loses = True


class SwitchedOff(AssistantError):
    """Your company has switched this off. Your administrator can say why; **help** shows what I can do here."""


class NotHere(AssistantError):
    """Your company does not want me to answer in this kind of conversation. Please ask your administrator where I may."""


class Personal(AssistantError):
    """That is between you and me: please write it to me one to one."""


class NeedsWriter(AssistantError):
    """For that I need a language model that writes. The offline engine, which runs here, only quotes what was written. Ask me for a **summary** or a quote instead."""


class Vanished(AssistantError):
    """I no longer have that, and it cannot be brought back. Please ask for it again."""

    loses = True


class Unfinished(AssistantError):
    """I could not end what I am doing for you elsewhere. Please try again in a minute."""

    lasting = False
    counts = False


class NeedsSignIn(AssistantError):
    """I can only answer after you have signed in with your work account. Use the card to sign in, or say **sign in**."""


class NoSignIn(AssistantError):
    """Signing in is not set up for me yet, so I could not see who is asking. Your administrator can put that right."""


class NotAllowed(AssistantError):
    """Your account is not allowed to do this here. Your administrator can say who is."""


class Stranger(NotAllowed):
    """I only work for the people of the company that runs me, and I could not see that you are one of them. If you are, please tell your administrator."""


class NoGuests(NotAllowed):
    """I only answer colleagues of this company, not its guests. Please ask somebody of the company to put your question to me."""


class NoRole(NotAllowed):
    """Your company has given me to some of its people only, and your account is not among them yet. Your administrator can add it."""


class OnHold(NotAllowed):
    """Your company has to keep what I know of you for a legal matter, so I may not delete it now. Your administrator can say more."""


class StillHeld(OnHold):
    """There is a legal hold on that person, so I may not erase what I know of them. It has to be lifted first."""


class SignInExpired(AssistantError):
    """You did not sign in, so I could not answer this. Please ask me again, and sign in with your work account when I offer it."""


class StillMissing(NotAllowed):
    """You are signed in, but your company's settings still keep me from doing this: a permission or a further confirmation is missing. Your administrator can grant it."""


class Offered(AssistantError):
    """The card to sign in with is above. Please use that one."""


class NotMember(AssistantError):
    """I only tell people about conversations that they belong to themselves, and I could not see that you belong to this one. If you do, please try again in a few minutes."""


class NotReached(AssistantError):
    """I could not write to you one to one. Add me for yourself in Teams under Apps, and ask me again."""


class Unreadable(AssistantError):
    """I could not read the messages of this conversation, so I say nothing about them rather than guess. Please try again later, and tell your administrator if it stays so."""


class Missing(Unreadable):
    """I could not read this conversation, because I no longer find it. Please look whether it is still there and you belong to it."""


class NothingThere(AssistantError):
    """There is nothing to summarise here: I found no messages written by people. Please name another time or another place."""

    def __init__(self, looked: str = "") -> None:
        """`looked` says where, in the reader's own language already."""
        super().__init__(looked)


class OnlyBots(AssistantError):
    """There is nothing to summarise here: only apps and bots wrote in this time, no person. Please name another time or another place."""

    def __init__(self, looked: str = "") -> None:
        """`looked` says where, in the reader's own language already."""
        super().__init__(looked)


class Unsound(AssistantError):
    """The model's summary did not stand up to checking against the messages, so I show nothing of it. Please ask again."""


class NotUnderstood(AssistantError):
    """I did not understand that."""

    @property
    def spared(self) -> str:
        """Nothing was begun: it asks back."""
        return ""


class Senseless(NotUnderstood):
    """I have changed nothing."""

    def __init__(self, reason: str) -> None:
        """`reason` says why, in the reader's own language already."""
        super().__init__(reason)


class Expired(AssistantError):
    """I no longer have that summary: I keep one for posting for a day, and then it is deleted. Please ask for it again."""

    loses = True


class Standing(AssistantError):
    """It stands there already: a summary is posted once, however often its button is pressed. You need do nothing more."""


class Widened(NotAllowed):
    """I did not post it: somebody has joined since I read these messages, and may not be meant to see them. Your summary stays with you alone. To post one, ask me for a new one."""


class Stopped(AssistantError):
    """You stopped this answer, so the rest of it is gone. Ask me again if you want it after all."""

    loses = True


class Gone(AssistantError):
    """The conversation is gone or I am no longer part of it. Add me there again if I am to answer."""

    loses = True


class NotAdded(Unreadable):
    """I do not belong to this conversation, so I cannot read it. A member of a chat can add me there under Apps, in a team its owner can."""


class NotFetched(AssistantError):
    """I could not fetch that file from where Teams keeps it. Please send it again."""


class TooBig(AssistantError):
    """That file is too large: I take in at most 20 MB. Please send a smaller one, or a part of it."""


class Foreign(AssistantError):
    """I can't read that kind of file. I read Word, PowerPoint, Excel, PDF, e-mail, web pages, Markdown, CSV, plain text and code, and pictures as PNG, JPEG, GIF or WebP. Please send it as one of these."""


class OldOffice(Foreign):
    """That is a file of an old version of Office, which I can't read. Please save it in today's format (.docx, .pptx) and send it again."""


class Protected(AssistantError):
    """That file is protected with a password, so I can't open it. Please send a copy without one."""


class Damaged(AssistantError):
    """That file is damaged or incomplete, so I can't read it. Please send it again, or save it anew first."""


class Hollow(AssistantError):
    """That file is empty. Please look at it, and send me another."""


class NoText(AssistantError):
    """I found no text in that file: its pages are pictures, as a scanner makes them. Please send one whose text can be selected."""


class Dangerous(AssistantError):
    """That file is built in a way that I don't open: it unpacks to far more than it is, or points outside itself. Please save it anew and send it again."""


class TooHard(AssistantError):
    """Reading that file took more time or memory than I may use for one. Please send a part of it."""


class NoEyes(AssistantError):
    """Your company has given me no language model that can see pictures. Please tell me in words what it is about."""


class NoFilesHere(AssistantError):
    """In channels and group chats Teams does not hand me files. Please send yours to me one to one; or sign in here with **sign in**, and I read it with your own rights."""
