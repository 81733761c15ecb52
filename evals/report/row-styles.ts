// Style of the rows browser. Heights of rows must be those that page/main.ts reckons with.

export const rowStyles = `
.filters { display: flex; flex-wrap: wrap; gap: 10px 14px; align-items: end; margin: 12px 0; font-size: 14px; }
.field { display: grid; gap: 2px; min-width: 0; }
.field label { color: var(--muted); font-size: 13px; }
.filters :is(input, select, button) {
  font: inherit; color: inherit; background: var(--page); border: 1px solid var(--line); border-radius: 8px;
  padding: 6px 10px; min-width: 0; max-width: 300px; height: 36px;
}
.filters input { width: 260px; }
.filters button { cursor: pointer; }
.rows-status { margin: 0 0 6px; min-width: 16ch; }
.rows-view {
  position: relative; height: min(60vh, 480px); overflow: auto; border: 1px solid var(--line); border-radius: 8px;
  font-size: 13px; --columns: 68px minmax(0, 3fr) minmax(0, 1.3fr) repeat(var(--arms), minmax(0, 1.3fr));
}
.rows-row {
  display: grid; grid-template-columns: var(--columns); column-gap: 12px; align-items: center; height: 40px;
  padding: 0 12px; border-bottom: 1px solid var(--line);
}
.rows-row > span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; unicode-bidi: isolate; }
.rows-row > span:first-child { color: var(--muted); font-variant-numeric: tabular-nums; }
.rows-head { position: sticky; top: 0; z-index: 1; background: var(--card); color: var(--muted); }
.rows-space { position: relative; }
.rows-space .rows-row { position: absolute; inset: 0 0 auto 0; cursor: pointer; }
.rows-space .rows-row:hover { background: var(--page); }
.rows-row[aria-selected=true] {
  background: color-mix(in srgb, var(--accent) 14%, transparent); box-shadow: inset 3px 0 0 var(--accent);
}
.row-detail { margin-top: 16px; }
.row-detail h3 { margin: 0 0 4px; }
.row-texts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(240px, 100%), 1fr)); gap: 12px; margin-top: 12px; }
.text-box { border: 1px solid var(--line); border-radius: 8px; padding: 10px 12px; min-width: 0; }
.text-box h4 { margin: 0 0 4px; font-size: 13px; color: var(--muted); font-weight: 600; overflow-wrap: anywhere; }
.text-box p { margin: 0 0 6px; font-size: 13px; }
.text-box pre { margin: 0 0 8px; font: inherit; font-size: 14px; max-height: 320px; overflow: auto; }
mark { background: #ffe08a; color: #1b2330; border-radius: 2px; }
.rows-open .sample { display: none; }
@media (max-width: 720px) {
  .field, .filters :is(input, select) { width: 100%; max-width: none; }
  .rows-view { --columns: 52px repeat(var(--arms), minmax(0, 1fr)); }
  .rows-row { height: 64px; grid-template-rows: 1fr 1fr; padding: 4px 8px; column-gap: 8px; }
  .rows-row > span:first-child { grid-row: 1 / 3; }
  .rows-row > span:nth-child(2) { grid-column: 2 / -1; }
  .rows-row > span:nth-child(3) { display: none; }
}
`;
