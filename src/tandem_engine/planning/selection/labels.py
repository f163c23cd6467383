"""Every plan worth considering within a core: label-setting over its independent parts.

Requesters that share no open group do not touch each other. Each part is walked requester by
requester; a label is (groups bought that later requesters want, cost, profit, loss), and of labels
with the same groups only those not dominated stay. The parts' fronts are then added up, again
without what is dominated or loses more than the slack.
"""

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np

from tandem_engine.planning.selection.losses import Core, Losses
from tandem_engine.planning.selection.reduced import Floats, Ints, Reduced

#: Labels of one part, or of the sum, above which the core counts as too large.
MOST_LABELS = 100_000
#: Groups that may be open at once in a part: the bits of a label's set.
_MOST_OPEN = 62
#: Sums made at a time.
_BLOCK = 1_000_000


class TooLarge(Exception):
    """The core has more plans than can be listed."""


@dataclass(frozen=True)
class Labels:
    """Plans as columns: cost and profit in steps, loss against the bound."""

    cost: Ints
    profit: Ints
    loss: Floats

    def take(self, which: "Ints") -> "Labels":
        return Labels(self.cost[which], self.profit[which], self.loss[which])


@dataclass(frozen=True)
class _Part:
    """Requesters joined by open groups. ``wants[j]`` are (group, share) pairs."""

    members: tuple[int, ...]
    wants: dict[int, list[tuple[int, float]]]


def undominated(labels: Labels) -> Labels:
    """The labels that no other beats, by rising cost."""
    order = np.lexsort((-labels.profit, labels.cost))
    profit = labels.profit[order]
    keep = np.ones(len(order), dtype=bool)
    keep[1:] = profit[1:] > np.maximum.accumulate(profit)[:-1]
    return labels.take(order[keep])


def plans_within(reduced: Reduced, losses: Losses, core: Core) -> Labels:
    """The undominated plans of a core, cost and profit of everything included.

    Raises :class:`TooLarge`.
    """
    start = Labels(
        np.array([reduced.private[core.taken].sum() + reduced.group_cost[core.bought].sum()]),
        np.array([reduced.profit[core.taken].sum()]),
        np.zeros(1),
    )
    if core.slack < 0:
        return start.take(np.zeros(0, dtype=np.int64))
    private, inside, parts = _parts(reduced, losses, core)
    adjusted = replace(core, inside=inside)
    fronts = []
    for part in parts:
        if len(part.members) == 1:
            j = part.members[0]
            fronts.append(
                Labels(
                    np.array([0, private[j]]),
                    np.array([0, reduced.profit[j]]),
                    np.array([adjusted.out[j], inside[j]]),
                )
            )
        else:
            fronts.append(_walk(reduced, private, adjusted, part))
    return _sum(start, fronts, core.slack)


def _parts(reduced: Reduced, losses: Losses, core: Core) -> tuple[Ints, Floats, list[_Part]]:
    """The core's independent parts; a group with one free requester becomes that one's own."""
    is_free = np.zeros(reduced.requesters, dtype=bool)
    is_free[core.free] = True
    live = is_free[reduced.arc_requester] & ~core.bought[reduced.arc_group]
    who, group, share = (
        reduced.arc_requester[live],
        reduced.arc_group[live],
        losses.share[live],
    )
    alone = np.bincount(group, minlength=reduced.groups)[group] == 1
    private = reduced.private.copy()
    inside = losses.inside.copy()
    np.add.at(private, who[alone], reduced.group_cost[group[alone]])
    np.add.at(inside, who[alone], core.group[group[alone]])
    wants: dict[int, list[tuple[int, float]]] = {int(j): [] for j in core.free}
    sharers: dict[int, list[int]] = defaultdict(list)
    shared = ~alone
    for j, g, amount in zip(
        who[shared].tolist(), group[shared].tolist(), share[shared].tolist(), strict=True
    ):
        wants[j].append((g, amount))
        sharers[g].append(j)
    parts = []
    seen: set[int] = set()
    for first in wants:
        if first in seen:
            continue
        members = [first]
        seen.add(first)
        for j in members:
            for g, _ in wants[j]:
                for other in sharers[g]:
                    if other not in seen:
                        seen.add(other)
                        members.append(other)
        parts.append(_Part(_narrow(members, wants, sharers), wants))
    return private, inside, parts


def _narrow(
    members: list[int],
    wants: dict[int, list[tuple[int, float]]],
    sharers: dict[int, list[int]],
) -> tuple[int, ...]:
    """An order that keeps few groups open at once: next the one that opens least and closes most."""
    if len(members) <= 2:
        return tuple(members)
    waiting = {g: len(sharers[g]) for j in members for g, _ in wants[j]}
    opened: set[int] = set()
    rest = set(members)
    order = []

    def burden(j: int) -> tuple[int, int]:
        groups = [g for g, _ in wants[j]]
        opens = sum(g not in opened for g in groups)
        return opens - sum(waiting[g] == 1 for g in groups), j

    while rest:
        chosen = min(rest, key=burden)
        rest.remove(chosen)
        order.append(chosen)
        for g, _ in wants[chosen]:
            opened.add(g)
            waiting[g] -= 1
    return tuple(order)


def _walk(reduced: Reduced, private: Ints, core: Core, part: _Part) -> Labels:
    last = {g: j for j in part.members for g, _ in part.wants[j]}
    bit: dict[int, int] = {}
    spare = list(range(_MOST_OPEN))
    left_out: dict[int, float] = {}
    have = np.zeros(1, dtype=np.int64)
    now = Labels(np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64), np.zeros(1))
    for j in part.members:
        out_loss = now.loss + core.out[j]
        in_cost, in_loss, in_have = now.cost + private[j], now.loss + core.inside[j], have
        closing = 0
        for g, amount in part.wants[j]:
            if g not in bit:
                if not spare:
                    raise TooLarge
                bit[g], left_out[g] = spare.pop(), 0.0
            held = (have >> bit[g]) & 1
            out_loss = out_loss + held * amount
            in_cost = in_cost + (1 - held) * reduced.group_cost[g]
            in_loss = in_loss + (1 - held) * (core.group[g] + left_out[g])
            in_have = in_have | (1 << bit[g])
            left_out[g] += amount
        for g, _ in part.wants[j]:
            if last[g] == j:
                closing |= 1 << bit[g]
                spare.append(bit.pop(g))
        have = np.concatenate([have, in_have])
        both = Labels(
            np.concatenate([now.cost, in_cost]),
            np.concatenate([now.profit, now.profit + reduced.profit[j]]),
            np.concatenate([out_loss, in_loss]),
        )
        keep = np.flatnonzero(both.loss <= core.slack)
        have, now = _best_per_set(have[keep] & ~closing, both.take(keep))
        if len(have) > MOST_LABELS:
            raise TooLarge
    return now


def _best_per_set(have: Ints, labels: Labels) -> tuple[Ints, Labels]:
    """Of the labels with the same open groups, the undominated ones."""
    if len(have) < 2:
        return have, labels
    order = np.lexsort((-labels.profit, labels.cost, have))
    have, labels = have[order], labels.take(order)
    number = np.concatenate([[0], np.cumsum(have[1:] != have[:-1])])
    key = labels.profit + number * (labels.profit.max() + 1)
    keep = np.ones(len(key), dtype=bool)
    keep[1:] = key[1:] > np.maximum.accumulate(key)[:-1]
    chosen = np.flatnonzero(keep)
    return have[chosen], labels.take(chosen)


def _sum(start: Labels, fronts: list[Labels], slack: float) -> Labels:
    """All sums of one label from each front, undominated, within the slack."""
    if any(len(front.loss) == 0 for front in fronts):
        return start.take(np.zeros(0, dtype=np.int64))
    # Small fronts first: what is summed up stays small for longest.
    fronts.sort(key=lambda front: (len(front.loss), float(front.loss.max())))
    now = start
    clean = 1
    for front in fronts:
        now = _added(now, front, slack)
        if len(now.loss) > 1.5 * clean + 16:
            now = undominated(now)
            clean = len(now.loss)
            if clean > MOST_LABELS:
                raise TooLarge
    return undominated(now)


def _added(now: Labels, front: Labels, slack: float) -> Labels:
    """Every affordable sum of one label of each, in blocks of bounded size."""
    if len(front.loss) > len(now.loss):
        now, front = front, now
    if len(front.loss) == 0:
        return front
    rows = max(1, _BLOCK // len(now.loss))
    pieces = []
    for first in range(0, len(front.loss), rows):
        some = slice(first, first + rows)
        loss = front.loss[some, None] + now.loss
        row, column = np.nonzero(loss <= slack)
        piece = Labels(
            front.cost[some][row] + now.cost[column],
            front.profit[some][row] + now.profit[column],
            loss[row, column],
        )
        pieces.append(undominated(piece) if len(front.loss) > rows else piece)
    if len(pieces) == 1:
        return pieces[0]
    return Labels(
        np.concatenate([piece.cost for piece in pieces]),
        np.concatenate([piece.profit for piece in pieces]),
        np.concatenate([piece.loss for piece in pieces]),
    )
