"""The style of the report's page: light and dark by the reader's system, no network, no scripts."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark;
  --window: #f6f7f9; --surface: #ffffff; --line: #e2e5ea; --text: #1a1d22; --quiet: #59606b;
  --accent: #2b63d9; --good: #18794e; --caution: #8a6100; --bad: #b42318; --bar: #c9d8f8; }
@media (prefers-color-scheme: dark) { :root {
  --window: #15171b; --surface: #1d2025; --line: #2d3138; --text: #e7e9ed; --quiet: #9aa2ae;
  --accent: #7aa7ff; --good: #5bc38c; --caution: #e2b84b; --bad: #ff8a80; --bar: #2d4372; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--window); color: var(--text);
  font: 14px/1.5 Inter, system-ui, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 22px; line-height: 1.3; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 15px; margin: 0 0 12px; }
p { margin: 0 0 8px; }
.quiet { color: var(--quiet); font-size: 12px; }
section { background: var(--surface); border: 1px solid var(--line); border-radius: 6px;
  padding: 16px; margin-top: 16px; overflow-wrap: anywhere; }
.tiles { display: grid; gap: 8px; margin-top: 16px;
  grid-template-columns: repeat(auto-fill, minmax(164px, 1fr)); }
.tile { background: var(--surface); border: 1px solid var(--line); border-radius: 6px;
  padding: 12px 16px; }
.tile b { display: block; font-size: 20px; font-weight: 600; line-height: 1.3;
  font-variant-numeric: tabular-nums; }
.pair { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(380px, 1fr)); }
.verdict { border-left: 4px solid; }
.finding { border-top: 1px solid var(--line); padding: 10px 0 2px; }
.finding:first-of-type { border-top: 0; padding-top: 0; }
.mark { font-weight: 600; }
.good { color: var(--good); border-left-color: var(--good); }
.caution { color: var(--caution); border-left-color: var(--caution); }
.bad { color: var(--bad); border-left-color: var(--bad); }
.verdict h2, .verdict p { color: var(--text); }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 500; font-size: 12px; color: var(--quiet); }
td, th { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar { height: 8px; border-radius: 4px; background: var(--accent); min-width: 2px; }
.bars { table-layout: fixed; }
.bars .track { width: 50%; }
.bars .n { width: 80px; }
.track { width: 160px; padding-top: 11px; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--quiet); font-size: 11px; font-family: inherit; }
.axis { stroke: var(--line); }
.column { fill: var(--accent); }
ul { margin: 0; padding-left: 18px; }
li { margin-bottom: 6px; }
details { border-top: 1px solid var(--line); padding: 6px 0; }
summary { cursor: pointer; }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
"""

# Okabe and Ito's colours and lighter ones of the same families: told apart by the colour-blind
TOPIC_COLOURS = (
    "#0072b2", "#d55e00", "#009e73", "#aa4499", "#e69f00", "#56b4e9", "#8c6d31", "#cc79a7",
    "#4b7f52", "#7b6fd0", "#b0403a", "#2f9fa6", "#9a8f00", "#6b7785", "#c06a2b", "#3f63b5",
    "#7fa650", "#a0527f", "#5f8f8f", "#b58bd6",
)  # fmt: skip
