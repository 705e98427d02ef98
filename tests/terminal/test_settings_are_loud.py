"""Settings that would do harm are refused at the start, with the name of the setting."""

from __future__ import annotations

import pytest

from qingyuan import environment

SHOW = (
    "from django.conf import settings as s;"
    "print(s.EMAIL_USE_TLS, s.EMAIL_USE_SSL, s.EMAIL_PORT, s.DATABASES['default']['OPTIONS'])"
)


def test_a_shifted_clock_is_refused_outside_a_demo(empty_house):
    empty_house.more = {"QINGYUAN_CLOCK_OFFSET": "-3600"}
    words = empty_house.run("manage", "check", code=2).stderr
    assert "QINGYUAN_CLOCK_OFFSET=-3600" in words
    assert "Traceback" not in words
    empty_house.more["QINGYUAN_DEMO"] = "1"
    empty_house.run("manage", "check")


def test_mail_is_encrypted_in_one_way(empty_house):
    empty_house.more = {"QINGYUAN_SMTP_HOST": "mail.example.org", "QINGYUAN_SMTP_STARTTLS": "1"}
    assert empty_house.run("manage", "shell", "--no-imports", "-c", SHOW).stdout.startswith("True False 587")
    empty_house.more["QINGYUAN_SMTP_SSL"] = "1"
    words = empty_house.run("manage", "check", code=2).stderr
    assert "QINGYUAN_SMTP_SSL" in words
    assert "QINGYUAN_SMTP_STARTTLS" in words
    del empty_house.more["QINGYUAN_SMTP_STARTTLS"]
    assert empty_house.run("manage", "shell", "--no-imports", "-c", SHOW).stdout.startswith("False True 465")


@pytest.mark.parametrize("url", ["", "sqlite:///some.sqlite3"])
def test_a_commit_of_sqlite_has_reached_the_disk(url, tmp_path):
    options = environment.database(url, data_dir=tmp_path)["OPTIONS"]
    assert "PRAGMA synchronous=FULL" in options["init_command"]
