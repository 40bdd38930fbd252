"""What a person may type, and the dialog that follows. Read this first to know what the assistant does.

Floor 4. Whatever is no command is a question.
"""

from dataclasses import dataclass
from enum import Enum, auto

from dialogs import (
    account,
    admin,
    amends,
    answer,
    catchup,
    chats,
    digests,
    handouts,
    help,
    privacy,
    prompts,
    records,
    settings,
    shares,
    summary,
    tasks,
    usage,
)
from dialogs.ports import Dialog
from dialogs.talk import Event


class Takes(Enum):
    """What may follow a command's words."""

    NOTHING = auto()
    WINDOW = auto()
    TOPIC = auto()
    TIMES = auto()
    KEY = auto()
    VERBS = auto()
    NAME = auto()


@dataclass(frozen=True, slots=True)
class Command:
    """Something to type: any of `words`, or of those in another language. `…` stands for what it takes.

    `action` is its name in the audit; title and description are those of the app's manifest. `verbs` are the forms of what
    may follow where it takes `VERBS` (`dialogs.typed.fits`); `NAME` is the name of a prompt and a colon; a company may switch
    a `feature` off.
    """

    words: tuple[str, ...]
    dialog: Dialog
    action: str
    title: str = ""
    description: str = ""
    takes: Takes = Takes.NOTHING
    verbs: tuple[str, ...] = ()
    feature: str = ""
    de: tuple[str, ...] = ()
    fr: tuple[str, ...] = ()
    es: tuple[str, ...] = ()


HELP = Command(
    words=("help", "?", "what can you do"),
    dialog=help.show,
    action="help",
    title="help",
    description="What I can do here",
    de=("hilfe",),
    fr=("aide",),
    es=("ayuda",),
)
SUMMARISE = Command(
    words=("summarise", "summarize", "summary", "sum up", "sum … up"),
    dialog=summary.summarise,
    action="summary",
    title="summarise",
    description="Sum up this thread, channel or chat",
    takes=Takes.WINDOW,
    de=("zusammenfassen", "zusammenfassung", "fasse … zusammen", "fass … zusammen", "fasse zusammen", "fass zusammen"),
    fr=("résume", "résumer", "résumé"),
    es=("resumir", "resumen", "resume esto", "resúmelo"),
    feature="summaries",
)
ABOUT = Command(
    words=("what was said about",),
    dialog=summary.about,
    action="summary",
    title="what was said about",
    description="What was said about a subject",
    takes=Takes.TOPIC,
    de=("was wurde über … gesagt", "was wurde zu … gesagt"),
    fr=("qu'a-t-on dit sur", "qu’a-t-on dit sur", "qu'a-t-on dit de", "qu’a-t-on dit de"),
    es=("qué se dijo sobre", "qué se ha dicho sobre"),
    feature="summaries",
)
CATCH_UP = Command(
    words=("catch me up", "catch up", "what did i miss"),
    dialog=catchup.catch_up,
    action="catch-up",
    title="catch me up",
    description="What happened here since your last visit",
    takes=Takes.WINDOW,
    de=("was habe ich verpasst", "bring mich auf den stand"),
    fr=("qu'ai-je manqué", "qu’ai-je manqué", "mets-moi à jour"),
    es=("ponme al día", "qué me he perdido"),
    feature="summaries",
)
DECISIONS = Command(
    words=("decisions", "decision"),
    dialog=summary.decisions,
    action="summary",
    title="decisions",
    description="What was decided here",
    takes=Takes.WINDOW,
    de=("entscheidungen", "beschlüsse"),
    fr=("décisions",),
    es=("decisiones",),
    feature="summaries",
)
ACTIONS = Command(
    words=("action items", "actions", "to-dos", "todos"),
    dialog=summary.actions,
    action="summary",
    title="action items",
    description="Who is to do what",
    takes=Takes.WINDOW,
    de=("aufgaben",),
    fr=("tâches",),
    es=("tareas",),
    feature="summaries",
)
DIGEST = Command(
    words=("digest",),
    dialog=digests.digest,
    action="digest",
    title="digest",
    description="Be told every day or week, one to one",
    takes=Takes.TIMES,
    feature="digests",
)
NEW_CHAT = Command(
    words=("new chat",),
    dialog=chats.new_chat,
    action="new chat",
    title="new chat",
    description="Forget what was said and start afresh",
    de=("neuer chat",),
    fr=("nouvelle conversation",),
    es=("nueva conversación",),
)
STOP = Command(
    words=("stop", "cancel"),
    dialog=chats.stop,
    action="stop",
    title="stop",
    description="Stop what I am doing for you",
    de=("stopp", "halt", "abbrechen"),
    fr=("arrête", "arrêter"),
    es=("para", "parar"),
)
PRIVACY = Command(
    words=("privacy",),
    dialog=privacy.privacy,
    action="help",
    title="privacy",
    description="What I keep, and for how long",
    de=("datenschutz",),
    fr=("confidentialité",),
    es=("privacidad",),
)
WHO = Command(
    words=("about",),
    dialog=privacy.about,
    action="help",
    title="about",
    description="Who I am, and who you are signed in as",
)
SIGN_IN = Command(
    words=("sign in", "sign-in", "log in", "login"),
    dialog=account.sign_in,
    action="sign in",
    title="sign in",
    description="Sign in with your work account",
    de=("anmelden",),
    fr=("se connecter",),
    es=("iniciar sesión",),
)
SIGN_OUT = Command(
    words=("sign out", "sign-out", "log out", "logout"),
    dialog=account.sign_out,
    action="sign out",
    title="sign out",
    description="Forget that you have signed in",
    de=("abmelden",),
    fr=("se déconnecter",),
    es=("cerrar sesión",),
)
CHATS = Command(
    words=("chats", "my chats"),
    dialog=chats.chats,
    action="chats",
    title="chats",
    description="Your chats with me: search, open, rename, delete",
    takes=Takes.VERBS,
    verbs=chats.VERBS,
    de=("unterhaltungen",),
    fr=("conversations",),
    es=("conversaciones",),
)
TASKS = Command(
    words=("tasks",),
    dialog=tasks.tasks,
    action="help",
    title="tasks",
    description="Rewrite, translate, classify and more",
    takes=Takes.VERBS,
    verbs=tasks.VERBS,
    feature="tasks",
    de=("textaufgaben",),
    fr=("modèles de tâches",),
    es=("tareas de texto",),
)
PROMPTS = Command(
    words=("prompts",),
    dialog=prompts.prompts,
    action="prompts",
    title="prompts",
    description="Your saved prompts",
    takes=Takes.VERBS,
    verbs=prompts.VERBS,
    feature="prompts",
)
PROMPT = Command(
    words=("prompt",),
    dialog=prompts.named(answer.answer),
    action="task",
    takes=Takes.NAME,
    feature="prompts",
)
SETTINGS = Command(
    words=("settings", "my settings"),
    dialog=settings.settings,
    action="settings",
    title="settings",
    description="Model, length, creativity, language, tone",
    takes=Takes.VERBS,
    verbs=settings.VERBS,
    de=("einstellungen",),
    fr=("paramètres", "réglages"),
    es=("ajustes", "configuración"),
)
MODELS = Command(
    words=("models",),
    dialog=settings.models,
    action="help",
    title="models",
    description="The language models you may choose",
    de=("modelle",),
    fr=("modèles",),
    es=("modelos",),
)
USAGE = Command(
    words=("usage",),
    dialog=usage.usage,
    action="usage",
    title="usage",
    description="What you have used today, and what is left",
    de=("verbrauch",),
    fr=("consommation",),
    es=("consumo",),
)
KNOW = Command(
    words=("what do you know about me", "what do you store about me"),
    dialog=records.know,
    action="know",
    title="what do you know about me",
    description="What I keep of you, and for how long",
    de=("was weißt du über mich",),
    fr=("que sais-tu de moi", "que sais-tu sur moi"),
    es=("qué sabes de mí", "qué sabes sobre mí"),
)
EXPORT = Command(
    words=("export my data", "export data", "download my data"),
    dialog=records.export,
    action="export",
    title="export my data",
    description="All I keep of you, as two files",
    feature="export",
    de=("exportiere meine daten", "meine daten exportieren"),
    fr=("exporte mes données", "exporter mes données"),
    es=("exporta mis datos", "exportar mis datos"),
)
DOCUMENT = Command(
    words=(
        *("as a document", "as document", "as a word document", "as a word file", "as word", "as docx"),
        *("give me … as a document", "give me … as a word document", "give me … as word"),
        *("save … as a document", "save … as a word document", "save … as word", "turn … into a document"),
        "en word",  # French or Spanish: neither language is answered in for it
    ),
    dialog=handouts.as_word,
    action="export",
    title="as a document",
    description="My last answer as a Word document",
    takes=Takes.VERBS,
    verbs=handouts.OBJECTS,
    de=(
        *("als dokument", "als word-dokument", "als word", "als word-datei"),
        *("gib mir … bitte als dokument", "gib mir … bitte als word-dokument", "gib mir … als dokument"),
        *("gib mir … als word-dokument", "gib mir … als word", "speichere … als dokument"),
        *("speichere … als word-dokument", "speichere … als word", "mach … zu einem dokument"),
    ),
    fr=(
        *("en document", "en document word", "sous forme de document", "au format word"),
        *("donne-moi … en document", "donne-moi … en document word", "donne-moi … sous forme de document"),
        *("donne-moi … au format word", "donne-moi … en word", "enregistre … en document"),
        *("enregistre … sous forme de document", "enregistre … au format word", "transforme … en document"),
    ),
    es=(
        *("como documento", "como documento de word", "como documento word", "en formato word"),
        *("dame … como documento", "dame … como documento de word", "dame … en word", "dámelo como documento"),
        *("guarda … como documento", "guarda … como documento de word", "guárdalo como documento"),
        *("convierte … en documento", "convierte … en un documento"),
    ),
)
MARKDOWN = Command(
    words=(
        *("as markdown", "as md", "as a markdown file", "give me … as markdown", "save … as markdown"),
        "en markdown",  # French or Spanish, as above
    ),
    dialog=handouts.as_markdown,
    action="export",
    takes=Takes.VERBS,
    verbs=handouts.OBJECTS,
    de=("als markdown", "gib mir … bitte als markdown", "gib mir … als markdown", "speichere … als markdown"),
    fr=("donne-moi … en markdown", "enregistre … en markdown"),
    es=("como markdown", "dame … como markdown", "dame … en markdown", "guarda … como markdown"),
)
FORGET = Command(
    words=("forget me", "delete my data", "delete everything about me", "erase my data"),
    dialog=records.forget,
    action="forget",
    title="forget me",
    description="Delete all I keep of you",
    takes=Takes.VERBS,
    verbs=("yes",),
    de=("vergiss mich",),
    fr=("oublie-moi", "oublie moi"),
    es=("olvídame",),
)
ADMIN = Command(
    words=("admin",),
    dialog=admin.admin,
    action="admin",
    title="admin",
    description="For administrators and auditors",
    takes=Takes.VERBS,
    verbs=admin.VERBS,
)
COMMANDS = (
    *(HELP, SUMMARISE, DECISIONS, ACTIONS, ABOUT, CATCH_UP, DIGEST),
    *(NEW_CHAT, CHATS, TASKS, PROMPTS, STOP, SETTINGS, MODELS, USAGE),
    *(DOCUMENT, PRIVACY, WHO, KNOW, EXPORT, FORGET, SIGN_IN, SIGN_OUT, ADMIN),
)
"""Everything that works, but for the tasks, which are a table of their own."""

POST = Command(("post",), shares.post, "share", takes=Takes.KEY)
"""What the button under a private answer says."""
TYPED = (*COMMANDS, MARKDOWN, PROMPT, POST)

WELCOME = Command((), help.welcome, "welcome")
DELIVER = Command((), digests.deliver, "digest")
POSTED = Command((), shares.posted, "share")
ANSWER = Command((), answer.answer, "answer")
TASK = Command((), tasks.run, "task", feature="tasks")
"""A task that was typed; what may be typed for each stands in `dialogs.toolbox`."""
EVENTS = {
    Event.WELCOME: WELCOME,
    Event.DIGEST: DELIVER,
    Event.POST: POSTED,
    Event.AMEND: Command((), amends.amend, "amend"),
    Event.LEFT: Command((), records.left, "left"),
    Event.FORGET: Command((), records.forget_left, "forget"),
    Event.HANDOVER: Command((), records.hand_over, "export"),
}
