"""A rule every plan of a scenario has to hold, with who made it and why."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member
from tandem.backlog.models import Item, Kind, Label
from tandem.delivery.models import Team
from tandem.planning.models.scenario import Scenario
from tandem_engine.words import figure, said


class RuleKind(models.TextChoices):
    MUST = "must", N_("must be in")
    MUST_NOT = "must_not", N_("must not be in")
    IN_SPRINT = "in_sprint", N_("in sprint")
    EARLIEST = "earliest", N_("not before sprint")
    LATEST = "latest", N_("not after sprint")
    BEFORE = "before", N_("before")
    TOGETHER = "together", N_("together with")
    AT_MOST = "at_most", N_("at most so many of")
    SHARE_MIN = "share_min", N_("at least a share of the effort")
    SHARE_MAX = "share_max", N_("at most a share of the effort")


#: One of these per item: each says where the item belongs.
PLACING = (RuleKind.MUST, RuleKind.MUST_NOT, RuleKind.IN_SPRINT)
#: Rules with a sprint in ``number``.
OF_SPRINT = (RuleKind.IN_SPRINT, RuleKind.EARLIEST, RuleKind.LATEST)
#: Rules about a kind or a label and a share.
OF_SHARE = (RuleKind.SHARE_MIN, RuleKind.SHARE_MAX)
#: Rules that name several items.
OF_SEVERAL = (RuleKind.BEFORE, RuleKind.TOGETHER, RuleKind.AT_MOST)
#: Of what a share is, as the engine and the sentences below name it.
KIND_WORDS = (N_("story"), N_("bug"), N_("debt"), N_("spike"), N_("requirement"))
SPRINT_WORDS: dict[str, str] = {
    RuleKind.IN_SPRINT: N_("in sprint %(number)s"),
    RuleKind.EARLIEST: N_("not before sprint %(number)s"),
    RuleKind.LATEST: N_("not after sprint %(number)s"),
}
SEVERAL_WORDS: dict[str, str] = {
    RuleKind.BEFORE: N_("before %(keys)s"),
    RuleKind.TOGETHER: N_("together with %(keys)s"),
}
#: By kind, and whether it holds in each sprint.
SHARE_WORDS: dict[tuple[str, bool], str] = {
    (RuleKind.SHARE_MIN, False): N_("at least %(share)s %% of the effort is %(about)s"),
    (RuleKind.SHARE_MIN, True): N_("at least %(share)s %% of each sprint's effort is %(about)s"),
    (RuleKind.SHARE_MAX, False): N_("at most %(share)s %% of the effort is %(about)s"),
    (RuleKind.SHARE_MAX, True): N_("at most %(share)s %% of each sprint's effort is %(about)s"),
}


class Rule(models.Model):
    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="rules")
    kind = models.CharField(max_length=10, choices=RuleKind.choices)
    #: The item it is about; ``None`` for shares.
    item = models.ForeignKey(Item, null=True, on_delete=models.CASCADE, related_name="plan_rules")
    #: Before, together, at most: the items besides.
    others = models.ManyToManyField(Item, related_name="+")
    #: A sprint, or how many of the items at most.
    number = models.PositiveSmallIntegerField(null=True)
    #: In sprint: who takes it; ``None`` leaves that open.
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="+")
    #: Shares: of which items, by kind or by label, and how much of the effort, in percent.
    item_kind = models.CharField(max_length=12, choices=Kind.choices, blank=True)
    label = models.ForeignKey(Label, null=True, on_delete=models.CASCADE, related_name="+")
    share = models.FloatField(null=True)
    #: Shares: of what every single sprint finishes, not of the whole horizon.
    each_sprint = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "item"],
                condition=Q(kind__in=["must", "must_not", "in_sprint"]),
                name="one_rule_per_item",
            ),
            models.UniqueConstraint(
                fields=["scenario", "item", "kind"],
                condition=Q(kind__in=["earliest", "latest"]),
                name="one_bound_per_item",
            ),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__gte=0, share__lte=100),
                name="share_of_0_to_100_percent",
            ),
            models.CheckConstraint(
                condition=~Q(item=None) | Q(kind__in=["share_min", "share_max"]),
                name="rule_is_about_an_item",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.key if self.item else self.about} {self.get_kind_display()}"

    @property
    def about(self) -> str:
        """What a share rule speaks of: a kind or a label."""
        if self.label is not None:
            return f"“{self.label.name}”"
        return str(self.get_item_kind_display()).lower() if self.item_kind else ""

    @property
    def words(self) -> str:
        """The rule without the item it begins with: "not before sprint 3"."""
        others = ", ".join(each.key for each in self.others.all())
        number = self.number or 0
        if self.kind == RuleKind.IN_SPRINT and self.team is not None:
            return said("in sprint %(number)s by %(team)s", number=number, team=self.team.name)
        if self.kind in OF_SPRINT:
            return said(SPRINT_WORDS[self.kind], number=number)
        if self.kind == RuleKind.AT_MOST:
            return said("and %(keys)s: at most %(number)s of them", keys=others, number=number)
        if self.kind in OF_SEVERAL:
            return said(SEVERAL_WORDS[self.kind], keys=others)
        if self.kind in OF_SHARE:
            share = figure(self.share or 0)
            about = self.about if self.label is not None else said(self.about)
            return said(SHARE_WORDS[self.kind, self.each_sprint], share=share, about=about)
        return said(str(self.get_kind_display()))
