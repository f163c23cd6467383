"""Somebody who calls the API with a token, in the tests of every app."""

import json

from django.test import Client

from tandem.accounts import operations


class Caller:
    """``caller("PATCH", "/items/FERRY-1", {"title": "x"})``: a client with a member's token."""

    def __init__(self, member):
        _, token = operations.token_create(by=member, name="test")
        self.headers = {"Authorization": f"Bearer {token}"}
        self.client = Client()

    def __call__(self, method, path, body=None, **headers):
        return self.client.generic(
            method,
            f"/api/v1{path}",
            data=json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers=self.headers | headers,
        )

    def upload(self, path, **fields):
        """A multipart form, as a browser or ``curl -F`` sends it."""
        return self.client.post(f"/api/v1{path}", fields, headers=self.headers)
