"""`{{ amount|kroner }}`, `{{ number|phone }}`, `{{ name|in_sentence }}`, `{{ text|breakable }}`."""

from django import template

from clinics import danish

register = template.Library()
register.filter("kroner", danish.kroner)
register.filter("phone", danish.phone)
register.filter("in_sentence", danish.in_sentence)
register.filter("breakable", danish.breakable)
