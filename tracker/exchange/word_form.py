"""The form of a Word file: paper, styles, tables with hairlines, fields and links.

The library and its parser are loaded when a file is written, not when the server starts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

#: Every office has it, or letters of the same measures in its place.
FONT = "Arial"
INK, MUTED, RULE, LINK = "16181D", "474B53", "BDB8AC", "1A3D8F"
#: In millimetres: the paper, its margins at the sides, above and below, and what is left of its width.
PAPER = (210, 297)
SIDE, ABOVE, BELOW = 22, 24, 26
WIDTH = PAPER[0] - 2 * SIDE
#: Between the columns of a table, in twentieths of a point.
GAP = 140
#: Hairlines, in eighths of a point.
THIN, THICK = 2, 6


class Form:
    """A file with our styles, still without words."""

    def __init__(self, language: str) -> None:
        import docx

        self.file = docx.Document()
        package = self.file.part.package
        for key, relation in [*package.rels.items()]:
            if relation.reltype.endswith("/thumbnail"):  # a picture of the library's own template
                del package.rels[key]
        self.language = "en-GB" if language == "en" else language.replace("_", "-")
        self._paper()
        self._styles()
        self.ids = {style.name: style.style_id for style in self.file.styles}

    def _paper(self) -> None:
        from docx.shared import Mm

        section = self.file.sections[0]
        section.page_width, section.page_height = Mm(PAPER[0]), Mm(PAPER[1])
        section.left_margin = section.right_margin = Mm(SIDE)
        section.top_margin, section.bottom_margin = Mm(ABOVE), Mm(BELOW)
        section.header_distance = section.footer_distance = Mm(10)

    def _styles(self) -> None:
        from docx.enum.style import WD_STYLE_TYPE
        from docx.enum.text import WD_TAB_ALIGNMENT
        from docx.shared import Mm

        styles = self.file.styles
        defaults = styles.element.find(_name("w:docDefaults"))
        defaults.find(".//" + _name("w:lang")).set(_name("w:val"), self.language)
        for name, base in (
            ("Lead", "Normal"),
            ("Table Head", "Normal"),
            ("Table Text", "Normal"),
            ("Reference", "Normal"),
        ):
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles[base]
        for name in ("Marking", "Address"):
            styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
        for name, size, before, after, is_strong, colour in (
            ("Normal", 10, 0, 5, False, INK),
            ("Title", 20, 0, 2, True, INK),
            ("Subtitle", 10, 0, 10, False, MUTED),
            ("Lead", 12, 0, 8, False, INK),
            ("Heading 1", 13, 16, 5, True, INK),
            ("Caption", 8.5, 0, 3, False, MUTED),
            ("Table Head", 8.5, 2, 2, True, MUTED),
            ("Table Text", 9, 2, 2, False, INK),
            ("List Bullet", 10, 0, 3, False, INK),
            ("Reference", 9, 0, 3, False, INK),
            ("Header", 9, 0, 0, False, MUTED),
            ("Footer", 8, 0, 0, False, MUTED),
        ):
            self._style(styles[name], size, is_strong=is_strong, colour=colour)
            _spaced(styles[name].paragraph_format, before, after)
        self._style(styles["Marking"], 12, is_strong=True, colour=INK)
        self._style(styles["Address"], 8.5, is_strong=False, colour=LINK)
        for name in ("Title", "Subtitle", "Heading 1", "Caption", "Table Head"):
            styles[name].paragraph_format.keep_with_next = True
        _ruled(styles["Heading 1"], THICK, INK)
        for name in ("Header", "Footer"):
            stops = styles[name].paragraph_format.tab_stops
            stops.clear_all()
            stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
        reference = styles["Reference"].paragraph_format
        reference.left_indent, reference.first_line_indent = Mm(10), Mm(-10)
        reference.tab_stops.add_tab_stop(Mm(10))

    def _style(self, style: Any, size: float, *, is_strong: bool, colour: str) -> None:
        """Set the letters of a style, and nothing of the template's theme."""
        from docx.shared import Pt, RGBColor

        font = style.font
        font.size, font.bold, font.italic = Pt(size), is_strong, False
        font.color.rgb = RGBColor.from_string(colour)
        font.name = FONT
        fonts = style.element.rPr.rFonts
        for name in [name for name in fonts.attrib if name.lower().endswith("theme")]:
            del fonts.attrib[name]
        for script in ("cs", "eastAsia"):
            fonts.set(_name(f"w:{script}"), FONT)
        for name in ("w:spacing", "w:kern", "w:szCs", "w:bCs"):
            for old in style.element.rPr.findall(_name(name)):
                style.element.rPr.remove(old)
        style.element.rPr.sz.addnext(_new("w:szCs", val=round(2 * size)))  # letters of complex scripts
        properties = style.element.pPr
        old = None if properties is None else properties.find(_name("w:pBdr"))
        if old is not None:
            properties.remove(old)

    def paragraph(self, style: str) -> Any:
        """Add a paragraph of a style."""
        paragraph = self.file.add_paragraph()
        self.dress(paragraph, style)
        return paragraph

    def dress(self, paragraph: Any, style: str) -> None:
        """Give a paragraph its style; the library looks through all of them each time."""
        paragraph._p.style = self.ids[style]

    def paint(self, run: Any, colour: str) -> None:
        """Set the colour of letters."""
        from docx.shared import RGBColor

        run.font.color.rgb = RGBColor.from_string(colour)

    def move_off(self, paragraph: Any) -> None:
        """Leave some room between a paragraph and the table above it."""
        from docx.shared import Pt

        paragraph.paragraph_format.space_before = Pt(6)

    def table(self, rows: int, widths: Sequence[int], caption: str) -> Any:
        """Add a table as wide as the text; its head is repeated on each sheet, and no row is cut."""
        from docx.shared import Mm

        table = self.file.add_table(rows, len(widths))
        table.autofit = False
        properties = table._tbl.tblPr
        borders = _new("w:tblBorders")
        for side, size, colour in (("top", THICK, INK), ("bottom", THIN, MUTED), ("insideH", THIN, RULE)):
            borders.append(_border(side, size, colour))
        margins = _new("w:tblCellMar")
        margins.extend([_new("w:left", w=0, type="dxa"), _new("w:right", w=GAP, type="dxa")])
        properties.insert_element_before(_new("w:tblInd", w=0, type="dxa"), "w:tblBorders", *_AFTER_BORDERS)
        properties.insert_element_before(borders, *_AFTER_BORDERS)
        properties.insert_element_before(margins, *_AFTER_BORDERS[3:])
        properties.append(_new("w:tblCaption", val=caption))
        for column, share in zip(table.columns, widths, strict=True):
            column.width = Mm(WIDTH * share / 100)
            for cell in column.cells:
                cell.width = Mm(WIDTH * share / 100)
        for number, row in enumerate(table.rows):
            rules = row._tr.get_or_add_trPr()
            rules.append(_new("w:cantSplit"))
            if number == 0:
                rules.append(_new("w:tblHeader"))
        return table


def field(paragraph: Any, instruction: str) -> None:
    """Add a field, such as PAGE, that the reader's program fills in."""
    simple = _new("w:fldSimple", instr=instruction)
    paragraph._p.append(simple)
    run = paragraph.add_run("1")
    simple.append(run._r)


def hyperlink(paragraph: Any, address: str) -> None:
    """Add an address, written out, that leads where it says."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    link = _new("w:hyperlink")
    key = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link.set(_name("r:id"), key)
    paragraph._p.append(link)
    link.append(paragraph.add_run(address, "Address")._r)


#: What stands behind the borders in the properties of a table, and of a paragraph: their order is fixed.
#: Source: ECMA-376, part 1, CT_TblPr and CT_PPr.
_AFTER_BORDERS = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook", "w:tblCaption", "w:tblDescription")
_AFTER_RULES = (
    "w:shd",
    "w:tabs",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:jc",
    "w:outlineLvl",
    "w:rPr",
)


def _name(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(name)


def _new(name: str, **attributes: Any) -> Any:
    from docx.oxml import OxmlElement

    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(_name(f"w:{key}"), str(value))
    return element


def _border(side: str, size: int, colour: str) -> Any:
    return _new(f"w:{side}", val="single", sz=size, space=0, color=colour)


def _ruled(style: Any, size: int, colour: str) -> None:
    """Draw a line above the paragraphs of a style."""
    rules = _new("w:pBdr")
    line = _border("top", size, colour)
    line.set(_name("w:space"), "4")
    rules.append(line)
    style.element.get_or_add_pPr().insert_element_before(rules, *_AFTER_RULES)


def _spaced(form: Any, before: float, after: float) -> None:
    from docx.shared import Pt

    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), 1.1
