"""A stable hash of all that a ranking was computed from."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable
from dataclasses import asdict

from .inputs import ItemInputs, Signature, signature_of
from .model import ScoringModel
from .quantiles import EffortReference


def fingerprint(
    model: ScoringModel, items: Iterable[ItemInputs], effort_reference: EffortReference | None
) -> str:
    """64 hexadecimal digits; equal exactly when the inputs that count are equal.

    The order of items, of ratings and of superseded ratings does not enter, nor do seed, draws and
    engine version, which stand beside it in a result. Raises :class:`ScoringError` for inputs that
    :func:`rank` would refuse.
    """
    signed = [(item.key, signature_of(model, item)) for item in items]
    return fingerprint_of(model, signed, effort_reference)


def fingerprint_of(
    model: ScoringModel,
    signed: Iterable[tuple[str, Signature]],
    effort_reference: EffortReference | None,
) -> str:
    """As :func:`fingerprint`, from inputs that are already checked."""
    digest = hashlib.sha256()
    # repr of floats is exact and the same on every platform.
    digest.update(repr(sorted(asdict(model).items())).encode())
    digest.update(repr(effort_reference).encode())
    for key, signature in sorted(signed, key=lambda pair: pair[0]):
        digest.update(key.encode() + b"\0")
        digest.update(_numbers(signature))
        if signature.fields:
            digest.update(repr(signature.fields).encode())
    return digest.hexdigest()


def _numbers(signature: Signature) -> bytes:
    """The signature's numbers bit by bit, each criterion's after how many there are."""
    flat: list[float] = []
    for opinions in signature.opinions:
        flat.append(len(opinions))
        for opinion in opinions:
            flat.extend(opinion)
    flat.append(0 if signature.effort is None else 1)
    flat.extend(signature.effort or ())
    return struct.pack(f"<{len(flat)}d", *flat)
