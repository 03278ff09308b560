"""Opens pages in headless Chromium as people see them: on a desk and on a phone, in light and dark.

A page fails by a request for anything but itself, by an error on its console (a script that its policy does not allow
is one), by a plot that is not drawn, by a script that is none of its plots', by scrolling sideways, and by what axe-core
calls serious or critical. Everything folded is opened, so that nothing escapes the look.

    python check.py [--screenshots FOLDER] [--text TEXT]... PAGE...

Prints a line per page, width and scheme with what was found; exit code 1 where a page fails.
"""

import argparse
import contextlib
import dataclasses
import itertools
import pathlib
import shutil
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError, sync_playwright

WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")
REFUSED = ("serious", "critical")
PATIENCE_MS = 5000

# What a hostile text sets if it comes to run as a script.
INJECTED = "injected"

OPEN = "document.querySelectorAll('details').forEach(one => { one.open = true; })"

# The plots that are drawn so far: marks stand in an SVG of theirs, as wide as their place.
DRAWN = """() => [...document.querySelectorAll('[data-plot]')].map(place => {
  const svg = place.querySelector('svg');
  return {
    name: place.dataset.plot + ' "' + place.getAttribute('aria-label').slice(0, 40) + '"',
    marks: svg === null ? 0 : svg.querySelectorAll('path[stroke], path[fill]:not([fill=none])').length,
    labels: svg === null ? 0 : svg.querySelectorAll('text').length,
    fits: svg !== null && Math.abs(svg.getBoundingClientRect().width - place.clientWidth) <= 1,
  };
})"""

FACTS = """() => {
  const width = document.documentElement.clientWidth;
  const scrolls = element => {
    for (let one = element.parentElement; one !== null; one = one.parentElement) {
      if (one !== document.body && ['auto', 'scroll'].includes(getComputedStyle(one).overflowX)) return true;
    }
    return false;
  };
  const wide = [...document.body.querySelectorAll('*')]
      .filter(one => one.getBoundingClientRect().right > width + 1 && !scrolls(one));
  const name = one => one.tagName.toLowerCase() + (one.id ? '#' + one.id : '')
      + (one.getAttribute('class') ? '.' + one.getAttribute('class') : '') + ' "' + one.textContent.slice(0, 40) + '"';
  return {
    width: width,
    content: document.documentElement.scrollWidth,
    wide: wide.slice(0, 3).map(name),
    scripts: document.querySelectorAll('script').length,
    plots: document.querySelectorAll('[data-plot]').length,
    handlers: [...document.querySelectorAll('*')]
        .flatMap(one => [...one.attributes].map(at => at.name)).filter(at => at.startsWith('on')),
    injected: window.injected !== undefined,
    text: document.body.textContent,
  };
}"""

# A text's contrast follows from its colour, size and weight and from what lies behind it, and axe-core takes seconds for
# the thousand cells of a report that share all of these: a few of each kind are marked for it.
MARK_KINDS = """() => {
  const behind = element => {
    for (let one = element; one !== null; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.backgroundImage !== 'none' || style.backgroundColor !== 'rgba(0, 0, 0, 0)') {
        return style.backgroundImage + style.backgroundColor;
      }
    }
    return '';
  };
  const faded = element => element === null ? '' : getComputedStyle(element).opacity + faded(element.parentElement);
  const seen = new Map();
  for (const element of document.body.querySelectorAll('*')) {
    if ([...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '')) {
      const style = getComputedStyle(element);
      const kind = [element.tagName, element.className, style.color, style.fontSize, style.fontWeight, behind(element),
          faded(element).replaceAll('1', '')].join(' ');
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
      if (seen.get(kind) <= 3) element.setAttribute('data-kind', '');
    }
  }
}"""


@dataclasses.dataclass
class Look:
    """One page at one width in one colour scheme, and what is wrong with it."""

    page: pathlib.Path
    width: int
    scheme: str
    faults: list[str]
    notes: list[str]

    @property
    def name(self):
        return f"{self.page.parent.name}-{self.page.stem}-{self.width}-{self.scheme}"


def find_chromium():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    raise SystemExit("There is no Chromium. On Debian: apt-get install chromium; elsewhere give --chromium.")


def watch(tab, url, faults):
    """Notes what a page asks for and complains of from now on."""

    def requested(request):
        if request.url != url and not request.url.startswith("data:"):
            faults.append(f"asks for {request.url}")

    def said(message):
        if message.type == "error":
            faults.append(f"console: {message.text}")

    tab.on("request", requested)
    tab.on("console", said)
    tab.on("pageerror", lambda error: faults.append(f"script: {error}"))

    def asked(dialog):
        faults.append(f"opens a dialog: {dialog.message}")
        dialog.dismiss()

    tab.on("dialog", asked)


def wait_for_plots(tab, faults):
    """Notes the plots that are not drawn in a while."""
    whole = "({marks, labels, fits}) => marks > 0 && labels > 0 && fits"
    try:
        tab.wait_for_function(f"({DRAWN})().every({whole})", timeout=PATIENCE_MS)
    except TimeoutError:
        for plot in tab.evaluate(DRAWN):
            if not (plot["marks"] and plot["labels"] and plot["fits"]):
                faults.append(f"does not draw the plot {plot['name']}")


def judge(facts, texts, faults):
    if facts["content"] > facts["width"]:
        faults.append(f"is {facts['content']} pixels wide, the window {facts['width']}: {'; '.join(facts['wide'])}")
    # The library's and the page's own.
    expected = 2 if facts["plots"] else 0
    if facts["scripts"] != expected:
        faults.append(f"has {facts['scripts']} script elements, not {expected}")
    if facts["handlers"]:
        faults.append(f"has event handlers: {', '.join(sorted(set(facts['handlers'])))}")
    if facts[INJECTED]:
        faults.append("ran an injected script")
    for text in texts:
        if text not in facts["text"]:
            faults.append(f"does not show the text {text!r}")


def accessibility(tab, look):
    tab.evaluate(MARK_KINDS)
    colours = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
    all_else = {"rules": {"color-contrast": {"enabled": False}}, "resultTypes": ["violations"]}
    axe = Axe()
    violations = axe.run(tab, options=all_else).response["violations"]
    violations += axe.run(tab, context={"include": [["[data-kind]"]]}, options=colours).response["violations"]
    for violation in violations:
        places = "; ".join(" ".join(node["target"][:1]) for node in violation["nodes"][:3])
        line = f"axe {violation['impact']}: {violation['id']}, {len(violation['nodes'])} times: {places}"
        (look.faults if violation["impact"] in REFUSED else look.notes).append(line)


def look_at(browser, page, width, scheme, texts=(), screenshots=None):
    """Opens a page once; what is wrong with it stands in the result."""
    look = Look(page, width, scheme, [], [])
    context = browser.new_context(
        viewport={"width": width, "height": 844 if width < 600 else 900},
        is_mobile=width < 600,
        has_touch=width < 600,
        color_scheme=scheme,
        device_scale_factor=1,
    )
    try:
        tab = context.new_page()
        url = page.resolve().as_uri()
        watch(tab, url, look.faults)
        tab.goto(url, wait_until="load")
        if screenshots:
            tab.wait_for_timeout(500)
            tab.screenshot(path=screenshots / f"{look.name}.png", full_page=True)
        tab.evaluate(OPEN)
        wait_for_plots(tab, look.faults)
        judge(tab.evaluate(FACTS), texts, look.faults)
        if screenshots:
            tab.screenshot(path=screenshots / f"{look.name}-open.png", full_page=True)
        accessibility(tab, look)
    finally:
        context.close()
    return look


@contextlib.contextmanager
def opened(chromium=None):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium or find_chromium(),
            # Root has no sandbox, and a container's shared memory is small.
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        try:
            yield browser
        finally:
            browser.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="+", type=pathlib.Path)
    parser.add_argument("--screenshots", type=pathlib.Path, help="folder for pictures, folded and opened")
    parser.add_argument("--text", action="append", default=[], help="must stand on every page, to the letter")
    parser.add_argument("--chromium", help="the browser; the one on the PATH without")
    arguments = parser.parse_args()
    if arguments.screenshots:
        arguments.screenshots.mkdir(parents=True, exist_ok=True)
    failed = False
    with opened(arguments.chromium) as browser:
        for page, width, scheme in itertools.product(arguments.pages, WIDTHS, SCHEMES):
            look = look_at(browser, page, width, scheme, arguments.text, arguments.screenshots)
            failed |= bool(look.faults)
            print(f"{'FAILED' if look.faults else 'passed'}: {page}, {width} pixels, {scheme}")
            for line in look.faults + look.notes:
                print(f"  {line}")
    if failed:
        sys.exit(1)


if __name__ == "__main__":
    main()
