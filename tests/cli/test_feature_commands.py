"""Commands about what tasks remember."""

from __future__ import annotations

import pytest

CONFIG = """
    tasks:
      fruit:
        mock: [{title: Apple, url: "http://x/1"}, {title: Pear, url: "http://x/2"}]
        regexp: {accept: [apple], reject: [pear]}
"""


@pytest.fixture
def ran(configured):
    home = configured(CONFIG)
    assert home.run("execute").code == 0
    return home


def test_history_shows_what_was_accepted(ran):
    result = ran.run("history")
    assert result.code == 0
    assert "Apple" in result.out
    assert "Pear" not in result.out


def test_history_is_limited_by_words_and_task(ran):
    assert "Apple" not in ran.run("history", "--search", "nothing").out
    assert "Apple" not in ran.run("history", "--task", "other").out
    assert "Apple" in ran.run("history", "--task", "fruit", "--short").out


def test_output_for_programs_divides_columns_by_bars(ran):
    assert ran.run("history", "--porcelain").out.splitlines()[0] == "Time|Title"
    assert ran.run("status", "--porcelain").out.startswith("Task|Last execution|")


def test_tables_are_drawn_as_asked_for(ran):
    assert "┃" in ran.run("status", "--table-type", "heavy-head").out
    assert "| Task" in ran.run("status", "--table-type", "github").out
    assert ran.run("status", "--table-type", "wavy").code == 2


def test_what_was_forgotten_is_taken_again(ran):
    assert "Apple" in ran.run("seen", "search", "apple").out
    assert ran.run("seen", "forget", "Apple").out == "Removed 1 titles (2 fields)\n"
    assert "Nothing seen" in ran.run("seen", "search", "apple").out
    assert "ACCEPTED: `Apple`" in ran.run("execute").err


def test_a_whole_task_can_be_forgotten(ran):
    assert "Removed 0" in ran.run("seen", "forget", "fruit", "--task", "other").out
    assert "Removed 1" in ran.run("seen", "forget", "fruit", "--task", "FR*").out


def test_what_was_added_as_seen_is_not_taken(configured):
    home = configured(CONFIG)
    assert "all tasks" in home.run("seen", "add", "http://x/1").out
    home.run("execute")
    assert "Apple" not in home.run("history").out


def test_status_tells_of_tasks_and_of_executions(ran):
    row = ran.run("status", "--porcelain").out.splitlines()[1].split("|")
    assert [row[0], *row[3:7]] == ["fruit", "2", "1", "1", "0"]
    assert len(ran.run("status", "--task", "fruit", "--porcelain").out.splitlines()) == 2
    assert "fruit" in ran.run("status", "remove", "fr*").out
    assert ran.run("status", "--task", "fruit").code == 1


@pytest.mark.parametrize("command", ["failed", "rejected", "backlog"])
def test_lists_of_remembered_things_can_be_cleared(ran, command: str):
    assert ran.run(command, "list").code == 0
    assert ran.run(command, "clear").code == 0


def test_entries_go_on_lists_and_off_them(configured):
    home = configured(CONFIG)
    assert home.run("entry-list", "add", "mine", "Plum", "http://p", "--attributes", "a=b").code == 0
    assert home.run("entry-list", "add", "Fig", "http://f").code == 0
    assert "mine" in home.run("entry-list", "all").out
    assert "Plum" in home.run("entry-list", "list", "mine").out
    assert "Fig" in home.run("entry-list", "list").out
    assert "b" in home.run("entry-list", "show", "mine", "plum").out
    assert home.run("entry-list", "del", "mine", "PLUM").code == 0
    assert home.run("entry-list", "del", "mine", "Plum").code == 0
    assert home.run("entry-list", "purge", "mine").code == 0
    gone = home.run("entry-list", "list", "mine")
    assert "Could not find entry list with name mine" in gone.out + gone.err and gone.code == 0


def test_pending_entries_are_approved_and_the_approval_taken_back(configured):
    home = configured(CONFIG)
    assert home.run("pending-list", "add", "Plum", "http://p").code == 0
    assert home.run("pending-list", "approve", "Plum").code == 0
    assert home.run("pending-list", "list", "--porcelain").out.splitlines()[1].endswith("|yes")
    assert home.run("pending-list", "reject", "Plum").code == 0
    assert home.run("pending-list", "list", "--porcelain").out.splitlines()[1].endswith("|no")


def test_movies_are_listed_with_year_and_identifiers(configured):
    home = configured(CONFIG)
    assert home.run("movie-list", "add", "Silver River (2011)", "-i", "imdb_id=tt0000001").code == 0
    assert home.run("movie-list", "list", "--porcelain").out.splitlines()[1] == (
        "1|Silver River (2011)|imdb_id=tt0000001"
    )
    missing = home.run("movie-list", "del", "Silver River")
    assert "Could not find" in missing.out + missing.err
    assert "Removed movie" in home.run("movie-list", "del", "silver river (2011)").out


def test_a_regexp_that_is_none_is_refused(configured):
    home = configured(CONFIG)
    assert home.run("regexp-list", "add", "some(").code == 2
    assert home.run("regexp-list", "add", "some.*").code == 0
    assert "some.*" in home.run("regexp-list", "list").out


def test_variables_are_hidden_unless_asked_for(configured):
    home = configured("variables: {secret: hunter2hunter2}\ntasks: {}\n")
    assert "hunter2" not in home.run("variables", "list").out
    assert "hunter2" in home.run("variables", "list", "--values").out
    assert home.run("variables", "set", "number", "5").code == 0
    assert "number: 5" in home.config.read_text() or "number" in home.run("variables", "list").out
    assert home.run("variables", "del", "number").code == 0
    assert home.run("variables", "del", "number").code == 1


def test_the_database_is_emptied_only_when_one_is_sure(ran):
    assert ran.run("database", "reset").code == 2
    assert ran.run("database", "reset", "--sure").code == 0
    assert "Apple" not in ran.run("history").out


def test_one_plugin_forgets_and_the_others_do_not(ran):
    assert "seen" in ran.run("database", "reset-plugin").out.split()
    assert ran.run("database", "reset-plugin", "seen").code == 0
    assert ran.run("database", "reset-plugin", "nobody").code == 2
    assert "Nothing seen" in ran.run("seen", "search", "apple").out
    assert "Apple" in ran.run("history").out


def test_emptying_the_database_keeps_the_token(ran):
    before = ran.run("web", "showtoken").out
    ran.run("database", "reset", "--sure")
    assert ran.run("web", "showtoken").out == before


@pytest.mark.parametrize("command", ["cleanup", "vacuum", "check"])
def test_the_database_is_looked_after(ran, command: str):
    assert ran.run("database", command).code == 0


def test_a_backup_is_a_whole_database(ran):
    target = ran.folder / "copy.sqlite"
    assert ran.run("database", "backup", str(target)).code == 0
    ran.write(f"database: sqlite:///{target}\n{ran.config.read_text()}")
    assert "Apple" in ran.run("history").out
