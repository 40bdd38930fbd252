"""How people take something on, ask for it, or say that it must be done, in five languages.

Floor 6. Patterns look at `spoken(text)`.
"""

from bot.models.cues import patterns
from dialogs.japanese import KANJI

TASK = (
    r"(?:send|write|check|ask (?:\w+ ){1,2}(?:for|about|if|whether|to|when)|call|book|prepare|draft|update|fix|review|look (?:into|at|up)|find out|set up|share|organi[sz]e|schedule"
    r"|follow up|talk to|speak (?:to|with)|contact|order|test|deploy|create|add|file|upload|finish|email|e-mail|ping|arrange|invite"
    r"|sort|handle|collect|confirm|bring|take care|take (?:that|this|it|on|over|the)|do (?:that|this|it|the)|get (?:back|in touch|the|a|some)|renew|print|submit|translate|sign"
    r"|put (?:together|up|the)|post|publish|document|compile|run the|investigate|chase|clarify|propose a|own|circulate|merge|move the|replace|deliver|complete|pay|install|clean up)"
)
COMMITS = patterns(
    rf"\bi(?:'ll| will|'m going to|'m gonna| am going to| can) (?:\w+ly |also |then |just |try to |go and |have to )?{TASK}\b",
    rf"\blet me {TASK}\b|\bi(?:'m| am) on it\b|\bleave (?:it|that) (?:to|with) me\b",
    r"\bich (?:kümmere mich|übernehme|schicke|sende|schreibe|prüfe|kläre|erstelle|bereite|frage (?!mich)|rufe|buche|bestelle|organisiere|reserviere|melde|aktualisiere|mache? (?:das|die|den)|schaue?)\b(?! (?:\w+ ){0,3}(?:nicht|nie|niemals|keine?[mnrs]?)\b)"
    r"|\bich werde (?!nicht\b)(?:\w+ ){0,8}(?!sein\b|haben\b|werden\b)\w+en\b",
    r"\b(?:kümmere ich mich|übernehme ich|schicke ich|prüfe ich|kläre ich|erstelle ich|mache ich|rufe ich|schreibe ich)\b",
    r"\bje (?:m'en occupe|m'occupe|prépare|vérifie|contacte|prends (?:ça|le (?:sujet|point|dossier|ticket)|en charge|contact|rendez-vous)|rédige|réserve|m'en charge|me charge|vous envoie|t'envoie|relance|commande|vais (?!être\b|avoir\b)(?:\w+ )?\w+(?:er|ir|re))\b"
    r"|\bj(?:'|e l'|e les )(?:envoie|enverrai|appelle|organise|enverrai|appellerai)\b|\bje (?:préparerai|vérifierai|rédigerai|contacterai|réserverai|ferai)\b",
    r"\b(?:me encargo|me ocupo|(?:yo )?(?:envío|enviaré|mandaré|prepararé|preparo|reviso|revisaré|llamo|llamaré|reservo|reservaré|escribiré|actualizaré|pediré|haré))\b"
    r"|\bvoy a (?!estar|ser|tener)\w+(?:ar|er|ir)(?:lo|la|los|las|le|les)?\b",
    r"(?:送り|送付し|対応し|確認し|作成し|作り|準備し|用意し|連絡し|手配し|更新し|共有し|調べ|予約し|提出し|修正し|引き受け|担当し|まとめ|やり)(?:て|と)?(?:おき)?ます(?!か|ので|ね\?)",
)
"""The speaker takes something on."""

_NAME = r"(?P<{}>@?[^\W\d_][\w'’-]*(?:[ .-]+(?-i:[A-ZÀ-ÖØ-Þ])[\w'’.-]*){{0,3}})"
_ASKING = (
    r"(?:(?:can|could|would|will) you|please|bitte|kannst du|könntest du|magst du|können sie|könnten sie|würdest du|übernimmst du|machst du|schickst du"
    r"|tu peux|peux-tu|pourrais-tu|tu pourrais|pouvez-vous|pourriez-vous|merci de|s'il te plaît|s'il vous plaît"
    r"|puedes|podrías|puede|podría|por favor|te encargas|te ocupas|(?:me|nos|lo|la) (?:envías|mandas|pasas|preparas)|gibst du|tu m'envoies|m'envoies-tu|would you mind)"
)
ASKS = patterns(
    rf"\b{_ASKING}\b",
    r"(?:てください|て下さい|お願い(?:します|いたします|できますか)|てもらえますか|ていただけますか)",
)
"""Somebody is asked for something."""

ASSIGNS = patterns(
    rf"(?:^|[.!?,;:]\s*|\b(?:and|und|et|y|so|hi|hello|ok|hallo|bonjour|hola) ){_NAME.format('called')}\s*[,:–-]?\s+(?:[¿¡]\s*)?{_ASKING}\b",
    rf"\b{_ASKING} [^.?!]*?,\s*{_NAME.format('ended')}\s*[?.!]*$",
    rf"\b{_NAME.format('does')} (?:will|is going to|is to|to|should|must|has to|needs to|takes over|takes care|wird|soll|sollte|muss|kümmert sich|übernimmt|prüft|schickt|erstellt|va|doit|devra|devrait|s'occupe"
    rf"|se charge|prépare|envoie|se encarga|se ocupa|prepara|envía|revisa|tiene que|debe|deberá|debería)\s+(?:{TASK}|\w{{2,}})",
    rf"(?P<titled>@?(?:[{KANJI}]{{1,8}}|[ァ-ヺー]{{2,12}}|[A-Za-z]{{2,20}}))(?:さん|様|氏|くん|君)[、,はがに\s][^。?]*"
    r"(?:てください|て下さい|お願い(?:します|いたします|できますか)|てもらえますか|ていただけますか|(?:が|は)担当)",
)
"""Somebody is asked, or said, to do something."""

NEEDED = patterns(
    r"^(?:todo|to do|action(?: item)?|task|aufgabe|zu tun|à faire|pendiente|tarea)\s*:",
    rf"\b(?:someone|somebody|one of us) (?:needs to|has to|should|must|please)\b|\b(?:can|could) (?:someone|somebody|anyone) (?:please )?{TASK}\b",
    r"\b(?:jemand (?:muss|müsste|sollte|könnte)|(?:kann|könnte) (?:bitte )?(?:jemand|wer)|quelqu'un (?:doit|devrait|peut|pourrait)|alguien (?:tiene que|debe|debería|puede|podría))\b",
    r"\b(?:peut-il quelqu'un|est-ce que quelqu'un peut)\b",
    rf"^please {TASK}\b",
    rf"\bwe (?:need to|have to|must|'ve got to|still need to) (?:\w+ly |also |still )?{TASK}\b",
    r"^(?:タスク|宿題|アクション(?:アイテム)?|やること)\s*[:：]|(?:誰か|どなたか)[^。]*(?:お願い|ください|もらえ|いただけ)",
)
"""Something is to be done, and nobody is named."""

DUTY = patterns(
    r"\b(?:we|the team|all of us|everybody|everyone) (?:need to|needs to|have to|has to|must|'ve got to)\b|\b(?:needs? to|has to|have to|must) be\b",
    r"\b(?:wir müssen|müssen wir|alle müssen|muss (?:\w+ ){0,6}\w+ werden|müssen (?:\w+ ){0,6}\w+ werden)\b",
    r"\b(?:il faut|on doit|nous devons|il faudra|il faudrait|doit être|doivent être)\b",
    r"\b(?:tenemos que|hay que|debemos|habrá que|todos deben|debe estar|deben estar)\b",
    r"(?:なければなりません|なければならない|必要があります|ないといけません|なくてはなりません)",
)
"""Something is everybody's to do: an action item where a deadline is named with it."""

TALKS = patterns(
    r"\b(?:talk|speak|discuss|decide|think|meet|sprechen|reden|diskutieren|entscheiden|überlegen|parler|discuter|décider|réfléchir|hablar|discutir|decidir|pensar)\b",
    r"話し合|相談|検討|議論",
)
"""What is to be done is to talk, which is no task."""

VOLUNTEERS = patterns(
    r"^\W*(?:(?:yes|yep|yeah|sure|ok|okay),?\s*)?(?:i(?:'ll| will| can)\b(?! not)|i'm on it|on it\b|will do|leave it (?:to|with) me|happy to)",
    r"^\W*(?:(?:ja|klar|ok|gern),?\s*)?(?:(?:das )?mach(?:e)? ich|ich (?:mache?|übernehme|kümmere|kann das)|übernehme ich|kümmere ich mich)\b",
    r"^\W*(?:(?:oui|ok|d'accord),?\s*)?je (?:m'en (?:occupe|charge)|peux (?:le|la|m'en)|le fais|prends|vais)\b",
    r"^\W*(?:(?:sí|vale|ok),?\s*)?(?:(?:yo )?me (?:encargo|ocupo)|lo hago(?: yo)?|yo puedo|puedo hacerlo|yo lo)\b",
    r"^\W*(?:はい、?|では、?)?(?:私|僕|わたし|こちら)(?:が|で)(?:やり|対応し|引き受け|担当し)?",
)
"""Somebody takes on what was asked of everybody."""

ACCEPTS = patterns(
    r"^\W*(?:yes|yep|yeah|sure|ok|okay|will do|done|of course|no problem|👍|ja|klar|gern|mache? ich|natürlich|kein problem|oui|d'accord|bien sûr|ça marche|pas de (?:problème|souci)|sí|claro|vale|por supuesto|hecho)",
    r"^\W*(?:はい|了解|承知|わかりました|分かりました|対応します|やります|喜んで)",
)
"""Somebody takes on what was asked of them."""

REFUSES = patterns(
    r"^\W*(?:no\b(?! problem)|nope|sorry|nein|leider|non\b|désolée?|lo siento|no puedo)|\bi(?: can't| cannot|'m afraid)|\bkann ich (?:leider )?nicht\b|\bje ne peux pas\b|\bno puedo\b",
    r"^\W*(?:すみません|申し訳|いいえ)|(?:対応)?できません|難しいです",
)
"""Somebody does not take on what was asked of them."""
