"""Article files → articles, one transaction per file: a bad one never stops the others or leaves half an article.

An article is known by its file's name, from whatever folder. The rules about what an import may change stand in
articles/importing/storing.py, those about what it reads in sources.py beside it.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

from django.db import IntegrityError, transaction

from articles import actions
from articles.frontmatter import FrontmatterError
from articles.importing.ahead import Ahead, reading_ahead
from articles.importing.candidate import read_candidate
from articles.importing.report import FileResult, ImportReport
from articles.importing.run import Options, Run, find_article, one_flush
from articles.importing.sources import find_sources, uploaded_sources
from articles.importing.storing import Storing
from articles.source_files import SourceError, SourceFile
from clinics.text import slugify_da

__all__ = ["FileResult", "ImportReport", "import_paths", "import_upload"]

Progress = Callable[[int, int], None]

logger = logging.getLogger(__name__)


def import_paths(
    paths: Iterable[str | Path],
    *,
    dry_run: bool = False,
    publish: bool = False,
    demo: bool = False,
    tree: bool = False,
    ahead: bool = False,
    progress: Progress = lambda done, total: None,
) -> ImportReport:
    """Import files, folders and zips. `publish` also publishes drafts; `demo` marks our own example articles as such.

    `tree` asks for the parts of each file. `ahead` lets a second process read what is new: for commands, never inside a
    server or a worker, which have threads. `progress(done, total)` is called after each. Nothing about a file raises: it
    stands in the report.
    """
    with ExitStack() as opened:
        started = time.perf_counter()
        sources = find_sources(paths, opened)
        return _import(sources, Options(dry_run, publish, demo, tree, ahead), progress, started)


def import_upload(
    data: bytes, name: str, *, dry_run: bool = False, publish: bool = False, tree: bool = False
) -> ImportReport:
    """The same for one file that was sent to us: an article, or a zip of articles and their pictures."""
    started = time.perf_counter()
    return _import(
        uploaded_sources(data, name), Options(dry_run, publish, tree=tree), lambda done, total: None, started
    )


def _import(sources: Sequence[SourceFile], options: Options, progress: Progress, started: float) -> ImportReport:
    run = Run(sources, options)
    results: list[FileResult] = []
    seen: dict[str, str] = {}
    with actions.later(), one_flush(), reading_ahead(run.new_sources() if options.ahead else ()) as ahead:
        for number, source in enumerate(sources, start=1):
            result = _import_source(source, seen, run, ahead)
            results.append(result)
            if result.condition_name and not options.dry_run:
                run.condition_names.add(result.condition_name.upper())
            progress(number, len(sources))
    run.neighbours.warn_of_unknown(results)
    if not options.dry_run and any(result.outcome in ("created", "updated") for result in results):
        actions.render_stale()  # what came in may be mentioned anywhere
    return ImportReport(results, options.dry_run, time.perf_counter() - started)


def _import_source(source: SourceFile, seen: dict[str, str], run: Run, ahead: Ahead | None) -> FileResult:
    result = FileResult(source.path, slugify_da(Path(source.name).stem))
    try:
        candidate = read_candidate(source, ahead.take(source) if ahead else None)
        _only_once(seen, candidate.article.slug, source)
        glance = Storing(candidate, run.glance(candidate.article.slug), result, run)
        if glance.stored and glance.changes_nothing:
            _only_once(seen, glance.stored.slug, source)
            glance.tell(glance.stored)
            return result
        with transaction.atomic():
            stored = find_article(candidate.article.slug) if glance.stored else None
            if stored:  # perhaps by an address that it had before
                _only_once(seen, stored.slug, source)
            Storing(candidate, stored, result, run).run()
            transaction.set_rollback(run.options.dry_run)
        return result
    except (SourceError, FrontmatterError) as error:
        return FileResult(source.path, result.slug, error=error.text, error_line=error.line)
    except IntegrityError:  # somebody else makes the same article or condition at this moment
        logger.warning("Import of %s met another change", source.path)
        return FileResult(
            source.path, result.slug, error="Artiklen blev ændret af en anden imens. Importér filen igen."
        )
    except Exception as error:  # whatever one file does to us, the others still come in
        logger.exception("Import of %s failed", source.path)
        text = f"Filen kunne ikke importeres ({type(error).__name__})."
        return FileResult(source.path, result.slug, error=text)


def _only_once(seen: dict[str, str], slug: str, source: SourceFile) -> None:
    first = seen.setdefault(slug, source.path)
    if first is not source.path:  # two members of a zip may have equal paths
        raise SourceError(f"Filens navn er brugt før i samme import: {first}.")
