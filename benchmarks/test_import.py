"""Five hundred articles in, and once more with nothing new."""

from articles.importer import import_paths
from fysfinder.demo import ARTICLES

from .measure import milliseconds

COUNT = 500


def test_import(databases, report, tmp_path):
    databases.use("articles")
    texts = [path.read_text(encoding="utf-8") for path in sorted(ARTICLES.glob("*.md")) if path.stem != "README"]
    for number in range(COUNT):
        (tmp_path / f"maaling-{number:03}.md").write_text(texts[number % len(texts)], encoding="utf-8")
    rows = []
    for name, outcome in (("new, published at once", "created"), ("again, nothing changed", "unchanged")):
        done = import_paths([tmp_path], publish=True)
        assert done.summary[outcome] == COUNT, done.summary
        rows.append([name, f"{done.seconds:.1f}", milliseconds(done.seconds / COUNT * 1000)])
    report.add("import", f"Importing {COUNT} articles", ["import", "seconds", "ms each"], rows)
