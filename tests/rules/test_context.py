"""What a rule may know."""

from incidentops.rules.context import context
from make import NOW, a_handbook


def test_the_context_of_a_file_differs_from_that_of_the_run_by_its_text_only():
    handbook = a_handbook()
    run = context(NOW, handbook)
    file = run.reading("kind: incident")
    assert ("", "kind: incident") == (run.text, file.text)
    assert (NOW, handbook, run.public) == (file.now, file.handbook, file.public)
