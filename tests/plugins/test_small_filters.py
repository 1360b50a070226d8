"""Filters that look at one thing each."""

from __future__ import annotations

import pytest

from tests.support import Engine, titles


def run(engine, body: str, accept: bool = True):
    head = "templates: {global: {disable: [seen]}}\ntasks:\n  a:\n"
    head += "    accept_all: yes\n" if accept else ""
    return engine(head + "".join(f"    {line}\n" for line in body.strip().splitlines())).run()


def test_require_field_rejects_what_is_missing_or_empty(engine) -> None:
    task = run(engine, "mock: [{title: a, n: 5}, {title: b, n: null}, {title: c, n: 0}, {title: d}]\nrequire_field: n")
    assert titles(task.accepted) == ["a", "c"]
    assert [entry["reason"] for entry in task.rejected] == ["the required field n is empty", "there is no field n"]


def test_quality_must_meet_one_of_the_requirements(engine) -> None:
    task = run(engine, "mock: [{title: a 720p}, {title: b 1080p}, {title: c}]\nquality: [720p hdtv, 1080p+]")
    assert titles(task.accepted) == ["b 1080p"]
    assert task.rejected[0]["reason"] == "720p does not meet '720p hdtv' or '1080p+'"


def test_limit_new_lets_so_many_through(engine) -> None:
    assert titles(run(engine, "mock: [{title: a}, {title: b}, {title: c}]\nlimit_new: 2").accepted) == ["a", "b"]


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("title", ["B", "The A", "c"]),
        ("title|lower", ["B", "c", "The A"]),
        ("{field: n, reverse: yes}", ["c", "B", "The A"]),
        ("{field: title, ignore_articles: yes}", ["The A", "B", "c"]),
        ("[{field: k}, {field: n, reverse: yes}]", ["c", "The A", "B"]),
        ("mixed", ["The A", "c", "B"]),
    ],
)
def test_sort_by_orders_entries_and_puts_those_without_the_field_last(engine, config: str, expected: list[str]) -> None:
    mock = "mock: [{title: c, n: 3, k: 1, mixed: x}, {title: The A, n: 1, k: 1, mixed: 3}, {title: B, n: 2, k: 2}]"
    assert titles(run(engine, f"{mock}\nsort_by: {config}").all_entries) == expected


def test_content_size_rejects_what_is_out_of_bounds_or_unknown_after_the_download(engine) -> None:
    sizes = {"a": 10_485_760, "b": 1, "c": 1_000_000_000}
    mock = f"mock: {[{'title': title, 'content_size': size} for title, size in sizes.items()] + [{'title': 'd'}]}"
    task = run(engine, f"{mock}\ncontent_size: {{min: 2, max: 500 MB}}\nmax_reruns: 0")
    assert titles(task.accepted) == ["a"]
    assert [entry["reason"] for entry in task.rejected] == [
        "1 B is smaller than 2.0 MiB",
        "953.7 MiB is bigger than 476.8 MiB",
        "nothing tells its size",
    ]
    assert "d" in titles(run(engine, f"{mock}\ncontent_size: {{min: 2, strict: no}}").accepted)


@pytest.mark.parametrize(
    ("config", "accepted"),
    [
        ("{require: ['*.avi', '*.mkv']}", ["avi", "mkv", "rar", "unknown"]),
        ("{require_all: ['*.nfo', '*.mkv']}", ["mkv", "rar", "unknown"]),
        ("{reject: '*.rar'}", ["avi", "mkv", "unknown"]),
        ("{reject: ['^a'], regexp_mode: yes, strict: yes}", []),
        ("{max_files: 2, strict: yes}", ["avi", "mkv"]),
        ("{require: {from: [{mock: [{title: '*.avi'}]}]}}", ["avi", "unknown"]),
    ],
)
def test_content_filter_looks_at_the_names_of_files(engine, config: str, accepted: list[str]) -> None:
    mock = """
mock:
  - {title: avi, content_files: [a.avi, b.NFO]}
  - {title: mkv, content_files: [a.mkv, sub/b.nfo]}
  - {title: rar, content_files: [a.rar, b.nfo, c.mkv]}
  - {title: unknown}
max_reruns: 0
"""
    assert titles(run(engine, f"{mock}content_filter: {config}").accepted) == accepted


def test_unique_acts_on_repetitions_and_leaves_what_lacks_the_field(engine) -> None:
    mock = "mock: [{title: a, k: 1, j: 1}, {title: b, k: 1, j: 2}, {title: c, k: 1, j: 1}, {title: d}, {title: e}]"
    assert titles(run(engine, f"{mock}\nunique: {{field: [k, j]}}").rejected) == ["c"]
    assert titles(run(engine, f"{mock}\nunique: {{field: k, action: accept}}", accept=False).accepted) == ["b", "c"]


def test_duplicates_accepts_all_or_rejects_all_but_the_last(engine) -> None:
    mock = "mock: [{title: a, k: 1}, {title: b, k: 1}, {title: c, k: 2}, {title: d}]"
    assert titles(run(engine, f"{mock}\nduplicates: {{field: k, action: reject}}").rejected) == ["a"]
    task = run(engine, f"{mock}\nduplicates: {{field: k, action: accept}}", accept=False)
    assert titles(task.accepted) == ["a", "b"]


def test_age_acts_on_old_dates_fails_what_has_none_and_leaves_what_is_no_date(engine) -> None:
    mock = (
        "mock: [{title: old, d: 2020-01-01 10:00:00}, {title: text, d: '2020-01-01'}, {title: bad, d: x}, {title: n}]"
    )
    task = run(engine, f"{mock}\nage: {{field: d, age: 7 days, action: accept}}\nmax_reruns: 0", accept=False)
    assert (titles(task.accepted), titles(task.failed), titles(task.undecided)) == (["old", "text"], ["n"], ["bad"])


def test_best_quality_keeps_the_best_of_each(engine) -> None:
    mock = """
mock:
  - {title: a 720p, media_id: m1}
  - {title: a 1080p, media_id: m1}
  - {title: b 1080p, media_id: m1, proper_count: 1}
  - {title: c, media_id: m2}
  - {title: unknown one}
  - {title: unknown two}
"""
    task = run(engine, f"{mock}best_quality: {{on_best: accept}}", accept=False)
    assert titles(task.accepted) == ["b 1080p", "c", "unknown one", "unknown two"]
    task = run(
        engine, f"{mock}best_quality: {{identified_by: '{{{{ media_id }}}}', on_lower: do_nothing}}", accept=False
    )
    assert task.rejected == []


def test_best_quality_of_several_takes_all_of_the_best_quality_repaired_or_not(engine) -> None:
    mock = "mock: [{title: a 720p, media_id: m}, {title: a 1080p, media_id: m}, {title: b 1080p proper, media_id: m}]"
    task = run(engine, f"{mock}\nbest_quality: {{single_best: no}}")
    assert titles(task.accepted) == ["a 1080p", "b 1080p proper"]


def test_torrent_alive_goes_by_the_seeds_that_are_told(engine) -> None:
    mock = "mock: [{title: a, torrent_seeds: 0}, {title: b, torrent_seeds: 3}, {title: c}]"
    assert titles(run(engine, f"{mock}\ntorrent_alive: 2").rejected) == ["a"]
    assert titles(run(engine, f"{mock}\ntorrent_alive: yes").accepted) == ["b", "c"]


def test_crossmatch_compares_with_another_input_and_takes_over_what_is_missing(engine) -> None:
    mock = "mock: [{title: Foo}, {title: bar, k: B}, {title: Baz foo x}]"
    other = "from: [{mock: [{title: foo, extra: 1}, {title: Bar, k: B}]}]"
    task = run(engine, f"{mock}\ncrossmatch: {{{other}, fields: [title, k], action: accept}}", accept=False)
    assert titles(task.accepted) == ["bar"]
    loose = "exact: no, case_sensitive: no"
    task = run(engine, f"{mock}\ncrossmatch: {{{other}, fields: [title], action: reject, {loose}}}", accept=False)
    assert titles(task.rejected) == ["Foo", "bar", "Baz foo x"]
    assert task.rejected[0]["extra"] == 1
    whole = "from: [{mock: [{title: say Foo twice}]}]"
    task = run(engine, f"{mock}\ncrossmatch: {{{whole}, fields: [title], action: reject, exact: no}}", accept=False)
    assert titles(task.rejected) == ["Foo"]
    strict = "all_fields: yes, case_sensitive: no"
    task = run(engine, f"{mock}\ncrossmatch: {{{other}, fields: [title, k], action: reject, {strict}}}", accept=False)
    assert titles(task.rejected) == ["bar"]


def test_exists_rejects_what_a_folder_holds(engine, tmp_path) -> None:
    (tmp_path / "lib" / "sub").mkdir(parents=True)
    for name in ("present.file", "second.txt", "sub/deep"):
        (tmp_path / "lib" / name).touch()
    mock = "mock: [{title: present.file}, {title: x, filename: second.txt}, {title: y, location: /deep}, {title: sub}]"
    task = run(engine, f"{mock}\nexists: {tmp_path / 'lib'}")
    assert titles(task.accepted) == ["sub"]
    assert not run(engine, f"{mock}\nexists: {tmp_path / 'lib'}", accept=False).rejected


def test_assume_quality_fills_in_what_is_unknown_the_most_precise_rule_first(engine) -> None:
    mock = "mock: [{title: a hdtv}, {title: b 1080p}, {title: c}, {title: d 720p hdtv}, {title: e 720p ac3}]"
    rules = "assume_quality: {hdtv: 720p, 720p hdtv: 10bit, '!ac3 !mp3': bluray, any: 720p h264}"
    assert [str(entry["quality"]) for entry in run(engine, f"{mock}\n{rules}").all_entries] == [
        "720p hdtv h264",
        "1080p bluray h264",
        "720p bluray h264",
        "720p hdtv h264 10bit",
        "720p h264 ac3",
    ]


def test_regex_extract_puts_named_groups_into_fields(engine) -> None:
    config = r"{field: title, prefix: p_, regex: ['(?P<name>foo) (?P<num>\d+)', '(?P<last>bar)']}"
    entry = run(engine, f"mock: [{{title: Foo 12 Bar}}]\nregex_extract: {config}").all_entries[0]
    assert (entry["p_name"], entry["p_num"], "p_last" in entry) == ("Foo", "12", False)
    entry = run(engine, "mock: [{title: Foo 12}]\nregex_extract: {regex: '(?P<num>\\d+)'}").all_entries[0]
    assert entry["num"] == "12"


def test_sort_by_without_a_field_turns_the_order_round(engine) -> None:
    mock = "mock: [{title: b}, {title: c}, {title: a}]"
    assert titles(run(engine, f"{mock}\nsort_by: {{reverse: yes}}").all_entries) == ["a", "c", "b"]
    assert titles(run(engine, f"{mock}\nsort_by: [{{reverse: yes}}, title]").all_entries) == ["c", "b", "a"]


def test_a_mock_entry_may_be_a_title_alone(engine) -> None:
    (entry,) = run(engine, "mock: [just a title]").all_entries
    assert (entry["title"], entry["url"][:22]) == ("just a title", "mock://localhost/mock/")


def test_parameterize_runs_an_input_for_each_entry_of_another(engine) -> None:
    config = "{plugin: {mock: [{title: 'p {{ n }}'}]}, using: {mock: [{title: u, n: 7}, {title: v, n: 8}]}}"
    made: Engine = engine(f"tasks: {{a: {{parameterize: {config}}}}}".replace("'p {{ n }}'", '"p {{ n }}"'))
    assert titles(made.run().all_entries) == ["p 7", "p 8"]


def test_parameterize_goes_on_where_one_input_cannot_be_read(engine, web) -> None:
    web.put("/two", '<a href="/x">In two</a>', "text/html")
    url = f"'{web.url('/')}{{{{ title }}}}'"
    config = f"{{plugin: {{html: {{url: {url}}}}}, using: {{mock: [{{title: one}}, {{title: two}}]}}}}"
    assert titles(engine(f"tasks: {{a: {{parameterize: {config}}}}}").run().all_entries) == ["In two"]


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ("content_filter: {require: '*.mkv', regexp_mode: yes}", "'*.mkv' is no regular expression"),
        (r"manipulate: [{title: {replace: {regexp: a, format: '\2'}}}]", "does not fit its expression 'a'"),
        (r"manipulate: [{title: {replace: {regexp: a, format: '\g<n>'}}}]", "does not fit its expression 'a'"),
        ("sort_by: quality.", "`sort_by`: the expression 'quality.' is wrong"),
    ],
)
def test_a_mistake_in_the_config_ends_the_task_in_words(engine, config: str, reason: str) -> None:
    task = run(engine, f"mock: [{{title: a, content_files: [b]}}]\n{config}")
    assert reason in task.abort_reason and "BUG" not in task.abort_reason
