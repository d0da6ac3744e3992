"""“Se på website” in the admin: the address of a row, for those alone who may see the row."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse


@admin.site.admin_view
def view_on_site(request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
    """As Django's own, which tells the address of any row, a draft's too, to everybody who may log in."""
    if not (content_type_id.isascii() and content_type_id.isdecimal() and len(content_type_id) < 10):
        raise Http404
    try:
        model = ContentType.objects.get(pk=content_type_id).model_class()
    except ObjectDoesNotExist as error:
        raise Http404 from error
    screen = admin.site._registry.get(model) if model else None
    if screen is None or not screen.has_view_permission(request):
        raise PermissionDenied
    row = screen.get_object(request, unquote(object_id))  # of those that the screen lists for this person
    if row is None or not hasattr(row, "get_absolute_url"):
        raise Http404
    if not screen.has_view_permission(request, row):
        raise PermissionDenied
    return shortcut(request, content_type_id, str(row.pk))
