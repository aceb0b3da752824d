"""What is wrong with a file or a form, as a page says it: where the command line names a command, the page to go to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from services.chassis.kernel.texts import Texts
from services.client.people_file.draft import Problem
from services.console.texts import N_

ON_PAGES: Final[Mapping[str, str]] = {
    "this is no return of a person alone; hand such people over with: homeward submit": N_(
        "this is no return of a person alone: register it as a handover"
    ),
    "such a person is registered one by one, with: homeward register": N_(
        "such a person is registered by herself: Somebody came back alone, on the first page"
    ),
    "same name, sex and birth date in the rows {rows}: leave one of them, or, if they are several people, name the rows"
    " of the others, as in --again {row}": N_(
        "same name, sex and birth date of the people {rows}: take one of them out, or, if they are several people, "
        "tick at the others that they are other people"
    ),
    "there is no such field; all of them: homeward template FILE --form json": N_(
        "there is no such field; an empty form beside the file shows all of them"
    ),
    "there is no such field; look at: homeward template journey.json --journey": N_(
        "there is no such field; an empty form beside the file shows all of them"
    ),
    "write Nữ or Nam (F or M); all words: homeward codes sex": N_("write Nữ or Nam (F or M)"),
    "there is no such province; all names: homeward codes provinces": N_(
        "there is no such province; all names: Look up a code"
    ),
    "there is no such province; did you mean {names}? All names: homeward codes provinces": N_(
        "there is no such province; did you mean {names}? All names: Look up a code"
    ),
    "there is no such ethnic group; all names: homeward codes ethnic-groups": N_(
        "there is no such ethnic group; all names: Look up a code"
    ),
    "there is no such ethnic group; did you mean {names}? All names: homeward codes ethnic-groups": N_(
        "there is no such ethnic group; did you mean {names}? All names: Look up a code"
    ),
    "there is no such border gate; all names: homeward codes gates": N_(
        "there is no such border gate; all names: Look up a code"
    ),
    "there is no such border gate; did you mean {names}? All names: homeward codes gates": N_(
        "there is no such border gate; did you mean {names}? All names: Look up a code"
    ),
    "there is no such route of return; all: homeward codes routes": N_(
        "there is no such route of return; all: Look up a code"
    ),
    "there is no such office; look for it with: homeward offices": N_(
        "there is no such office; all of them: Offices, at the foot of the page"
    ),
    "typed in a .VnTime font (TCVN3), in the rows {rows}: look at what --convert-letters makes of it, or convert it to "
    "Unicode with UniKey and paste it again": N_(
        "typed in a .VnTime font (TCVN3), in the rows {rows}: convert it to Unicode with UniKey and paste it again"
    ),
    "typed in a VNI font, in the rows {rows}: look at what --convert-letters makes of it, or convert it to Unicode "
    "with UniKey and paste it again": N_(
        "typed in a VNI font, in the rows {rows}: convert it to Unicode with UniKey and paste it again"
    ),
    "UTF-8 was opened as another encoding, and the letters are damaged in the rows {rows}: look at what "
    "--convert-letters makes of it, or import the first file in Excel with Data, From Text, UTF-8": N_(
        "UTF-8 was opened as another encoding, and the letters are damaged in the rows {rows}: import the first file "
        "in Excel with Data, From Text, UTF-8"
    ),
    "a web page wrote letters as numbers such as &#7877;, in the rows {rows}: look at what --convert-letters makes of "
    "it, or copy the text from the page as it is shown": N_(
        "a web page wrote letters as numbers such as &#7877;, in the rows {rows}: copy the text from the page as it is "
        "shown"
    ),
    "This is a PDF. Ask for the list as Excel, or copy it into the form: homeward template list.xlsx": N_(
        "This is a PDF. Ask for the list as Excel, or copy it into the empty form."
    ),
    "This is a picture. Ask for the list as Excel, or type it into the form: homeward template list.xlsx": N_(
        "This is a picture. Ask for the list as Excel, or type it into the empty form."
    ),
}
"""Sentences of the client by their English text, and what a page says instead of them."""


def said(problem: Problem, _: Texts) -> str:
    """What is wrong, as a sentence of pages in the reader's language."""
    return replace(problem, text=on_pages(problem.text)).said(_)


def on_pages(text: str) -> str:
    """A sentence of the client as pages say it; one without a command as it is."""
    return ON_PAGES.get(text, text)
