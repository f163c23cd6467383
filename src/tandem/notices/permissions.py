"""Everybody has an inbox of their own, and nobody another's."""

from django.utils.translation import gettext_noop as N_

from tandem.accounts.permissions import EVERYBODY, declare

declare("notice.keep", EVERYBODY, N_("keep an inbox"))
