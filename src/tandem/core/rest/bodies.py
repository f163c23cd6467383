"""What a request's JSON must be: an object of the fields that are known, each of its own kind."""

import datetime
import re
from collections.abc import Iterable
from typing import Annotated, Any, get_args, get_origin

from ninja import Schema
from ninja.schema import DjangoGetter
from pydantic import ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

#: Characters no database keeps: NUL, and half of a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_NUMBERS = {int, float}
_DAYS = {datetime.date, datetime.datetime}


def one_of(values: Iterable[str]) -> Any:
    """The words a field takes, for the document; the operation refuses others in its own words."""
    return Field(json_schema_extra={"enum": [*values]})


def _kinds(annotation: Any) -> set[Any]:
    """``int | None`` is ``{int, NoneType}``; a list or a dict is itself."""
    if get_origin(annotation) is Annotated:
        return _kinds(get_args(annotation)[0])
    origin = get_origin(annotation)
    if origin in (list, dict) or not get_args(annotation):
        return {origin or annotation}
    return set().union(*(_kinds(each) for each in get_args(annotation)))


def _named(annotation: Any) -> set[Any]:
    """What stands under the names of a ``dict[str, …]``; nothing for any other kind."""
    if get_origin(annotation) is dict:
        return _kinds(get_args(annotation)[1])
    if get_origin(annotation) is list:
        return set()
    return set().union(*(_named(each) for each in get_args(annotation)))


def storable(value: Any) -> bool:
    """Whether every text in it can be kept."""
    if isinstance(value, str):
        return not _UNSTORABLE.search(value)
    if isinstance(value, dict):
        return all(storable(name) and storable(each) for name, each in value.items())
    return not isinstance(value, list) or all(storable(each) for each in value)


def _no(message: str) -> PydanticCustomError:
    return PydanticCustomError("body", message)


def _fits(value: Any, kinds: set[Any]) -> None:
    if isinstance(value, bool) and kinds & _NUMBERS and bool not in kinds:
        raise _no("Send a number, not true or false.")
    if isinstance(value, str) and kinds & {*_NUMBERS, bool} and not kinds & {str, *_DAYS}:
        raise _no("Send it without quotes: a text is no number and no true or false.")
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and not kinds & _NUMBERS and kinds & {bool, *_DAYS}:
        raise _no("A number does not fit here.")


class Body(Schema):
    """A mistyped field is refused, not left out in silence, and ``"5"`` is no number."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _object(cls, sent: Any) -> Any:
        if not isinstance(sent._obj if isinstance(sent, DjangoGetter) else sent, dict):
            raise _no("Send a JSON object.")
        return sent

    @field_validator("*", mode="before")
    @classmethod
    def _of_its_kind(cls, value: Any, info: ValidationInfo) -> Any:
        annotation = cls.model_fields[str(info.field_name)].annotation
        _fits(value, _kinds(annotation))
        if isinstance(value, dict):
            for each in value.values():
                _fits(each, _named(annotation))
        if not storable(value):
            raise _no("It holds a character that cannot be kept.")
        return value
