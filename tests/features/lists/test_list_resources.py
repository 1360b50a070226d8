"""``/entry_list/``, ``/movie_list/`` and ``/pending_list/`` over a real socket."""

from __future__ import annotations

import pytest


def test_a_list_is_created_found_and_deleted(server) -> None:
    for kind in ("entry_list", "movie_list", "pending_list"):
        made = server.post(f"/api/{kind}/", {"name": "Wanted"})
        assert made.status == 201
        assert made.json.keys() == {"id", "name", "added_on"}
        again = server.post(f"/api/{kind}/", {"name": "wanted"})
        assert (again.status, again.json["status"]) == (409, "Error")
        assert [item["name"] for item in server.get(f"/api/{kind}/?name=WANT").json] == ["Wanted"]
        assert server.get(f"/api/{kind}/?name=other").json == []
        address = f"/api/{kind}/{made.json['id']}/"
        assert server.get(address).json == made.json
        assert server.delete(address).json["status"] == "success"
        assert server.get(address).status == server.delete(address).status == 404
        assert server.post(f"/api/{kind}/", {}).status == 422


@pytest.mark.parametrize("kind", ["entry_list", "pending_list"])
def test_entries_are_kept_with_all_their_fields(server, kind: str) -> None:
    base = f"/api/{kind}/{server.post(f'/api/{kind}/', {'name': 'a'}).json['id']}/entries/"
    made = server.post(base, {"title": "t", "original_url": "http://x/", "foo": [1]})
    assert made.status == 201
    assert made.json["entry"] == {"title": "t", "original_title": "t", "original_url": "http://x/", "foo": [1]}
    assert server.post(base, {"title": "t", "original_url": "http://y/"}).status == 409
    assert server.post(base, {"title": "t"}).status == 422
    address = f"{base}{made.json['id']}/"
    assert server.get(address).json == made.json
    page = server.get(f"{base}?sort_by=added&order=asc")
    assert (page.headers["Total-Count"], page.headers["Count"]) == ("1", "1")
    assert page.json == [made.json]
    assert server.get(f"{base}?sort_by=color").status == 400
    assert server.get(f"{base}99/").status == 404
    assert server.delete(address).status == 200
    assert server.get(base).json == []


@pytest.mark.parametrize("kind", ["entry_list", "pending_list"])
def test_an_entry_without_a_title_is_refused_because_no_task_could_read_the_list(server, kind: str) -> None:
    base = f"/api/{kind}/{server.post(f'/api/{kind}/', {'name': 'a'}).json['id']}/entries/"
    refused = server.post(base, {"title": "", "original_url": "http://x/"})
    assert refused.status == 422
    assert refused.json["validation_errors"][0]["path"] == ["title"]
    assert server.get(base).json == []


def test_an_entry_is_replaced_as_a_whole(server) -> None:
    base = f"/api/entry_list/{server.post('/api/entry_list/', {'name': 'a'}).json['id']}/entries/"
    first = server.post(base, {"title": "one", "original_url": "http://x/", "foo": 1}).json
    server.post(base, {"title": "two", "original_url": "http://y/"})
    changed = server.put(f"{base}{first['id']}/", {"title": "three", "original_url": "http://z/"})
    assert (changed.status, changed.json["title"]) == (201, "three")
    assert "foo" not in changed.json["entry"]
    assert server.put(f"{base}{first['id']}/", {"title": "two", "original_url": "http://z/"}).status == 409
    assert server.put(f"{base}99/", {"title": "x", "original_url": "http://z/"}).status == 404
    assert server.put(f"{base}{first['id']}/", {"title": "", "original_url": "http://z/"}).status == 422


def test_whole_numbers_may_be_told_with_a_point(server) -> None:
    base = f"/api/entry_list/{server.post('/api/entry_list/', {'name': 'a'}).json['id']}/entries"
    made = server.post(f"{base}/", {"title": "t", "original_url": "http://x/", "rating": 7.0}).json
    assert isinstance(made["entry"]["rating"], float)
    refused = server.delete(f"{base}/batch", {"ids": [1e300]})
    assert (refused.status, "64 bits" in refused.json["message"]) == (400, True)
    assert server.delete(f"{base}/batch", {"ids": [float(made["id"])]}).status == 204
    assert server.get(f"{base}/").json == []
    show = server.post("/api/series/", {"name": "Some Show", "begin_episode": 12.0})
    assert (show.status, show.json["begin_episode"]["identifier"]) == (201, "12")


def test_several_entries_go_at_once_and_unknown_ids_are_passed_over(server) -> None:
    base = f"/api/entry_list/{server.post('/api/entry_list/', {'name': 'a'}).json['id']}/entries"
    ids = [server.post(f"{base}/", {"title": str(n), "original_url": f"http://{n}/"}).json["id"] for n in range(3)]
    assert server.delete(f"{base}/batch", {"ids": [ids[0], ids[2], 999]}).status == 204
    assert [item["title"] for item in server.get(f"{base}/").json] == ["1"]
    assert server.delete(f"{base}/batch", {"ids": []}).status == 422
    assert server.delete(f"{base}/batch", {"ids": [1, 1]}).status == 422
    assert server.delete(f"{base}/batch", {"ids": [*range(9000)]}).status == 204
    wrong = server.delete(f"{base}/batch", {"ids": [str(n) for n in range(2000)]})
    assert (wrong.status, len(wrong.json["validation_errors"])) == (422, 500)


def test_pending_entries_are_approved_and_rejected(server) -> None:
    base = f"/api/pending_list/{server.post('/api/pending_list/', {'name': 'a'}).json['id']}/entries"
    entry = server.post(f"{base}/", {"title": "Some T", "original_url": "http://x/"}).json
    assert entry["approved"] is False
    address = f"{base}/{entry['id']}/"
    assert server.put(address, {"operation": "reject"}).status == 400
    approved = server.put(address, {"operation": "approve"})
    assert (approved.status, approved.json["approved"]) == (201, True)
    assert server.put(address, {"operation": "approve"}).status == 400
    assert server.put(address, {"operation": "nothing"}).status == 422
    batch = server.put(f"{base}/batch", {"operation": "reject", "ids": [entry["id"], 99]})
    assert (batch.status, [item["approved"] for item in batch.json]) == (201, [False])
    assert [item["title"] for item in server.get(f"{base}/?filter=some").json] == ["Some T"]
    assert server.get(f"{base}/?filter=other").json == []


def test_an_entry_may_come_to_a_pending_list_approved(server) -> None:
    base = f"/api/pending_list/{server.post('/api/pending_list/', {'name': 'a'}).json['id']}/entries"
    for number, approved in enumerate((True, False, "yes")):
        posted = {"title": f"T {number}", "original_url": "http://x/", "approved": approved}
        assert server.post(f"{base}/", posted).json["approved"] is (approved is True)
    assert server.get(f"{base}/?sort_by=approved").json[0]["title"] == "T 0"


def test_movies_are_added_with_identifiers_that_can_be_replaced(server) -> None:
    base = f"/api/movie_list/{server.post('/api/movie_list/', {'name': 'a'}).json['id']}/movies"
    made = server.post(
        f"{base}/", {"movie_name": "Film", "movie_year": 2012, "movie_identifiers": [{"imdb_id": "tt1"}]}
    )
    assert made.status == 201
    assert (made.json["title"], made.json["year"]) == ("Film", 2012)
    assert [(item["id_name"], item["id_value"]) for item in made.json["movies_list_ids"]] == [("imdb_id", "tt1")]
    assert server.post(f"{base}/", {"movie_name": "Film", "movie_year": 2012}).status == 409
    assert server.post(f"{base}/", {"movie_name": "F", "movie_identifiers": [{"other": "1"}]}).status == 400
    same_id = server.post(f"{base}/", {"movie_name": "Film (Cut)", "movie_identifiers": [{"imdb_id": "tt1"}]})
    assert same_id.status == 201
    assert server.delete(f"{base}/{same_id.json['id']}/").status == 200
    address = f"{base}/{made.json['id']}/"
    changed = server.put(address, [{"tmdb_id": 5}])
    assert [(item["id_name"], item["id_value"]) for item in changed.json["movies_list_ids"]] == [("tmdb_id", "5")]
    assert server.put(address, [{"other": "5"}]).status == 400
    assert server.put(address, [{"imdb_id": None}]).status == 400
    assert server.put(f"{base}/99/", [{"tmdb_id": 5}]).status == 404
    assert server.get(f"{base}/?sort_by=year").json == [changed.json]
    gone = server.delete(f"{base}/batch", {"ids": [made.json["id"], 99]})
    assert (gone.status, gone.body, gone.headers["Content-Type"]) == (204, b"", "application/json")
    assert server.get(address).status == 404
    assert "imdb_id" in server.get("/api/movie_list/identifiers/").json
