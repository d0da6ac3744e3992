from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.actions import render_articles, render_stale
from articles.models import Article


class Command(BaseCommand):
    help = (
        "Make the pages of articles anew from their texts: all of them, those named by slug, or those that are stale."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG")
        parser.add_argument(
            "--stale",
            action="store_true",
            help="only pages that an older renderer made, or that were linked before words or addresses changed",
        )

    def handle(self, *args: Any, slugs: list[str], stale: bool, **options: Any) -> None:
        if stale and slugs:
            raise CommandError("Name articles, or ask for the stale ones: not both.")
        if stale:
            self.stdout.write(f"{render_stale()} articles changed")
            return
        articles = Article.objects.order_by("pk").only("pk")
        if slugs:
            articles = articles.filter(slug__in=slugs)
            unknown = sorted(set(slugs) - set(articles.values_list("slug", flat=True)))
            if unknown:
                raise CommandError(f"No article with this slug: {', '.join(unknown)}")
        self.stdout.write(f"{render_articles(articles)} articles rendered")
