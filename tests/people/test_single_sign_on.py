"""Single sign-on by OIDC, against an issuer of our own on loopback: settings by environment lead to its door."""

from __future__ import annotations

import http.server
import json
import threading
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse


class Issuer(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        base = f"http://127.0.0.1:{self.server.server_address[1]}"
        body = json.dumps(
            {
                "issuer": base,
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
                "userinfo_endpoint": f"{base}/userinfo",
                "jwks_uri": f"{base}/jwks",
            }
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@pytest.fixture
def issuer(settings):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Issuer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "APPS": [
                    {
                        "provider_id": "oidc",
                        "name": "统一身份认证",
                        "client_id": "qingyuan",
                        "secret": "demo",
                        "settings": {"server_url": address},
                    }
                ]
            }
        }
        yield address
        server.shutdown()


def test_the_sign_in_page_offers_it_and_leads_to_the_issuer(db, issuer, settings):
    settings.FORM_TARGETS = [issuer]
    client = Client()
    page = client.get("/accounts/login/")
    assert "统一身份认证" in page.content.decode()
    # Browsers hold form-action also against the redirect behind a post.
    assert page.headers["Content-Security-Policy"].endswith(f"form-action 'self' {issuer}")
    response = client.post(reverse("openid_connect_login", args=["oidc"]))
    target = urlsplit(response.headers["Location"])
    assert f"{target.scheme}://{target.netloc}{target.path}" == f"{issuer}/authorize"
    asked = parse_qs(target.query)
    assert asked["client_id"] == ["qingyuan"]
    assert "openid" in asked["scope"][0]
    assert asked["redirect_uri"][0].endswith("/accounts/oidc/oidc/login/callback/")


def test_without_an_issuer_nothing_is_offered(db):
    assert "统一身份认证" not in Client().get("/accounts/login/").content.decode()
