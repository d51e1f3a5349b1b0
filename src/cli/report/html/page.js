/** The script of the page that `--format html` writes. Everything is shown as text, never as markup. */

const atOnce = 100;
/** More would take a browser minutes to lay out on paper. */
const onPaper = 1000;

const groups = JSON.parse(byId('plan').textContent);
const customers = groups.flatMap((group) => group.customers.map((customer) => ({ group, customer })));
const filters = ['text', 'to', 'verb', 'field', 'clears'].map(byId);

let matching = customers;
let shown = 0;

fillSelect('to', unique(groups.map(({ to }) => to)));
fillSelect('verb', unique(groups.map(({ verb }) => verb)));
fillSelect('field', unique(customers.flatMap(({ customer }) => customer.changes.map(({ field }) => field))).sort());
for (const filter of filters) filter.addEventListener('input', applyFilter);
byId('reset').addEventListener('click', reset);
byId('more').addEventListener('click', () => showUpTo(shown + atOnce));
addEventListener('beforeprint', () => showUpTo(Math.max(shown, onPaper)));
applyFilter();

function byId(id) {
  return document.getElementById(id);
}

function unique(values) {
  return [...new Set(values)];
}

function fillSelect(id, values) {
  for (const value of values) byId(id).append(element('option', { value }, value));
  // A choice between one thing is none.
  byId(id).closest('label').hidden = values.length < 2;
}

function reset() {
  for (const filter of filters) {
    if (filter.type === 'checkbox') filter.checked = false;
    else filter.value = '';
  }
  applyFilter();
}

function applyFilter() {
  const wanted = {
    text: byId('text').value.trim().toLowerCase(),
    to: byId('to').value,
    verb: byId('verb').value,
    field: byId('field').value,
    clears: byId('clears').checked,
  };
  matching = customers.filter((entry) => matches(entry, wanted));
  shown = 0;
  byId('list').replaceChildren();
  showUpTo(atOnce);
}

function matches({ group, customer }, { text, to, verb, field, clears }) {
  const { changes } = customer;
  return (
    (to === '' || group.to === to) &&
    (verb === '' || group.verb === verb) &&
    (field === '' || changes.some((change) => change.field === field)) &&
    (!clears || changes.some(({ change }) => change === 'clear')) &&
    (text === '' || textsOf(customer).some((part) => part.toLowerCase().includes(text)))
  );
}

function textsOf({ id, at = '', changes, notes, reason = '', error }) {
  const ofChanges = changes.flatMap(({ field, from = '', to = '' }) => [field, from, to]);
  return [id, at, reason, ...ofChanges, ...notes, ...(error === undefined ? [] : [error.message, error.remedy])];
}

function showUpTo(end) {
  const next = matching.slice(shown, end);
  const list = byId('list');
  for (const [index, { group, customer }] of next.entries()) {
    if (group !== matching[shown + index - 1]?.group) list.append(groupHeading(group));
    list.append(customerBlock(group, customer));
  }
  shown += next.length;
  const left = matching.length - shown;
  const all = matching.length === customers.length ? '' : ` (of ${count(customers.length)} in all)`;
  byId('shown').textContent = `${count(shown)} of ${count(matching.length)} customers shown${all}`;
  byId('more').hidden = left === 0;
  byId('more').textContent = `Show ${count(Math.min(left, atOnce))} more of ${count(left)}`;
}

function count(number) {
  return number.toLocaleString('en-US');
}

function groupHeading({ to, verb, sign, style, count: total }) {
  const heading = element('h2', { className: `group ${style}` });
  const where = byId('to').options.length > 2 ? ` at ${to}` : '';
  heading.append(element('span', { className: 'sign', ariaHidden: 'true' }, sign), `${verb}${where} `);
  heading.append(element('small', {}, count(total)));
  return heading;
}

function customerBlock({ verb, sign, style }, { id, at, changes, notes, reason, error }) {
  const block = element('article', { className: `customer ${style}` });
  const name = element('h3');
  name.append(element('span', { className: 'sign', title: verb, ariaHidden: 'true' }, sign), id);
  if (at !== undefined) name.append(' ', element('small', {}, at));
  block.append(name);
  if (changes.length > 0) block.append(changeTable(id, changes));
  for (const note of notes) block.append(element('p', { className: 'note' }, note));
  if (reason !== undefined) block.append(element('p', {}, reason));
  if (error !== undefined) {
    block.append(
      element('p', { className: 'error' }, error.message),
      element('p', { className: 'remedy' }, error.remedy),
    );
  }
  return block;
}

function changeTable(id, changes) {
  const table = element('table', { ariaLabel: `changes of ${id}` });
  const isNew = changes.every(({ from, change }) => from === undefined && change !== 'clear');
  const head = table.createTHead().insertRow();
  for (const title of isNew ? ['Field', 'Value'] : ['Field', 'Before', 'After']) {
    head.append(element('th', { scope: 'col' }, title));
  }
  const body = table.createTBody();
  for (const change of changes) body.append(changeRow(change, isNew));
  return table;
}

function changeRow({ field, change, from = '', to = '' }, isNew) {
  const row = element('tr', { className: change });
  row.append(element('th', { scope: 'row' }, field));
  if (!isNew) row.append(element('td', { className: 'before' }, from));
  const after = element('td', { className: 'after' }, change === 'clear' ? 'cleared' : to);
  if (change === 'cannot_tell') after.append(' ', element('small', {}, 'cannot be read back; sent along'));
  row.append(after);
  return row;
}

function element(name, properties = {}, text = '') {
  const made = Object.assign(document.createElement(name), properties);
  if (text !== '') made.textContent = text;
  return made;
}
