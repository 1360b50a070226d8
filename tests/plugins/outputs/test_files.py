"""``move``, ``copy`` and ``delete``."""

from __future__ import annotations

import os
import time

import pytest

from server.plugins.outputs import _files


@pytest.fixture
def source(tmp_path):
    """A folder with a video, what belongs to it, and something else; all of it a while old."""
    folder = tmp_path / "src"
    (folder / "Subs").mkdir(parents=True)
    for name in ("Film.mkv", "Film.srt", "Film.en.srt", "Film.nfo", "Other.srt", "Subs/Film.srt", "Subs/Film.idx"):
        path = folder / name
        path.write_text(name)
        os.utime(path, (time.time() - 60,) * 2)
    return folder


def run(engine, tmp_path, what: str, fields: str = "location: src/Film.mkv", **options):
    fields = fields.replace("src/", f"{tmp_path}/src/")
    task = f"mock: [{{title: 'My: Film', {fields}}}], accept_all: yes, max_reruns: 0, {what}"
    config = f"tasks: {{t: {{{task}, disable: [seen, retry_failed]}}}}"
    return engine(config).run(**options).entries[0]


def files(folder) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_move_takes_the_file_and_notes_both_places(engine, tmp_path, source) -> None:
    entry = run(engine, tmp_path, "move: {to: 'out/{{title|lower}}'}")
    target = tmp_path / "out" / "my: film" / "Film.mkv"
    assert target.read_text() == "Film.mkv" and not (source / "Film.mkv").exists()
    assert (entry["location"], entry["old_location"]) == (str(target), str(source / "Film.mkv"))


def test_copy_leaves_the_file(engine, tmp_path, source) -> None:
    entry = run(engine, tmp_path, "copy: {to: out}")
    assert (source / "Film.mkv").exists() and files(tmp_path / "out") == ["Film.mkv"]
    assert entry["location"] == str(tmp_path / "out" / "Film.mkv")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("rename: '{{title}}'", "My: Film.mkv"),
        ("rename: 'a/b.avi'", "a b.avi.mkv"),
        ("rename: 'x.avi', keep_extension: no", "x.avi"),
    ],
)
def test_rename(engine, tmp_path, source, options, expected) -> None:
    run(engine, tmp_path, f"move: {{to: out, {options}}}")
    assert files(tmp_path / "out") == [expected]


def test_without_to_the_folder_stays_and_the_entrys_field_comes_first(engine, tmp_path, source) -> None:
    assert run(engine, tmp_path, "move: {rename: New}")["location"] == str(source / "New.mkv")
    fields = "location: src/New.mkv, move_to: src/deep"
    assert run(engine, tmp_path, "move: {to: out}", fields)["location"] == str(source / "deep" / "New.mkv")


def test_the_entrys_filename_is_the_new_name_where_rename_is_not_set(engine, tmp_path, source) -> None:
    fields = "location: src/Film.mkv, filename: Own.mkv"
    assert run(engine, tmp_path, "copy: {to: out}", fields)["location"] == str(tmp_path / "out" / "Own.mkv")
    assert run(engine, tmp_path, "copy: {to: out, rename: R}", fields)["location"] == str(tmp_path / "out" / "R.mkv")


def test_the_folder_is_taken_as_its_template_gives_it(engine, tmp_path, source) -> None:
    location = run(engine, tmp_path, "pathscrub: windows, move: {to: 'out/{{title}} ?'}")["location"]
    assert location == str(tmp_path / "out" / "My: Film ?" / "Film.mkv")


def test_companions_go_along_under_the_new_name(engine, tmp_path, source) -> None:
    run(engine, tmp_path, "move: {to: out, rename: New, along: {extensions: [srt, idx], subdirs: subs}}")
    assert files(tmp_path / "out") == ["New.en.srt", "New.idx", "New.mkv", "New.srt"]
    assert files(source) == ["Film.nfo", "Other.srt"]


def test_clean_source_removes_a_folder_that_is_small_enough(engine, tmp_path, source) -> None:
    run(engine, tmp_path, "move: {to: out, clean_source: 0.000001}")
    assert source.exists()
    run(engine, tmp_path, "move: {to: out, clean_source: 1}", "location: src/Film.nfo")
    assert not source.exists()


@pytest.mark.parametrize("verb", ["move", "copy", "delete"])
def test_what_is_not_there_or_a_folder_is_left_alone(engine, tmp_path, source, caplog, verb) -> None:
    option = "yes" if verb == "delete" else "{to: out}"
    assert run(engine, tmp_path, f"{verb}: {option}", "location: src/none.mkv").accepted
    assert run(engine, tmp_path, f"{verb}: {option}", "location: src/Subs").accepted
    assert run(engine, tmp_path, f"{verb}: {option}", "n: 1").accepted
    assert "does not exist" in caplog.text and "is a folder" in caplog.text
    assert (source / "Subs").is_dir()


def test_folders_with_allow_dir(engine, tmp_path, source) -> None:
    run(engine, tmp_path, "copy: {to: out, allow_dir: yes}", "location: src/Subs")
    assert files(tmp_path / "out") == ["Subs/Film.idx", "Subs/Film.srt"]
    entry = run(engine, tmp_path, f"move: {{to: '{source}/Subs/x', allow_dir: yes}}", "location: src/Subs")
    assert "itself" in entry["reason"]
    run(engine, tmp_path, "delete: {allow_dir: yes}", "location: src/Subs")
    assert not (source / "Subs").exists()


def test_a_missing_field_fails_the_entry(engine, tmp_path, source) -> None:
    assert "nope" in run(engine, tmp_path, "copy: {to: 'out/{{nope}}'}")["reason"]


def test_titles_cannot_lead_out_of_the_target(engine, tmp_path, source) -> None:
    entry = run(engine, tmp_path, "move: {to: 'out/{{n}}'}", "location: src/Film.mkv, n: ../../evil")
    assert entry.failed and (source / "Film.mkv").exists()


def test_delete_takes_companions_along(engine, tmp_path, source) -> None:
    run(engine, tmp_path, "delete: {along: {extensions: srt}}")
    assert files(source) == ["Film.nfo", "Other.srt", "Subs/Film.idx", "Subs/Film.srt"]


@pytest.mark.parametrize("what", ["move: {to: out}", "copy: {to: out}", "delete: yes"])
def test_test_mode_changes_nothing(engine, tmp_path, source, what) -> None:
    before = files(source)
    run(engine, tmp_path, what, test=True)
    assert files(source) == before


def test_a_file_that_grows_is_waited_for(engine, tmp_path, source, monkeypatch) -> None:
    monkeypatch.setattr(_files, "STABLE_SECONDS", 0.05)
    os.utime(source / "Film.mkv")
    run(engine, tmp_path, "move: {to: out}")
    assert files(tmp_path / "out") == ["Film.mkv"]


def test_over_the_border_of_a_file_system_the_file_is_copied_and_removed(engine, tmp_path, source, monkeypatch) -> None:
    replace = type(source).replace

    def refuse(self, target):
        if self.name == "Film.mkv":
            raise OSError(18, "Invalid cross-device link")
        return replace(self, target)

    monkeypatch.setattr(type(source), "replace", refuse)
    run(engine, tmp_path, "move: {to: out}")
    assert files(tmp_path / "out") == ["Film.mkv"] and not (source / "Film.mkv").exists()


def test_cleaning_up_leaves_the_folder_in_which_the_file_is_now(engine, tmp_path, source) -> None:
    entry = run(engine, tmp_path, "move: {rename: New, clean_source: 50}")
    assert (source / "New.mkv").read_text() == "Film.mkv" and entry.accepted
    deep = run(engine, tmp_path, f"move: {{to: '{source}/a/b', clean_source: 50}}", "location: src/New.mkv")
    assert (source / "a" / "b" / "New.mkv").exists() and deep.accepted


def test_an_entry_may_say_for_itself_what_is_cleaned_up(engine, tmp_path, source) -> None:
    run(engine, tmp_path, "move: {to: out}", "location: src/Film.mkv, clean_source: 50")
    assert not source.exists()


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_folder_that_cannot_be_removed_does_not_fail_what_was_moved(engine, tmp_path, source, caplog) -> None:
    (tmp_path / "link").symlink_to(source, target_is_directory=True)
    location = f"location: '{tmp_path}/link/Film.mkv'"
    entry = run(engine, tmp_path, "move: {to: out, clean_source: 50}", location)
    assert entry.accepted and source.is_dir()
    assert f"{tmp_path}/link cannot be removed" in caplog.text


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes in folders there")
def test_a_folder_that_is_half_copied_is_not_seen(engine, tmp_path, source) -> None:
    os.mkfifo(source / "pipe")
    entry = run(engine, tmp_path, "copy: {to: out, allow_dir: yes}", f"location: '{source}'")
    assert entry.failed and files(tmp_path / "out") == []
