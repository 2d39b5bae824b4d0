from incidentops.sandbox import seed
from incidentops.sandbox.seed import COMPONENTS, PAIRS, Seed


def test_added_people_come_after_the_cast_and_only_once():
    names = [person.username for person in Seed(users=("ana", "zoe", "zoe")).people]
    assert names.count("ana") == names.count("zoe") == 1
    assert "zoe" == names[-1]


def test_every_person_has_a_token_of_their_own():
    assert ("zoe", "api") == Seed(users=("zoe",)).tokens()["sandbox-zoe"]


def test_the_ids_of_the_status_page_are_of_24_hex_digits():
    ids = [seed.STATUSIO_PAGE, *(part for item in COMPONENTS for part in (item.id, item.container))]
    assert all(len(one) == 24 and int(one, 16) for one in ids)
    assert len(set(ids)) == len(ids)


def test_a_pair_is_written_as_a_handbook_writes_it():
    assert all(PAIRS[item.name] == f"{item.id}-{item.container}" for item in COMPONENTS)


def test_the_description_has_what_a_handbook_needs():
    description = Seed().describe("http://127.0.0.1:1")
    assert "http://127.0.0.1:1/statusio/v2" == description["environment"]["STATUSIO_API_URL"]
    assert PAIRS["API"] in [item["pair"] for item in description["statusio"]["components"]]
    assert {"ana", "bo", "incident-bot"} <= set(description["users"])
