import { SUBJECTS, type Subject } from '../core/upsert/flow.js';
import { transportReasons } from './cases.js';
import { type Cell, cellsOf, isDeep } from './cells.js';
import { dataCases, expectedOfData } from './data-cases.js';
import { OPERATIONS, type Operation } from './expected.js';
import { HOSTS } from './ways.js';

/** `docs/conformance.md`, from the list that the tests run. */
export function conformancePage(): string {
  const cells = SUBJECTS.flatMap((subject) => cellsOf(subject));
  const run = cells.filter(({ kind }) => kind === 'run').length + SUBJECTS.length * HOSTS.length * dataCases.length;
  return `${[intro(run, cells.filter((cell) => cell.kind === 'run' && isDeep(cell)).length), ...SUBJECTS.map(section), data()].join('\n\n')}\n`;
}

const intro = (run: number, deep: number): string => `# Conformance

<!-- Written by test/conformance/page.test.ts: npx vitest run test/conformance/page.test.ts -u -->

What every provider does under every fault, through every host. Each cell is a test over real sockets against the
provider's emulator: ${run} of them. It asserts the requests that reach the provider, what the provider holds in the end,
the outcome and its code, and that nothing secret or personal was logged or reported. This page is written from the list
that the tests run, and a test compares the two, so a cell says what is true as long as the tests pass.

What a fault must come to is specified once, in \`test/conformance/expected.ts\`, apart from the engine. A provider's
folder that is not in the list fails it.

* **attempt**: which request of the operation meets the fault: the \`first\` of five; the \`last\`, four of 429 before it;
  or \`every\` one. The ${deep} cells of last attempts through Nango are run by \`npm run test:exhaustive\`, all others by \`npm test\`.
* **find** is the look-up of a customer that needs no change.
* **local** sends with axios, **proxy** through Nango's proxy, **action** is the compiled action in Nango's sandbox.
* **n/a**: the case says nothing about this operation.
${Object.entries(transportReasons)
  .map(([name, reason]) => `* **Nango's (${name})**: ${reason}`)
  .join('\n')}
* No Nango action archives, so that operation has no such column; nor has a provider whose connector cannot archive.

## Random faults and histories

* \`test/conformance/settling.ts\` is the state machine of an uncertain write: given what becomes of each request, it says
  which requests follow, what the outcome may claim and what the provider holds. The engine is compared with it over
  random sequences of resets, 5xx, lost and cut-off answers, 429s and misread successes, before and after the work.
* \`test/conformance/model.ts\` plays random histories of an account: create, update, clear, rename the e-mail address, edit
  and delete at the provider, faults, a process that dies at any request and the next one. After each step the provider
  is compared with a reference: what the source says is there, "failed" means that nothing was written, and nobody
  exists twice. 200 histories for each provider in \`npm test\`, 2,000 of up to 30 steps in \`npm run test:exhaustive\`.
* \`test/conformance/job-model.ts\` does the same to a job with its ledger, run after run, in processes that die while they
  write: 15 histories for each provider, 300 in the exhaustive run.
* \`test/conformance/pace.test.ts\` runs customers against the providers' real limits on a fast clock: nothing is refused.
* When the exhaustive run last passed, and what it counted, is in [reliability.md](reliability.md#last-runs).`;

function section(subject: Subject): string {
  const { provider } = subject;
  const canArchive = provider.connector.archive !== undefined;
  const columns = OPERATIONS.flatMap((operation) => HOSTS.map((host) => ({ operation, host }))).filter(
    ({ operation, host }) => operation !== 'archive' || (canArchive && host !== 'Nango action'),
  );
  const cells = cellsOf(subject);
  const rows = Map.groupBy(cells, ({ fault, attempt }) => `${fault.name} | ${attempt}`);
  const title = ({ operation, host }: { operation: Operation; host: string }) =>
    `${operation}, ${host.replace('Nango ', '')}`;
  return [
    `## ${provider.definition.name}`,
    '',
    line(['case', 'attempt', ...columns.map(title)]),
    line(['---', '---', ...columns.map(() => '---')]),
    ...[...rows].map(([name, row]) =>
      line([
        name,
        ...columns.map(({ operation, host }) =>
          word(row.find((cell) => cell.operation === operation && cell.host === host)),
        ),
      ]),
    ),
  ].join('\n');
}

function word(cell: Cell | undefined): string {
  if (cell === undefined) throw new Error('a cell is missing');
  if (cell.kind === 'not run') return cell.word;
  const { status, code } = cell.expected;
  return code === undefined || code === status ? status : `${status}: ${code}`;
}

function data(): string {
  const rows = dataCases.map((given) => line([given.name, ...SUBJECTS.map(({ id }) => expectedOfData(given, id))]));
  return [
    '## Hostile data',
    '',
    'Each customer is upserted twice, through each host with the same outcome. What is stored is compared byte for byte',
    'where it is a name, and no request carries a header that the data brought along.',
    '',
    line(['a customer with', ...SUBJECTS.map(({ provider }) => provider.definition.name)]),
    line(['---', ...SUBJECTS.map(() => '---')]),
    ...rows,
  ].join('\n');
}

const line = (words: readonly string[]): string => `| ${words.join(' | ')} |`;
