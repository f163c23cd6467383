"""Turning records into items, part by part: each is a transaction of its own, unless the caller has one."""

import datetime
import itertools
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Comment, Criterion, Item
from tandem.backlog.operations.items import locked
from tandem.core import bulk, events, ordering
from tandem.core.importing.record import Entry, Record, Refusal, RowWarning
from tandem.core.models import Event
from tandem.integrations.imports.fields import COLUMNS, hashes_of, is_as_said, values_of
from tandem.integrations.imports.links import Links
from tandem.integrations.imports.names import Names
from tandem.integrations.imports.numbering import give_numbers
from tandem.integrations.imports.parts import Tell, batches, part
from tandem.integrations.imports.past import Past
from tandem.integrations.imports.ranked import Ranked
from tandem.integrations.imports.result import Result
from tandem.integrations.models import ImportRow, ImportRun, Outcome, SourceState
from tandem.ui.sayings import made_of
from tandem_engine.words import said


@dataclass
class _Change:
    """An existing item that the source says something new about."""

    record: Record
    item: Item
    values: dict[str, Any]
    hashes: dict[str, str]
    fingerprint: str


class Application:
    """One import at work. ``run`` may be unsaved when no rows are kept, as of a connection.

    After each part the run says how many entries were taken: who goes on after a killed worker
    starts there. Between parts others write, so what is known of the product is read anew.
    """

    def __init__(
        self,
        *,
        by: Member,
        product: Product,
        run: ImportRun,
        source: str,
        tell: Tell,
        keeps_rows: bool = True,
    ) -> None:
        self.keeps_rows = keeps_rows
        self.by = by
        self.product = product
        self.run = run
        self.source = source
        self.tell = tell
        self.links = Links(self.product, source)
        self.result = Result.of(run)
        self.ranked = Ranked()
        self.joins = False

    def apply(self, entries: Iterable[Entry]) -> Result:
        """Take all entries. Once only."""
        with closing(self.links), closing(self.ranked):
            return self._apply(iter(entries))

    def _apply(self, rest: Iterator[Entry]) -> Result:
        self._pass_over(itertools.islice(rest, self.run.taken))
        for batch in batches(rest):
            with self._part():
                self._take_entries(batch)
                self.run.taken += len(batch)
            self.tell(self.result.rows, N_("Reading rows"))
        # Who goes on after a killed worker joins everything again, and tells of it again.
        self.joins = True
        self.tell(self.result.rows, N_("Joining parents and dependencies"))
        self._order()
        self.links.join(self.result, self._part)
        return self.result

    @contextmanager
    def _part(self) -> Iterator[None]:
        with part(self.run):
            workspace = self.product.workspace
            self.product = locked(self.product)
            self.product.workspace = workspace
            self.now = timezone.now()
            self.names = Names(self.product, made=self.run.made or {"statuses": [], "labels": []})
            yield
            self.product.save(update_fields=["next_number"])
            self.run.made = self.names.made
            if not self.joins:
                self.result.keep_in(self.run)

    def _pass_over(self, entries: Iterable[Entry]) -> None:
        """What an earlier attempt took: its counts are kept; what points where is not."""
        for batch in batches(entries):
            records = []
            for entry in batch:
                if isinstance(entry, Refusal):
                    self.result.refuse(entry.line, entry.reason)
                elif isinstance(entry, Record):
                    records.append(entry)
            known = self._known(records)
            made = self.run.rows_seen.filter(outcome=Outcome.CREATED, item__in=known.values())
            made_here = set(made.values_list("item_id", flat=True))
            for record in records:
                if (item := known.get(record.ref)) is not None:
                    self.links.add(record, item.pk)
                    if record.rank and item.pk in made_here:
                        self.ranked.add(record.rank, item.pk)

    def _known(self, records: list[Record]) -> dict[str, Item]:
        """Items of an earlier import, by what the source calls them."""
        refs = [record.ref for record in records]
        rows = Item.objects.filter(product=self.product, source=self.source, source_ref__in=refs)
        return {item.source_ref: item for item in rows}

    def _take_entries(self, batch: Iterable[Entry]) -> None:
        records = []
        refused = []
        for entry in batch:
            if isinstance(entry, Record):
                records.append(entry)
            elif isinstance(entry, Refusal):
                self.result.refuse(entry.line, entry.reason)
                refused.append(
                    self._row(
                        entry.line,
                        Outcome.REFUSED,
                        reason=str(entry.reason),
                        said=made_of(entry.reason) or None,
                    )
                )
            elif isinstance(entry, RowWarning):
                self.result.warn(entry.line, entry.message)
        self.result.rows += len(records) + len(refused)
        self._keep_rows(refused)
        self._take(records)

    def _row(self, line: int, outcome: Outcome, **fields: Any) -> ImportRow:
        return ImportRow(run=self.run, line=line, outcome=outcome, **fields)

    def _keep_rows(self, rows: Iterable[ImportRow]) -> None:
        if self.keeps_rows:
            bulk.insert(rows)

    def _take(self, records: list[Record]) -> None:
        known = self._known(records)
        states = {
            state.item_id: state
            for state in SourceState.objects.filter(item__in=[item.pk for item in known.values()])
        }
        new: list[Record] = []
        changed: list[_Change] = []
        for record in records:
            item = known.get(record.ref)
            if item is None:
                new.append(record)
                continue
            if item.merged_into_id is not None:
                # Merged here: what its source goes on saying is no news of the other item.
                self.links.add(record, item.merged_into_id)
                self.result.unchanged += 1
                continue
            self.links.add(record, item.pk)
            state = states.get(item.pk)
            fingerprint = record.fingerprint()
            if state is not None and state.fingerprint == fingerprint and item.deleted_at is None:
                self.result.unchanged += 1
                continue
            values = values_of(record, self.names)
            change = _Change(record, item, values, hashes_of(values, record), fingerprint)
            changed.append(change)
        self._create(new)
        self._update(changed, states)

    def _create(self, records: list[Record]) -> None:
        if not records:
            return
        ranks = ordering.many_between(self._last_rank(), None, len(records))
        found = [values_of(record, self.names) for record in records]
        items = [
            Item(
                workspace_id=self.product.workspace_id,
                product=self.product,
                rank=rank,
                created_by=None,
                created_at=record.created or record.updated or self.now,
                updated_at=self.now,
                source=self.source,
                source_ref=record.ref,
                **values,
            )
            for record, values, rank in zip(records, found, ranks, strict=True)
        ]
        give_numbers(self.product, items)
        bulk.insert(items)
        for record, item in zip(records, items, strict=True):
            self.links.add(record, item.pk)
            if record.rank:
                self.ranked.add(record.rank, item.pk)
            if len(self.result.samples) < 10:
                self.result.samples.append(
                    {"key": item.key, "title": item.title, "line": record.line}
                )
        pairs = list(zip(records, items, strict=True))
        self._attach(pairs)
        bulk.insert(
            SourceState(
                item=item, fingerprint=record.fingerprint(), fields=hashes_of(values, record)
            )
            for (record, item), values in zip(pairs, found, strict=True)
        )
        past = Past(self.names, self.by)
        events.keep_past(row for record, item in pairs for row in past.of(record, item))
        events.record_many(self._event(item, "item.imported", record) for record, item in pairs)
        self._keep_rows(
            self._row(record.line, Outcome.CREATED, item=item, version=item.version)
            for record, item in pairs
        )
        self.result.created += len(items)

    def _attach(self, pairs: list[tuple[Record, Item]]) -> None:
        """Labels, criteria and comments of new items."""
        through = Item.labels.through
        rows = []
        for record, item in pairs:
            labels = {self.names.label(name).pk for name in record.labels if name.strip()}
            rows += [through(item_id=item.pk, label_id=pk) for pk in sorted(labels)]
        bulk.insert(rows)
        for line, problem in self.names.own.attach(pairs):
            self.result.warn(line, problem)
        bulk.insert(row for record, item in pairs for row in _criteria(record, item, self.now))
        bulk.insert(row for record, item in pairs for row in self._comments(record, item))

    def _comments(self, record: Record, item: Item) -> Iterator[Comment]:
        for comment in record.comments:
            if comment.text.strip():
                yield Comment(
                    item=item,
                    text=comment.text,
                    written_by=self.names.person(comment.author),
                    source_author=comment.author[:200],
                    written_at=comment.at or record.updated or self.now,
                )

    def _update(self, changes: list[_Change], states: dict[int, SourceState]) -> None:
        """Only what changed in the source changes here; what was edited here alone stays."""
        rows, happened, kept_states, items = [], [], [], []
        for change in changes:
            item, state = change.item, states.get(change.item.pk)
            known = state.fields if state else {}
            before: dict[str, Any] = {}
            for column in COLUMNS:
                if change.hashes[column] == known.get(column):
                    continue
                if getattr(item, column) == change.values[column]:
                    continue
                if known and not is_as_said(item, column, known.get(column)):
                    name = said(column.removesuffix("_id").replace("_", " "))
                    self.result.warn(
                        change.record.line,
                        said(
                            "The %(name)s of %(ref)s was changed in Tandem and in the source; the source's is taken (the import can be reverted).",
                            name=name,
                            ref=change.record.ref,
                        ),
                    )
                before[column] = events.plain(getattr(item, column))
                setattr(item, column, change.values[column])
            if item.deleted_at is not None:
                before["deleted_at"] = item.deleted_at.isoformat()
                item.deleted_at = None
            before |= self._update_labels(change, known)
            before |= self._update_talk(change)
            before |= self.names.own.update(change.record, item)
            if before:
                item.version += 1
                item.updated_at = self.now
                items.append(item)
                happened.append(self._event(item, "item.reimported", change.record, before))
                rows.append(
                    self._row(
                        change.record.line,
                        Outcome.UPDATED,
                        item=item,
                        version=item.version,
                        before=before,
                    )
                )
                self.result.updated += 1
            else:
                self.result.unchanged += 1
            kept_states.append(
                SourceState(item=item, fingerprint=change.fingerprint, fields=change.hashes)
            )
        Item.objects.bulk_update(
            items, [*COLUMNS, "deleted_at", "version", "updated_at"], batch_size=60
        )
        SourceState.objects.bulk_create(
            kept_states,
            update_conflicts=True,
            unique_fields=["item"],
            update_fields=["fingerprint", "fields"],
        )
        events.record_many(happened)
        self._keep_rows(rows)

    def _update_labels(self, change: _Change, known: dict[str, str]) -> dict[str, Any]:
        if change.hashes["labels"] == known.get("labels"):
            return {}
        before = sorted(change.item.labels.values_list("name", flat=True))
        wanted = [self.names.label(name) for name in change.record.labels if name.strip()]
        if before == sorted({label.name for label in wanted}):
            return {}
        change.item.labels.set(wanted)
        return {"labels": before}

    def _update_talk(self, change: _Change) -> dict[str, Any]:
        """Comments, criteria and history the source has and the item not; nothing is taken away."""
        item, record = change.item, change.record
        have = set(item.comments.values_list("source_author", "text"))
        new = [
            row for row in self._comments(record, item) if (row.source_author, row.text) not in have
        ]
        bulk.insert(new)
        texts = set(item.criteria.values_list("text", flat=True))
        start = item.criteria.count()
        added = [row for row in _criteria(record, item, self.now) if row.text not in texts]
        for offset, row in enumerate(added):
            row.position = start + offset
        bulk.insert(added)
        before: dict[str, Any] = {}
        if past := Past(self.names, self.by).missing(record, item):
            before["past_added"] = [row.pk for row in events.keep_past(past)]
        if new:
            before["comments_added"] = [row.pk for row in new]
        if added:
            before["criteria_added"] = [row.pk for row in added]
        return before

    def _order(self) -> None:
        """Records that carry a rank of their own stand in that order, behind what was here."""
        for ids in batches(self.ranked):
            with self._part():
                keys = ordering.many_between(self._last_rank(), None, len(ids))
                rows = [Item(pk=pk, rank=key) for pk, key in zip(ids, keys, strict=True)]
                Item.objects.bulk_update(rows, ["rank"], batch_size=250)

    def _last_rank(self) -> str | None:
        rows = Item.objects.filter(product=self.product)
        last: str | None = rows.aggregate(last=Max("rank"))["last"]
        return last

    def _event(
        self, item: Item, verb: str, record: Record, before: dict[str, Any] | None = None
    ) -> Event:
        changes: dict[str, Any] = {"from": [None, f"{self.run.file_name}, line {record.line}"]}
        for column, old in (before or {}).items():
            if not column.endswith("_added"):
                new = getattr(item, column, None) if column != "labels" else list(record.labels)
                changes[column] = [old, events.plain(new)]
        return events.build(by=self.by, verb=verb, obj=item, changes=changes, at=self.now)


def _criteria(record: Record, item: Item, now: datetime.datetime) -> Iterator[Criterion]:
    for position, criterion in enumerate(record.criteria):
        if criterion.text.strip():
            yield Criterion(
                item=item,
                position=position,
                text=criterion.text.strip(),
                met_at=now if criterion.done else None,
            )
