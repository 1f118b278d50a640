"""Opens the license page in a real browser: it searches, sorts and filters, loads nothing, and runs no text.

    python .ci/license_page.py target/tmp/licenses/sample.html [FOLDER FOR PICTURES]
"""

import json
import sys
import tempfile
import time
from pathlib import Path

from browser import Browser

PAGE = Path(sys.argv[1]).resolve()
PICTURES = Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None


VISIBLE = """[...document.querySelectorAll('#rows tr')]
    .filter(row => row.checkVisibility()).map(row => row.cells[0].textContent)"""


def search(browser, words):
    browser.run("document.getElementById('search').select()")
    browser.run("document.getElementById('search').focus()")
    browser.run(f"document.execCommand('insertText', false, {json.dumps(words)}) || document.execCommand('delete')")
    return browser.run(VISIBLE)


def short(names):
    return [name.split(" ")[0] for name in names]


def click(browser, column):
    browser.run(f"document.querySelectorAll('thead button')[{column}].click()")
    return short(browser.run(VISIBLE))


def check(browser):
    browser.open(PAGE)
    title = browser.run("document.title")
    assert title == "Licenses of shop", title
    everything = short(browser.run(VISIBLE))
    assert len(everything) == 12, everything
    assert browser.run("document.getElementById('shown').textContent") == "12 of 12 shown"

    assert search(browser, "agpl") == ["cart-git"]
    assert short(search(browser, "MIT left")) == ["left", "right"], "all words must be in the row"
    assert search(browser, "no such thing") == []
    assert browser.run("document.getElementById('shown').textContent") == "0 of 12 shown"
    assert short(search(browser, "")) == everything

    versions = "[...document.querySelectorAll('#rows tr')].map(row => row.cells[1].textContent)"
    click(browser, 1)
    numbers = [version for version in browser.run(versions) if version[0].isdigit()]
    assert numbers == sorted(numbers, key=lambda text: [int(part) for part in text.split("+")[0].split(".")]), numbers
    assert click(browser, 0) == sorted(everything)
    assert browser.run("document.querySelector('th[aria-sort]').getAttribute('aria-sort')") == "ascending"
    assert click(browser, 0) == sorted(everything, reverse=True)
    assert click(browser, 5)[:4] == ["cart-git", "acme-core", "bsdish", "mystery"], "what needs attention comes first"

    browser.run("document.querySelector('[value=allowed]').click()")
    rest = short(browser.run(VISIBLE))
    assert "attrs" not in rest and "cart-git" in rest and len(rest) == 5, rest
    browser.run("document.querySelector('[value=allowed]').click()")

    browser.run("document.querySelector('a[href^=\"#text-\"]').click()")
    time.sleep(0.2)
    assert browser.run("document.querySelectorAll('details[open]').length") == 1, "a link opens its text"
    browser.run("document.querySelectorAll('details').forEach(one => one.open = true)")

    assert browser.run("document.title") == title, "text of a package ran as a script"
    assert browser.run("document.querySelectorAll('img, iframe, object, link, base, form').length") == 0
    assert browser.run("document.scripts.length") == 1
    assert browser.run("[...document.links].every(link => link.getAttribute('href').startsWith('#'))")
    wide = browser.run("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"the page is {wide} pixels too wide"
    wrong = browser.problems(PAGE)
    assert not wrong, wrong

    browser.open(PAGE)
    for scheme in ["light", "dark"]:
        browser.media(prefers_color_scheme=scheme)
        browser.picture(scheme)
        contrast = browser.run("getComputedStyle(document.body).backgroundColor")
        assert (contrast == "rgb(255, 255, 255)") == (scheme == "light"), contrast
    browser.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    browser.run("document.querySelector('h2').scrollIntoView()")
    browser.picture("texts")
    assert browser.pdf().startswith(b"%PDF-")
    browser.call("Emulation.setDeviceMetricsOverride", width=390, height=800, deviceScaleFactor=1, mobile=True)
    browser.run("scrollTo(0, 0)")
    browser.picture("phone")

    browser.open(PAGE, script=False)
    assert short(browser.run(VISIBLE)) == everything, "without its script the page is a plain table"
    assert not browser.run("document.getElementById('controls').checkVisibility()")
    browser.picture("plain")


def check_that_it_can_fail(browser, folder):
    """A page that loads, and one that runs what it must not, are told."""
    page = PAGE.read_text()
    assert "</h1>" in page
    for name, text in [("loads", "<img src=\"https://index.example.com/x.png\">"),
                       ("runs", "<script>document.title='run'</script>"),
                       ("styles", "<p style=\"color:red\">x</p>")]:
        broken = Path(folder) / f"{name}.html"
        broken.write_text(page.replace("</h1>", f"</h1>{text}", 1))
        browser.open(broken)
        time.sleep(0.3)
        browser.run("0")
        assert browser.problems(broken), f"a page that {name} is not told from one that does not"
        assert browser.run("document.title") == "Licenses of shop", "the policy of the page stopped nothing"


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    browser = Browser(folder, PICTURES)
    try:
        check(browser)
        check_that_it_can_fail(browser, folder)
    finally:
        browser.process.kill()
        browser.process.wait()
print("the page searches, sorts, filters, prints, loads nothing and runs no text")
