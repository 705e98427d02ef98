"""What the tests of the calls' pages share: addresses, instants, forms as a browser posts them."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from tests.people.strict import strict


def url(name, *arguments):
    return reverse(f"calls:{name}", args=[getattr(one, "pk", one) for one in arguments])


def at(text):
    return datetime.fromisoformat(text)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def hidden_of(response, address):
    form = next(one for one in strict(response).iter("form") if one.get("action", "").startswith(address))
    return {one.get("name"): one.get("value") for one in form.iter("input") if one.get("type") == "hidden"}


def post(client, address, **data):
    return client.post(address, {**hidden_of(client.get(address), address), **data})
