"""The same blobs in an S3-compatible store, through the real client, against a server of our own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages
from moto.server import ThreadedMotoServer

from qingyuan.cli import storage as sweeping
from qingyuan.kernel import storage
from qingyuan.kernel.gate import receive, serve
from tests.pilot_maker import small_pdf


@pytest.fixture
def s3(settings, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "demo")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "demo")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    bucket = f"qingyuan-{uuid.uuid4()}"
    boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket=bucket)
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {"bucket_name": bucket, "endpoint_url": endpoint, "file_overwrite": True},
        },
    }
    yield storages["default"]
    server.stop()


def test_blobs_go_to_s3_and_come_back(s3):
    data = b"demo" * 700_000
    blob = storage.put(io.BytesIO(data))
    assert storage.exists(blob.sha256)
    assert s3.exists(storage.key_of(blob.sha256))
    with storage.open_blob(blob.sha256) as handle:
        assert handle.read() == data
    assert storage.put(io.BytesIO(data)) == blob
    assert list(storage.stored()) == [blob.sha256]
    storage.remove(blob.sha256)
    assert not storage.exists(blob.sha256)


def test_bytes_that_are_handed_in_again_are_young_again_and_keep_their_one_name(s3, db, monkeypatch):
    """The sweep may not take a blob whose new row is just being written; a second name would never be swept."""
    blob = storage.put(io.BytesIO(b"the same bytes"))
    old = datetime.now(UTC) - timedelta(days=2)
    ages = {storage.key_of(blob.sha256): old}
    fresh = s3.get_modified_time
    monkeypatch.setattr(type(s3), "get_modified_time", lambda self, name: ages.get(name) or fresh(name))
    assert [sha for sha, _size in sweeping.orphans(before=old + timedelta(days=1))] == [blob.sha256]
    ages.clear()
    before = s3.get_modified_time(storage.key_of(blob.sha256))
    time.sleep(1.1)  # a store tells times by the second
    assert storage.put(io.BytesIO(b"the same bytes")) == blob
    assert s3.get_modified_time(storage.key_of(blob.sha256)) > before
    assert list(storage.stored()) == [blob.sha256]


def test_a_store_that_would_make_up_a_second_name_is_refused(s3, monkeypatch):
    blob = storage.put(io.BytesIO(b"the same bytes"))
    monkeypatch.setattr(s3, "file_overwrite", False)
    with pytest.raises(ImproperlyConfigured, match="must overwrite"):
        storage.put(io.BytesIO(b"the same bytes"))
    assert list(storage.stored()) == [blob.sha256]


def test_the_settings_ask_for_one_name_a_blob():
    asked = "from qingyuan import settings; print(settings.STORAGES['default']['OPTIONS']['file_overwrite'])"
    environment = {**os.environ, "QINGYUAN_S3_BUCKET": "demo"}
    done = subprocess.run(
        [sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "True"


def test_an_upload_is_served_from_s3(s3, world):
    upload = receive(small_pdf(), by=world.park_handler, name="一.pdf")
    response = serve(upload)
    assert b"".join(response.streaming_content) == small_pdf().getvalue()
    response.close()
