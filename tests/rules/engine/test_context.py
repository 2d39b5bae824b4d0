"""What a rule may know."""

from incidentops.rules.engine.context import context
from incidentops.rules.secrets import SIGNS
from make import NOW, a_handbook, an_entry, an_incident

LATE = an_incident(an_entry("14:02", severity="S3"), an_entry("14:30", engage="eoc"))


def test_the_context_of_a_record_differs_from_that_of_the_run_by_its_text_and_itself():
    handbook = a_handbook()
    run = context(NOW, handbook)
    file = run.reading("kind: incident", LATE)
    assert ("", "kind: incident", LATE) == (run.text, file.text, file.incident)
    assert (NOW, handbook, run.public, run.secretive) == (file.now, file.handbook, file.public, file.secretive)


def test_what_is_due_on_a_record_is_computed_once():
    ctx = context(NOW, a_handbook()).reading("", LATE)
    (late,) = ctx.late("OWN002")
    assert (late,) == tuple(ctx.due("OWN002"))
    assert late is ctx.due("OWN002")[0]
    assert ctx.obligations is ctx.obligations
    assert (0, 0) == (len(ctx.late("RCA002")), len(ctx.due("RCA002")))


def test_a_run_can_be_moved_to_another_moment():
    run = context(NOW, a_handbook())
    moved = run.at(NOW.replace(year=2016))
    assert (2016, run.handbook, run.addresses) == (moved.now.year, moved.handbook, moved.addresses)


def test_without_a_record_nothing_is_due():
    assert () == context(NOW, a_handbook()).obligations


def test_the_search_for_signs_of_a_secret_can_be_replaced_by_a_quicker_one():
    looked: list[str] = []

    def screen(pattern: str):
        looked.append(pattern)
        return lambda text: "x" in text

    run = context(NOW, a_handbook(), screen)
    assert SIGNS in looked
    assert run.secretive("x")
    assert not run.public.suspects("Ana Silva")
