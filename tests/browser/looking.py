"""What stands in somebody's way on a page: what axe finds, what no keyboard reaches, what is wider than a phone.

In the second language a page is looked at whole where more than its words is another than in the first; else only for
what longer words can do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page, ViewportSize

from tests.browser.conftest import DESK

FIRST: Final = "vi"
"""The language in which colours are looked at, which takes as long as all else: they are the same in each."""
LANGUAGES: Final = (FIRST, "en")
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS: Final = "color-contrast"
OF_WORDS: Final = [
    *("target-size", "scrollable-region-focusable"),
    *("html-lang-valid", "valid-lang", "html-xml-lang-mismatch"),
    *("landmark-unique", "table-duplicate-name", "image-redundant-alt", "frame-title-unique", "skip-link"),
    "link-in-text-block",
]
"""All rules of these tags that ask how large something is drawn, how long a text is, in which language, or whether two
are equal: the others ask for no more of a text than that there is one.
"""
# What passes is left in the browser: to write it down and to read it here would take longer than to look. Nothing is
# loaded once more for the rules about sound and about style sheets that turn a page.
VIOLATIONS: Final = """
    async ([only, off]) => (await axe.run(document, {
        runOnly: only, resultTypes: ["violations"], preload: false,
        rules: Object.fromEntries(off.map(each => [each, {enabled: false}]))
    })).violations.map(each => [each.id, each.nodes[0].html])
"""
NARROW: Final[ViewportSize] = {"width": 320, "height": 640}
"""1280 pixels at 400 %, as WCAG 1.4.10 asks."""
NAMED: Final = "each.id || each.name || each.getAttribute('href') || each.textContent.trim()"
UNREACHED: Final = f"""() => {{
    const named = (each) => {NAMED};
    return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
        .filter((each) => each.checkVisibility() && each.type !== "hidden" && each.tabIndex >= 0 && !each.disabled)
        .filter((each) => {{
            each.focus();
            const shown = getComputedStyle(each).outlineStyle !== "none";
            return document.activeElement !== each || each.tabIndex > 0 || !shown;
        }})
        .map(named);
}}"""
"""What cannot be reached by the keyboard in the order of the page, or does not show that it was."""
SKELETON: Final = """(language) => {
    const words = new Set(["title", "alt", "label", "placeholder", "summary", "value", "action", "formaction"]);
    const aria = new Set(["label", "description", "roledescription", "valuetext", "placeholder"]);
    const isWord = (name, value) => words.has(name) || name.startsWith("data-") || aria.has(name.replace("aria-", ""))
        || (name === "href" && !value.startsWith("#"));
    const written = (text) => /\\S/.test(text);
    const value = ({name, value}) => {
        if (name === "lang") return value === language;
        return isWord(name, value) ? written(value) : value;
    };
    // An empty style is left over from looking.
    const isSaid = (each) => each.name !== "style" || each.value;
    const bones = (node) => node.nodeType === Node.TEXT_NODE ? written(node.data) : [
        node.localName, [...node.attributes].filter(isSaid).map((each) => [each.name, value(each)]),
        [...node.childNodes].filter((each) => each.nodeType !== Node.COMMENT_NODE).map(bones)
    ];
    return JSON.stringify(bones(document.documentElement));
}"""
"""A page without its words: two of the same skeleton differ in nothing but what is written where something is."""
WIDER: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TWICE: Final = "document.documentElement.style.fontSize = '200%'"
ONCE: Final = "document.documentElement.style.fontSize = ''"


@dataclass
class Looker:
    """One window, and what it saw of each page in the first language."""

    page: Page
    skeletons: dict[str, str] = field(default_factory=dict)
    whole: set[tuple[str, str]] = field(default_factory=set)
    """What was looked at whole: page and language."""
    _is_narrow: bool | None = None

    async def look(self, name: str, language: str) -> list[tuple[str, ...]]:
        """What stands in the way on the page that is shown, by its name and the language."""
        # How many messages are new is told a moment later.
        await self.page.locator("#unread:empty").wait_for(state="detached")
        ways = (self._with_larger_text, self._on_a_phone)
        found: list[tuple[str, ...]] = []
        # As wide as it was left, first: a window takes long to change.
        for way in reversed(ways) if self._is_narrow else ways:
            found += await way(name, language)
        return [(name, language, *each) for each in found]

    async def _with_larger_text(self, _name: str, _language: str) -> list[tuple[str, ...]]:
        await self._resize(narrow=False)
        wider = await self.page.evaluate(f"{TWICE}; {WIDER}")
        await self.page.evaluate(ONCE)
        return [("wider than a desk, with text of twice the size",)] if wider > 0 else []

    async def _on_a_phone(self, name: str, language: str) -> list[tuple[str, ...]]:
        await self._resize(narrow=True)
        is_known = await self._is_known(name, language)
        await self.page.evaluate(AXE_SCRIPT)
        violations = await self.page.evaluate(VIOLATIONS, self._rules(language, is_known))
        found: list[tuple[str, ...]] = [tuple(each) for each in violations]
        if not is_known:
            found += [("not by the keyboard", each) for each in await self.page.evaluate(UNREACHED)]
        if await self.page.evaluate(WIDER) > 0:
            found.append(("wider than a phone",))
        return found

    async def _is_known(self, name: str, language: str) -> bool:
        """Whether the same page, but for its words, was looked at in the first language."""
        skeleton = await self.page.evaluate(SKELETON, language)
        if language == FIRST:
            self.skeletons[name] = skeleton
        elif self.skeletons.get(name) == skeleton:
            return True
        self.whole.add((name, language))
        return False

    @staticmethod
    def _rules(language: str, is_known: bool) -> list[Any]:
        if is_known:
            return [{"type": "rule", "values": OF_WORDS}, []]
        return [TAGS, [] if language == FIRST else [COLOURS]]

    async def _resize(self, *, narrow: bool) -> None:
        if narrow != self._is_narrow:
            await self.page.set_viewport_size(NARROW if narrow else DESK)
            self._is_narrow = narrow


async def read_in(page: Page, language: str) -> None:
    """Read pages in the other language from now on, by the button that each has."""
    await page.locator(f"button[name=language][value={language}]").click()
    await page.locator(f"html[lang={language}]").wait_for()
