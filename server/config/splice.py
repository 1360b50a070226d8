"""From a difference in meaning to the few characters that must change: the inner works of :mod:`server.config.edit`.

A :class:`Splicer` walks spans, old data and new data side by side and notes replacements of character ranges. They do
not overlap and are made from the end of the text to its begin.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from server.config.errors import EditError, Issue
from server.config.render import Style, column, common_ends, flow_pair, flow_text, identical, item_lines, pair_lines
from server.config.spans import PROPERTIES, Pair, Span

_COMMENT = re.compile(r"[ \t]*#")
_REST = re.compile(r"[ \t]*(,?)[ \t]*(?:#[^\n]*)?\r?\n")
"""What may stand in a line behind the last sign of a part that has its lines for itself."""


class _Rewrite(Exception):
    """The difference cannot be expressed inside of the value as it is written: it must be written anew."""


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where a value stands: ``at`` is its key's or dash's column, ``place`` what holds it."""

    place: str  # "root", "pair", "item" or "flow"
    at: int
    colon: bool = True


class Splicer:
    """Turns one text into another that means ``new`` instead of ``old``."""

    def __init__(self, text: str, root: Span | None, style: Style) -> None:
        self.text = text
        self.root = root
        self.style = style
        self.splices: list[tuple[int, int, str]] = []

    def run(self, old: Any, new: Any) -> str:
        """The new text. Raises :class:`EditError` where a difference cannot be expressed."""
        if self.root is None or self.root.empty:
            return self._whole_new(new)
        try:
            self.change(self.root, old, new, _Slot("root", 0))
        except _Rewrite as error:
            raise EditError(Issue("The difference cannot be written into this file.")) from error
        text = self.text
        ordered = sorted(enumerate(self.splices), key=lambda noted: (noted[1][0], noted[1][1], noted[0]), reverse=True)
        for _, (start, end, fresh) in ordered:
            text = text[:start] + fresh + text[end:]
        return text

    def _whole_new(self, new: Any) -> str:
        if not isinstance(new, dict):
            raise EditError(Issue("A config is a mapping."))
        lines = [line for key, value in new.items() for line in pair_lines(key, value, self.style)]
        gap = "" if not self.text or self.text.endswith("\n") else self.style.newline
        return self.text + gap + "".join(line + self.style.newline for line in lines)

    # --- the walk -----------------------------------------------------------------------------------------------------

    def change(self, span: Span, old: Any, new: Any, slot: _Slot) -> None:
        """Note what makes the value at ``span`` mean ``new``."""
        if identical(old, new):
            return
        mark = len(self.splices)
        try:
            if span.kind == "mapping" and isinstance(new, dict) and isinstance(old, dict):
                self._mapping(span, old, new)
                return
            if span.kind == "sequence" and isinstance(new, list) and isinstance(old, list):
                self._sequence(span, old, new)
                return
        except _Rewrite:
            del self.splices[mark:]
        if slot.place == "root":
            if not isinstance(new, dict):
                raise _Rewrite
            lines = [line for key, value in new.items() for line in pair_lines(key, value, self.style)]
            self.splices.append((span.body, span.end, self.style.newline.join(lines) if new else "{}"))
            return
        self._replace(span, new, slot)

    def _mapping(self, span: Span, old: dict[Any, Any], new: dict[Any, Any]) -> None:
        own = {pair.name: pair for pair in span.pairs if not pair.merge}
        merges = {id(pair) for pair in span.pairs if pair.merge}
        gone = [key for key in old if key not in new]
        inherited = any(key not in own for key in gone)
        if (inherited and not merges) or not new:
            raise _Rewrite
        apart = merges if inherited or (gone and self.style.apart) else set()
        fresh = [key for key in new if key not in own and (apart or not (key in old and identical(old[key], new[key])))]
        gone_pairs = {id(own[key]) for key in gone if key in own} | apart
        if len(gone_pairs) == len(span.pairs) or any(pair.name is None and not pair.merge for pair in span.pairs):
            raise _Rewrite
        at = column(self.text, span.body)
        for key, pair in own.items():
            if key in new:
                colon = self.text[pair.key.end : pair.value.start].find(":") >= 0
                self.change(pair.value, old[key], new[key], _Slot("flow" if span.flow else "pair", at, colon))
        starts = [pair.start for pair in span.pairs]
        ends = [max(pair.value.end, pair.key.end) for pair in span.pairs]
        parts: Sequence[Pair | Span] = span.pairs
        self._remove(span, [id(part) in gone_pairs for part in parts], starts, ends)
        last = max(index for index, part in enumerate(parts) if id(part) not in gone_pairs)
        if span.flow:
            self._add_flow(span, ends[last], [flow_pair(key, new[key], self.style) for key in fresh])
        else:
            lines = [line for key in fresh for line in pair_lines(key, new[key], self.style)]
            last_gone = last < len(parts) - 1 and self._begins_line(starts[-1])
            place = self._lines_of(starts[-1], ends[-1])[1] if last_gone else self._line_after(ends[-1])
            self._add_lines(place, lines, at)

    def _sequence(self, span: Span, old: list[Any], new: list[Any]) -> None:
        if not new or not span.items:
            raise _Rewrite
        head, tail = common_ends(old, new)
        middle_old, middle_new = len(old) - head - tail, len(new) - head - tail
        both = min(middle_old, middle_new)
        at = column(self.text, span.body)
        for index in range(head, head + both):
            self.change(span.items[index], old[index], new[index], _Slot("flow" if span.flow else "item", at))
        gone = [head + both <= index < head + middle_old for index in range(len(old))]
        if all(gone):
            raise _Rewrite
        starts = [item.start if span.flow else self._dash(span, index) for index, item in enumerate(span.items)]
        ends = [max(item.end, starts[index] + (0 if span.flow else 1)) for index, item in enumerate(span.items)]
        self._remove(span, gone, starts, ends)
        self._add_items(span, new[head + both : len(new) - tail] if not any(gone) else [], head + both, starts, ends)

    def _add_items(self, span: Span, fresh: list[Any], index: int, starts: list[int], ends: list[int]) -> None:
        """New items before the old item at ``index``, or behind the last."""
        if not fresh:
            return
        at = column(self.text, span.body)
        if span.flow:
            texts = [flow_text(value, self.style) for value in fresh]
            if index < len(starts):
                self.splices.append((starts[index], starts[index], "".join(text + ", " for text in texts)))
            else:
                self._add_flow(span, ends[-1], texts)
            return
        lines = [line for value in fresh for line in item_lines(value, self.style)]
        if index == 0 and not self._begins_line(starts[0]):
            first, rest = lines[0], lines[1:]
            joined = [first] + [" " * at + line for line in rest] + [" " * at]
            self.splices.append((starts[0], starts[0], self.style.newline.join(joined)))
            return
        self._add_lines(self._line_after(ends[index - 1]) if index else self._line_start(starts[0]), lines, at)

    # --- removing and adding ------------------------------------------------------------------------------------------

    def _remove(self, span: Span, gone: list[bool], starts: list[int], ends: list[int]) -> None:
        """Take out the parts that are marked; at least one stays."""
        index = 0
        while index < len(gone):
            if not gone[index]:
                index += 1
                continue
            run_end = index
            while run_end < len(gone) and gone[run_end]:
                run_end += 1
            alone = self._begins_line(starts[index])
            rest = _REST.match(self.text, ends[run_end - 1]) if span.flow and alone else None
            inline = not alone or (span.flow and (rest is None or (run_end < len(gone) and not rest[1])))
            if inline and run_end < len(gone):
                self.splices.append((starts[index], starts[run_end], ""))
            elif inline:
                self.splices.append((ends[index - 1], ends[run_end - 1], ""))
            else:
                for part in range(index, run_end):
                    self.splices.append((*self._lines_of(starts[part], ends[part]), ""))
            index = run_end

    def _lines_of(self, start: int, end: int) -> tuple[int, int]:
        """The lines of a pair or item, with the comments that are its own."""
        indent = column(self.text, start)
        first, after = self._line_start(start), self._line_after(end)
        above = first
        while above > 0:
            line = self._line_start(above - 1)
            if not _COMMENT.match(self.text, line) or self._indent(line) != indent:
                break
            above = line
        if above > 0:  # a comment that opens the file speaks of the file
            first = above
        below = after
        while below < len(self.text) and _COMMENT.match(self.text, below) and self._indent(below) > indent:
            below = after = self._line_after(below)
        if first == 0 or self._blank(self._line_start(first - 1)):
            while after < len(self.text) and self._blank(after):
                after = self._line_after(after)
        return first, after

    def _add_flow(self, span: Span, at: int, texts: list[str]) -> None:
        if texts:
            self.splices.append((at, at, "".join(", " + text for text in texts)))

    def _add_lines(self, at: int, lines: list[str], indent: int) -> None:
        if lines:
            fresh = "".join((" " * indent + line if line else "") + self.style.newline for line in lines)
            gap = "" if at == 0 or self.text[at - 1] == "\n" else self.style.newline
            self.splices.append((at, at, gap + fresh))

    # --- a value written anew -----------------------------------------------------------------------------------------

    def _replace(self, span: Span, new: Any, slot: _Slot) -> None:
        start = span.start if span.kind == "alias" else span.body
        kept_anchor = self.text[span.start : span.body] if span.anchor and span.kind != "alias" else ""
        item = slot.place == "item" and isinstance(new, (dict, list)) and bool(new)
        if span.start != start and ("!" in self.text[span.start : start] or (item and not span.is_block_collection)):
            start, kept_anchor = span.start, ""
        if slot.place == "flow":
            self._replace_in_flow(span, start, new, slot)
            return
        quote = span.style if span.style in ("'", '"') else None
        inline, lines = self._block(new, slot, quote)
        if span.is_block_collection and not self._same_line(span):
            self._replace_lines(span, inline, lines, kept_anchor)
            return
        end = span.end
        if item:
            extra = max(0, column(self.text, start) - slot.at - 2) if not span.empty else 0
            lines = [" " * extra + line if line else line for line in lines]
        if span.empty:
            fresh = (" " if inline and self.text[start - 1 : start] not in (" ", "\t") else "") + inline
            self.splices.append((start, end, fresh))
        elif inline or kept_anchor:
            self.splices.append((start, end, inline))
        else:
            self.splices.append((self._trimmed(start), end, ""))
        self._add_lines(self._line_after(end), lines, 0)

    def _replace_in_flow(self, span: Span, start: int, new: Any, slot: _Slot) -> None:
        text = flow_text(new, self.style, span.style if span.style in ("'", '"') else None)
        before = ("" if slot.colon else ":") + " "
        if slot.colon and self.text[start - 1 : start] in (" ", "\t", "[", "{", "\n"):
            before = ""
        self.splices.append((start, span.end, before + text))

    def _replace_lines(self, span: Span, inline: str, lines: list[str], kept_anchor: str) -> None:
        """A collection in lines of its own gives way to another value; its key's line keeps its comment."""
        first, after = self._line_start(span.body), self._line_after(span.end)
        self.splices.append((first, after, "".join(line + self.style.newline for line in lines)))
        if inline:
            properties = PROPERTIES.match(self.text, span.start) if kept_anchor else None
            at = self._trimmed(properties.end()) if properties else self._head_end(first)
            self.splices.append((at, at, " " + inline))

    def _head_end(self, first: int) -> int:
        """Behind the key (or dash) of a collection whose first line begins at ``first``."""
        line = first
        while line > 0:
            line = self._line_start(line - 1)
            text = self.text[line : self.text.find("\n", line)]
            if text.strip() and not text.lstrip().startswith("#"):
                comment = re.search(r"[ \t]#", text)
                return line + len((text[: comment.start()] if comment else text).rstrip())
        raise _Rewrite

    def _block(self, new: Any, slot: _Slot, quote: str | None) -> tuple[str, list[str]]:
        """What stands behind the key or dash, and the full lines below it."""
        if slot.place == "pair":
            head, *below = pair_lines("k", new, self.style, quote)
            inline = head[2:].strip()
        else:
            head, *below = item_lines(new, self.style, quote)
            inline = head[2:]
        return inline, [" " * slot.at + line if line else "" for line in below]

    # --- places -------------------------------------------------------------------------------------------------------

    def _line_start(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1

    def _line_after(self, index: int) -> int:
        end = self.text.find("\n", index)
        return len(self.text) if end < 0 else end + 1

    def _begins_line(self, index: int) -> bool:
        return not self.text[self._line_start(index) : index].strip()

    def _same_line(self, span: Span) -> bool:
        return not self._begins_line(span.body)

    def _indent(self, line: int) -> int:
        text = self.text[line : self._line_after(line)]
        return len(text) - len(text.lstrip(" \t"))

    def _blank(self, line: int) -> bool:
        return not self.text[line : self._line_after(line)].strip()

    def _trimmed(self, index: int) -> int:
        while index > 0 and self.text[index - 1] in " \t":
            index -= 1
        return index

    def _dash(self, span: Span, index: int) -> int:
        """Where the dash of a block list's item stands."""
        at = column(self.text, span.body)
        if index == 0:
            return span.body
        place = span.items[index].start
        line = self._line_start(place)
        while line > span.body:
            dash = line + at
            if self.text[dash : dash + 1] == "-" and not self.text[line:dash].strip(" "):
                return dash
            line = self._line_start(line - 1)
        raise _Rewrite
