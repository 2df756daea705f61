"""Frozen dataclasses to plain JSON values and back, strictly: what is stored, hashed and exchanged has one shape.

Empty values are left out, so that a field added later changes no hash. Fields that this version does not know are kept
in `extra` (a dataclass that is exchanged has one) and travel on.
"""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from riskdesk.domain.canonical import canonical
from riskdesk.errors import InputError

T = TypeVar("T")
_EXTRA = "extra"
_Read = Callable[[Any, str], Any]


def to_body(value: Any) -> dict[str, Any]:
    """Return the dataclass as JSON values: dates as ISO text, enums as their value, tuples as lists; no empty defaults."""
    body: dict[str, Any] = {}
    for field in dataclasses.fields(value):
        item = getattr(value, field.name)
        if field.name == _EXTRA:
            body.update(json.loads(item) if item else {})
        elif item not in (None, "", (), {}) or _is_required(field):
            body[field.name] = _plain(item)
    return {key: item for key, item in body.items() if item != {}}


def from_body(kind: type[T], body: Mapping[str, Any]) -> T:
    """Return the dataclass of the JSON values; raise `InputError` naming the field that has the wrong type."""
    readers = _readers(kind)  # type: ignore[arg-type]  # a class is hashable, `cache` wants it said
    known: dict[str, Any] = {}
    unknown: dict[str, Any] = {}
    for key, item in body.items():
        read = readers.get(key) if key != _EXTRA else None
        if read is None:
            unknown[key] = item
        else:
            known[key] = read(item, key)
    if unknown:
        if _EXTRA not in readers:
            raise InputError(f"数据含有不认识的字段：{'、'.join(sorted(unknown))}")
        known[_EXTRA] = canonical(unknown).decode("utf-8")
    try:
        return kind(**known)
    except TypeError as error:
        raise InputError(f"数据缺少必需的字段（{kind.__name__}）") from error


def _is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _plain(item: Any) -> Any:
    if dataclasses.is_dataclass(item):
        return to_body(item)
    if isinstance(item, tuple | list):
        return [_plain(part) for part in item]
    if isinstance(item, Mapping):
        return {key: _plain(part) for key, part in item.items()}
    if isinstance(item, date):
        return item.isoformat()
    return str(item) if isinstance(item, StrEnum) else item


@cache
def _readers(kind: type) -> dict[str, _Read]:
    """Return, by field, what reads its value: worked out once, as a month has hundreds of thousands of values."""
    return {name: _reader(hint) for name, hint in get_type_hints(kind).items()}


def _reader(hint: Any) -> _Read:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        [inner] = [_reader(part) for part in get_args(hint) if part is not type(None)]
        return lambda item, name: None if item is None else inner(item, name)
    if origin is tuple:
        part = _reader(get_args(hint)[0])
        return lambda item, name: tuple([part(each, name) for each in _checked(list, item, name)])
    if origin in (dict, Mapping):
        value = _reader(get_args(hint)[1])
        return lambda item, name: {key: value(each, name) for key, each in _checked(dict, item, name).items()}
    if dataclasses.is_dataclass(hint):
        return lambda item, name: from_body(hint, _checked(dict, item, name))  # type: ignore[arg-type]
    return _scalar_reader(hint)


def _scalar_reader(hint: Any) -> _Read:
    if hint is str:
        return _text
    if hint is bool:
        return lambda item, name: _checked(bool, item, name)
    if hint is int:
        return _integer
    made = date.fromisoformat if hint is date else hint  # else a StrEnum

    def read(item: Any, name: str) -> Any:
        try:
            return made(_checked(str, item, name))
        except ValueError as error:
            raise _wrong(name, item) from error

    return read


def _text(item: Any, name: str) -> str:
    if type(item) is not str:  # said without a call, as nearly all values are texts
        raise _wrong(name, item)
    return item


def _integer(item: Any, name: str) -> int:
    if isinstance(item, bool):
        raise _wrong(name, item)
    return _checked(int, item, name)


def _checked(kind: type[T], item: Any, name: str) -> T:
    if not isinstance(item, kind):
        raise _wrong(name, item)
    return item


def _wrong(name: str, item: Any) -> InputError:
    return InputError(f"数据字段 {name} 的值不对：{str(item)[:40]}")
