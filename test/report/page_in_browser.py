#!/usr/bin/env python3
"""Looks at the page of `leat report` in a real browser, wide and narrow, in light and in dark.

  page_in_browser.py LEAT SHOTS

SHOTS is the folder for the screenshots. Exit code 77: there is no browser here.
"""
import pathlib
import subprocess
import sys
import tempfile
import time

import browser

COLUMNS, BYTES_MAX, SECONDS_MAX = 200, 2_000_000, 1.0
CONTRAST_MIN = 4.5
HOSTILE = '</style><script>document.title="hit"</script><img src=x onerror=alert(1)>'

MEASURE = r"""
(() => {
  for (const details of document.querySelectorAll('details')) details.open = true;
  const channel = v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const numbers = colour => colour.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
  const ground = element => {
    const rect = element.closest('g')?.querySelector('rect');
    if (rect) return numbers(getComputedStyle(rect).fill);
    for (let e = element; e; e = e.parentElement) {
      const colour = numbers(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || /^title$/i.test(element.tagName)) continue;
    const style = getComputedStyle(element);
    const ink = numbers(element.closest('svg') ? style.fill : style.color);
    const both = [light(ink), light(ground(element))].sort((a, b) => b - a);
    const ratio = (both[0] + .05) / (both[1] + .05);
    if (ratio < CONTRAST_MIN) faint.push(`${texts.currentNode.data.trim()}: ${ratio.toFixed(2)}`);
  }
  const all = selector => [...document.querySelectorAll(selector)];
  const ids = all('[id]').map(e => e.id);
  return {
    title: document.title,
    overflow: document.documentElement.scrollWidth - innerWidth,
    faint: faint.slice(0, 5),
    scripts: all('script, img, iframe, link:not([rel=icon]), [onerror], [onload]').length,
    landmarks: ['header', 'nav[aria-label]', 'main', 'footer'].map(s => all('body > ' + s).length),
    unlabelled: all('svg:not([aria-label])').length + all('section:not([aria-labelledby])').length,
    headless: all('thead th:not([scope=col])').length + all('tbody th:not([scope=row])').length,
    deadlinks: all('a[href^="#"]').filter(a => !ids.includes(a.hash.slice(1))).length,
    twice: ids.length - new Set(ids).size,
    headings: all('h1').length,
    histograms: all('svg.histogram').length,
    sections: all('main > section').map(s => s.id),
  };
})()
""".replace("CONTRAST_MIN", str(CONTRAST_MIN))


def world(folder):
    """A small run with everything a page can show, and a wide one."""
    (folder / "prices.csv").write_text("day,symbol,close,volume\n" + "".join(
        f"2024-{i % 12 + 1:02d}-{i % 28 + 1:02d},{'AB'[i % 2]}{HOSTILE if i == 9 else ''},"
        f"{(i * 37 % 101) - (3 if i % 20 == 0 else -3)},{'' if i % 7 == 0 else i * i}\n"
        for i in range(400)))
    (folder / "prices.yml").write_text("""pipeline: prices
sources: {prices: {csv: {path: prices.csv}}}
models:
  priced: {query: 'SELECT *, close * 2 AS "<b>twice</b>" FROM prices WHERE close < 100'}
checks:
  prices: [{range: {column: close, min: 0}}, {accepted_values: {column: symbol, values: [A, B],
    on_fail: warn}}, {not_null: {column: volume, on_fail: warn}}]
  priced: [{not_null: [day, symbol, close]}, {row_count: {min: 10}}]
sinks:
  one: {parquet: {path: out/priced.parquet}, from: priced}
  two: {duckdb: {path: out.duckdb, table: priced}, from: priced}
""")
    wide = ", ".join(f"(i * {n + 3}) % 1009 / {n + 1}.0 AS c{n}" for n in range(COLUMNS))
    names = ", ".join(f"c{n}" for n in range(COLUMNS))
    (folder / "wide.yml").write_text(f"""pipeline: wide
sources: {{nums: {{sequence: {{count: 20000}}}}}}
models: {{wide: {{query: "SELECT {wide} FROM (SELECT n AS i FROM nums)"}}}}
checks: {{wide: [{{not_null: [{names}]}}, {{range: {{columns: [{names}], min: 1}}}}]}}
sinks: {{out: {{parquet: {{path: out/wide.parquet}}, from: wide}}}}
""")


def report_of(leat, folder, pipeline):
    ran = subprocess.run([leat, "run", f"{pipeline}.yml", "-q"], cwd=folder, capture_output=True,
                         text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    begun = time.monotonic()
    subprocess.run([leat, "report", "--out", f"{pipeline}.html"], cwd=folder, check=True,
                   capture_output=True)
    return folder / f"{pipeline}.html", time.monotonic() - begun


def complaints_about(measured):
    expected = {"overflow": 0, "faint": [], "scripts": 0, "landmarks": [1, 1, 1, 1],
                "unlabelled": 0, "headless": 0, "deadlinks": 0, "twice": 0, "headings": 1}
    return [f"{name}: {measured[name]}, not {value}" for name, value in expected.items()
            if measured[name] != value]


def look_at(page, path, shots):
    found = []
    for width in (1280, 390):
        for scheme in ("light", "dark"):
            page.look(path, width, 900, scheme)
            page.screenshot(shots / f"report-{path.stem}-{width}-{scheme}.png", width, 8000)
            measured = page.evaluate(MEASURE)
            found += [f"{path.stem} {width} {scheme}: {c}" for c in complaints_about(measured)]
    return found, measured


def try_keyboard(page, path):
    """The first stop is the link that skips to the content; then comes the navigation."""
    page.look(path, 1280, 900, "light")
    page.press("Tab")
    first = page.evaluate("document.activeElement.className")
    page.press("Tab")
    second = page.evaluate("document.activeElement.closest('nav') !== null")
    return [] if first == "skip" and second else [f"tab goes to {first!r}, navigation: {second}"]


def main(leat, shots):
    program = browser.find()
    if program is None:
        print("SKIPPED: no chromium here, so nobody has looked at the report's page.\n"
              "  as root: apt-get install --no-install-recommends chromium")
        return 77
    shots = pathlib.Path(shots)
    shots.mkdir(parents=True, exist_ok=True)
    leat = str(pathlib.Path(leat).resolve())
    with tempfile.TemporaryDirectory() as work, browser.Browser(program) as page:
        folder = pathlib.Path(work)
        world(folder)
        prices, _ = report_of(leat, folder, "prices")
        wide, seconds = report_of(leat, folder, "wide")
        found, measured = look_at(page, prices, shots)
        more, measured_wide = look_at(page, wide, shots)
        found += more + try_keyboard(page, prices) + page.problems
        found += [f"asked for {url}" for url in page.requests if not url.startswith("file:")]
        wanted = ["summary", "sinks", "checks", "quarantine", "score", "lineage", "columns",
                  "receipts", "queries"]
        if measured["sections"] != wanted:
            found.append(f"sections {measured['sections']}")
        if measured["title"] != "prices: success":
            found.append(f"title {measured['title']}")
        if measured_wide["histograms"] != COLUMNS:
            found.append(f"{measured_wide['histograms']} histograms")
        size = wide.stat().st_size
        print(f"{COLUMNS} columns: {size:,} bytes in {seconds:.2f} s; screenshots in {shots}")
        if size > BYTES_MAX or seconds > SECONDS_MAX:
            found.append(f"{size:,} bytes in {seconds:.2f} s")
    print("\n".join(found) or "the page is as it should be, at 1280 and 390 pixels, light and dark")
    return 1 if found else 0


sys.exit(main(*sys.argv[1:]))
