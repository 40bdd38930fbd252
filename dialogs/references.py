"""Words that mean a file somebody sent, whatever stands in it: "this document", "die Datei", "report.pdf".

Floor 1.
"""

import re
from dataclasses import dataclass

_FILE = (
    r"(?:files?|documents?|attachments?|pdfs?|presentations?|slides|decks?|spreadsheets?|workbooks?|report"
    r"|dateie?n?|dokumente?n?s?|anh[aä]nge?n?|präsentatione?n?|folien|bericht"
    r"|fichiers?|pièces? jointes?|présentations?|diapositives|diapos|rapport"
    r"|archivos?|ficheros?|documentos?|adjuntos?|presentaci(?:ón|ones)|diapositivas|informe)"
)
_BEFORE = (
    r"(?:of|from|in|du|de|del|aus|von|vom|im|th(?:is|at|e|ese|ose)|my|all|both|attached|word|excel|powerpoint|pdf|(?:an)?gehängte[nrsm]?|diese[nrsm]?|die|das|den"
    r"|dem|der|des|meine?[nrsm]?|alle|beide|ce|cet|cette|ces|le|la|les|mon|ma|mes|est[eao]s?|esas?|el|los|las|mi|mis)"
)
_NOUN = re.compile(rf"\s*(?:{_BEFORE}\s+){{0,4}}{_FILE}(?:\s+(?:attached|joint|adjunto))?(?=[\s,.!?]|$)", re.IGNORECASE)
_NOUN_JAPANESE = re.compile(
    r"\s*(?:(?:この|その|あの|添付の|添付した|送った|さっきの|先ほどの)\s?)*(?:(?:pdf|word|excel|powerpoint)(?:の)?)?"
    r"(?:添付ファイル|ファイル|文書|ドキュメント|資料|添付|スライド|プレゼン|報告書|レポート|議事録|pdf)(?:全体)?(?:について|[をのではに、,])*",
    re.IGNORECASE,
)
_THIS_JAPANESE = re.compile(r"\s*(?:これ|それ)[をのではに、,]*")
_THIS = re.compile(r"\s*(?:this|that|it|these|dies|das|es|ça|cela|ceci|esto|eso)(?=[\s,.!?]|$)", re.IGNORECASE)
_NAME = re.compile(
    r"""\s*["“„«「『]?(\S(?:[^"”“»」』\n]{0,150}?\S)?\.(?:pdf|docx|docm|pptx|pptm|xlsx|xlsm|txt|md|csv|html?|eml|msg|json|xml|log|py))"""
    r"""(?=["”“»」』\s,.!?、。をのではに]|$)["”“»」』]?[をのではに、。]*""",
    re.IGNORECASE,
)
_CERTAIN = (
    r"(?:the|th(?:is|at|ese|ose)|my|our|attached|der|die|das|dem|den|des|diese[nrsm]?|meine?[nrsm]?|unsere?[nrsm]?|beide[nr]?|im|vom|zum|am"
    r"|ce|cet|cette|ces|le|la|les|mon|ma|mes|notre|nos|du|au|aux|est[eao]s?|es[eao]s?|el|los|las|mi|mis|nuestr[oa]s?|del|al)"
)
_BETWEEN = (
    r"(?:attached|word|excel|powerpoint|pdf|first|second|third|last|latest|whole|same|other|two|uploaded"
    r"|(?:an)?gehängte[nrsm]?|beigefügte[nrsm]?|erste[nrsm]?|zweite[nrsm]?|letzte[nrsm]?|ganze[nrsm]?|andere[nrsm]?|beiden"
    r"|premi(?:er|ère)|deuxième|second|dernière?|autre|primer|primera|segund[oa]|últim[oa]|otr[oa])"
)
_SPOKEN = re.compile(
    rf"\b{_CERTAIN}\s+(?:{_BETWEEN}\s+){{0,3}}(?:{_FILE}|reports|berichte?[sn]?|rapports|informes)(?!\w)"
    r"|\w[\w)\]]*\.(?:pdf|doc[xm]|ppt[xm]|xls[xm]|txt|md|csv|html?|eml|msg|json|xml|log|py)(?![a-z0-9_])"
    r"|(?:この|その|添付の|添付した|送った|さっきの|先ほどの)(?:pdf|word|excel|powerpoint)?の?"
    r"(?:添付ファイル|ファイル|文書|ドキュメント|資料|スライド|プレゼン|報告書|レポート|議事録|pdf)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pointed:
    """What a text begins with means files: those of that `name`, or whichever are at hand. `rest` is what follows."""

    name: str
    rest: str


def pointed(text: str, *, attached: bool = False) -> Pointed | None:
    """Whether a text begins with words for a file; `attached`: one came with it, so that "this" can mean nothing else."""
    if found := _NAME.match(text):
        return Pointed(found[1], text[found.end() :].strip(" ,.!?"))
    found = _NOUN.match(text) or _NOUN_JAPANESE.match(text)
    if found := found or (_THIS.match(text) or _THIS_JAPANESE.match(text) if attached else None):
        return Pointed("", text[found.end() :].strip(" ,.!?"))
    return None


def speaks_of_files(text: str) -> bool:
    """Whether a certain file is spoken of: "the report" and "report.pdf", and neither "a status report" nor "report to HR"."""
    return _SPOKEN.search(text) is not None


def without(text: str) -> str:
    """A command without the words in it that mean a file: "translate this file to French" is "translate to French"."""
    words = rf"\s+(?:{_BEFORE}\s+){{1,4}}{_FILE}(?!\w)|\s+(?:this|that|it|these)(?=\s|$)"
    return re.sub(words, "", text, flags=re.IGNORECASE)
