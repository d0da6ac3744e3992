"""`{{ exercise.html|amounts }}`."""

from django import template

from articles import dosage

register = template.Library()
register.filter("amounts", dosage.marked)
