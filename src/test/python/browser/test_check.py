"""The check of pages can fail: small pages, each with one fault, and one without."""

import pathlib
import tempfile
import unittest

import check

GOOD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>A page</title><style>{style}</style>{head}</head>
<body><main><h1>A page</h1><p>Two &lt;script&gt; words.</p>{body}</main></body></html>
"""


class CheckTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = cls.enterClassContext(check.opened())
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))

    def faults(self, body="", style="", head="", texts=(), width=390, scheme="light"):
        page = self.folder / "page.html"
        page.write_text(GOOD.format(body=body, style=style, head=head), encoding="utf-8")
        return check.look_at(self.browser, page, width, scheme, texts).faults

    def assert_fault(self, part, faults):
        self.assertTrue(any(part in fault for fault in faults), faults)

    def test_a_page_without_fault_passes_at_both_widths_and_in_both_schemes(self):
        for width in check.WIDTHS:
            for scheme in check.SCHEMES:
                with self.subTest(width=width, scheme=scheme):
                    self.assertEqual(
                        self.faults(texts=["Two <script> words."], width=width, scheme=scheme), []
                    )

    def test_a_request_is_a_fault_even_where_nothing_answers(self):
        faults = self.faults(body='<img alt="x" src="http://127.0.0.1:9/x.png">')
        self.assert_fault("asks for http://127.0.0.1:9/x.png", faults)

    def test_a_file_beside_the_page_is_a_request_too(self):
        self.assert_fault("asks for file:", self.faults(head='<link rel="stylesheet" href="beside.css">'))

    def test_a_script_that_runs_is_a_fault(self):
        faults = self.faults(body="<script>window.injected = 1</script>")
        self.assert_fault("ran an injected script", faults)
        self.assert_fault("has 1 script element", faults)

    def test_a_script_that_a_policy_does_not_allow_is_a_fault_though_it_does_not_run(self):
        head = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">"""
        faults = self.faults(head=head, body="<script>window.injected = 1</script>")
        self.assert_fault("Content Security Policy", faults)
        self.assertNotIn("ran an injected script", faults)

    def test_a_plot_that_is_drawn_passes_and_one_without_marks_is_a_fault(self):
        place = '<div data-plot="curve" role="img" aria-label="Loss"></div><script></script>'
        draw = "<script>document.querySelector('[data-plot]').innerHTML = '<svg width=\"{}\" height=\"9\">{}</svg>'</script>"
        mark = '<path stroke="red" d="M0 0L9 9"/>'
        style = "svg { display: block; }"
        whole = place + draw.format("100%", mark + "<text>0</text>")
        self.assertEqual(self.faults(body=whole, style=style), [])
        for width, marks in (("100%", "<text>0</text>"), ("100%", mark), ("50%", mark + "<text>0</text>")):
            with self.subTest(width=width, marks=marks):
                faults = self.faults(body=place + draw.format(width, marks), style=style)
                self.assert_fault('does not draw the plot curve "Loss"', faults)

    def test_a_plot_in_a_folded_part_is_waited_for(self):
        draw = """<script>
          const place = document.querySelector('[data-plot]');
          const svg = '<svg style="display: block" width="100%" height="9"><path stroke="red" d="M0 0L9 9"/><text>0</text></svg>';
          new ResizeObserver(() => setTimeout(() => { place.innerHTML = svg; }, 300)).observe(place);
        </script>"""
        body = '<details><summary>x</summary><div data-plot="curve" role="img" aria-label="Loss"></div></details><script></script>'
        self.assertEqual(self.faults(body=body + draw), [])

    def test_a_handler_is_a_fault_whether_it_runs_or_not(self):
        self.assert_fault("has event handlers: onclick", self.faults(body='<p onclick="x()">x</p>'))

    def test_an_error_on_the_console_is_a_fault(self):
        faults = self.faults(body="<script>console.error('broken'); throw new Error('worse')</script>")
        self.assert_fault("console: broken", faults)
        self.assert_fault("script: ", faults)

    def test_what_is_too_wide_for_a_phone_is_a_fault_there_alone(self):
        body = '<details><summary>x</summary><div style="width: 600px">wide</div></details>'
        self.assert_fault("pixels wide, the window 390", self.faults(body=body))
        self.assertEqual(self.faults(body=body, width=1280), [])

    def test_what_scrolls_by_itself_is_not_too_wide(self):
        body = '<div tabindex="0" style="overflow-x: auto"><div style="width: 600px">wide</div></div>'
        self.assertEqual(self.faults(body=body), [])

    def test_faint_text_is_a_fault_in_the_scheme_that_has_it(self):
        style = "@media (prefers-color-scheme: dark) { body { background: #222; color: #333; } }"
        self.assert_fault("axe serious: color-contrast", self.faults(style=style, scheme="dark"))
        self.assertEqual(self.faults(style=style), [])

    def test_an_image_without_a_text_is_a_fault(self):
        body = '<img src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">'
        self.assert_fault("axe critical: image-alt", self.faults(body=body))

    def test_a_text_that_must_stand_there_and_does_not_is_a_fault(self):
        self.assert_fault("does not show", self.faults(texts=["other words"]))


if __name__ == "__main__":
    unittest.main()
