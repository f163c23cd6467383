"""Rating sessions as plain values, the same over the API and on the command line."""

from typing import Any

from tandem.accounts.models import Member
from tandem.accounts.permissions import can
from tandem.prioritisation.models import Ballot, RatingSession
from tandem.prioritisation.queries_session_list import SessionLine
from tandem.prioritisation.queries_sessions import (
    EntryShown,
    Outcome,
    SessionShown,
    session_shown,
)
from tandem.prioritisation.session_links import link_token


def line_payload(line: SessionLine) -> dict[str, Any]:
    """A session as a line of a list."""
    session = line.session
    return {
        "id": session.pk,
        "name": session.name,
        "kind": session.kind,
        "pace": session.pace,
        "state": session.state,
        "deadline": session.deadline,
        "facilitator": session.facilitator.name,
        "items": line.items,
        "settled": line.settled,
        "raters": line.raters,
    }


def _value(ballot: Ballot) -> dict[str, Any]:
    return {
        "value": ballot.value,
        "low": ballot.low,
        "high": ballot.high,
        "confidence": ballot.confidence,
        "note": ballot.note,
    }


def _outcome(found: Outcome) -> dict[str, Any]:
    final = found.final
    return {
        "criterion": found.slug,
        "lens": found.lens,
        "sentence": found.sentence,
        "suggestion": found.suggestion,
        "values": found.voices,
        "final": None
        if final is None
        else {
            "value": final.value,
            "low": final.low,
            "high": final.high,
            "confidence": final.confidence,
            "reason": final.reason,
            "decided_by": final.decided_by.name,
            "decided_at": final.decided_at,
        },
    }


def _entry_out(shown: EntryShown) -> dict[str, Any]:
    item = shown.entry.item
    return {
        "item": item.key,
        "title": item.title,
        "round": shown.entry.round,
        "deleted": shown.deleted,
        "revealed_at": shown.entry.revealed_at,
        "locked_at": shown.entry.locked_at,
        "mine": {slug: _value(ballot) for slug, ballot in shown.mine.items()},
        "skipped": shown.skipped.note if shown.skipped else None,
        "outcomes": [_outcome(each) for each in shown.outcomes],
        "passed": [{"rater": each.member.name, "reason": each.note} for each in shown.passed],
    }


def session_payload(by: Member, session: RatingSession) -> dict[str, Any]:
    """A session as ``by`` may see it: before the reveal nobody else's values."""
    shown: SessionShown = session_shown(by, session)
    table = shown.at(session.current) if session.is_live else None
    return {
        "id": session.pk,
        "name": session.name,
        "kind": session.kind,
        "pace": session.pace,
        "state": session.state,
        "model": session.model.name if session.model else None,
        "criteria": [each.slug for each in shown.criteria],
        "cards": session.cards,
        "three_point": session.three_point,
        "question": session.question,
        "deadline": session.deadline,
        "facilitator": session.facilitator.name,
        "on_the_table": table.entry.item.key if table else None,
        "link_token": link_token(session) if can(by, "session.hold") else None,
        "progress": [
            {
                "member_id": each.seat.member_id,
                "rater": each.seat.member.name,
                "joined_at": each.seat.joined_at,
                "done": each.done,
                "total": each.total,
            }
            for each in shown.progress
        ],
        "items": [_entry_out(each) for each in shown.entries],
    }
