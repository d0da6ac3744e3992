from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from clinics.images import file_name

A_YEAR = 31_536_000  # seconds; an address holds the digest of its content


@require_safe
def image(request: HttpRequest, digest: str, width: str) -> HttpResponse:
    """One file of a picture. The route lets through a digest and a width and nothing else, so no path can be asked for."""
    try:
        with default_storage.open(file_name(digest, int(width))) as file:
            response = HttpResponse(file.read(), content_type="image/webp")
    except FileNotFoundError as error:
        raise Http404 from error
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    # Should a browser ever take it for a page, it is one that can do nothing.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
