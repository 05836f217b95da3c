#!/usr/bin/env python3
"""The HTML report in a real browser: filters, keyboard, print, dark mode,
hostile text, and ten thousands of findings.

usage: html_report.py <print_report> [<folder for screenshots>]
"""
import os
import subprocess
import sys
import tempfile
import time

from browser import Browser, find


class Pages:
    def __init__(self, program, pictures):
        self.program = program
        self.pictures = pictures
        self.folder = tempfile.TemporaryDirectory()
        self.browser = Browser(find())

    def open(self, kind, **size):
        path = os.path.join(self.folder.name, f"{kind}.html")
        if not os.path.exists(path):
            with open(path, "wb") as file:
                subprocess.run([self.program, "html", kind], stdout=file,
                               check=True)
        self.browser.open(path, **size)
        return self.browser

    def picture(self, name):
        if self.pictures:
            self.browser.screenshot(os.path.join(self.pictures,
                                                 f"{name}.png"))


def expect(what, actual, expected):
    if actual != expected:
        raise AssertionError(f"{what}: {actual!r} instead of {expected!r}")


CARDS = "document.querySelectorAll('#list > li').length"
STATUS = "document.getElementById('status').textContent"


def set_field(browser, name, value):
    browser.run(f"""(() => {{
        const field = document.querySelector('[name={name}]');
        field.value = {value!r};
        field.dispatchEvent(new Event('input', {{bubbles: true}}));
    }})()""")


def nothing_is_fetched_and_the_console_is_empty(pages):
    for kind in "empty", "one", "case", "hostile":
        browser = pages.open(kind)
        expect(kind, browser.problems(), [])
        pages.picture(kind)


def the_case_has_a_card_for_each_group(pages):
    browser = pages.open("case")
    expect("cards", browser.run(CARDS), 4)
    expect("status", browser.run(STATUS), "4 of 4 shown")
    label = browser.run("document.querySelector('#timeline svg')"
                        ".getAttribute('aria-label')")
    expect("timeline", label, "Since 2024-01-02: today 2 in the tree, 2 "
           "removed from it but still in history.")
    bars = browser.run("document.querySelectorAll('.card svg.bar .past')"
                       ".length")
    expect("bars of what was removed", bars, 2)


def filters_narrow_the_list(pages):
    browser = pages.open("case")
    for name, value, cards in [
            ("kind", "store", 2), ("kind", "secret", 1), ("kind", "path", 1),
            ("presence", "tree", 2), ("presence", "history", 2),
            ("presence", "tracked", 2), ("validity", "live", 1),
            ("validity", "expired", 2), ("place", "stash", 1),
            ("text", "APP_server", 1), ("text", "nothing has this", 0)]:
        set_field(browser, name, value)
        expect(f"{name}={value}", browser.run(CARDS), cards)
        expect("status", browser.run(STATUS), f"{cards} of 4 shown")
        set_field(browser, name, "")
    browser.run("document.querySelector('[value=critical]').click()")
    expect("without critical", browser.run(CARDS), 2)
    browser.run("document.querySelector('[type=reset]').click()")
    browser.run("new Promise((done) => setTimeout(done, 50))")
    expect("reset", browser.run(CARDS), 4)


def places_open_on_demand(pages):
    browser = pages.open("case")
    items = "document.querySelectorAll('.card details li').length"
    expect("before", browser.run(items), 0)
    browser.run("document.querySelector('.card summary').click()")
    browser.run("new Promise((done) => setTimeout(done, 50))")
    expect("places and how many more", browser.run(items), 501)


def commands_are_copied_or_selected(pages):
    browser = pages.open("case")
    browser.run("document.querySelector('button.copy').click()")
    browser.run("new Promise((done) => setTimeout(done, 200))")
    text = browser.run("document.querySelector('button.copy').textContent")
    if text not in ("Copied", "Selected"):
        raise AssertionError(text)
    if text == "Selected":
        expect("selection", browser.run("getSelection().toString()"),
               "git hygiene ignore --write")


def the_keyboard_reaches_everything(pages):
    browser = pages.open("case")
    reached = []
    for _ in range(40):
        browser.press("Tab")
        reached.append(browser.run(
            "document.activeElement.className || document.activeElement.name "
            "|| document.activeElement.tagName"))
    for wanted in "skip", "severity", "kind", "text", "copy", "SUMMARY":
        if wanted not in reached:
            raise AssertionError(f"{wanted} not in {reached}")
    expect("first", reached[0], "skip")


def fields_and_regions_have_names(pages):
    browser = pages.open("case")
    expect("fields", browser.run("""[...document.querySelectorAll(
        'select, input')].filter((field) => !field.labels.length).length"""),
           0)
    expect("regions", browser.run("""[...document.querySelectorAll('section')]
        .filter((one) => !document.getElementById(
            one.getAttribute('aria-labelledby'))).length"""), 0)
    expect("headings", browser.run(
        "document.querySelectorAll('h1').length"), 1)


def hostile_text_stays_text(pages):
    browser = pages.open("hostile")
    expect("console", browser.problems(), [])
    expect("elements", browser.run("""document.querySelectorAll(
        'img, iframe, object, embed, a[href^="javascript"], b b').length"""),
           0)
    expect("scripts", browser.run("document.scripts.length"), 2)
    text = browser.run("document.getElementById('list').textContent")
    for part in ("</script><script>alert(1)</script>", "<img src=x",
                 "\\342\\200\\256gnp.exe", "\\377\\376\\200 no utf-8"):
        if part not in text:
            raise AssertionError(f"{part!r} is not shown")


def inline_scripts_of_others_do_not_run(pages):
    browser = pages.open("case")
    browser.run("""(() => {
        const script = document.createElement('script');
        script.textContent = 'window.ran = 1';
        document.body.append(script);
        document.body.insertAdjacentHTML('beforeend',
            '<img src="x" onerror="window.ran = 1">');
    })()""")
    browser.run("new Promise((done) => setTimeout(done, 100))")
    expect("ran", browser.run("window.ran === undefined"), True)


def thirty_thousand_findings_are_fluent(pages):
    browser = pages.open("many")
    ready = browser.run("performance.now()")
    expect("cards at first", browser.run(CARDS) <= 400, True)
    before = time.monotonic()
    set_field(browser, "text", "config/00042")
    expect("found", browser.run(CARDS), 1)
    filtered = time.monotonic() - before
    set_field(browser, "text", "")
    more = browser.run("""new Promise((done) => {
        const start = performance.now();
        scrollTo(0, document.body.scrollHeight);
        setTimeout(() => done(document.querySelectorAll('#list > li').length),
            500);
    })""")
    if more <= 100:
        raise AssertionError(f"{more} cards after scrolling")
    print(f"30,000 groups: ready in {ready:.0f} ms, filtered in "
          f"{filtered * 1000:.0f} ms")
    expect("filter under a second", filtered < 1, True)
    pages.picture("many")


def it_reads_in_the_dark_on_paper_and_on_a_phone(pages):
    browser = pages.open("case")
    browser.call("Emulation.setEmulatedMedia", features=[
        {"name": "prefers-color-scheme", "value": "dark"}])
    pages.picture("dark")
    expect("dark", browser.run(
        "getComputedStyle(document.body).backgroundColor"), "rgb(13, 17, 23)")
    browser.call("Emulation.setEmulatedMedia", media="print")
    pages.picture("print")
    expect("no buttons on paper", browser.run(
        "getComputedStyle(document.querySelector('button')).display"), "none")
    pdf = browser.call("Page.printToPDF")["data"]
    expect("a document", len(pdf) > 10000, True)
    browser = pages.open("case", width=360, height=700)
    pages.picture("phone")
    expect("no sideways scrolling", browser.run(
        "document.documentElement.scrollWidth <= innerWidth"), True)


CASES = [value for value in list(globals().values())
         if getattr(value, "__code__", None)
         and value.__code__.co_varnames[:1] == ("pages",)]


def main():
    if not find():
        print("chromium is not installed: the page was tried in no browser")
        sys.exit(77)
    pages = Pages(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
    failed = 0
    for case in CASES:
        try:
            case(pages)
        except AssertionError as error:
            failed += 1
            print(f"FAILED {case.__name__}: {error}")
    pages.browser.close()
    print(f"{len(CASES) - failed} of {len(CASES)} passed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
