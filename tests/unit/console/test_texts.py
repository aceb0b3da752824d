"""Every text of the pages, in code and in templates, has a Vietnamese one with the same placeholders."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import services.console
from services.console.rendering import templates
from services.console.texts import LOCALE, language_of, page_texts
from tests.support.catalogues import Sentence, entries, problems_of_sentences, sentences, sentences_of_templates

CONSOLE = Path(services.console.__file__).parent


@cache
def of_client() -> set[Sentence]:
    return sentences((CONSOLE.parent / "client").rglob("*.py"))


@cache
def of_templates() -> set[Sentence]:
    return sentences_of_templates((CONSOLE / "templates").glob("*.html"))


def marked() -> set[Sentence]:
    return sentences(CONSOLE.rglob("*.py")) | of_templates()


def test_texts_of_templates_are_found() -> None:
    assert ("Skip to the content",) in of_templates()
    assert ("{count} unread message", "{count} unread messages") in of_templates()


def test_every_text_has_its_vietnamese_one_and_none_is_for_nothing() -> None:
    # A text that the client has, too, may have another one here.
    here = {(entry.id,) if isinstance(entry.id, str) else tuple(entry.id) for entry in entries(LOCALE / "vi.po")}
    assert problems_of_sentences(LOCALE / "vi.po", marked() - (of_client() - here)) == []


def test_the_language_is_the_one_chosen_else_the_browsers_else_vietnamese() -> None:
    assert language_of("en", "vi") == "en"
    assert language_of(None, "fr;q=0.9, en-GB, vi") == "en"
    assert language_of(None, "de") == "vi"
    assert language_of("xx", "") == "vi"


def test_one_and_many_have_one_form_in_vietnamese() -> None:
    _ = page_texts("vi")
    assert _.plural("Send {count} person", "Send {count} people", 2) == "Gửi 2 người"


def test_a_template_holds_the_texts_that_are_filled_with_nothing_and_looks_up_the_others() -> None:
    made = templates("vi").from_string(
        """<p title="{{ _('Case number') }}">{{ _("Messages") if old else _( "Offices" ) }}</p>"""
        """{{ _("As of {moment}", moment=when) }}{{ _(named) }}{{ _("<b>") }}{{ "_" }}"""
    )
    looked_up: list[str] = []

    def look_up(text: str, **values: object) -> str:
        looked_up.append(text)
        return page_texts("vi")(text, **values)

    page = made.render(_=look_up, old=False, when="<1>", named="Rules")
    _ = page_texts("vi")
    assert page == (
        f"""<p title="{_("Case number")}">{_("Offices")}</p>"""
        f"""{_("As of {moment}", moment="&lt;1&gt;")}{_("Rules")}&lt;b&gt;_"""
    )
    assert looked_up == ["As of {moment}", "Rules"]
