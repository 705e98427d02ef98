"""The same blobs in an S3-compatible store, through the real client, against a server of our own."""

from __future__ import annotations

import io
import uuid

import boto3
import pytest
from django.core.files.storage import storages
from moto.server import ThreadedMotoServer

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
            "OPTIONS": {"bucket_name": bucket, "endpoint_url": endpoint, "file_overwrite": False},
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


def test_an_upload_is_served_from_s3(s3, world):
    upload = receive(small_pdf(), by=world.park_handler, name="一.pdf")
    response = serve(upload)
    assert b"".join(response.streaming_content) == small_pdf().getvalue()
    response.close()
