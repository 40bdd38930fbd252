"""How people say that something is decided, proposed, agreed to, or still open, in five languages.

Floor 6. Patterns look at `spoken(text)`, where apostrophes are straight and stand close.
"""

import re
from re import Match, Pattern

OPENING = 300
"""Characters of a post that are looked at as an answer."""


def spoken(text: str) -> str:
    """The text with straight apostrophes, without the blanks that transcribers put before them, and with narrow ?s."""
    return re.sub(r"\s*['’](?=(?:s|ll|re|ve|d|m|t)\b)", "'", text.replace("’", "'").replace("？", "?"))


def opening(text: str) -> str:
    """How a post begins, which tells whether it answers another."""
    return spoken(text[:OPENING])


def patterns(*alternatives: str) -> Pattern[str]:
    """One pattern of several, any case."""
    return re.compile("|".join(rf"(?:{pattern})" for pattern in alternatives), re.IGNORECASE)


DECIDED = patterns(
    r"\bwe(?:'ve| have)? (?:\w+ ){0,2}(?:decided|agreed|settled|chosen|chose|resolved)\b",
    r"\b(?:it|that)(?:'s| is| was| has been) (?:now )?(?:decided|agreed|settled|approved)\b",
    r"\bdecision\s*(?::|is to\b|was to\b)|^agreed\s*(?::|,)|\bagreed (?:to|on|that)\b|\bfinal decision\b",
    r"\b(?:is|was|are|were|has|have|just|i) (?:\w+ ){0,2}(?:approved?|signed off)\b(?: (?:the|this|that|it|on)\b|\W*$)|\bgave (?:us )?the go-ahead\b",
    r"\b(?:board|team|committee|council|management|group|client|customer|company|department|finance|legal|sales) (?:has |have )?(?:now )?"
    r"(?:approved|agreed|decided|voted (?:for|to)|chosen|chose|opted for|settled on)\b",
    r"\bwir haben (?:\w+ ){0,8}(?:beschlossen|entschieden|geeinigt|vereinbart|festgelegt|verständigt)\b",
    r"\bhaben wir (?:\w+ ){0,8}(?:beschlossen|entschieden|geeinigt|vereinbart|festgelegt)\b",
    r"\b(?:ist|wurde|wird|hiermit|sind) (?:\w+ ){0,4}(?:beschlossen|entschieden|vereinbart|genehmigt|freigegeben)\b|^(?:beschlossen|abgemacht|vereinbart)\s*:",
    r"\bhat (?:\w+ ){0,5}(?:genehmigt|freigegeben)\b|\b(?:entscheidung|beschluss|décision|decisión|acuerdo)\s*:",
    r"\b(?:on (?:a|s'est)|nous (?:avons|sommes)|c'est|a été|est) (?:\w+ ){0,3}(?:décidée?|convenue?s?|choisie?|validée?|approuvée?|actée?|mis d'accord|tranché)\b",
    r"\b(?:a (?:validé|approuvé)|on s'est mis d'accord|on (?:se met d'accord|s'accorde) sur)\b",
    r"\b(?:hemos|se ha|ha|queda|han) (?:\w+ ){0,2}(?:decidido|acordado|aprobado|elegido|quedado en|optado por)\b",
    r"\b(?:decidimos|acordamos|quedamos en|se decidió|se acordó|se aprobó|optamos por|nos decantamos por)\b",
    r"(?:決定|合意|承認)(?:しました|した|されました|された|済み)(?!ら|い|場合|か)|(?:決まり|決め)ました(?!ら|か)|決まった(?!ら|か)|ことになりました|^(?:決定|合意)(?:事項)?\s*[:：]",
)
"""Says that something is settled."""

RESOLVED = patterns(
    r"\blet's (?:go (?:with|for|ahead)|use|take|keep|stick (?:with|to)|drop|postpone|settle|ship|choose|pick|make it|move)\b",
    r"\bwe(?:'ll| will|'re going to|'re gonna| are going to) (?:go (?:with|for|ahead)|use|stick|keep(?! \w+ing)|drop|postpone|choose"
    r"|launch|ship|stay with|switch|adopt|buy)\b|\bwe(?:'re| are) (?:going|sticking|staying) (?:with|for)\b|\bwe (?:go|stay) with\b|^(?:\S+ ){1,5}it is(?:,? then)?\s*[.!]*$",
    r"\b(?:wir|dann) (?:wir )?(?:nehmen|bleiben bei|verwenden|gehen mit|verschieben|streichen|behalten)\b|\bnehmen wir\b|\bes bleibt (?:bei|beim)\b",
    r"\b(?:on|nous) (?:part sur|partons sur|garde|gardons|prend|prenons|retient|retenons|valide|validons|reporte|reportons|choisit)\b",
    r"\b(?:nos quedamos con|vamos (?:a usar|con)|usaremos|mantenemos|elegimos|aplazamos)\b",
    r"(?:に|で|を)(?:しましょう|進めましょう|いきましょう|行きましょう|いきます|進めます)\W*$",
)
"""Says what will be done; a decision when nobody disagrees."""

PROPOSED = patterns(
    r"\b(?:i (?:suggest|propose|would suggest|'d suggest)|shall we|should we|let's|we should|we could|why don't we)\b",
    r"\b(?:ich schlage vor|(?:sollen|wollen|sollten) wir|lass(?:t)? uns|wir sollten|wir könnten|mein vorschlag|wie wäre es)\b",
    r"\b(?:je propose|on pourrait|on devrait|et si (?:on|nous)|nous pourrions|nous devrions)\b",
    r"\b(?:propongo|sugiero|podríamos|deberíamos|qué tal si|y si)\b",
    r"(?:しませんか|ましょうか|はどうでしょう|はどうですか|はいかがでしょう|を提案し|したらどう)",
)
"""A proposal: a decision once others agree."""

AGREES = patterns(
    r"^\W*(?:agreed|sounds (?:good|great)|works for me|fine (?:with|by) me|deal\b|good idea|great idea|perfect|let's do (?:it|that)|yes,? let's"
    r"|yes,? please|i agree|\+1|👍|absolutely|go for it|ok(?:ay)?,? (?:for|with) me|makes sense|done deal|happy with that|no objections?)",
    r"^\W*(?:(?:bin |ja,? )?einverstanden|passt|abgemacht|(?:sehr )?gute idee|machen wir|(?:sehr )?gern|klingt (?:gut|super)|dafür|ich stimme zu|so machen wir)\b",
    r"^\W*(?:(?:oui,? )?d'accord|ça marche|(?:très )?bonne idée|parfait|ça me va|pour moi c'est bon|entendu|je suis d'accord)\b",
    r"^\W*(?:(?:sí,? )?de acuerdo|vale\b|perfecto|(?:muy )?buena idea|me parece (?:bien|perfecto)|estoy de acuerdo|por mí bien|hecho)\b",
    r"^\W*(?:賛成|同意|了解|承知|いいですね|良いですね|いいと思います|良いと思います|異議なし|異論ありません|それでいきましょう|問題ありません|大丈夫です)",
)
"""Somebody agrees with what was said just before."""

ASSENTS = patterns(
    r"^\W*(?:yes|yep|yeah|sure|ok|okay|ja|klar|jo|oui|bien sûr|sí|si|claro)\b(?!.*\b(?:but|aber|mais|pero|nur|only)\b)",
    r"^\W*(?:はい|ええ)(?!.*(?:ですが|けど|ただ))",
)
"""A yes, which agrees where it was asked for."""

DISAGREES = patterns(
    r"^\W*(?:no\b(?! (?:objection|problem|worries))|nope|not sure|i disagree|hold on|wait|hang on|i'd rather|i would rather|please don't|nein|lieber nicht|moment|halt\b|ich bin dagegen|warte"
    r"|non\b|pas d'accord|attends|attendez|je préfère|je préférerais|mejor no|espera|no estoy de acuerdo|prefiero|prefería)"
    r"|\b(?:i'm not (?:sure|convinced)|i (?:don't|do not) (?:agree|like)|ich bin nicht (?:sicher|überzeugt)|dagegen|je ne suis pas (?:sûre?|d'accord|convaincue?)|no me convence)\b",
    r"^\W*(?:いいえ|いや|反対|待って|ちょっと待)|(?:賛成|同意)(?:でき|し)(?:ません|かね|ない)",
)
"""Somebody disagrees with what was said just before."""

UNSETTLED = patterns(
    r"\b(?:not|n't|never|nothing|if|whether|unless|until|before|once|should|could|might|maybe|perhaps|have|had|would|when) (?:\w+ ){0,3}$",
    r"\b(?:nicht|noch nicht|nichts|ob|wenn|falls|bevor|sobald|vielleicht|hätten) (?:\w+ ){0,3}$",
    r"\b(?:si|pas|rien|avant|quand|dès que|no|nada|aún no|todavía no|cuando|quizás|peut-être|tal vez) (?:\w+ ){0,3}$",
    r"\bn'\w* ?$",
)
"""Words that, right before a cue, take it back."""


def settled(cue: Match[str] | None, text: str) -> bool:
    """Whether a cue stands and nothing before it or inside it takes it back ("we have NOT YET decided")."""
    if cue is None:
        return False
    before, inside = text[: cue.start()].rstrip() + " ", cue[0].rsplit(" ", 1)[0] + " "
    return not UNSETTLED.search(before) and not UNSETTLED.search(f" {inside.removeprefix('we have ')}")


OPEN = patterns(
    r"\b(?:still (?:open|unclear|undecided)|open question|(?:we|i) still (?:need|have) to (?:find out|decide|clarify|check|figure out)"
    r"|to be (?:decided|confirmed|determined|defined)|tbd|tbc|(?:have|has)n't (?:been )?decided|not (?:yet )?decided|need to (?:decide|find out|figure out))\b",
    r"\b(?:noch (?:\w+ ){0,2}(?:offen|unklar|nicht entschieden|nicht geklärt|zu klären)|offene frage|unklar ist|müssen wir noch klären)\b",
    r"\b(?:reste (?:à \w+|ouverte?)|question (?:reste )?ouverte|pas encore (?:\w+ )?(?:décidé|tranché|défini)|on ne sait (?:pas|toujours pas)|à confirmer|à définir)\b",
    r"\b(?:queda(?:n)? por|por definir|por confirmar|pregunta abierta|(?:aún|todavía) no (?:sabemos|se sabe|está|hemos))\b",
    r"未定|未決|まだ決まってい|決まって(?:いません|いない|ません|ない)|要確認|検討中です",
)
"""Says in so many words that something is open."""

RHETORICAL = patterns(
    r"(?:\b(?:right|okay|ok|yes|no|you know|see|huh|eh|you know what|nicht wahr|oder|gell|ne|non|n'est-ce pas|hein|verdad|vale)\s*\?+\s*$)",
    r"\b(?:isn't|wasn't|aren't|don't|doesn't|didn't|won't|can't|couldn't|haven't|is|does|do|will|can) (?:it|they|we|you|he|she|that)\s*\?+\s*$",
    r"\b(?:any (?:other |further |more )?(?:questions|comments|thoughts)|don't you think|you know what i mean|what do you (?:think|say)|how are you|who's next|why not|say that again|"
    r"what was that|pardon|sorry|where are we|how is it going|wie geht|wo stehen wir|où en (?:est-on|sommes-nous)|cómo vamos|noch fragen|was meint ihr|ça va|des questions|qu'en pensez-vous|qué tal|alguna pregunta|qué os parece|qué opináis)\b",
    r"(?:ですよね|でしょうね|ますよね|よね)\?+\s*$|ご質問は|ご意見は",
)
"""Asks for assent, the floor or politeness, and not for an answer."""

REPLIES = patterns(
    r"^\W*(?:yes|yeah|yep|yup|no|nope|nah|sure|ja|nein|doch|oui|non|si|sí|exactly|correct|right|probably|i think|i don't think|i believe|i guess|it's|that's"
    r"|because|since|not yet|about|around|maybe|you can|you could|you should|klar|weil|ich glaube|ich denke|bien sûr|parce que|je crois|je pense|c'est|claro|porque|creo que|es\b)\b",
    r"^\W*(?:はい|いいえ|そうです|たぶん|おそらく|まだ|確か)",
)
"""Begins as answers do."""

EXCUSES = patterns(
    r"^(?=.*\b(?:sorry|unfortunately|leider|désolée?|malheureusement|lo siento|desgraciadamente)\b)(?=.*\b(?:i|ich|je|j|estoy|estaré|yo|puedo)\b)",
    r"^\W*(?:すみません|申し訳)",
)
"""Somebody is sorry that it will not be them, which is no answer."""

THANKS = patterns(
    r"^\W*(?:thanks|thank you|thx|got it|makes sense|great|perfect|ok(?:ay)?|i see|ah|cool|danke|super|verstanden|alles klar|prima|merci|parfait|d'accord|gracias|perfecto|vale|right)\b",
    r"^\W*(?:ありがとう|了解|承知|わかりました|分かりました|なるほど)",
)
"""The one who asked is content."""

GREETS = patterns(
    r"^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|hallo|moin|servus|guten (?:morgen|tag|abend)|grüezi|salut|bonjour|bonsoir|coucou"
    r"|hola|buenos días|buenas(?: tardes| noches)?)(?: (?:there|parley|all|everybody|everyone|zusammen|à tous|a todos))?\W*$",
    r"^\W*(?:こんにちは|おはよう(?:ございます)?|こんばんは|お疲れ様です|お疲れさまです|初めまして|はじめまして)\W*$",
)
"""Nothing but a greeting."""
