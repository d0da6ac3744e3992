"""Articles for property-based tests: real ones in shape, and hostile ones."""

from itertools import product

from hypothesis import strategies as st

from tests.xss import VECTORS

# A thousand words, so that one which is lost stands nowhere else by chance; from a list, because letters take long.
_SYLLABLES = ["kna", "fæl", "ødem", "lår", "skul", "ryg", "tå", "hof", "nak", "éb"]
words = st.sampled_from(["".join(parts) for parts in product(_SYLLABLES, repeat=3)])
capitalised = words.map(str.capitalize)
lines = st.lists(words, min_size=1, max_size=9).map(" ".join)
marked = st.one_of(
    lines,
    lines.map(lambda text: f"**{text}**"),
    lines.map(lambda text: f"*{text}*"),
    lines.map(lambda text: f"`{text}`"),
    st.builds("[{}](/ordbog/{}/)".format, lines, words),
    st.builds("![{}]({}.png)".format, lines, words),
    st.builds("![{}](https://{}.dk/a.png)".format, lines, words),
    st.builds("{} <b>{}</b>".format, lines, lines),
    st.builds("https://{}.dk/{}".format, words, words),
    words.map(lambda text: f"{text[:2]}**{text[2:]}**"),
)
sentences = st.builds(
    "{}{}".format, st.lists(marked, min_size=1, max_size=3).map(" ".join), st.sampled_from(["", ".", "?", ":", "!"])
)
paragraphs = st.lists(sentences, min_size=1, max_size=3).map(lambda parts: "\n".join(parts))
tables = st.builds(
    lambda cells, dashes: "\n".join(
        ["| " + " | ".join(cells[0]) + " |", "|" + "|".join([dashes] * 3) + "|"]
        + ["| " + " | ".join(row) + " |" for row in cells[1:]]
    ),
    st.lists(st.lists(st.one_of(marked, st.just("")), min_size=3, max_size=5), min_size=1, max_size=4).map(
        lambda rows: [rows[0][:3], *rows[1:]]
    ),
    st.sampled_from(["---", "---:", ":--"]),
)
headings = st.builds(
    "{}{}{}".format,
    st.sampled_from(["## ", "### ", "#### ", "##", "# ", "##\u00a0"]),
    capitalised,
    st.sampled_from(["", "?"]),
)
known_lines = st.sampled_from(
    [
        "## Ofte stillede spørgsmål om alt",
        "Ofte stillede spørgsmål om alt",
        "**Ofte stillede spørgsmål**",
        "### Referenceliste",
        "## Kilder",
        "Kilder:",
        "## Hvilke øvelser hjælper?",
        "---",
        "***",
        "Hvad er det?",
        "**Hvad er det?**",
        "**Hvad er det?** Svaret",
    ]
)
blocks = st.one_of(
    paragraphs,
    paragraphs,
    headings,
    known_lines,
    tables,
    st.builds("{}\n{}".format, paragraphs, tables),
    st.builds("{}\n{}".format, tables, lines),
    st.lists(marked, min_size=1, max_size=4).map(lambda items: "\n".join(f"- {item}" for item in items)),
    st.lists(marked, min_size=1, max_size=4).map(
        lambda items: "\n".join(f"{n}) {item}" for n, item in enumerate(items, 5))
    ),
    st.lists(marked, min_size=1, max_size=4).map(lambda items: "\n".join(f"• {item}" for item in items)),
    st.lists(words, min_size=1, max_size=14).map(
        lambda items: "\n".join("  " * n + f"- {item}" for n, item in enumerate(items))
    ),
    st.builds("{}{}".format, st.integers(1, 40).map(lambda n: ">" * n), sentences),
    st.builds("{}\n---".format, sentences),
    st.builds("    {}".format, sentences),
    st.builds("{0}[^{1}]\n\n[^{1}]: {2}".format, lines, st.integers(1, 10**9), lines),
    st.builds("```\n{}\n```".format, lines),
)
articles = st.builds(
    lambda parts, ending: "".join(f"{part}{gap}" for part, gap in parts).replace("\n", ending),
    st.lists(st.tuples(blocks, st.sampled_from(["\n\n", "\n\n", "\n", "\n\n\n"])), max_size=14),
    st.sampled_from(["\n", "\n", "\r\n", "\r"]),
)

_signs = st.sampled_from(
    [
        *("<", ">", "&", '"', "'", "`", "[", "](", "](<", ")", "![", "]: ", "[^1]", "[^1]: ", "|", "|---|---|\n", "\\"),
        *("javascript:", "https://", "www.a.dk", "onerror=", "<a ", "href=", "-->", "<!--", "<script>", "</script>"),
        *(
            "\n",
            "\n\n",
            "## ",
            "### ",
            "- ",
            "> ",
            "    ",
            "\t",
            "**",
            "_",
            "---\n",
            "•",
            "\u00a0",
            "\u200b",
            "\u202e",
            "\0",
            "\ufeff",
        ),
        *("Ofte stillede spørgsmål om X", "Kilder", "Hvad er det?", "&#x6A;", "&colon;", "\r", "\u2028", "\x0b"),
    ]
)
hostile_markdown = st.lists(st.one_of(st.sampled_from(VECTORS), _signs, _signs, st.text(max_size=20)), max_size=14).map(
    "".join
)
any_text = st.text(max_size=400)
