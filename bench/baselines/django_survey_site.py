"""django-survey-and-report as a site of one file; runs in an environment of its own.

`python django_survey_site.py FOLDER` makes the database and the survey; gunicorn then serves
`application`. Forgery protection is off and sessions are cookies: both spare it work.
"""

import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import include, path

FOLDER = Path(os.environ.get("BENCH_FOLDER") or sys.argv[1])
APPS = ["auth", "contenttypes", "sessions", "messages", "staticfiles"]

os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[f"django.contrib.{app}" for app in APPS] + ["survey"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    STATIC_URL="/static/",
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USE_TZ=True,
    CHOICES_SEPARATOR=",",
    USER_DID_NOT_ANSWER="Left blank",
    DEFAULT_SURVEY_PUBLISHING_DURATION=7,
    EXCEL_COMPATIBLE_CSV=False,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": FOLDER / "django.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL",
            },
        }
    },
)
django.setup()
urlpatterns = [path("survey/", include("survey.urls")), path("healthz", lambda _: _ok())]


def _ok():
    from django.http import HttpResponse

    return HttpResponse("ok")


def prepare():
    """Migrate, and make the survey with the questions that Harken is measured with."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from survey.models import Category, Question, Survey

    survey = Survey.objects.create(
        name="bench", description="bench", need_logged_user=False, editable_answers=True
    )
    category = Category.objects.create(name="all", survey=survey)
    for order, (kind, choices) in enumerate(
        [("integer", None), ("radio", "price,speed,quality,service"), ("text", None)], 1
    ):
        Question.objects.create(
            survey=survey, category=category, order=order, type=kind, choices=choices,
            text=kind, required=True,
        )  # fmt: skip


if __name__ == "__main__":
    prepare()
else:
    application = get_wsgi_application()
