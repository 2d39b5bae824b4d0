"""Pipelines of merge requests, their jobs and what these left; what the sandbox gets from git and a runner."""

import runner

P = "/projects/1217"


def a_merge_request(gitlab) -> int:
    fields = {"title": "Declare", "source_branch": "incident", "target_branch": "main"}
    return gitlab.post(f"{P}/merge_requests", **fields).json()["iid"]


def test_a_merge_request_knows_its_newest_commit_and_how_it_was_merged(gitlab):
    iid = a_merge_request(gitlab)
    assert gitlab.get(f"{P}/merge_requests/{iid}").json()["sha"] is None
    runner.moved(gitlab.box.store, iid, "a" * 40)
    runner.moved(gitlab.box.store, iid, "b" * 40)
    assert "b" * 40 == gitlab.get(f"{P}/merge_requests/{iid}").json()["sha"]
    runner.merged(gitlab.box.store, iid, "c" * 40)
    merged = gitlab.get(f"{P}/merge_requests/{iid}").json()
    assert ("merged", "c" * 40) == (merged["state"], merged["merge_commit_sha"])
    assert merged["merged_at"]


def test_commits_lead_to_the_merge_requests_that_hold_them(gitlab):
    iid = a_merge_request(gitlab)
    runner.moved(gitlab.box.store, iid, "a" * 40)
    runner.merged(gitlab.box.store, iid, "c" * 40, "b" * 40)
    for sha in "abc":
        assert [iid] == [one["iid"] for one in gitlab.get(f"{P}/repository/commits/{sha * 40}/merge_requests").json()]
    assert [] == gitlab.get(f"{P}/repository/commits/{'d' * 40}/merge_requests").json()
    assert [] == gitlab.get(f"{P}/repository/commits/{'a' * 40}/merge_requests", state="opened").json()


def test_what_a_job_left_is_found_from_the_merge_request(gitlab):
    iid = a_merge_request(gitlab)
    first = runner.ran(gitlab.box.store, iid, "a" * 40, {"plan.json": b"{}"})
    second = runner.ran(gitlab.box.store, iid, "b" * 40, {}, status="failed")
    listed = gitlab.get(f"{P}/merge_requests/{iid}/pipelines").json()
    assert [(second, "b" * 40, "failed"), (first, "a" * 40, "success")] == [
        (one["id"], one["sha"], one["status"]) for one in listed
    ]
    [job] = gitlab.get(f"{P}/pipelines/{first}/jobs", scope="success").json()
    assert ("plan", "success") == (job["name"], job["status"])
    assert [] == gitlab.get(f"{P}/pipelines/{second}/jobs", scope="success").json()
    assert b"{}" == gitlab.get(f"{P}/jobs/{job['id']}/artifacts/plan.json").content
    assert 404 == gitlab.get(f"{P}/jobs/{job['id']}/artifacts/plan.md").status_code
    assert 404 == gitlab.get(f"{P}/jobs/999/artifacts/plan.json").status_code
    assert 404 == gitlab.by("gus").get(f"{P}/jobs/{job['id']}/artifacts/plan.json").status_code


def test_a_pipeline_of_a_fork_is_listed_and_is_not_here(gitlab):
    iid = a_merge_request(gitlab)
    pipeline = runner.ran(gitlab.box.store, iid, "a" * 40, {"plan.json": b"{}"}, project=99)
    assert [99] == [one["project_id"] for one in gitlab.get(f"{P}/merge_requests/{iid}/pipelines").json()]
    assert 404 == gitlab.get(f"{P}/pipelines/{pipeline}/jobs").status_code
