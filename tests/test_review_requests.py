"""Requests to the pages of reviews that no form of ours sends: verbs, sizes, bytes, replays, and where a private link may end up."""

import logging

import pytest
from django.test import Client

from clinics.models import Clinic, Outbox, RateCount, Review, VisitCode
from clinics.reviews import codes, forms, tokens, writing
from fysfinder.logs import WithoutVisitor

from .claims import owner_of, person, ryggen
from .html_reader import Page
from .people import clinic
from .review_writing import SOURCE, answers, code_of, fields
from .reviews import reply, review
from .xss import HTML

pytestmark = pytest.mark.django_db
URL = "/klinik/ryggen/skriv-anmeldelse/"
CHECK = f"{URL}tjek/"
NUL = "%00"
