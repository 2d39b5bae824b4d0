"""What a rule may know."""

from incidentops.rules.engine.context import context
from incidentops.rules.secrets import SIGNS
from make import NOW, a_handbook


def test_the_context_of_a_file_differs_from_that_of_the_run_by_its_text_only():
    handbook = a_handbook()
    run = context(NOW, handbook)
    file = run.reading("kind: incident")
    assert ("", "kind: incident") == (run.text, file.text)
    assert (NOW, handbook, run.public, run.secretive) == (file.now, file.handbook, file.public, file.secretive)


def test_whoever_makes_the_context_may_bring_a_quicker_eye_for_the_first_look():
    looked: list[str] = []

    def screen(pattern: str):
        looked.append(pattern)
        return lambda text: "x" in text

    run = context(NOW, a_handbook(), screen)
    assert SIGNS in looked
    assert run.secretive("x")
    assert not run.public.suspects("Ana Silva")
