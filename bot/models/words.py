"""Words as the offline engine counts them, in English, German, French and Spanish.

Floor 6.
"""

import re
from itertools import pairwise

_EMPTY = """
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
ab aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei beim bin bis bist bitte da dabei
dafür damit dann danke das dass dein deine dem den denn der des dich die dies diese diesem diesen dieser dieses dir doch
dort du durch eben ein eine einem einen einer eines einfach einmal er es etwas euch euer für gar ganz geht gehen genau
gern gibt gut habe haben hat hatte hatten hier hin ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist ja
jede jedem jeden jeder jedes jetzt kann kein keine keinen können könnte leider mache machen mal man mehr mein meine meinem
meinen meiner mich mir mit muss müssen nach nein nicht nichts noch nun nur ob oder ohne schon sehr sein seine sich sie sind
so soll sollen sollte sollten und uns unser unsere unter vielleicht viel vom von vor war waren warum was weil wenn wer
werde werden wie wieder will wir wird wo wohl wollen wurde würde zu zum zur über äh ähm
ai alors après au aucun aussi autre aux avait avec avoir bah ben bien bon bonjour ça car ce cela ces cet cette chaque chez
comme comment d dans de depuis des deux dire dit donc du elle elles en encore entre es est et étaient était été être eu
euh fait faire faut il ils j jamais je l la là le les leur leurs lui ma mais me même merci mes moi moins mon n ne ni non
nos notre nous on ont ou où oui par parce pas peu peut peux plus pour pourquoi quand que quel quelle quelque qui quoi s sa
sans se sera ses si soit son sont sous suis sur ta te tes toi ton tous tout toute toutes très tu un une va vais voilà vos
votre vous y
adiós ahí ahora al algo algún aquí así aún bien bueno cada casi como con cual cuando cuándo de del desde donde dónde dos
el él ella ellas ellos en entonces era eran es esa ese eso esos esta está están estar este esto estos estoy fue gracias
ha hace hacer hacia han hasta hay hola la las le les lo los más me mi mí mientras mis muy nada ni no nos nosotros o os
otra otro para pero poco por porque pues qué que quién quien se sea ser si sí sin sino sobre solo son soy su sus también
tan tanto te tengo ti tiene tienen toda todas todo todos tu tú tus un una unas uno unos usted va vale vamos voy y ya yo
"""
EMPTY = frozenset(_EMPTY.split())
"""Words that say nothing about what a text is about."""

_WORD = re.compile(r"[^\W_]+(?:['’_-][^\W_]+)*")
_PART = re.compile(r"[^\W_]+(?:[_-][^\W_]+)*")
STEM = 6
"""Characters of a word that are compared: a stemmer that knows no language."""
FILLERS = frozenset(
    ["um", "uh", "er", "erm", "hmm", "hm", "mm", "mmm", "mm-hmm", "uh-huh", "oh", "ah", "eh", "äh", "ähm", "öh", "euh"]
)
"""Sounds that are no words."""


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    return _WORD.findall(text.casefold())


def content(text: str) -> list[str]:
    """The stems of the words that carry meaning, in their order."""
    parts = _PART.findall(text.casefold())
    return [part[:STEM] for part in parts if part not in EMPTY and (len(part) > 1 or part.isdigit())]


def fluency(text: str) -> float:
    """From 1 for written prose down to 0 for talk that is all fillers, repetitions and stumps of words."""
    said = words(text)
    if not said:
        return 0.0
    fillers = sum(word in FILLERS for word in said)
    again = sum(one == two for one, two in pairwise(said))
    return max(0.0, 1 - 2 * (fillers + again) / len(said))
