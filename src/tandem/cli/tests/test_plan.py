"""``tandem plan`` as people type it."""

import json

from tandem.cli.plan_asked import kept_for, problem_for
from tandem.cli.tests.test_import import write_jira
from tandem.planning.calculations_solved import solved
from tandem.planning.operations import rules
from tandem.planning.queries_plan import committed_plan

ALWAYS = {
    "status", "value", "bound", "gap", "sprints", "left_out", "explanation", "guesses", "notes",
    "score_and_cut", "seed", "fingerprint", "engine_version",
}  # fmt: skip


def sprint_of(told, key):
    return next((s["number"] for s in told["sprints"] if key in s["items"]), None)


def test_it_solves_with_rules_of_every_kind_and_explains_itself(command, tmp_path):
    write_jira(tmp_path / "jira.csv", 12)
    assert command("import", "jira-csv", tmp_path / "jira.csv", "--product", "BIG").returncode == 0
    team = ("plan", "--product", "BIG", "--team", "Web", "--capacity", "8", "--sprints", "2")
    run = command(
        *team, "--json", "--explain",
        "--in-sprint", "BIG-3:2", "--not-before", "BIG-4:2", "--not-after", "BIG-5:1",
        "--before", "BIG-6:BIG-7", "--together", "BIG-8,BIG-9", "--at-most", "1:BIG-1,BIG-2",
        "--must-not", "BIG-10", "--debt-share", "0",
        "--debt-share-each-sprint", "0",
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert set(told) >= ALWAYS | {"prices", "capacity_prices"}
    assert sprint_of(told, "BIG-3") == 2
    assert sprint_of(told, "BIG-4") in (None, 2)
    assert sprint_of(told, "BIG-5") in (None, 1)
    assert sprint_of(told, "BIG-10") is None
    assert (sprint_of(told, "BIG-8") is None) == (sprint_of(told, "BIG-9") is None)
    assert None in (sprint_of(told, "BIG-1"), sprint_of(told, "BIG-2"))
    assert {"rules", "entries", "alternatives", "complete"} <= set(told["prices"])

    curve = command(*team, "--json", "--frontier", "lenses")
    assert curve.returncode == 0, curve.stderr
    assert json.loads(curve.stdout)["points"]

    for wrong, code, said in (
        (("--in-sprint", "BIG-99:1"), 1, "There is no item BIG-99"),
        (("--debt-share", "200"), 1, "0 to 100 percent"),
        (("--debt-share-each-sprint", "-1"), 1, "0 to 100 percent"),
        (("--scenario", "Spring"), 1, "There is no scenario Spring"),
        (("--commit",), 2, "take a --scenario"),
    ):
        refused = command(*team, *wrong)
        assert refused.returncode == code, refused.stdout
        assert said in refused.stderr


def test_the_command_plans_a_scenario_keeps_and_commits_it(world, items, team, scenario):
    rules.rule_set(by=world.owner, scenario=scenario, kind="must", item=items["Fix"])
    asked = dict.fromkeys(("teams", "capacities", "must", "must_not", "before", "together"), ())
    asked |= dict.fromkeys(("in_sprint", "not_before", "not_after", "at_most"), ())
    asked |= {"scenario": "next", "sprints": None, "model": None, "debt_share": None}
    asked |= {"prerequisites_earlier": False, "seed": 0, "commits": True, "over": None}
    found, ready, extra = problem_for(world.product, asked)
    assert (found, extra) == (scenario, [])
    told = kept_for(world.owner, found, solved(ready), asked)
    assert told["state"] == "committed"
    assert committed_plan(world.product).pk == told["id"]
    assert team.sprints.filter(items__title="Fix").count() == 1
