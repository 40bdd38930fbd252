"""Makes the files of this folder's `files` anew: `python -m tests.bot.papers.make`. No test runs it.

Needs LibreOffice (`soffice`), qpdf, Node.js with the package `cfb`, and msoffcrypto-tool on the path; everything else are the
packages of requirements-dev. The files are made by those programs, so that what is read was not written by its reader.
"""

import json
import subprocess
import tempfile
from email.message import EmailMessage
from pathlib import Path

from PIL import Image, ImageDraw
from xlsxwriter import Workbook

FILES = Path(__file__).parent / "files"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0"'
    for name, kind in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("draw", "drawing"),
        ("presentation", "presentation"),
        ("svg", "svg-compatible"),
    )
)
FLAT = '<?xml version="1.0" encoding="UTF-8"?><office:document {spaces} office:version="1.2" office:mimetype="{mime}">{body}</office:document>'
MIME = "application/vnd.oasis.opendocument."
TEXT = """
<office:body><office:text>
<text:h text:outline-level="1">Risks</text:h>
<text:p>The harbour crane is late by six weeks.<text:note text:id="ftn1" text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>Said by the supplier on Monday.</text:p></text:note-body></text:note></text:p>
<table:table table:name="Costs"><table:table-column table:number-columns-repeated="3"/>
<table:table-row><table:table-cell><text:p>Item</text:p></table:table-cell><table:table-cell><text:p>Planned</text:p></table:table-cell><table:table-cell><text:p>Real</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>Crane</text:p></table:table-cell><table:table-cell><text:p>40,000</text:p></table:table-cell><table:table-cell><text:p>52,500</text:p></table:table-cell></table:table-row>
</table:table>
<text:h text:outline-level="1">Überblick</text:h>
<text:p>Die Prüfung der Brücke beginnt am 3. März; Größe und Maße stehen fest.</text:p>
<text:h text:outline-level="2">項目の状況</text:h>
<text:p>橋の検査は三月三日に始まります。</text:p>
</office:text></office:body>"""
SHEET = """
<office:automatic-styles><style:style style:name="gone" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet>
<table:table table:name="Budget"><table:table-column/><table:table-column/>
<table:table-row><table:table-cell><text:p>Month</text:p></table:table-cell><table:table-cell><text:p>Größe</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>March</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="12.5"><text:p>12.5</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="date" office:date-value="2026-03-03"><text:p>2026-03-03</text:p></table:table-cell><table:table-cell><text:p>橋</text:p></table:table-cell></table:table-row>
</table:table>
<table:table table:name="Salaries" table:style-name="gone"><table:table-column/>
<table:table-row><table:table-cell><text:p>kept aside</text:p></table:table-cell></table:table-row>
</table:table>
</office:spreadsheet></office:body>"""
SLIDES = """
<office:automatic-styles><style:style style:name="dp2" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style></office:automatic-styles>
<office:master-styles><style:master-page style:name="Default" style:page-layout-name="PM1"/></office:master-styles>
<office:body><office:presentation>
<draw:page draw:name="one" draw:master-page-name="Default">
<draw:frame svg:width="20cm" svg:height="3cm" svg:x="2cm" svg:y="1cm"><draw:text-box><text:p>Brücken und Kräne</text:p></draw:text-box></draw:frame>
<draw:frame svg:width="20cm" svg:height="8cm" svg:x="2cm" svg:y="5cm"><table:table><table:table-column/><table:table-column/>
<table:table-row><table:table-cell><text:p>Item</text:p></table:table-cell><table:table-cell><text:p>Cost</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>橋</text:p></table:table-cell><table:table-cell><text:p>12</text:p></table:table-cell></table:table-row>
</table:table></draw:frame>
<presentation:notes><draw:page-thumbnail/><draw:frame presentation:class="notes" svg:width="16cm" svg:height="10cm" svg:x="2cm" svg:y="14cm"><draw:text-box><text:p>Speak slowly here.</text:p></draw:text-box></draw:frame></presentation:notes>
</draw:page>
<draw:page draw:name="two" draw:style-name="dp2" draw:master-page-name="Default">
<draw:frame svg:width="20cm" svg:height="3cm" svg:x="2cm" svg:y="1cm"><draw:text-box><text:p>Not for the show</text:p></draw:text-box></draw:frame>
</draw:page>
</office:presentation></office:body>"""
SOURCES = {
    "report.fodt": (MIME + "text", TEXT, ("docx", "odt", "pdf", "doc", "html")),
    "budget.fods": (MIME + "spreadsheet", SHEET, ("xlsx", "ods", "xls")),
    "talk.fodp": (MIME + "presentation", SLIDES, ("pptx", "odp")),
}
LETTER = {
    "0037": "Prüfung der Brücke",
    "001A": "IPM.Note",
    "1000": "The crane comes on Monday.\r\nDer Kran kommt am Montag.\r\n橋の検査です。",
    "0C1A": "Ada Berg",
    "0C1F": "ada@contoso.example",
    "0E04": "Grace",
}
WRITER = """
const CFB = require("cfb"), fs = require("fs"), given = JSON.parse(process.argv.at(-1));
const file = CFB.utils.cfb_new(), names = Object.keys(given.texts);
const head = Buffer.alloc(32), rows = [];
for (const name of names) {
  const text = Buffer.from(given.texts[name], "utf16le"), row = Buffer.alloc(16);
  row.writeUInt16LE(0x1f, 0); row.writeUInt16LE(parseInt(name, 16), 2); row.writeUInt32LE(6, 4); row.writeUInt32LE(text.length + 2, 8);
  rows.push(row);
  CFB.utils.cfb_add(file, "/__substg1.0_" + name + "001F", text);
}
CFB.utils.cfb_add(file, "/__properties_version1.0", Buffer.concat([head, ...rows]));
CFB.utils.cfb_add(file, "/__nameid_version1.0/__substg1.0_00020102", Buffer.alloc(0));
CFB.utils.cfb_add(file, "/__nameid_version1.0/__substg1.0_00030102", Buffer.alloc(0));
CFB.utils.cfb_add(file, "/__nameid_version1.0/__substg1.0_00040102", Buffer.alloc(0));
CFB.utils.cfb_del(file, "/\\u0001Sh33tJ5");
fs.writeFileSync(given.path, CFB.write(file, {type: "buffer"}));
"""


def run(*command: str | Path) -> None:
    """Run a program; it fails loudly."""
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


def office(folder: Path) -> None:
    """Word, Excel, PowerPoint, their predecessors, OpenDocument and PDF by LibreOffice."""
    for name, (mime, body, endings) in SOURCES.items():
        source = folder / name
        source.write_text(FLAT.format(spaces=SPACES, mime=mime, body=body))
        for ending in endings:
            run("soffice", "--headless", "--convert-to", ending, "--outdir", FILES, source)


def protected() -> None:
    """The same with a password."""
    run("qpdf", "--encrypt", "secret", "secret", "256", "--", FILES / "report.pdf", FILES / "locked.pdf")
    for ending, name in (("docx", "report"), ("xlsx", "budget")):
        run("msoffcrypto-tool", "-e", "-p", "secret", FILES / f"{name}.{ending}", FILES / f"locked.{ending}")


def sheets() -> None:
    """A workbook by XlsxWriter: a formula's value, a date, a truth value, a chart."""
    with Workbook(FILES / "written.xlsx") as book:
        sheet = book.add_worksheet("Zahlen")
        sheet.write_row(0, 0, ["Tag", "Menge", "wahr"])
        sheet.write_row(1, 0, ["Montag", 12, True])
        sheet.write_formula(2, 1, "=B2*2", None, 24)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Zahlen!$B$2:$B$3"})
        sheet.insert_chart("D2", chart)


def mails() -> None:
    """An e-mail by Python's own library and one by a writer of compound files."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "Ada Berg <ada@contoso.example>", "grace@contoso.example"
    mail["Subject"], mail["Date"] = "Prüfung der Brücke 橋", "Mon, 02 Mar 2026 09:00:00 +0100"
    mail.set_content("The crane comes on Monday.\nDer Kran kommt am Montag.\n橋の検査です。\n")
    mail.add_alternative("<p>The crane comes on <b>Monday</b>.</p>", subtype="html")
    mail.add_attachment(b"a,b\n1,2\n", maintype="text", subtype="csv", filename="figures.csv")
    (FILES / "letter.eml").write_bytes(mail.as_bytes())
    run("node", "-e", WRITER, "--", json.dumps({"texts": LETTER, "path": str(FILES / "letter.msg")}))


def pictures() -> None:
    """One drawing in each format, and a scan: a PDF that is nothing but a picture."""
    image = Image.new("RGB", (120, 60), "white")
    ImageDraw.Draw(image).rectangle((10, 10, 50, 30), fill="red")
    for ending in ("png", "gif", "webp", "jpg", "bmp"):
        image.save(FILES / f"drawing.{ending}")
    image.save(FILES / "scan.pdf", save_all=True, append_images=[image])


def main() -> None:
    """All of them."""
    FILES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        office(Path(folder))
    protected()
    sheets()
    mails()
    pictures()


if __name__ == "__main__":
    main()
