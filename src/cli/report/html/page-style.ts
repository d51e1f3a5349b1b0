/** Light and dark as the reader's system has it, light on paper. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f6f7f9, #14171c);
  --card: light-dark(#ffffff, #1c2027);
  --line: light-dark(#dde1e7, #333a45);
  --text: light-dark(#1b1f26, #e6e9ee);
  --quiet: light-dark(#5c6675, #9aa5b5);
  --green: light-dark(#1a7f37, #56d364);
  --yellow: light-dark(#8a5a00, #e3b341);
  --red: light-dark(#b3261e, #ff8178);
  --gray: var(--quiet);
  --code: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { max-width: 72rem; margin: 0 auto; padding: 1.5rem; background: var(--page); color: var(--text); }
h1, h2, h3, p, ul { margin: 0; }
ul { padding: 0; list-style: none; }
small { color: var(--quiet); font-weight: normal; }
:focus-visible { outline: 2px solid light-dark(#0b57d0, #8ab4f8); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; padding: .25rem .75rem; background: var(--card); }
.green { --tone: var(--green); }
.yellow { --tone: var(--yellow); }
.red { --tone: var(--red); }
.gray { --tone: var(--gray); }

header { margin-bottom: 1.25rem; }
.kind { color: var(--quiet); font-size: .8rem; letter-spacing: .08em; text-transform: uppercase; }
h1 { margin-bottom: .25rem; font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere; }
.remark { color: var(--quiet); }

.connections { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1rem; }
.connections article, .customer { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
.connections article { padding: 1rem; }
.connections h2 { font-size: 1.1rem; }
.connections h3 { color: var(--quiet); font-size: .8rem; font-weight: normal; }
.account { color: var(--quiet); font-size: .85rem; overflow-wrap: anywhere; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; margin: .75rem 0; }
.counts li { padding: .1rem .6rem; border: 1px solid var(--tone); border-radius: 1rem; color: var(--tone); }
.callouts { font-size: .9rem; }
.callouts li { padding-left: 1.4rem; text-indent: -1.4rem; overflow-wrap: anywhere; }
.callouts .clears { color: var(--red); }

search {
  position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; align-items: end; gap: .75rem;
  margin: 1.25rem -.5rem .75rem; padding: .5rem; background: var(--page); border-bottom: 1px solid var(--line);
}
search label { display: grid; grid-template-columns: minmax(0, auto); max-width: 100%; color: var(--quiet); font-size: .8rem; }
search .find { flex: 1 1 14rem; }
search .check { display: flex; align-items: center; gap: .35rem; min-height: 2.25rem; }
input[type="search"], select, button {
  min-height: 2.25rem; max-width: 100%; padding: 0 .6rem; border: 1px solid var(--line); border-radius: .4rem;
  background: var(--card); color: var(--text); font: inherit; font-size: .9rem;
}
select { max-width: 14rem; }
button { cursor: pointer; }
#more { display: block; width: 100%; margin-top: 1rem; }

#shown { color: var(--quiet); font-size: .85rem; }
.group { margin: 1.25rem 0 .5rem; color: var(--tone); font-size: 1.1rem; }
.sign { display: inline-block; width: 1.1em; color: var(--tone); font-family: var(--code); font-weight: bold; }
.customer { margin-bottom: .5rem; padding: .6rem .9rem; border-left: 3px solid var(--tone); }
.customer h3 { font-size: .95rem; overflow-wrap: anywhere; }
.customer p { font-size: .9rem; overflow-wrap: anywhere; }
.note { color: var(--yellow); }
.note::before { content: "! "; }
.error { color: var(--red); }
.remedy { color: var(--quiet); }
.remedy::before { content: "→ "; }

table { width: 100%; border-collapse: collapse; table-layout: fixed; font-size: .85rem; }
/* The arrow says what they say; they are for those who listen to the page. */
thead th { padding: 0; font-size: 0; line-height: 0; text-align: left; }
thead th:first-child { width: 16rem; }
tbody th { font-weight: normal; text-align: left; }
tbody th, tbody td {
  padding: .15rem .75rem .15rem 0; border-top: 1px solid var(--line);
  font-family: var(--code); overflow-wrap: anywhere; vertical-align: top;
}
.before + .after::before { content: "→ "; color: var(--quiet); font-weight: normal; }
tbody th, .before { color: var(--quiet); }
.clear .before { text-decoration: line-through; }
.clear .after { color: var(--red); font-weight: bold; }

@media (max-width: 40rem) {
  body { padding: .9rem; }
  search { position: static; }
  search label, select { flex: 1 1 8rem; max-width: none; }
  thead { position: absolute; left: -100rem; }
  tbody tr { display: flex; flex-wrap: wrap; column-gap: .5rem; padding: .2rem 0; border-top: 1px solid var(--line); }
  tbody th, tbody td { padding: 0; border: 0; }
  tbody th { flex: 0 0 100%; }
  .before:empty { display: none; }
}
@media print {
  :root { color-scheme: light; --page: #fff; font-size: 11px; }
  body { max-width: none; padding: 0; }
  .skip, search, #more { display: none; }
  .customer, .connections article { break-inside: avoid; }
  .group { break-after: avoid; }
}
`;
