"""The one Jinja environment: functions and filters every template may use."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.signals import setting_changed
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from tandem.core.markdown import to_html
from tandem.ui import drawing, filters, icons
from tandem.ui.functions import provided
from tandem.ui.languages import texts_of_scripts
from tandem.ui.navigation import navigation, palette_address, products_of
from tandem.ui.settings_pages import settings_pages


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page: ``url("backlog:item", workspace=…, product=…, key=…)``."""
    query = kwargs.pop("query", None)
    if all(type(each) in (str, int) for each in (*args, *kwargs.values())):
        address = _address(name, args, tuple(kwargs.items()))
    else:
        address = reverse(name, args=args or None, kwargs=kwargs or None)
    return f"{address}?{query}" if query else address


@lru_cache(maxsize=4096)
def _address(name: str, args: tuple[Any, ...], kwargs: tuple[tuple[str, Any], ...]) -> str:
    """Pages ask for the same addresses all day; finding one among all patterns takes a while."""
    return reverse(name, args=args or None, kwargs=dict(kwargs) or None)


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("vendor/icons.svg")


def _forget(setting: str, **_: Any) -> None:
    if setting in ("ROOT_URLCONF", "STATIC_URL"):
        _address.cache_clear()
        _sprite.cache_clear()


setting_changed.connect(_forget)


def markdown(text: str) -> Markup:
    return Markup(to_html(text))  # noqa: S704  (cleaned by nh3)


@lru_cache(maxsize=512)
def _icon(name: str, label: str, size: int, sprite: str) -> Markup:
    named = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(  # noqa: S704  (names are ours, the label is escaped)
        f'<svg class="icon icon-{size}" width="{size}" height="{size}" {named}>'
        f'<use href="{sprite}#{escape(name)}"></use></svg>'
    )


def icon(name: str, label: str = "", size: int = 16) -> Markup:
    """An icon of the sprite. It is decoration unless ``label`` says what it tells.

    A new name needs ``python scripts/assets.py --icons`` once, to be drawn into the sprite.
    """
    return _icon(name, label, size, _sprite())


@pass_context
def csrf_field(context: Context) -> Markup:
    """The hidden field every form that writes needs; for use inside macros imported with context."""
    return Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(
        get_token(context["request"])
    )


def environment(**options: Any) -> Environment:
    options.setdefault("undefined", StrictUndefined)
    options["trim_blocks"] = options["lstrip_blocks"] = True
    made = Environment(extensions=["jinja2.ext.i18n"], **options)  # noqa: S701  (autoescape is set in the settings)
    made.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    # A sentence may stand on several lines of its template.
    made.policies["ext.i18n.trimmed"] = True
    made.globals.update(
        language=translation.get_language,
        texts_of_scripts=texts_of_scripts,
        url=url,
        static=static,
        icon=icon,
        csrf_token=get_token,
        csrf_field=csrf_field,
        messages=get_messages,
        navigation=navigation,
        products_of=products_of,
        settings_pages=settings_pages,
        palette_address=palette_address,
        draw=drawing,
        KIND_ICONS=icons.KIND_ICONS,
        REACTION_ICONS=icons.REACTION_ICONS,
        STATUS_ICONS=icons.STATUS_ICONS,
        TONE_ICONS=icons.TONE_ICONS,
        debug=settings.DEBUG,
        **provided(),
    )
    made.filters.update(
        markdown=markdown,
        **{name: getattr(filters, name) for name in filters.__all__},
    )
    return made
