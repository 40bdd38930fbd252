"""What a person may type, and the dialog that follows. Read this first to know what the assistant does.

Floor 4. Whatever is no command is a question.
"""

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
from dialogs.command import Command, Takes
from dialogs.repeat import Manner
from dialogs.talk import Event

HELP = Command(
    words=("help", "?", "what can you do"),
    dialog=help.show,
    action="help",
    title="help",
    description="What I can do here",
    de=("hilfe",),
    fr=("aide",),
    es=("ayuda",),
    ja=("ヘルプ", "使い方", "何ができ", "できること"),
)
EVERYTHING = Command(
    words=("commands", "all commands", "help all"),
    dialog=help.everything,
    action="help",
    de=("befehle", "alle befehle", "hilfe alles"),
    fr=("commandes", "toutes les commandes", "aide complète"),
    es=("comandos", "todos los comandos", "ayuda completa"),
    ja=("コマンド一覧", "すべてのコマンド", "コマンド"),
)
AGAIN = Command(
    words=("again", "regenerate", "try again", "once more"),
    dialog=answer.answer,
    action="answer",
    de=("nochmal", "noch einmal", "noch mal", "neu erzeugen"),
    fr=("encore une fois", "réessaie", "réessayez", "régénère", "régénérez", "régénérer"),
    es=("otra vez", "de nuevo", "inténtalo de nuevo", "regenerar"),
    ja=("もう一度", "もう1度", "再生成"),
)
SHORTER = Command(
    words=("shorter", "more briefly"),
    dialog=answer.answer,
    action="answer",
    de=("kürzer", "kürzer gefasst"),
    fr=("plus court", "plus courte", "en plus court"),
    es=("más corto", "más corta", "más breve"),
    ja=("もっと短く", "もう少し短く", "短く"),
)
LONGER = Command(
    words=("longer", "in more detail", "more detail", "more details"),
    dialog=answer.answer,
    action="answer",
    de=("länger", "ausführlicher", "genauer"),
    fr=("plus long", "plus longue", "plus en détail"),
    es=("más largo", "más larga", "más detalles", "con más detalle"),
    ja=("もっと長く", "もっと詳しく", "もう少し詳しく", "長く", "詳しく"),
)
SUMMARISE = Command(
    words=("summarise", "summarize", "summary", "sum up", "sum … up"),
    dialog=summary.summarise,
    action="summary",
    title="summarise",
    description="Sum up this thread, channel or chat",
    takes=Takes.WINDOW,
    de=("zusammenfassen", "zusammenfassung", "fasse … zusammen", "fass … zusammen", "fasse zusammen", "fass zusammen"),
    fr=("résume", "résumez", "résumer", "résumé"),
    es=("resumir", "resumen", "resume esto", "resúmelo"),
    ja=("要約", "まとめ", "サマリー", "サマリ"),
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
    ja=(
        "について何が話されましたか",
        "について…何が話され",
        "について…何を話し",
        "について…話されたこと",
        "について…話したこと",
        "についての…議論",
    ),
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
    fr=("qu'ai-je manqué", "qu’ai-je manqué", "mets-moi à jour", "mettez-moi à jour"),
    es=("ponme al día", "qué me he perdido"),
    ja=("見逃した内容", "見逃したこと", "見逃した話", "キャッチアップ"),
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
    ja=("決定事項", "決まったこと"),
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
    ja=("アクションアイテム", "アクション アイテム", "タスク", "やること", "todo"),
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
    ja=("ダイジェスト…",),
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
    ja=("新しいチャット", "新規チャット"),
)
STOP = Command(
    words=("stop", "cancel"),
    dialog=chats.stop,
    action="stop",
    title="stop",
    description="Stop what I am doing for you",
    de=("stopp", "halt", "abbrechen"),
    fr=("arrête", "arrêtez", "arrêter"),
    es=("para", "parar"),
    ja=("停止", "中止", "ストップ", "キャンセル", "止め", "やめ"),
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
    ja=("プライバシー",),
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
    ja=("サインイン", "ログイン"),
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
    ja=("サインアウト", "ログアウト"),
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
    ja=("チャット一覧", "チャットの一覧", "チャット履歴"),
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
    ja=("テキストタスク", "文章のタスク"),
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
    ja=("設定",),
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
    ja=("モデル", "モデル一覧", "モデルの一覧"),
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
    ja=("使用量", "利用量", "使用状況"),
)
KNOW = Command(
    words=("what do you know about me", "what do you store about me"),
    dialog=records.know,
    action="know",
    title="what do you know about me",
    description="What I keep of you, and for how long",
    de=("was weißt du über mich",),
    fr=("que sais-tu de moi", "que sais-tu sur moi", "que savez-vous de moi", "que savez-vous sur moi"),
    es=("qué sabes de mí", "qué sabes sobre mí"),
    ja=("私について何を知っていますか", "私について何を知ってい", "私について知っていること", "私の情報"),
)
EXPORT = Command(
    words=("export my data", "export data", "download my data"),
    dialog=records.export,
    action="export",
    title="export my data",
    description="All I keep of you, as two files",
    feature="export",
    de=("exportiere meine daten", "meine daten exportieren"),
    fr=("exporte mes données", "exportez mes données", "exporter mes données"),
    es=("exporta mis datos", "exportar mis datos"),
    ja=("データをエクスポート", "データのエクスポート"),
)
DOCUMENT = Command(
    words=handouts.WORD["en"],
    dialog=handouts.as_word,
    action="export",
    title="as a document",
    description="My last answer as a Word document",
    takes=Takes.VERBS,
    verbs=handouts.OBJECTS,
    de=handouts.WORD["de"],
    fr=handouts.WORD["fr"],
    es=handouts.WORD["es"],
    ja=handouts.WORD["ja"],
)
MARKDOWN = Command(
    words=handouts.MARKDOWN["en"],
    dialog=handouts.as_markdown,
    action="export",
    takes=Takes.VERBS,
    verbs=handouts.OBJECTS,
    de=handouts.MARKDOWN["de"],
    fr=handouts.MARKDOWN["fr"],
    es=handouts.MARKDOWN["es"],
    ja=handouts.MARKDOWN["ja"],
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
    fr=("oublie-moi", "oublie moi", "oubliez-moi", "oubliez moi"),
    es=("olvídame",),
    ja=("私を忘れ", "私のデータを削除", "私のデータを消去"),
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
END = Command(("digest off",), digests.end, "digest", takes=Takes.KEY)
"""What the button of one digest says, also where nobody may begin one any more. Without a key the words mean what anybody types."""
TYPED = (END, *COMMANDS, EVERYTHING, AGAIN, SHORTER, LONGER, MARKDOWN, PROMPT, POST)

WELCOME = Command((), help.welcome, "welcome")
DELIVER = Command((), digests.deliver, "digest")
POSTED = Command((), shares.posted, "share")
ANSWER = Command((), answer.answer, "answer")
TASK = Command((), tasks.run, "task", feature="tasks")
"""A task that was typed; what may be typed for each stands in `dialogs.toolbox`."""
REPEATS = {AGAIN: Manner(), SHORTER: Manner(length="short"), LONGER: Manner(length="long")}
"""What is done to the last answer."""
EVENTS = {
    Event.WELCOME: WELCOME,
    Event.DIGEST: DELIVER,
    Event.POST: POSTED,
    Event.AMEND: Command((), amends.amend, "amend"),
    Event.LEFT: Command((), records.left, "left"),
    Event.FORGET: Command((), records.forget_left, "forget"),
    Event.HANDOVER: Command((), records.hand_over, "export"),
}
