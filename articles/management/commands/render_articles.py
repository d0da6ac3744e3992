from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.actions import render_articles
from articles.models import Article


class Command(BaseCommand):
    help = "Make the pages of articles anew from their texts: all of them, or those named by slug."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG")

    def handle(self, *args: Any, slugs: list[str], **options: Any) -> None:
        articles = Article.objects.order_by("pk")
        if slugs:
            articles = articles.filter(slug__in=slugs)
            unknown = sorted(set(slugs) - set(articles.values_list("slug", flat=True)))
            if unknown:
                raise CommandError(f"No article with this slug: {', '.join(unknown)}")
        # A few at a time: a page takes 50 kB.
        self.stdout.write(f"{render_articles(articles.iterator(chunk_size=50))} articles rendered")
