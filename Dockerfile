FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN useradd --system --user-group --no-create-home fysfinder

COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt && python -m compileall -q /usr/local/lib

COPY . .
# With nothing set this is a development machine for a moment: its key must not stay in the image.
RUN python manage.py collectstatic --noinput && rm var/secret_key \
    && mkdir -p var/media && chown -R fysfinder:fysfinder var

USER fysfinder
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "--bind", "0.0.0.0:8000"]
