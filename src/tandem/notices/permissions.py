"""Everybody has an inbox of their own, and nobody another's."""

from tandem.accounts.permissions import EVERYBODY, declare

declare("notice.keep", EVERYBODY, "keep an inbox")
