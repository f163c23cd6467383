"""The one Jinja environment: functions and filters every template may use."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import FunctionType, MethodType
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.signals import setting_changed
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.utils import translation
from jinja2 import Environment, Template, Undefined, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]

from tandem.core.markdown import to_html
from tandem.ui import drawing, filters, icons, numbers, phrases
from tandem.ui.addresses import address
from tandem.ui.functions import provided
from tandem.ui.languages import texts_of_scripts
from tandem.ui.navigation import navigation, palette_address, products_of
from tandem.ui.settings_pages import settings_pages


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page: ``url("backlog:item", workspace=…, product=…, key=…)``."""
    query = kwargs.pop("query", None)
    found = address(name, *args, **kwargs)
    return f"{found}?{query}" if query else found


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("vendor/icons.svg")


def _forget(setting: str, **_: Any) -> None:
    if setting == "STATIC_URL":
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


class Once:
    """A hidden field made when it is first shown, and the same for the rest of the answer.

    Django masks its token anew wherever a form stands; one mask an answer hides it as well.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._made: Markup | None = None

    def __html__(self) -> Markup:
        if self._made is None:
            self._made = Markup(  # noqa: S704  (a token is letters and digits)
                f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(self._request)}">'
            )
        return self._made

    __str__ = __html__


def once(request: HttpRequest) -> dict[str, Once]:
    """The field that every form which writes needs, as ``csrf_input`` of every template."""
    kept: Once | None = getattr(request, "_csrf_field", None)
    if kept is None:
        kept = request._csrf_field = Once(request)  # type: ignore[attr-defined]
    return {"csrf_input": kept}


@pass_context
def csrf_field(context: Context) -> Markup:
    """The hidden field every form that writes needs; for use inside macros imported with context."""
    return once(context["request"])["csrf_input"].__html__()


#: Among a template's values: every context of this rendering.
_ALL = " all"


def shown(value: Any) -> str:
    """What a template writes for a value: escaped, unless it is markup already.

    As ``markupsafe.escape``, but for what is written out a string will do: making a ``Markup`` of
    each of a board's ten thousand values took a fifth of the page.
    """
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[no-any-return]
    if kind is str:
        return _escape_inner(value)
    return escape(value)


@lru_cache(maxsize=20_000)
def _translated(language: str | None, text: str) -> Markup:
    with translation.override(language):
        return Markup(translation.gettext(text))  # noqa: S704  (a template's own text)


def said(escapes: EvalContext, text: str, /, **variables: Any) -> str:
    """``_("…")`` of a template. As Jinja's, but a text is looked up once for each language.

    A page has some 300 of them, and in a loop Jinja copies all values for each.
    """
    found = _translated(translation.get_language(), text)
    if not escapes.autoescape:
        return str(found) % variables
    return found % variables if variables or "%" in found else found


class _Context(Context):
    """The values of one template; what is included or imported with context makes its own.

    Macros know their context and it knows them, so all it shows would lie in memory until the
    next collection of garbage, which then stands in somebody's way: ``over`` lets go of them.
    """

    def __init__(
        self, environment: Environment, parent: dict[str, Any], *given: Any, **named: Any
    ) -> None:
        super().__init__(environment, parent, *given, **named)
        self._all: list[_Context] | None = parent.get(_ALL)
        if self._all is not None:
            self._all.append(self)

    def over(self) -> None:
        for each in self._all or ():
            each.vars, each.parent, each._all = {}, {}, None

    def call(self, called: Any, /, *given: Any, **named: Any) -> Any:
        """What Jinja does for plain functions and macros, without asking each what it may be."""
        kind = type(called)
        if kind is Macro:
            given = (self.eval_ctx, *given)
        elif kind not in {FunctionType, MethodType} or hasattr(called, "jinja_pass_arg"):
            return super().call(called, *given, **named)
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return called(*given, **named)


class _Generator(CodeGenerator):
    def visit_Call(  # noqa: N802
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        if not isinstance(node.node, nodes.Name) or node.node.name not in {"_", "gettext"}:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write("environment.said(context.eval_ctx")
        self.signature(node, frame)
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
            return
        self.write("environment.shown(")
        if finalize.src is not None:
            self.write(finalize.src)


class _Template(Template):
    def render(self, *given: Any, **named: Any) -> str:
        context = self.new_context({**dict(*given, **named), _ALL: []})
        try:
            return self.environment.concat(self.root_render_func(context))
        except Exception:
            self.environment.handle_exception()
        finally:
            context.over()  # type: ignore[attr-defined]

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        """No template is loaded with values of its own, so whoever imports macros shares them;
        Jinja compares the names of all values at each import."""
        if self._module is None:
            self._module = self.make_module()
        return self._module


class _Environment(Environment):
    code_generator_class = _Generator
    context_class = _Context
    template_class = _Template
    shown = staticmethod(shown)
    said = staticmethod(said)


class Unknown(Undefined):
    """Fails where a name that nobody gave, or a field that no row has, is shown or asked for.

    A key that a dict lacks and the first of nothing are nothing, as they are in production.
    """

    def _checked(self) -> None:
        if self._undefined_hint is None and not isinstance(self._undefined_obj, Mapping):
            self._fail_with_undefined_error()

    def __str__(self) -> str:
        self._checked()
        return ""

    def __bool__(self) -> bool:
        self._checked()
        return False

    def __len__(self) -> int:
        self._checked()
        return 0

    def __iter__(self) -> Iterator[Any]:
        self._checked()
        return iter(())

    def __eq__(self, other: object) -> bool:
        self._checked()
        return type(self) is type(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = Undefined.__hash__


def environment(**options: Any) -> Environment:
    # Django puts its own in first, which shows nothing for an unknown name.
    options["undefined"] = Unknown if settings.STRICT_TEMPLATES else Undefined
    options["trim_blocks"] = options["lstrip_blocks"] = True
    # Autoescape is set in the settings.
    made = _Environment(extensions=["jinja2.ext.i18n"], **options)
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
        typed=numbers.typed,
        **{name: getattr(phrases, name) for name in phrases.__all__},
    )
    return made
