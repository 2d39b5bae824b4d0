from incidentops.sandbox.gitlab.graphql_nodes import connection

NODES = [{"n": number} for number in range(250)]


def test_a_page_has_at_most_100_nodes():
    page = connection(NODES, first=500)
    assert (100, 250, True) == (len(page["nodes"]), page["count"], page["pageInfo"]["hasNextPage"])


def test_the_cursor_leads_through_all_pages():
    seen, after, more = [], None, True
    while more:
        page = connection(NODES, 90, after)
        seen += page["nodes"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert NODES == seen


def test_an_empty_page_has_no_cursors():
    assert {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None} == connection([])[
        "pageInfo"
    ]


def test_an_invalid_cursor_starts_at_the_first_node():
    assert NODES[:1] == connection(NODES, 1, "nonsense!")["nodes"]
