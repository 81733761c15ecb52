// The report's style sheet: light, dark, narrow and print.

/** Inline style sheet; it names no address. */
export const styles = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #1b2330; --muted: #5b6676; --line: #e1e5ea;
  --accent: #2457c5; --opponent: #a34d0c;
  --good: #146c43; --good-bg: #e4f4ea; --warn: #7a4d00; --warn-bg: #fdf1d7; --bad: #a8201a; --bad-bg: #fdeae8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1a2029; --ink: #e6eaf0; --muted: #9aa6b5; --line: #2d3541;
    --accent: #7ba6ff; --opponent: #f0a05e;
    --good: #6fd39b; --good-bg: #15301f; --warn: #f2c46b; --warn-bg: #33270f; --bad: #ff8f87; --bad-bg: #3a1a18;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
main { max-width: 1120px; margin: 0 auto; padding: 32px 20px 64px; }
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
figure .narrow { display: none; }
figcaption { color: var(--muted); font-size: 14px; margin-top: 8px; max-width: 100ch; }
.scroll { overflow-x: auto; margin-top: 12px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { text-align: left; vertical-align: top; padding: 8px 16px 8px 0; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
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
.kind { display: block; font-weight: 400; font-size: 12px; color: var(--muted); }
.right { color: var(--good); }
.wrong { color: var(--bad); }
.text { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
code { font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
td code { color: var(--muted); }
.filter { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; margin-top: 12px; font-size: 14px; }
.filter input {
  font: inherit; color: inherit; background: var(--page); border: 1px solid var(--line); border-radius: 8px;
  padding: 6px 10px; min-width: 0; width: 280px;
}
.filter input:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
[hidden] { display: none !important; }
@media (max-width: 720px) {
  main { padding: 20px 12px 40px; }
  section { padding: 18px 16px; border-radius: 10px; }
  h1 { font-size: 22px; }
  .sentence { font-size: 18px; }
  figure .wide { display: none; }
  figure .narrow { display: block; }
  thead { display: none; }
  table, tbody, tr, th[scope=row], td { display: block; width: 100%; }
  tbody tr { border-bottom: 1px solid var(--line); padding: 10px 0; }
  tbody tr:last-child { border-bottom: 0; padding-bottom: 0; }
  tbody th, tbody td, tbody td.number { border: 0; padding: 2px 0; text-align: left; white-space: normal; }
  tbody td { display: grid; grid-template-columns: 116px minmax(0, 1fr); gap: 10px; }
  tbody td::before { content: attr(data-label); color: var(--muted); font-size: 13px; }
  .range { display: inline; }
  .filter input { width: 100%; }
}
@media print {
  :root {
    --page: #fff; --card: #fff; --ink: #000; --muted: #444; --line: #ccc; --accent: #2457c5; --opponent: #a34d0c;
    --good: #146c43; --good-bg: #fff; --warn: #7a4d00; --warn-bg: #fff; --bad: #a8201a; --bad-bg: #fff;
  }
  body { font-size: 11pt; }
  main { max-width: none; padding: 0; }
  section { border-radius: 0; padding: 12px 0; border-width: 1px 0 0; }
  .verdict { border-left: 0; }
  .filter { display: none; }
  figure, tr, .facts div { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
`;
