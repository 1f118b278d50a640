"""A real browser, for pages: speaks the DevTools protocol over two pipes, which needs nothing but a Chromium."""

import base64
import json
import os
import shutil
import subprocess

BROWSERS = ["chromium", "chromium-browser", "google-chrome"]


class Browser:
    def __init__(self, profile, pictures=None):
        self.pictures = pictures
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
        if self.pictures:
            self.pictures.mkdir(parents=True, exist_ok=True)
            data = self.call("Page.captureScreenshot", captureBeyondViewport=False)["data"]
            (self.pictures / f"{name}.png").write_bytes(base64.b64decode(data))

    def pdf(self, name="page"):
        data = base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True)["data"])
        if self.pictures:
            (self.pictures / f"{name}.pdf").write_bytes(data)
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
