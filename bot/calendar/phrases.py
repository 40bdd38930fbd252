"""The words for times in the languages that are understood, as data.

Floor 5, behind `bot.calendar`. Every value is a piece of a regular expression, matched against `plain` text: letter
case and accents do not matter, here or there. Another language is another row of `LANGUAGES`.
"""

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language. `numbers` are one to twelve, `weekdays` begin with Monday; `also_of` may stand before a span."""

    language: str
    numbers: tuple[str, ...]
    weekdays: tuple[str, ...]
    spans: dict[str, str]
    units: dict[str, str]
    last: str
    past: str
    coming: str
    ago: str
    since: str
    onwards: str
    until: str
    between: str
    and_: str
    at: str
    am: str
    pm: str
    hour: str
    daily: str
    weekly: str
    every: str
    into: str
    polite: str
    little: str
    this: str
    whole: str
    everything: str
    thread: str
    place: str
    messages: str
    also_of: str = "from"


ENGLISH = Phrases(
    language="en",
    numbers=("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    weekdays=(
        "mon(?:day)?",
        "tue(?:s(?:day)?)?",
        "wed(?:nesday)?",
        "thu(?:rs(?:day)?)?",
        "fri(?:day)?",
        "sat(?:urday)?",
        "sun(?:day)?",
    ),
    spans={
        "today": "today",
        "yesterday": "yesterday",
        "day before yesterday": "day before yesterday",
        "tomorrow": "tomorrow",
        "this week": "(?:this|current) week",
        "last week": "(?:last|previous) week",
        "next week": "(?:next|coming) week",
        "this month": "(?:this|current) month",
        "last month": "(?:last|previous) month",
        "next month": "(?:next|coming) month",
    },
    units={
        "minute": "minutes?|mins?",
        "hour": "hours?|hrs?|h",
        "day": "days?",
        "week": "weeks?",
        "month": "months?",
        "message": "messages?|posts?",
    },
    last="last|past|latest|newest|(?:most )?recent|previous",
    past="last|past|previous",
    coming="next|coming",
    ago="ago",
    since="since|from|starting(?: from| on)?|as of",
    onwards="on|onwards?|(?:un)?til now|to now|up to now",
    until="to|until|till|thru|through|up to",
    between="between",
    and_="and|&",
    at="at",
    am="am|a\\.m\\.?|in the morning",
    pm="pm|p\\.m\\.?|in the (?:afternoon|evening)",
    hour="o'? ?clock|h",
    daily="daily|every day|each day",
    weekly="weekly(?: on)?|every week(?: on)?|each week(?: on)?",
    every="every|each|on",
    into="in|into",
    polite="please|pls|thanks|thank you|kindly|me|us|what happened|what was (?:said|written)",
    little="for|of|the|in|on|over|during|within",
    this="this|our|that|it|here",
    whole="whole|entire|full|complete|all",
    everything="everything|all",
    thread="threads?",
    place="chat|channel|conversation|discussion|group(?: chat)?",
    messages="messages|posts",
)

GERMAN = Phrases(
    language="de",
    numbers=(
        "eine[nrms]?",
        "zwei",
        "drei",
        "vier",
        "fünf",
        "sechs",
        "sieben",
        "acht",
        "neun",
        "zehn",
        "elf",
        "zwölf",
    ),
    weekdays=("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag|sonnabend", "sonntag"),
    spans={
        "today": "heute",
        "yesterday": "gestern",
        "day before yesterday": "vorgestern",
        "tomorrow": "morgen",
        "this week": "diese[rn]? woche|laufende[rn]? woche",
        "last week": "(?:letzte|vergangene|vorige)[rn]? woche",
        "next week": "(?:nächste|kommende)[rn]? woche",
        "this month": "diese[nms] monats?|laufende[nms]? monats?",
        "last month": "(?:letzte|vergangene|vorige)[nrms]? monats?",
        "next month": "(?:nächste|kommende)[nrms]? monats?",
    },
    units={
        "minute": "minuten?",
        "hour": "stunden?|std\\.?|h",
        "day": "tage?n?",
        "week": "wochen?",
        "month": "monate?n?",
        "message": "nachricht(?:en)?|beitrag|beiträgen?|posts?",
    },
    last="(?:letzte|vergangene|neueste|jüngste)[nrms]?",
    past="(?:letzte|vergangene|vorige)[nrms]?",
    coming="(?:nächste|kommende)[nrms]?",
    ago="vor",
    since="seit|ab",
    onwards="an|bis jetzt",
    until="bis(?: (?:zum|zur|einschließlich|inklusive))?",
    between="zwischen",
    and_="und|&",
    at="um|gegen",
    am="uhr (?:morgens|früh|vormittags)|morgens|vormittags",
    pm="uhr (?:nachmittags|abends)|nachmittags|abends",
    hour="uhr|h",
    daily="täglich|taeglich|jeden tag",
    weekly="wöchentlich|woechentlich|jede woche",
    every="jede[nrms]?|immer",
    into="auf|in",
    polite="bitte|danke|mir|uns",
    little="für|fuer|die|der|das|den|dem|des|im|in|am|an|vom|von|über|aus",
    this="diese[nrms]?|unsere[nrms]?",
    whole="ganze[nrms]?|gesamte[nrms]?|komplette[nrms]?|alle[nrms]?",
    everything="alles",
    thread="threads?|faden",
    place="chats?|kanals?|unterhaltung|gespräch|diskussion|gruppe|gruppenchats?",
    messages="nachrichten|beiträge",
    also_of="von",
)

FRENCH = Phrases(
    language="fr",
    numbers=(
        "une?",
        "deux",
        "trois",
        "quatre",
        "cinq",
        "six",
        "sept",
        "huit",
        "neuf",
        "dix",
        "onze",
        "douze",
    ),
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    spans={
        "today": "aujourd'? ?hui",
        "yesterday": "hier",
        "day before yesterday": "avant[- ]hier",
        "tomorrow": "demain",
        "this week": "cette semaine|semaine en cours",
        "last week": "semaine (?:dernière|passée|précédente)",
        "next week": "semaine prochaine|prochaine semaine",
        "this month": "ce mois(?:[- ]ci)?|mois en cours",
        "last month": "mois (?:dernier|passé|précédent)",
        "next month": "mois prochain|prochain mois",
    },
    units={
        "minute": "minutes?",
        "hour": "heures?|h",
        "day": "jours?",
        "week": "semaines?",
        "month": "mois",
        "message": "messages?|posts?|publications?",
    },
    last="derni(?:er|ère)s?",
    past="dernier|passé",
    coming="prochain",
    ago="il y a",
    since="depuis|à partir|à compter",
    onwards="et après|jusqu' à (?:maintenant|présent)",
    until="jusqu'(?: (?:à|au|en))?|à|au",
    between="entre",
    and_="et|&",
    at="à|vers",
    am="du matin|h du matin|heures? du matin",
    pm="du soir|h du soir|heures? du soir|de l' après-midi",
    hour="h|heures?",
    daily="tous les jours|chaque jour|quotidien(?:ne)?(?:ment)?",
    weekly="chaque semaine|toutes les semaines|hebdomadaire",
    every="chaque|tous les|toutes les",
    into="en",
    polite="s'? ?il (?:te|vous) plaît|svp|stp|merci|moi|nous",
    little="le|la|les|l'|d'|de|du|des|pour|en|dans|sur|pendant|durant|au cours",
    this="ce|cet|cette|notre|ceci|ici",
    whole="tout|toute|tous|toutes|entier|entière|complet|ensemble",
    everything="tout",
    thread="fil(?: de discussion)?",
    place="chat|canal|conversation|discussion|groupe",
    messages="messages|publications",
    also_of="de",
)

SPANISH = Phrases(
    language="es",
    numbers=(
        "un[oa]?",
        "dos",
        "tres",
        "cuatro",
        "cinco",
        "seis",
        "siete",
        "ocho",
        "nueve",
        "diez",
        "once",
        "doce",
    ),
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    spans={
        "today": "hoy",
        "yesterday": "ayer",
        "day before yesterday": "anteayer|antes de ayer|antier",
        "tomorrow": "mañana",
        "this week": "esta semana|semana (?:actual|en curso)",
        "last week": "semana (?:pasada|anterior)|pasada semana",
        "next week": "semana (?:próxima|que viene)|próxima semana",
        "this month": "este mes|mes (?:actual|en curso)",
        "last month": "mes (?:pasado|anterior)|pasado mes",
        "next month": "mes (?:próximo|que viene)|próximo mes",
    },
    units={
        "minute": "minutos?",
        "hour": "horas?|h",
        "day": "días?",
        "week": "semanas?",
        "month": "mes(?:es)?",
        "message": "mensajes?|posts?|publicaci(?:ón|ones)",
    },
    last="últim[oa]s?|pasad[oa]s",
    past="pasado|último",
    coming="próximo|que viene",
    ago="hace",
    since="desde|a partir|a contar",
    onwards="en adelante|hasta ahora",
    until="hasta|a|al",
    between="entre",
    and_="y|&",
    at="a las?|las?",
    am="(?:horas )?de la mañana|am|a\\. ?m\\.?",
    pm="(?:horas )?de la (?:tarde|noche)|pm|p\\. ?m\\.?",
    hour="h|horas?|en punto",
    daily="diario|diariamente|a diario|cada día|todos los días",
    weekly="semanal(?:mente)?|cada semana|todas las semanas",
    every="cada|todos los",
    into="en",
    polite="por favor|porfa|gracias|me|nos",
    little="el|la|los|las|de|del|en|durante|para|sobre",
    this="este|esta|esto|nuestro|nuestra|aquí",
    whole="todo|toda|todos|todas|entero|entera|completo|completa",
    everything="todo",
    thread="hilo",
    place="chat|canal|conversación|discusión|grupo",
    messages="mensajes|publicaciones",
    also_of="de",
)

LANGUAGES = {phrases.language: phrases for phrases in (ENGLISH, GERMAN, FRENCH, SPANISH)}
"""All that is understood, by two-letter code."""


def plain(text: str) -> str:
    """The text without accents and in one case."""
    parts = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFKD", "".join(c for c in parts if not unicodedata.combining(c)).casefold())


def any_of(*values: str) -> str:
    """One of the given pieces of an expression, as a group that can be matched to plain text."""
    return f"(?:{plain('|'.join(values))})"


def in_all(*names: str) -> str:
    """What stands under these names in any of the languages."""
    return any_of(*(getattr(phrases, name) for phrases in LANGUAGES.values() for name in names))
