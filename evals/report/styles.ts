// The report's style sheet: light, dark, narrow and print.
import { rowStyles } from './row-styles.ts';

/** Inline style sheet; it names no address. */
export const styles = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #1b2330; --muted: #5b6676; --line: #e1e5ea;
  --accent: #2457c5; --opponent: #a34d0c; --hit: #2457c5; --miss: #d0670f;
  --series-1: #2457c5; --series-2: #a34d0c; --series-3: #00705a; --series-4: #8a3fa0; --series-5: #5b6676; --series-6: #8a6500;
  --good: #146c43; --good-bg: #e4f4ea; --warn: #7a4d00; --warn-bg: #fdf1d7; --bad: #a8201a; --bad-bg: #fdeae8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1a2029; --ink: #e6eaf0; --muted: #9aa6b5; --line: #2d3541;
    --accent: #7ba6ff; --opponent: #f0a05e; --hit: #4f7fe0; --miss: #d97a2b;
    --series-1: #7ba6ff; --series-2: #f0a05e; --series-3: #4fd1ae; --series-4: #d39be8; --series-5: #9aa6b5; --series-6: #e0c060;
    --good: #6fd39b; --good-bg: #15301f; --warn: #f2c46b; --warn-bg: #33270f; --bad: #ff8f87; --bad-bg: #3a1a18;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
body > header, main, footer { max-width: 1120px; margin: 0 auto; padding: 0 20px; }
body > header { padding-top: 32px; }
footer { padding-bottom: 48px; margin-top: 20px; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 12px; top: 8px; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 0; margin: 18px 2px 0; font-size: 14px; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
header p, footer { color: var(--muted); font-size: 14px; }
header p { margin: 0; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 18px; margin: 0 0 4px; }
h3 { font-size: 15px; margin: 24px 0 8px; }
p { margin: 0 0 12px; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 24px; margin-top: 20px; }
.note { color: var(--muted); font-size: 14px; max-width: 100ch; }
.verdict { border-left: 6px solid var(--tone); }
.promote { --tone: var(--good); --tone-bg: var(--good-bg); }
.hold { --tone: var(--warn); --tone-bg: var(--warn-bg); }
.reject { --tone: var(--bad); --tone-bg: var(--bad-bg); }
.badge {
  display: inline-block; padding: 3px 12px; border-radius: 999px; margin-bottom: 12px;
  font-weight: 700; font-size: 14px; letter-spacing: 0.06em; color: var(--tone); background: var(--tone-bg);
  border: 1px solid var(--tone);
}
.sentence { font-size: 20px; line-height: 1.45; margin-bottom: 16px; max-width: 74ch; overflow-wrap: anywhere; }
.verdict li::first-letter { text-transform: uppercase; }
.verdict li { margin-bottom: 4px; overflow-wrap: anywhere; }
.verdict ul { margin: 0 0 16px; padding-left: 20px; }
.banner { background: var(--warn-bg); border-color: var(--warn); }
.banner strong { color: var(--warn); }
.banner p { margin: 0; max-width: 90ch; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px 24px; margin: 16px 0 0; }
.facts div { border-top: 1px solid var(--line); padding-top: 8px; }
.facts dt { color: var(--muted); font-size: 13px; }
.facts dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
figure { margin: 16px 0 0; }
figure svg { display: block; max-width: 100%; height: auto; }
figure .middle, figure .narrow { display: none; }
figcaption { color: var(--muted); font-size: 14px; margin-top: 8px; max-width: 100ch; }
.scroll { overflow-x: auto; margin-top: 12px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { text-align: left; vertical-align: top; padding: 8px 16px 8px 0; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
.scroll + p { margin-top: 14px; }
thead th { color: var(--muted); font-weight: 500; font-size: 13px; vertical-align: bottom; }
tbody th { font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
td.number { white-space: nowrap; }
.compact { width: auto; min-width: min(440px, 100%); }
code[title] { white-space: nowrap; }
.range { display: block; color: var(--muted); font-size: 12px; white-space: nowrap; }
.tag {
  display: inline-block; font-size: 12px; font-weight: 600; padding: 0 7px; border-radius: 4px; white-space: nowrap;
  color: var(--warn); background: var(--warn-bg); border: 1px solid var(--warn);
}
.critical { color: var(--bad); }
.faint > * { color: var(--muted); font-weight: 400; }
.faint .interval { opacity: 0.5; }
.interval { display: block; overflow: visible; }
.bar-zero { stroke: var(--muted); }
.bar-margin { stroke: var(--bad); stroke-dasharray: 3 3; }
.bar-range { stroke: var(--accent); stroke-width: 3; stroke-linecap: round; stroke-opacity: 0.55; }
.bar-point { fill: var(--accent); }
details { margin-top: 12px; }
summary { cursor: pointer; font-weight: 600; font-size: 15px; }
.matrix { width: auto; font-variant-numeric: tabular-nums; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
table.matrix tbody tr:last-child > *, .matrix th, .matrix td { padding: 4px 8px; border: 1px solid var(--line); }
.matrix :is(td, thead th) { text-align: right; min-width: 40px; }
.matrix thead th:first-child { text-align: left; }
.matrix tbody th { max-width: 340px; font-weight: 400; overflow-wrap: anywhere; }
.matrix .hit { background: color-mix(in srgb, var(--hit) calc(var(--share) * 0.55), transparent); box-shadow: inset 0 0 0 2px var(--hit); }
.matrix .miss { background: color-mix(in srgb, var(--miss) calc(var(--share) * 0.75), transparent); }
.matrix .none { color: var(--muted); }
.matrix .none:not(.hit) { opacity: 0.55; }
.changes li { margin-bottom: 4px; }
.kind { display: block; font-weight: 400; font-size: 12px; color: var(--muted); }
.right { color: var(--good); }
.partly { color: var(--warn); }
.wrong { color: var(--bad); }
.text { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
code { font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
td code { color: var(--muted); }
[hidden] { display: none !important; }
${rowStyles}
@media (max-width: 960px) {
  figure .wide { display: none; }
  figure .middle { display: block; }
}
@media (max-width: 560px) {
  figure .middle { display: none; }
  figure .narrow { display: block; }
}
@media (max-width: 720px) {
  body > header, main, footer { padding-left: 12px; padding-right: 12px; }
  body > header { padding-top: 20px; }
  section { padding: 18px 16px; border-radius: 10px; }
  h1 { font-size: 22px; }
  .sentence { font-size: 18px; }
  .stack thead { display: none; }
  .stack, .stack tbody, .stack tr, .stack th, .stack td { display: block; width: 100%; }
  .stack tbody tr { border-bottom: 1px solid var(--line); padding: 10px 0; }
  .stack tbody tr:last-child { border-bottom: 0; padding-bottom: 0; }
  .stack tbody th, .stack tbody td, .stack tbody td.number { border: 0; padding: 2px 0; text-align: left; white-space: normal; }
  .stack tbody th, .stack tbody td { overflow-wrap: anywhere; }
  .stack tbody td { display: grid; grid-template-columns: 116px minmax(0, 1fr); gap: 10px; }
  .stack tbody td::before { content: attr(data-label); color: var(--muted); font-size: 13px; }
  .range { display: inline; }
}
@media print {
  :root {
    --page: #fff; --card: #fff; --ink: #000; --muted: #444; --line: #ccc; --accent: #2457c5; --opponent: #a34d0c;
    --hit: #2457c5; --miss: #d0670f;
    --good: #146c43; --good-bg: #fff; --warn: #7a4d00; --warn-bg: #fff; --bad: #a8201a; --bad-bg: #fff;
  }
  body { font-size: 11pt; }
  main { max-width: none; padding: 0; }
  section { border-radius: 0; padding: 12px 0; border-width: 1px 0 0; }
  .verdict { border-left: 0; }
  nav, .skip, #rows-browser { display: none; }
  .rows-open .sample { display: block; }
  figure, tr, .facts div { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
`;
