"""``dump``, ``dump_config`` and ``make_html``: what is printed and written of entries."""

from __future__ import annotations

from server.engine.entry import Entry
from server.plugins.outputs.dump import shown

CONFIG = """
tasks:
  t:
    mock:
      - {title: One, url: 'http://x/1', n: 5, tags: [a, 1], text: "two\\nlines", _hidden: x}
      - {title: Two, url: 'http://x/2'}
      - {title: Three, url: 'http://x/3'}
    regexp: {accept: [one], reject: [two]}
  empty: {mock: []}
"""


def test_entries_are_printed_by_state_with_their_fields(engine) -> None:
    made = engine(CONFIG)
    made.run("t", dump=["eval"])
    text = "\n".join(made.printed)
    lines = [line.rstrip() for line in text.splitlines()]
    sections = [line.strip("─ ") for line in lines if line.startswith("─")]
    assert sections == ["Undecided", "Accepted", "Rejected"]
    rows = [line.partition(":")[::2] for line in text.split("Accepted")[1].split("\n\n")[0].splitlines()[1:]]
    values = {name.strip(): value.strip() for name, value in rows}
    assert rows[0][0].strip() == "title"
    assert (values["title"], values["n"], values["tags"], values["text"]) == ("One", "5", "['a', 1]", "twolines")
    assert values["accepted_by"] == "regexp" and "_hidden" not in values


def test_words_choose_states_titles_and_the_trace(engine) -> None:
    made = engine(CONFIG)
    made.run("t", dump=["accepted", "title"])
    assert [line for line in "\n".join(made.printed).splitlines() if ":" in line] == ["title: One"]
    made.printed.clear()
    made.run("t", dump=["trace", "undecided"])
    assert "-- Processing trace:" in made.printed[1] and "Three" in made.printed[1]


def test_lazy_fields_are_looked_up_only_with_eval() -> None:
    entry = Entry(title="One", url="http://x/1")
    entry.register_lazy(["late"], lambda entry: entry.update({"late": "found"}))
    assert shown(entry)["late"].startswith("<LazyField")
    entry.evaluate_lazy()
    assert shown(entry)["late"] == "found"


def test_no_entries_is_said(engine) -> None:
    made = engine(CONFIG)
    made.run("empty", dump=[])
    assert made.printed == ["No entries were produced"]


def test_nothing_is_printed_unless_asked_for(engine) -> None:
    made = engine(CONFIG)
    made.run("t")
    assert made.printed == []


def test_dump_config_prints_the_task_and_ends_it_quietly(engine) -> None:
    made = engine(CONFIG)
    task = made.run("t", dump_config=True)
    assert "regexp:" in "\n".join(made.printed)
    assert task.aborted and task.silent_abort


def test_make_html_writes_a_page_by_a_template_of_ones_own_or_the_usual_one(engine, tmp_path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "mine.template").write_text("{% for e in task.accepted %}[{{ e.title }}]{% endfor %}")
    entries = "mock: [{title: '<One>', url: 'http://x/1'}], accept_all: yes, disable: seen"
    engine(f"tasks: {{t: {{{entries}, make_html: {{file: out/p.html, template: mine}}}}}}").run()
    assert (tmp_path / "out" / "p.html").read_text() == "[<One>]"
    engine(f"tasks: {{t: {{{entries}, make_html: {{file: out/p.html}}}}}}").run()
    assert '<a href="http://x/1">&lt;One&gt;</a>' in (tmp_path / "out" / "p.html").read_text()


def test_a_template_that_is_not_there_ends_the_task(engine) -> None:
    config = "tasks: {t: {mock: [{title: A}], accept_all: yes, make_html: {file: p.html, template: ../nope}}}"
    assert "no template" in engine(config).run().abort_reason
