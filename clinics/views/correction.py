"""`/klinik/<slug>/ret/`: "Foreslå en rettelse" for anybody, and "Det er min klinik" for clinics. No login, no cookie."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from clinics.corrections import TRAP, CorrectionForm, from_our_page, suggest_correction, token_for
from clinics.models import Clinic, Correction
from clinics.rate_limit import HOUR, allow, source_of

from .profile import moved

MOST_PER_HOUR = 5
TOO_MANY = "Du har sendt mange forslag på kort tid. Vent en time, og send så igen."
NOT_FROM_HERE = "Vi kunne ikke se, at formularen kom fra FysFinder. Tryk Send en gang til."


# Why Django's own token is not asked for: clinics.corrections.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: the form, or with `?sendt=ja` the thanks. POST: stores a `Correction`; 422, 403 or 429 show the form again."""
    clinic = Clinic.objects.select_related("postcode").exclude(status=Clinic.Status.DRAFT).filter(slug=slug).first()
    if clinic is None:
        return moved(request, slug, "clinics:correction")
    from_clinic = request.GET.get("fra") == "klinik"
    context = {"clinic": clinic, "from_clinic": from_clinic, "noindex": True, "demo": clinic.is_example}
    if request.method != "POST":
        if request.GET.get("sendt") == "ja":
            return render(request, "clinics/correction_thanks.html", context)
        return _form_page(request, CorrectionForm(clinic=clinic), context)
    form = CorrectionForm(request.POST, clinic=clinic)
    form.is_valid()
    if not from_our_page(request):
        return _form_page(request, form, context | {"refused": NOT_FROM_HERE}, status=403)
    if form.errors:
        return _form_page(request, form, context, status=422)
    if not form.is_trapped:  # who fell into it is thanked, and learns nothing
        if not allow("correction", source_of(request), MOST_PER_HOUR, HOUR):
            return _form_page(request, form, context | {"refused": TOO_MANY}, status=429)
        suggest_correction(
            clinic=clinic,
            group=form.cleaned_data["gruppe"],
            text=form.cleaned_data["tekst"],
            sender=Correction.Sender.CLINIC if from_clinic else Correction.Sender.VISITOR,
            # Whoever says that it is theirs is answered where everybody can reach the clinic.
            email="" if from_clinic else form.cleaned_data["email"],
        )
    thanks = ({"fra": "klinik"} if from_clinic else {}) | {"sendt": "ja"}
    return redirect(f"{reverse('clinics:correction', args=[clinic.slug])}?{urlencode(thanks)}")


def _form_page(request: HttpRequest, form: CorrectionForm, context: dict[str, Any], status: int = 200) -> HttpResponse:
    page = {"form": form, "trap": TRAP, "token": token_for(form.clinic), "group": form.data.get("gruppe", "")}
    return render(request, "clinics/correction.html", page | context, status=status)
