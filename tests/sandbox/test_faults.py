import pytest

from incidentops.sandbox.faults import ALWAYS, Faults, InjectedFault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("503", InjectedFault("503", 2)),
        ("503:5", InjectedFault("503", 5)),
        ("slow", InjectedFault("slow", ALWAYS)),
        ("409:always", InjectedFault("409", ALWAYS)),
        ("gitlab/lost-reply:1", InjectedFault("lost-reply", 1, "gitlab")),
    ],
)
def test_a_fault_is_spelled_as_service_name_and_count(text, fault):
    assert fault == InjectedFault.parse(text)


@pytest.mark.parametrize("text", ["", "500", "503:", "503:-1", "503:many"])
def test_another_spelling_is_refused_with_what_is_allowed(text):
    with pytest.raises(ValueError, match="lost-reply, 503, 409, 429, empty-list, slow, free-tier"):
        InjectedFault.parse(text)


def test_a_service_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="no service 'slack': allowed are gitlab, statusio"):
        Faults(["slack/503"], services=("gitlab", "statusio"))
    with pytest.raises(ValueError, match="no service 'slack'"):
        Faults(services=("gitlab",)).switch(off=["slack/503"])


def test_a_fault_reads_back_as_it_was_typed():
    assert ("gitlab/slow:always", "503:3") == tuple(str(InjectedFault.parse(text)) for text in ("gitlab/slow", "503:3"))


def test_the_first_requests_of_each_kind_are_hit_and_the_next_gets_through():
    faults = Faults(["503:2"])
    hits = [faults.hits("503", "gitlab", request) for request in ("GET /a", "GET /a", "GET /a", "GET /b")]
    assert [1, 2, 0, 1] == hits


def test_a_fault_of_one_service_leaves_the_other_alone():
    faults = Faults(["statusio/503"])
    assert (0, 1) == (faults.hits("503", "gitlab", "GET /a"), faults.hits("503", "statusio", "GET /a"))


def test_turning_a_fault_on_again_starts_its_count_again():
    faults = Faults(["503:1"])
    faults.hits("503", "gitlab", "GET /a")
    faults.switch(on=["503:1"])
    assert 1 == faults.hits("503", "gitlab", "GET /a")


def test_turning_a_fault_off_without_a_service_turns_it_off_everywhere():
    faults = Faults(["gitlab/503", "statusio/503", "slow"])
    faults.switch(off=["503"])
    assert ("slow:always",) == faults.active()


def test_a_bad_name_changes_nothing():
    faults = Faults(["slow"])
    with pytest.raises(ValueError, match="no fault 'nonsense'"):
        faults.switch(on=["503", "nonsense"], off=["slow"])
    assert ("slow:always",) == faults.active()


def test_exactly_the_write_that_was_named_loses_its_reply():
    faults = Faults()
    faults.lose_reply_of(2)
    assert [False, True, False] == [faults.count_write() for _ in range(3)]
