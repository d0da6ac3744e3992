"""Headings that lost their `##`: which lines are read as headings again, and which are only pointed out.

The rule is written down here because Markdown cannot know. A line becomes a heading when its words or its surroundings
leave no other reading, and a remark tells so; every other line that looks like one stays a paragraph, with a remark.

- `Ofte stillede spørgsmål om X` (plain or bold) right above `###` or above questions is the title of the questions.
- `Kilder`, `Referencer` and the like right above a list are the title of the references.
- Under the title of the questions, without any `###`: bold beginnings that are questions; else lines that are questions.
- With `###` elsewhere in the questions, or where nearly all `##` of the article are questions: a line of its own
  between two paragraphs that asks as those headings ask (`Hvad`, `Hvordan`, `Kan man` … and not the reader: no `du`).
"""

import re
from collections.abc import Iterator
from itertools import pairwise, zip_longest

from markdown_it.token import Token

from articles.blocks import Block
from articles.headings import is_faq, is_references
from articles.remarks import Remark

_LONGEST = 110  # characters of a heading
_MOST_WORDS = 10  # of a line without any mark that may be a heading
_LONGEST_QUESTION = 200  # of a question under the title of the questions
_ASKS = re.compile(
    r"hv(?:ad|ordan|orfor|ornår|ilke[nt]?|or|em)\b|(?:kan|skal|må|bør|er|har|får|giver|hjælper|gør|virker)\b", re.I
)
_ASKS_THE_READER = re.compile(r"\b(?:du|dig|din|dit|dine)\b", re.I)
_ENDS_LIKE_TEXT = (".", "!", ":", ",", ";", "…", "?")
_BELOW = ("paragraph", "list", "table", "image", "quote")  # what can stand below a heading


def restore_titles(blocks: list[Block]) -> list[Remark]:
    """Make headings of the titles of questions and references that stand as plain or bold lines, or too deep."""
    remarks: list[Remark] = []
    below_title = False
    for block, below in pairwise(blocks):
        if len(block.text) > _LONGEST:
            continue
        if block.kind == "heading":
            too_deep = block.level > 2 and below.kind == "heading" and below.level >= block.level
            if too_deep and not below_title and is_faq(block.text):
                remarks.append(_become(block, 2, "heading_level", "“{}” er læst som titlen på spørgsmålene (##)."))
            below_title = below_title or is_faq(block.text)
        elif not _is_line(block):
            continue
        elif is_faq(block.text) and not block.text.endswith((".", "!", ",")) and _begins_questions(below):
            remarks.append(_become(block, 2, "faq_title", "“{}” er læst som titlen på spørgsmålene (##)."))
            below_title = True
        elif is_references(block.text) and below.kind == "list":
            remarks.append(_become(block, 2, "references_title", "“{}” er læst som en overskrift (##)."))
    return remarks


def restore_headings(blocks: list[Block]) -> tuple[list[Block], list[Remark]]:
    """The blocks with lost headings as headings, and a remark about each of them and each that may be one."""
    remarks: list[Remark] = []
    blocks = list(_questions_below_their_title(blocks, remarks))
    remarks += _lost_headings(blocks)
    return blocks, remarks


def _questions_below_their_title(blocks: list[Block], remarks: list[Remark]) -> Iterator[Block]:
    """Questions that are bold, or lines of their own, or too deep, where the writer used no `###` at all."""
    for title, part in _parts(blocks):
        if title:
            yield title
        marked = [block for block in part if block.kind == "heading" and not is_references(block.text)]
        highest = min((block.level for block in marked), default=0)
        if title is None or not is_faq(title.text) or highest == 3:
            yield from part
        elif marked:
            for block in marked:
                block.level = 3 if block.level == highest else block.level
            remarks.append(Remark(title.line, "heading_level", "Spørgsmålene er læst, som om de stod med ###."))
            yield from part
        elif any(_bold_question(block) for block in part):
            text = "Spørgsmålene står med fed skrift uden ### og er læst som spørgsmål."
            remarks.append(Remark(title.line, "faq_bold", text))
            for block in part:
                yield from _bold_question(block) or [block]
        else:
            for block, below in zip_longest(part, part[1:]):
                question = _is_line(block) and block.text.endswith("?") and len(block.text) <= _LONGEST_QUESTION
                if question and below and below.kind in _BELOW and not below.text.endswith("?"):
                    remarks.append(_become(block, 3, "heading_lost", _READ_AS_QUESTION))
                yield block


def _lost_headings(blocks: list[Block]) -> Iterator[Remark]:
    """Lines between paragraphs that look like headings; where nothing else is possible they become headings."""
    all_ask = _asks_throughout(blocks)
    title, above = "", ""
    has_items = in_questions = in_references = False
    for block, below in zip_longest(blocks, blocks[1:]):
        if block.kind == "heading":
            has_items = block.level > 2
            in_references = is_references(block.text) or (in_references and has_items)
            if not has_items:
                title, in_questions = block.text, is_faq(block.text)
        elif block.kind == "paragraph" and not in_references:
            stands_above = below is not None and below.kind in _BELOW
            between = stands_above and above not in ("", "heading")
            known = has_items if in_questions else all_ask and bool(title) and not has_items
            if known and between and _asks(block):
                level, text = (3, _READ_AS_QUESTION) if in_questions else (2, _READ_AS_HEADING)
                yield _become(block, level, "heading_lost", text)
            elif words := _looks_like_heading(block, stands_above, between and below.kind == "paragraph"):
                text = f"“{words[:80]}” ligner en overskrift, men har ingen ## og står som almindelig tekst."
                yield Remark(block.line, "heading_lost", text)
        above = block.kind


def _become(block: Block, level: int, code: str, text: str) -> Remark:
    inner = _bold_part(block.inline) if block.kind == "paragraph" else None
    if inner and not inner[1]:
        block.tokens[1].children = inner[0]
    _make_heading(block, level)
    return Remark(block.line, code, text.format(block.text[:80]))


_READ_AS_QUESTION = "“{}” står uden ### og er læst som et spørgsmål. Tjek, at det passer."
_READ_AS_HEADING = "“{}” står uden ## og er læst som en overskrift. Tjek, at det passer."


def _parts(blocks: list[Block]) -> Iterator[tuple[Block | None, list[Block]]]:
    """Each `##` (None before the first) with the blocks below it."""
    title: Block | None = None
    part: list[Block] = []
    for block in blocks:
        if block.kind == "heading" and block.level <= 2:
            yield title, part
            title, part = block, []
        else:
            part.append(block)
    yield title, part


def _make_heading(block: Block, level: int) -> None:
    block.kind, block.level = "heading", level
    opening, closing = block.tokens[0], block.tokens[-1]
    opening.type, closing.type = "heading_open", "heading_close"
    opening.tag = closing.tag = f"h{level}"


def _is_line(block: Block) -> bool:
    """A paragraph of one line with words only."""
    return block.kind == "paragraph" and all(
        child.type not in ("softbreak", "hardbreak", "image", "footnote_ref") for child in block.inline
    )


def _begins_questions(below: Block) -> bool:
    return (
        (below.kind == "heading" and below.level > 2)
        or _bold_question(below) is not None
        or (_is_line(below) and below.text.endswith("?"))
    )


def _bold_part(inline: list[Token]) -> tuple[list[Token], list[Token]] | None:
    """What is bold at the beginning of a paragraph, and what follows it; None when it begins otherwise."""
    start = next((number for number, child in enumerate(inline) if child.content or child.nesting), None)
    if start is None or inline[start].type != "strong_open":
        return None
    depth = 0
    for end in range(start, len(inline)):
        depth += {"strong_open": 1, "strong_close": -1}.get(inline[end].type, 0)
        if not depth:
            break
    bold, rest = inline[start + 1 : end], inline[end + 1 :]
    if rest and rest[0].type == "text" and (mark := re.match(r"\s*[?:]", rest[0].content)):
        bold = [*bold, Token("text", "", 0, content=mark[0].strip())]
        rest = [Token("text", "", 0, content=rest[0].content[mark.end() :]), *rest[1:]]
    while rest and (
        rest[0].type in ("softbreak", "hardbreak") or (rest[0].type == "text" and not rest[0].content.strip())
    ):
        rest = rest[1:]
    return bold, rest


def _bold_question(block: Block) -> list[Block] | None:
    """The question and its answer (if it stands in the same paragraph) of `**Hvad er det?** Det er …`."""
    parts = _bold_part(block.inline) if block.kind == "paragraph" else None
    if parts is None:
        return None
    question, answer = (Block("paragraph", block.line, _paragraph(block, children)) for children in parts)
    if not question.text.endswith("?") or len(question.text) > _LONGEST_QUESTION:
        return None
    _make_heading(question, 3)
    return [question, answer] if answer.text else [question]


def _paragraph(like: Block, children: list[Token]) -> list[Token]:
    opening, inline, closing = like.tokens
    opening, closing = (Token(token.type, "p", token.nesting, map=token.map) for token in (opening, closing))
    return [opening, Token("inline", "", 0, map=inline.map, level=1, children=children), closing]


def _asks(block: Block) -> bool:
    """Whether a line asks as headings of articles do: `Hvad er iskias?`, and not `Har du prøvet øvelserne?`."""
    return _is_line(block) and len(block.text) <= _LONGEST and _is_question(block.text)


def _is_question(text: str) -> bool:
    one_sentence = text.endswith("?") and not re.search(r"[.!?]\s", text)
    return one_sentence and bool(_ASKS.match(text)) and not _ASKS_THE_READER.search(text)


def _asks_throughout(blocks: list[Block]) -> bool:
    """Whether the article's sections are called by questions: then a lost heading is a question too."""
    titles = [block.text for block in blocks if block.kind == "heading" and block.level == 2]
    titles = [title for title in titles if not is_faq(title) and not is_references(title)]
    return len(titles) >= 3 and sum(title.endswith("?") for title in titles) >= 0.8 * len(titles)


def _looks_like_heading(block: Block, stands_above: bool, between: bool) -> str:
    """The words that may be a heading, or nothing: a bold line, a question, a #, a short line between paragraphs."""
    first, more = _first_line(block)
    if len(first) > _LONGEST or not (stands_above or more):
        return ""
    bold = _bold_part(block.inline)
    if first.startswith("#") or _is_question(first) or (is_faq(first) and not first.endswith(_ENDS_LIKE_TEXT)):
        return first
    if bold and not first.endswith((".", "!", ":", ",")) and _text(bold[0]) == first:
        return first
    short = between and not more and len(first.split()) <= _MOST_WORDS
    return first if short and first[:1].isupper() and not first.endswith(_ENDS_LIKE_TEXT) else ""


def _first_line(block: Block) -> tuple[str, bool]:
    """The words of the first line, and whether there are more lines."""
    for number, child in enumerate(block.inline):
        if child.type in ("softbreak", "hardbreak"):
            return _text(block.inline[:number]), True
    return block.text, False


def _text(tokens: list[Token]) -> str:
    return Block("paragraph", 0, [Token("inline", "", 0, children=tokens)]).text
