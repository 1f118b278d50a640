"""Opens the license page in a real browser: it searches, sorts and filters, loads nothing, and runs no text.

    python .ci/license_page.py target/tmp/licenses/sample.html [FOLDER FOR PICTURES]

Speaks the DevTools protocol over two pipes, which needs nothing but a Chromium.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PAGE = Path(sys.argv[1]).resolve()
PICTURES = Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]


class Browser:
    def __init__(self, profile):
        program = next(filter(None, map(shutil.which, BROWSERS)), None)
        assert program, f"this check needs one of {BROWSERS}"
        commands, self.to = os.pipe()
        self.back, answers = os.pipe()

        def become():           # the browser reads commands from 3 and writes answers to 4
            os.dup2(commands, 13)
            os.dup2(answers, 14)
            os.dup2(13, 3)
            os.dup2(14, 4)
            os.set_inheritable(3, True)
            os.set_inheritable(4, True)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
             "--disable-dev-shm-usage", "--no-first-run", f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=become, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(commands)
        os.close(answers)
        self.number, self.rest, self.events, self.session = 0, b"", [], None

    def read(self):
        while b"\0" not in self.rest:
            chunk = os.read(self.back, 1 << 20)
            assert chunk, "the browser has ended"
            self.rest += chunk
        message, _, self.rest = self.rest.partition(b"\0")
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method):
        while not any(event["method"] == method for event in self.events):
            self.events.append(self.read())

    def open(self, page, script=True):
        target = self.call_outside("Target.createTarget", url="about:blank")["targetId"]
        self.session = None
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Network", "Log", "Audits"]:
            self.call(f"{domain}.enable")
        self.call("Emulation.setScriptExecutionDisabled", value=not script)
        self.call("Emulation.setDeviceMetricsOverride", width=1280, height=900, deviceScaleFactor=1, mobile=False)
        self.events.clear()
        self.call("Page.navigate", url=page.as_uri())
        self.wait_for("Page.loadEventFired")

    def call_outside(self, method, **parameters):
        session, self.session = self.session, None
        result = self.call(method, **parameters)
        self.session = session
        return result

    def run(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, userGesture=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def media(self, **features):
        self.call("Emulation.setEmulatedMedia", features=[{"name": k.replace("_", "-"), "value": v}
                                                          for k, v in features.items()])

    def picture(self, name):
        if PICTURES:
            PICTURES.mkdir(parents=True, exist_ok=True)
            data = self.call("Page.captureScreenshot", captureBeyondViewport=False)["data"]
            (PICTURES / f"{name}.png").write_bytes(base64.b64decode(data))

    def pdf(self):
        data = base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True)["data"])
        if PICTURES:
            (PICTURES / "page.pdf").write_bytes(data)
        return data

    def problems(self, page):
        """Requests for anything but the page, console messages, exceptions, and what the browser found amiss."""
        wrong = []
        for event in self.events:
            method, what = event["method"], event.get("params", {})
            if method == "Network.requestWillBeSent" and what["request"]["url"].split("#")[0] != page.as_uri():
                wrong.append(f"a request: {what['request']['url']}")
            if method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded", "Audits.issueAdded",
                          "Page.javascriptDialogOpening"):
                wrong.append(f"{method}: {json.dumps(what)[:400]}")
        return wrong


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
    browser = Browser(folder)
    try:
        check(browser)
        check_that_it_can_fail(browser, folder)
    finally:
        browser.process.kill()
        browser.process.wait()
print("the page searches, sorts, filters, prints, loads nothing and runs no text")
