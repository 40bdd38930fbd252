"""The languages that the offline engine reads, by the small words of each.

Floor 6. A text's language is the one whose small words it uses most; nobody's locale is asked.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from dialogs.japanese import SCRIPT

_PART = re.compile(r"[^\W_]+")
_JAPANESE = re.compile(f"[{SCRIPT}]")
SHARE = 0.25
"""Share of Japanese characters from which on a text is Japanese, whatever names and words of others stand in it."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language. `empty`: words that say nothing about what a text is about. `stating`: articles, prepositions and the

    like, which are many where a matter is stated. `chatting`: words of people who talk about themselves and to each other.
    """

    code: str
    empty: frozenset[str]
    stating: frozenset[str]
    chatting: frozenset[str]


def _of(code: str, empty: str, stating: str, chatting: str) -> Tongue:
    return Tongue(code, *(frozenset(words.split()) for words in (empty, stating, chatting)))


ENGLISH = _of(
    "en",
    """
a about above actually after again ago all alright also although always am an and another any anybody anyone anything
anyway are aren around as ask asked at away back be because been before being below better between bit both but by call
called came can cannot cause come comes coming could couldn cuz day days did didn different do does doesn doing don done
down dunno each either else end enough even ever every everybody everyone everything exactly far few find fine first for
found from get gets getting give given go goes going gone gonna good got gotta great guess guy guys had has hasn have haven
having he hello her here hers hey hi him his hm hmm how i if in instead into is isn it its itself just kay keep kind knew
know last later least less let like little ll long look looking lot made make makes making many may maybe me mean means
might mm mmm mm-hmm more most much must my myself need needs never new next nice no nobody none nor not nothing now of off
oh ok okay old on once one ones only or other others our ours out over own part perhaps please point pretty probably put
quite rather re really right said same saw say saying says see seem seems seen set shall she should shouldn since so some
somebody someone something sort still stuff such sure take taken taking talk talking tell than thank thanks that the their
them themselves then there these they thing things think thinking this those though thought three through time times to
today together told tomorrow too took tried try trying two uh uh-huh um under until up us use used using usually ve very
want wanted wants was wasn way we well went were weren what whatever when where whether which while who whole whom whose
why will with within without won work wow would wouldn yeah year years yep yes yesterday yet you your yours yourself
mr mrs ms chair speaker honourable hon
zero four five six seven eight nine ten
""",
    """
the of in for on at by from with into an a this these our their its and between through during to
""",
    """
i you me my your we us he she it t s m ll re ve d don yeah yes no um uh er oh okay ok well just like know mean
think guess gonna wanna kinda what if so but then there here thing things stuff really actually
""",
)
GERMAN = _of(
    "de",
    """
ab aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei beim bin bis bist bitte da dabei
dafür damit dann danke das dass dein deine dem den denn der des dich die dies diese diesem diesen dieser dieses dir doch
dort du durch eben ein eine einem einen einer eines einfach einmal er es etwas euch euer für gar ganz geht gehen genau
gern gibt gut habe haben hat hatte hatten hier hin ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist ja
jede jedem jeden jeder jedes jetzt kann kein keine keinen können könnte leider mache machen mal man mehr mein meine meinem
meinen meiner mich mir mit muss müssen nach nein nicht nichts noch nun nur ob oder ohne schon sehr sein seine sich sie sind
so soll sollen sollte sollten und uns unser unsere unter vielleicht viel vom von vor war waren warum was weil wenn wer
werde werden wie wieder will wir wird wo wohl wollen wurde würde zu zum zur über äh ähm
""",
    """
der die das den dem des ein eine einen einem einer eines in im am an auf aus bei beim mit nach von vom zum zur
für über unter durch gegen zwischen während ins und seit bis
""",
    """
ich du mich mir dich dir ihr wir uns es er sie man ja nein na naja nee ne also halt eben mal doch so äh ähm hm
glaube glaub denke finde weiß meine irgendwie okay ok super genau wenn was aber dann da hier sache ding
eigentlich einfach gell oder
""",
)
FRENCH = _of(
    "fr",
    """
ai alors après au aucun aussi autre aux avait avec avoir bah ben bien bon bonjour ça car ce cela ces cet cette chaque chez
comme comment d dans de depuis des deux dire dit donc du elle elles en encore entre es est et étaient était été être eu
euh fait faire faut il ils j jamais je l la là le les leur leurs lui ma mais me même merci mes moi moins mon n ne ni non
nos notre nous on ont ou où oui par parce pas peu peut peux plus pour pourquoi quand que quel quelle quelque qui quoi s sa
sans se sera ses si soit son sont sous suis sur ta te tes toi ton tous tout toute toutes très tu un une va vais voilà vos
votre vous y
""",
    """
le la les l un une des du de d au aux en dans par pour sur avec entre pendant à et ce cette ces leur leurs son
sa ses depuis sous
""",
    """
je j tu te t me m moi toi nous vous il elle on ça c oui non ben bah bon euh hein alors donc voilà quoi pense
crois sais veux trouve ouais ok okay si mais là ici truc chose vraiment enfin bref
""",
)
SPANISH = _of(
    "es",
    """
adiós ahí ahora al algo algún aquí así aún bien bueno cada casi como con cual cuando cuándo de del desde donde dónde dos
el él ella ellas ellos en entonces era eran es esa ese eso esos esta está están estar este esto estos estoy fue gracias
ha hace hacer hacia han hasta hay hola la las le les lo los más me mi mí mientras mis muy nada ni no nos nosotros o os
otra otro para pero poco por porque pues qué que quién quien se sea ser si sí sin sino sobre solo son soy su sus también
tan tanto te tengo ti tiene tienen toda todas todo todos tu tú tus un una unas uno unos usted va vale vamos voy y ya yo
""",
    """
el la los las un una unos unas de del al en por para con entre sobre durante y este esta estos estas su sus
desde hasta a
""",
    """
yo tú me te mi ti nos vosotros usted él ella ello sí no bueno pues vale eh oye mira creo pienso sé digo entonces
eso esto o sea ok okay si pero ahí aquí cosa cosas realmente bien ya
""",
)
JAPANESE = _of(
    "ja",
    """
事 物 時 方 所 今 後 前 上 下 中 間 何 誰 私 僕 皆 様 人 日 月 年 本 件 点 今日 昨日 明日 本日 今週 来週 先週 以上 以下 場合
思 言 行 来 見 出 入 願 確認 お願 自分 必要 時間 大丈夫 了解 承知 一応 多分 全部 最後 最初 ソレ コレ アレ
""",
    "",
    "",
)
"""Of Japanese only what is written in kanji and katakana is counted as words (`bot.models.words`)."""
TONGUES = (ENGLISH, GERMAN, FRENCH, SPANISH, JAPANESE)
EMPTY = ENGLISH.empty | GERMAN.empty | FRENCH.empty | SPANISH.empty | JAPANESE.empty
"""What says nothing in any of the languages."""

SAMPLE = 2_000
"""Characters of a text that its language is told from."""


@cache
def _small() -> Mapping[str, tuple[Tongue, ...]]:
    """For each small word the languages it belongs to."""
    words = {word for tongue in TONGUES for word in tongue.empty | tongue.stating | tongue.chatting}
    return {word: tuple(one for one in TONGUES if word in one.empty | one.stating | one.chatting) for word in words}


def tongue(text: str, otherwise: Tongue = ENGLISH) -> Tongue:
    """The language of a text; `otherwise` where its words do not tell."""
    if SHARE * len(written := text[:SAMPLE]) < len(_JAPANESE.findall(written)):
        return JAPANESE
    found = dict.fromkeys(TONGUES, 0.0)
    for word in _PART.findall(text[:SAMPLE].casefold()):
        for one in (shared := _small().get(word, ())):
            found[one] += 1 / len(shared)
    found[otherwise] += 0.5
    return max(found, key=lambda one: found[one])
