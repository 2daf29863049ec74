#!/usr/bin/env python3
"""The report against `assay agree`, `assay review audit` and `assay check`: the same numbers, in one file that needs nothing else.

Runs the built `assay` ($ASSAY_BIN) on the sample project. Prints TAP."""
import html.parser
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback

ASSAY = os.environ["ASSAY_BIN"]
AGREE, CHECK = [], {}  # what the other verbs tell
VOID = {"meta", "rect", "line", "circle", "br"}


def assay(*words, status=0):
    done = subprocess.run([ASSAY, *words], capture_output=True, text=True, timeout=120,
                          env={**os.environ, "SOURCE_DATE_EPOCH": "86400", "ASSAY_ANNOTATOR": "tester"})
    assert done.returncode == status, f"assay {' '.join(words)}: {done.returncode}: {done.stderr}"
    return done.stdout


class Page(html.parser.HTMLParser):
    """Sections by their headings; of tables the cells, with the exact number where there is one."""

    def __init__(self):
        super().__init__()
        self.open, self.title, self.heading = [], None, None
        self.rows, self.words, self.links, self.ids, self.tips = [], [], [], set(), []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("script", "link", "img", "iframe"):
            raise AssertionError(f"<{tag}> in a page that needs nothing else")
        for name in ("href", "src"):
            if name in attributes:
                self.links.append(attributes[name])
        if "id" in attributes:
            self.ids.add(attributes["id"])
        if tag == "tr":
            self.rows.append((self.title, self.heading, []))
        if tag in ("td", "th"):
            self.rows[-1][2].append(None)
        if tag == "data":
            self.rows[-1][2][-1] = float(attributes["value"])

    def handle_endtag(self, tag):
        if tag in VOID:  # <rect …><title>…</title></rect>
            return
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data):
        last = self.open[-1] if self.open else ""
        if last == "h2":
            self.title = data
        elif last == "h3":
            self.heading = data
        elif last == "td":
            self.rows[-1][2][-1] = data
        elif last == "title" and "svg" in self.open:
            self.tips.append(data)
        elif last == "p":
            self.words.append(data)


def parse(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    page = Page()
    page.feed(text)
    page.close()
    assert not page.open, f"never closed: {page.open}"
    return page, text


def every_figure_of_agree_is_in_the_page(project, directory):
    page, _ = parse(os.path.join(directory, "1.html"))
    tasks = AGREE
    assert len(tasks) == 4
    n = 0
    for task in tasks:
        rows = [cells for title, _, cells in page.rows if title == f"{task['task']} · {task['kind']}"]
        groups = [("all", task)] + [(group["title"], group) for group in task["groups"]]
        groups += [("apart: " + group["title"], group) for group in task["apart"]]
        for name, group in groups:
            for measure in group["measures"]:
                figure = measure["title"] + (f", {measure['part']}" if "part" in measure else "")
                low, high = measure["ci95"] or (None, None)
                wanted = [name, figure, measure["value"], low, high, measure["unit"] or None, measure["n"], measure["items"]]
                wanted = ["–" if one is None and at in (2, 3, 4) else one for at, one in enumerate(wanted)]
                assert wanted in rows, f"{task['task']}: {wanted} is not in the page"
                n += 1
        baseline = task["human_baseline"]
        if baseline is not None:
            assert any(f"{baseline['value']:.3f}" in words for words in page.words), "the human baseline is not told"
    assert n > 100, n


def the_document_is_what_the_verbs_tell(project, directory):
    with open(os.path.join(directory, "1.json"), encoding="utf-8") as file:
        report = json.load(file)
    agree = AGREE
    audit = json.loads(assay("-C", project, "--json", "review", "audit"))["tasks"]
    assert [task["agreement"] for task in report["tasks"]] == agree
    assert [task["audit"] for task in report["tasks"]] == audit
    assert report["findings"]["open"] == len(CHECK["findings"]) > 0
    assert {one["check"]: one["n"] for one in report["findings"]["checks"]} == {
        check: len([one for one in CHECK["findings"] if one["check"] == check]) for check in {one["check"] for one in CHECK["findings"]}}
    for task in report["tasks"]:
        names = task["agreement"]["annotators"]
        for pair in task["pairs"]:
            assert pair["a"] in names and pair["b"] in names and pair["key"] == f"{pair['a']} + {pair['b']}", pair


def the_page_needs_nothing_and_every_number_opens_its_definition(project, directory):
    page, text = parse(os.path.join(directory, "1.html"))
    assert page.links and all(link.startswith("#") and link[1:] in page.ids for link in page.links), page.links
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", text.split("What the numbers mean")[0])
    shown = text.split("<h2>What the numbers mean")[0]
    assert shown.count("<h3>") == shown.count("what it means</a>") > 20, "a figure without its definition"
    assert any("95 % interval" in tip and "n = " in tip for tip in page.tips), page.tips[:5]
    assert any(words.startswith("Undefined: ") for words in page.words), "what is undefined does not say why"


def the_same_data_give_the_same_bytes(project, directory):
    for kind in ("html", "json", "pdf"):
        first, second = (open(os.path.join(directory, f"{i}.{kind}"), "rb").read() for i in (1, 2))
        assert first == second and len(first) > 10000, kind
    assert first.startswith(b"%PDF-") and b"/Page" in first


def a_project_without_labels_has_a_page_too(project, directory):
    empty = os.path.join(directory, "empty")
    assay("init", empty)
    assay("-C", empty, "report", "--html", os.path.join(directory, "e.html"), "--pdf", os.path.join(directory, "e.pdf"))
    page, _ = parse(os.path.join(directory, "e.html"))
    assert "Nothing is open, and nothing was decided yet." in page.words
    assay("-C", empty, "report", status=2)


CASES = [every_figure_of_agree_is_in_the_page, the_document_is_what_the_verbs_tell,
         the_page_needs_nothing_and_every_number_opens_its_definition, the_same_data_give_the_same_bytes,
         a_project_without_labels_has_a_page_too]


def main():
    directory = tempfile.mkdtemp(prefix="assay-report-")
    project, failed = os.path.join(directory, "sample"), 0
    print(f"1..{len(CASES)}")
    try:
        assay("demo", project)
        CHECK.update(json.loads(assay("-C", project, "--json", "check")))
        AGREE.extend(json.loads(assay("-C", project, "--json", "agree", "--by", "class"))["tasks"])
        for i in (1, 2):
            told = assay("-C", project, "--json", "report", "--html", f"{directory}/{i}.html", "--pdf", f"{directory}/{i}.pdf")
            with open(f"{directory}/{i}.json", "w", encoding="utf-8") as file:
                file.write(told)
        for number, case in enumerate(CASES, 1):
            try:
                case(project, directory)
                print(f"ok {number} - {case.__name__}")
            except Exception:
                failed += 1
                print(f"not ok {number} - {case.__name__}")
                print("".join(f"# {line}\n" for line in traceback.format_exc().splitlines()), end="")
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    return failed > 0


sys.exit(main())
