"""When something is due, in the words of the message, in five languages.

Floor 6.
"""

from bot.models.cues import patterns

_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_WEEKDAY = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_CLOCK = r"\d{1,2}[:.]\d{2}(?: ?[ap]m)?(?: uhr)?|\d{1,2} ?[ap]m|\d{1,2} uhr|\d{1,2} ?h(?:\d{2})?"
_NUMERIC = r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}(?:[./](?:\d{4}|\d{2})?)?"
_DAY = (
    rf"(?:(?:next |this |coming )?(?:{_WEEKDAY}|week|month)(?: (?:morning|afternoon|evening|noon|night))?"
    r"|today|tonight|tomorrow(?: (?:morning|afternoon|evening|night))?|noon|eod|eow|(?:the )?end of (?:the |this |next )?(?:day|week|month|quarter|year)"
    rf"|(?:the )?\d{{1,2}}(?:st|nd|rd|th)(?: of)?(?: (?:{_MONTH}))?|\d{{1,2}} (?:{_MONTH})(?: \d{{4}})?|(?:{_MONTH})(?: \d{{1,2}}(?:st|nd|rd|th)?)?"
    rf"|{_CLOCK}|{_NUMERIC})"
)
_MONAT = "januar|jänner|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember"
_TAG = (
    r"(?:(?:nächsten |kommenden |diesen )?(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)(?:(?:mittag|abend|nachmittag|vormittag)| (?:früh|mittag|abend|nachmittag|vormittag))?"
    r"|morgen(?: (?:früh|abend|mittag|vormittag|nachmittag))?|heute(?: (?:abend|nachmittag|mittag))?|übermorgen"
    r"|(?:nächste|nächster|diese|dieser|kommende|kommender) woche|ende (?:der|nächster|dieser) woche|wochenende|monatsende|ende des monats"
    rf"|\d{{1,2}}\. (?:{_MONAT})|{_CLOCK}|{_NUMERIC})"
)
_MOIS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_JOUR = (
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)(?: (?:prochain|matin|midi|soir|après-midi))?|demain(?: (?:matin|midi|soir|après-midi))?|ce soir|aujourd'hui|après-demain"
    r"|(?:la )?semaine prochaine|(?:la )?fin (?:de (?:la )?semaine|du mois|de mois|de journée)"
    rf"|(?:le )?(?:1er|\d{{1,2}}) (?:{_MOIS})|{_CLOCK}|{_NUMERIC})"
)
_MES = "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
_DIA = (
    r"(?:(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)(?: (?:próximo|que viene|por la (?:mañana|tarde|noche)))?|(?:próximo (?:lunes|martes|miércoles|jueves|viernes))"
    r"|mañana(?: por la (?:mañana|tarde|noche))?|hoy|pasado mañana|esta (?:tarde|noche|semana)|(?:la )?(?:semana que viene|próxima semana)"
    rf"|(?:fin(?:al)?(?:es)? de (?:mes|semana|año))|\d{{1,2}} de (?:{_MES})|{_CLOCK}|{_NUMERIC})"
)
_ALONE = (
    r"today|tonight|tomorrow(?: (?:morning|afternoon|evening|night))?|next (?:week|month)|this (?:week|afternoon|evening)"
    r"|(?<!guten )(?:morgen|heute)(?: (?:früh|abend|mittag|nachmittag|vormittag))?|übermorgen|(?:nächste|diese|kommende) woche|ende (?:der|nächster|dieser) woche"
    r"|demain(?: (?:matin|soir|midi|après-midi))?|ce soir|aujourd'hui|après-demain|la semaine prochaine|(?:en )?fin de semaine"
    r"|(?<!\bla )mañana(?: por la (?:mañana|tarde|noche))?|hoy|pasado mañana|esta tarde|la semana que viene|la próxima semana"
)
_HI = (
    r"(?:(?:今週|来週|再来週)の?)?[月火水木金土日]曜日?(?:の?(?:朝|午前|午後|夕方))?|本日中|今日中|今週中|来週中|今月中|今日|本日|明日|明後日|あさって"
    r"|今週末|週末|来週|今月末|来月末|月末|年末|(?:(?:\d{4}年)?\d{1,2}月)?\d{1,2}日|\d{1,2}/\d{1,2}"
)
_JI = r"(?:午前|午後)?\d{1,2}(?:時(?:\d{1,2}分|半)?|:\d{2})"
DUE = patterns(
    rf"\b(?:by|until|till|due(?: by| on)?|on|no later than) (?P<en>{_DAY})(?!\w)",
    rf"\b(?P<before>before {_DAY})(?!\w)",
    rf"\b(?:bis(?: zum| spätestens| zur)?|spätestens(?: am| bis)?|am|zum) (?P<de>{_TAG})(?!\w)",
    rf"\b(?P<vor>vor (?:dem )?{_TAG})(?!\w)",
    rf"\b(?:pour|d'ici(?: à)?|jusqu'à|au plus tard) (?:le )?(?P<fr>{_JOUR})(?!\w)|\b(?P<avant>avant (?:le |la )?{_JOUR})(?!\w)",
    rf"\b(?:para|hasta|a más tardar) (?:el )?(?P<es>{_DIA})(?!\w)|\b(?P<antes>antes (?:del?|de la) {_DIA})(?!\w)",
    rf"(?<!last )(?<!since )(?<!from )(?<!every )(?<!for )\b(?P<day>(?:next |this )?(?:{_WEEKDAY})(?: (?:morning|afternoon|evening|night))?)(?=\s*(?:[.!?,;)]|$))",
    r"(?<!letzten )(?<!seit )\b(?P<tag>(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)(?:mittag|abend|nachmittag|vormittag)?)(?=\s*(?:[.!?,;)]|$))",
    r"(?<!depuis )(?<!de )\b(?P<jour>(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)(?! dernier)(?: matin| soir| midi)?)\b",
    r"\b(?:el )(?P<dia>(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo))\b(?! pasado)",
    rf"\b(?P<alone>{_ALONE})(?![\w'])",
    rf"(?P<ja>(?:{_HI})(?:の?{_JI})?|{_JI})(?=まで|締め切り|締切|中に)|(?P<chu>(?:本日|今日|今週|来週|今月)中)(?=に)",
)
"""The words of a deadline, in one of the groups; a "before" is part of them, a "by" is not."""


def due(text: str) -> str | None:
    """The first deadline in a text, verbatim."""
    found = DUE.search(text.replace("’", "'"))
    group = next(number for number, words in enumerate(found.groups(), start=1) if words) if found else 0
    return text[found.start(group) : found.end(group)] if found else None
