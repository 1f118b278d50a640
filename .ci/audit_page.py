"""Opens the page of an audit in a real browser: it searches and filters, its picture leads to the findings, it loads
nothing, and runs no text.

    python .ci/audit_page.py target/tmp/reports [FOLDER FOR PICTURES]
"""

import json
import sys
import tempfile
import time
from pathlib import Path

from browser import Browser

PAGES = Path(sys.argv[1]).resolve()
PICTURES = Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None
SHOWN = "[...document.querySelectorAll('#rows article')].filter(one => one.checkVisibility())"
TITLES = SHOWN + ".map(one => one.querySelector('h3').textContent)"


def search(browser, words):
    browser.run("document.getElementById('search').select()")
    browser.run("document.getElementById('search').focus()")
    browser.run(f"document.execCommand('insertText', false, {json.dumps(words)}) || document.execCommand('delete')")
    return browser.run(TITLES)


def check_safe(browser, page, title):
    assert browser.run("document.title") == title, "text ran as a script"
    assert browser.run("document.querySelectorAll('img, iframe, object, link, base, form').length") == 0
    assert browser.run("document.scripts.length") == 1
    assert browser.run("[...document.querySelectorAll('a')].every(link => link.getAttribute('href').startsWith('#'))")
    wide = browser.run("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"the page is {wide} pixels too wide"
    wrong = browser.problems(page)
    assert not wrong, wrong


def check_picture(browser):
    """Every word of the picture lies inside its box."""
    out = browser.run("""[...document.querySelectorAll('svg g')].filter(group => {
        const box = group.querySelector('rect').getBBox();
        return [...group.querySelectorAll('text')].some(text => {
            const words = text.getBBox();
            return words.x < box.x || words.x + words.width > box.x + box.width || words.y + words.height > box.y + box.height;
        });
    }).map(group => group.textContent)""")
    assert not out, f"too wide for their boxes: {out}"


def check(browser):
    page = PAGES / "benign.html"
    browser.open(page)
    everything = browser.run(TITLES)
    assert len(everything) == 17, everything
    assert browser.run("document.getElementById('shown').textContent") == "17 of 17 shown"
    assert search(browser, "no such thing") == []
    found = search(browser, "parcelbox GHSA-dddd")
    assert len(found) == 1 and "parcelbox 2.4 has 4 known" in found[0], found
    assert search(browser, "") == everything
    browser.run("document.querySelector('[value=deny]').click()")
    rest = browser.run(TITLES)
    assert len(rest) == 11 and not any(one.startswith("deny") for one in rest), rest
    browser.run("document.querySelector('[value=deny]').click()")
    browser.run("document.querySelector('svg a').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    time.sleep(0.2)
    hash = browser.run("location.hash")
    assert hash and browser.run(f"document.querySelector('{hash}').localName") == "article", hash
    check_picture(browser)
    check_safe(browser, page, "Dependencies of shop")
    browser.open(page)
    for scheme in ["light", "dark"]:
        browser.media(prefers_color_scheme=scheme)
        browser.picture(f"audit-{scheme}")
        paper = browser.run("getComputedStyle(document.body).backgroundColor")
        words = browser.run("getComputedStyle(document.querySelector('svg text')).fill")
        assert (paper == "rgb(255, 255, 255)") == (scheme == "light"), paper
        assert words != paper, "the picture cannot be read"
    assert browser.pdf("audit").startswith(b"%PDF-")
    browser.call("Emulation.setDeviceMetricsOverride", width=390, height=800, deviceScaleFactor=1, mobile=True)
    browser.picture("audit-phone")
    check_safe(browser, page, "Dependencies of shop")

    browser.open(page, script=False)
    assert browser.run(TITLES) == everything, "without its script all of it is there"
    assert not browser.run("document.getElementById('controls').checkVisibility()")

    hostile = PAGES / "sample.html"
    browser.open(hostile)
    title = browser.run("document.title")
    assert "<script>" in title and title != "run", f"the hostile text has not arrived: {title}"
    check_picture(browser)
    check_safe(browser, hostile, title)
    browser.picture("audit-hostile")


def check_that_it_can_fail(browser, folder):
    """A page that loads, and one that runs what it must not, are told."""
    page = (PAGES / "benign.html").read_text()
    for name, text in [("loads", "<img src=\"https://index.example.com/x.png\">"),
                       ("runs", "<script>document.title='run'</script>"),
                       ("styles", "<p style=\"color:red\">x</p>")]:
        broken = Path(folder) / f"{name}.html"
        broken.write_text(page.replace("</h1>", f"</h1>{text}", 1))
        browser.open(broken)
        time.sleep(0.3)
        browser.run("0")
        assert browser.problems(broken), f"a page that {name} is not told from one that does not"


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    browser = Browser(folder, PICTURES)
    try:
        check(browser)
        check_that_it_can_fail(browser, folder)
    finally:
        browser.process.kill()
        browser.process.wait()
print("the page searches, filters, prints, leads from the picture to the findings, loads nothing and runs no text")
