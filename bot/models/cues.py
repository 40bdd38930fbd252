"""How people say that something is decided, taken on, due, or still open, in English, German, French and Spanish.

Floor 6. Patterns look at `spoken(text)`, where apostrophes are straight and stand close.
"""

import re
from re import Pattern


def spoken(text: str) -> str:
    """The text with straight apostrophes and without the blanks that transcribers put before them."""
    return re.sub(r"\s*['’](?=(?:s|ll|re|ve|d|m|t)\b)", "'", text.replace("’", "'"))


def _any(*patterns: str, case: bool = False) -> Pattern[str]:
    return re.compile("|".join(rf"(?:{pattern})" for pattern in patterns), re.NOFLAG if case else re.IGNORECASE)


DECIDED = _any(
    r"\bwe(?:'ve| have)? (?:\w+ ){0,2}(?:decided|agreed|settled|chosen|chose|resolved)\b",
    r"\b(?:it|that)(?:'s| is| was| has been) (?:now )?(?:decided|agreed|settled|approved)\b",
    r"\bdecision\s*(?::|is to\b|was to\b)|^agreed\s*(?::|,)|\bagreed (?:to|on|that)\b",
    r"\b(?:is|was|are|were|has|have|just|i) (?:\w+ ){0,2}(?:approved?|signed off)\b(?: (?:the|this|that|it|on)\b|\W*$)|\bgave (?:us )?the go-ahead\b",
    r"\bwir haben (?:\w+ ){0,6}(?:beschlossen|entschieden|geeinigt|vereinbart|festgelegt)\b",
    r"\b(?:ist|wurde|hiermit) (?:\w+ ){0,3}(?:beschlossen|entschieden|vereinbart|genehmigt|freigegeben)\b",
    r"\b(?:entscheidung|beschluss|décision|decisión)\s*:",
    r"\b(?:on a|nous avons|c'est|a été) (?:\w+ ){0,3}(?:décidé|convenu|choisi|validé|approuvé|acté)\b",
    r"\b(?:hemos|se ha|queda) (?:\w+ ){0,2}(?:decidido|acordado|aprobado|elegido)\b|\b(?:decidimos|acordamos)\b",
)
"""Says that something is settled."""

RESOLVED = _any(
    r"\blet's (?:go (?:with|for|ahead)|use|take|keep|stick (?:with|to)|drop|postpone|settle|ship|choose|pick|make it)\b",
    r"\bwe(?:'ll| will|'re going to|'re gonna| are going to) (?:go (?:with|for|ahead)|use|stick|keep|drop|postpone|choose"
    r"|launch|ship|stay with|switch|adopt|buy)\b",
    r"\bwir (?:nehmen|bleiben bei|verwenden|gehen mit|verschieben|streichen|behalten)\b",
    r"\bon (?:part sur|garde|prend|retient|valide|reporte)\b|\bnos quedamos con\b|\bvamos (?:a usar|con)\b",
)
"""Says what will be done; a decision when nobody disagrees."""

PROPOSED = _any(
    r"\b(?:i (?:suggest|propose|would suggest|'d suggest)|how about|what about|shall we|should we|let's|we should|we could)\b",
    r"\b(?:ich schlage vor|sollen wir|wollen wir|lass(?:t)? uns|wir sollten|wir könnten)\b",
    r"\b(?:je propose|on pourrait|on devrait|et si on|propongo|podríamos|deberíamos|qué tal si)\b",
)
"""A proposal: a decision once others agree."""

AGREES = _any(
    r"^\W*(?:agreed|sounds good|works for me|fine (?:with|by) me|deal|good idea|great idea|perfect|let's do (?:it|that)|yes,? let's"
    r"|yes,? please|\+1|👍|absolutely|go for it|ok(?:ay)? for me)",
    r"^\W*(?:einverstanden|passt|abgemacht|gute idee|machen wir|gern|klingt gut|d'accord|ça marche|bonne idée|parfait|de acuerdo"
    r"|vale|perfecto|buena idea)\b",
)
"""Somebody agrees with what was said just before."""

UNSETTLED = _any(
    r"\b(?:not|n't|never|if|whether|unless|until|before|once|should|could|might|maybe|perhaps|have) (?:\w+ ){0,3}$",
    r"\b(?:nicht|noch nicht|ob|wenn|falls|vielleicht|si|pas|no|aún no|quizás|peut-être) (?:\w+ ){0,3}$",
)
"""Words that, right before a cue, take it back."""

_TASK = (
    r"(?:send|write|check|ask (?:\w+ ){1,2}(?:for|about|if|whether|to|when)|call|book|prepare|draft|update|fix|review|look (?:into|at|up)|find out|set up|share|organi[sz]e|schedule"
    r"|follow up|talk to|speak (?:to|with)|contact|order|test|deploy|create|add|file|upload|finish|email|e-mail|ping|arrange|invite"
    r"|sort|handle|collect|confirm|bring|take care|take (?:that|this|it|on|over)|do (?:that|this|it)|get (?:back|in touch|the|a|some)"
    r"|put (?:together|up|the)|post|publish|document|compile|run the|investigate|chase|clarify|propose a|own|circulate|merge|move the)"
)
COMMITS = _any(
    rf"\bi(?:'ll| will|'m going to|'m gonna| am going to| can) (?:\w+ly |also |then |just |try to |go and |have to )?{_TASK}\b",
    rf"\blet me {_TASK}\b|\bi(?:'m| am) on it\b|\bleave (?:it|that) (?:to|with) me\b",
    r"\bich (?:kümmere mich|übernehme|schicke|sende|schreibe|prüfe|kläre|erstelle|bereite|frage|rufe|buche|mache das|schaue)\b"
    r"|\bich werde (?:\w+ ){0,8}\w+en\b",
    r"\bje (?:m'en occupe|m'occupe|prépare|vérifie|contacte|prends|rédige|réserve|m'en charge|vais (?:\w+ )?\w+(?:er|ir|re))\b"
    r"|\bj'(?:envoie|enverrai|appelle|organise)\b",
    r"\b(?:me encargo|me ocupo|(?:yo )?(?:envío|enviaré|prepararé|preparo|reviso|revisaré|llamaré|reservaré|haré))\b"
    r"|\bvoy a \w+(?:ar|er|ir)(?:lo|la|los|las)?\b",
)
"""The speaker takes something on."""

_NAME = r"(?P<{}>@?[^\W\d_][\w'’-]*(?:[ .-]+(?-i:[A-ZÀ-ÖØ-Þ])[\w'’.-]*){{0,3}})"
_ASKING = (
    r"(?:(?:can|could|would|will) you|please|bitte|kannst du|könntest du|können sie|könnten sie|tu peux|peux-tu|pourrais-tu"
    r"|pouvez-vous|puedes|podrías|puede|por favor|s'il te plaît|merci de)"
)
ASSIGNS = _any(
    rf"(?:^|[.!?,;]\s*|\b(?:and|und|et|y|so|hi|hello|ok) ){_NAME.format('called')}\s*[,:–-]?\s+{_ASKING}\b",
    rf"\b{_ASKING} [^.?!]*?,\s*{_NAME.format('ended')}\s*[?.!]*$",
    rf"\b{_NAME.format('does')} (?:will|is going to|is to|to|takes over|takes care|wird|kümmert sich|übernimmt|va|s'occupe"
    rf"|se charge|se encarga|se ocupa)\s+(?:{_TASK}|\w{{3,}})",
)
"""Somebody is asked, or said, to do something."""

NEEDED = _any(
    r"^(?:todo|action(?: item)?|task|aufgabe|à faire|pendiente)\s*:",
    rf"\b(?:someone|somebody|one of us) (?:needs to|has to|should|must|please)\b|\b(?:can|could) (?:someone|somebody|anyone) {_TASK}\b",
    r"\b(?:jemand (?:muss|müsste|sollte|könnte)|kann jemand|quelqu'un (?:doit|devrait|peut)|alguien (?:tiene que|debe|puede))\b",
    rf"^please {_TASK}\b",
)
"""Something is to be done, and nobody is named."""

_DAY = (
    r"(?:(?:next |this )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|month)(?: (?:morning|afternoon|evening|noon))?"
    r"|today|tonight|tomorrow(?: (?:morning|afternoon|evening))?|noon|eod|eow|(?:the )?end of (?:the |this |next )?(?:day|week|month|quarter|year)"
    r"|(?:\d{1,2}(?:st|nd|rd|th)? )?(?:january|february|march|april|may|june|july|august|september|october|november|december)(?: \d{1,2}(?:st|nd|rd|th)?)?"
    r"|\d{1,2}[:.]\d{2}(?: ?[ap]m)?|\d{1,2} ?[ap]m|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}\.?(?:\d{2,4})?)"
)
_TAG = (
    r"(?:(?:nächsten |kommenden )?(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)|morgen|heute(?: abend)?|übermorgen"
    r"|(?:nächste|diese|kommende) woche|ende (?:der|nächster) woche|monatsende"
    r"|(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)(?: prochain)?|demain|ce soir|aujourd'hui|la semaine prochaine|fin de semaine"
    r"|(?:el )?(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)|mañana|hoy|la semana que viene|la próxima semana|fin de mes)"
)
DUE = _any(
    rf"\b(?:by|before|until|till|due|on) {_DAY}\b",
    r"\b(?:today|tonight|tomorrow(?: (?:morning|afternoon|evening))?|next week|this (?:week|afternoon|evening)|by eod)\b",
    rf"\b(?:bis(?: zum)?|am|avant|pour|d'ici|antes del?|para) {_TAG}\b|\b{_TAG}\b",
)
"""The words of a deadline."""

OPEN = _any(
    r"\b(?:still (?:open|unclear|undecided)|open question|(?:we|i) still (?:need|have) to (?:find out|decide|clarify|check|figure out)"
    r"|to be (?:decided|confirmed|determined|defined)|tbd|tbc|(?:have|has)n't (?:been )?decided|not (?:yet )?decided|need to (?:decide|find out|figure out))\b",
    r"\b(?:noch (?:offen|unklar|nicht entschieden|zu klären)|offene frage|reste (?:à|ouvert)|question ouverte|pas encore décidé"
    r"|queda por|por definir|pregunta abierta|aún no (?:sabemos|está))\b",
)
"""Says in so many words that something is open."""

RHETORICAL = _any(
    r"(?:\b(?:right|okay|ok|yes|no|you know|see|huh|eh|you know what|nicht wahr|oder|gell|non|n'est-ce pas|verdad)\s*\?+\s*$)",
    r"\b(?:isn't|wasn't|aren't|don't|doesn't|didn't|won't|can't|couldn't|haven't|is|does|do|will|can) (?:it|they|we|you|he|she|that)\s*\?+\s*$",
    r"\b(?:any (?:other |further |more )?(?:questions|comments|thoughts)|don't you think|you know what i mean|what do you (?:think|say)|how are you|who's next|why not|say that again|"
    r"what was that|pardon|sorry|wie geht|ça va|qué tal)\b",
)
"""Asks for assent, the floor or politeness, and not for an answer."""

REPLIES = _any(
    r"^\W*(?:yes|yeah|yep|yup|no|nope|nah|sure|ja|nein|doch|oui|non|si|sí|exactly|correct|right|probably|i think|i don't think|i believe|i guess|it's|that's"
    r"|because|since|not yet|about|around|maybe|you can|you could|you should)\b",
)
"""Begins as answers do."""

THANKS = _any(
    r"^\W*(?:thanks|thank you|thx|got it|makes sense|great|perfect|ok(?:ay)?|i see|ah|cool|danke|super|verstanden|merci|gracias|vale|right)\b"
)
"""The one who asked is content."""

GREETS = _any(
    r"^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|hallo|moin|servus|guten (?:morgen|tag|abend)|grüezi|salut|bonjour|bonsoir|coucou"
    r"|hola|buenos días|buenas(?: tardes| noches)?)(?: (?:there|parley|all|everybody|everyone|zusammen|à tous|a todos))?\W*$"
)
"""Nothing but a greeting."""
