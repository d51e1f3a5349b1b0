import { readFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { builtInProviders } from '../../integrations/registry.js';
import { checkNode } from '../../src/cli/check-node.js';
import { errorText, providerIds, runBinary, runCli } from './command-line.js';

describe('--help', () => {
  it('of the program', async ({ expect }) => {
    const { stdout, stderr, code } = await runBinary(['--help']);
    expect(stdout).toMatchInlineSnapshot(`
      "Usage: customer-sync [options] [command]

      One canonical customer, upserted into every billing system.

      Options:
        -V, --version  output the version number
        -h, --help     display help for command

      Commands:
        init           set up: write customer-sync.yaml, and a source mapping guessed
                       from the columns of a file or a table
        doctor         check Node.js, configuration, keys, sources, clock and ledger,
                       and say what to do
        dry-run|plan   show what apply would change, field by field, and write nothing
        apply          create and update customers; shows the totals and asks first
        run            run jobs of customer-sync.yaml once: send what changed since
                       the last run
        serve          run all jobs on their schedules, until SIGTERM or Ctrl-C
        status         the last runs of each job, per connection
        failures       every customer that is not in its wanted state, why, and what
                       to do
        retry          try failed customers again now, as the source has them now
        history        what was done to one customer, when, and which fields changed
        link           tell the ledger which of a provider's records is which customer
                       of yours
        ledger         the memory of what was sent
        lint           check mappings, overlays and source mappings; with nothing
                       named, the mappings that are shipped
        explain        why one customer becomes what it becomes: rule, source, each
                       transform, policy, final value
        providers      what each provider supports, cannot clear, its limits and
                       effects
        nango          put the actions and syncs into a Nango project
        emulate        run stand-ins for the providers on this machine until Ctrl-C
        demo           the whole way with stand-ins for the providers: no account, no
                       network
        new-provider   begin another provider, in a clone of this project: every file,
                       with tests that say what to fill in
        help           how a command is used, or what a code means and what to do
                       about it

      Keys and base URLs come from the environment: RECHARGE_API_KEY, LAGO_API_KEY, ...
      ("customer-sync providers" names them).

      What a code in a message means: customer-sync help <code>, customer-sync help codes.

      Exit codes: 0 done, 1 some customers failed, 2 wrong usage or configuration,
      3 changes exist (dry-run --exit-code), 130 and 143 interrupted.
      "
    `);
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('of dry-run', async ({ expect }) => {
    const { stdout, stderr, code } = await runCli(['dry-run', '--help']);
    expect(stdout).toMatchInlineSnapshot(`
      "Usage: customer-sync dry-run|plan [options] [file]

      show what apply would change, field by field, and write nothing

      Arguments:
        file                       customers as JSONL, JSON or CSV ("-" reads standard
                                   input), or a plan that was kept

      Options:
        --to <names>               connections of the configuration, or providers:
                                   lago,autumn
        --config <file>            the configuration (default: customer-sync.yaml,
                                   where there is one)
        --via <way>                through Nango: its proxy carries our requests, or
                                   its deployed actions do the work (key:
                                   NANGO_SECRET_KEY) (choices: "nango-proxy",
                                   "nango-action")
        --integration <key>        with --via: the integration in Nango (default: the
                                   provider's name)
        --connection-id <id>       with --via: the connection in Nango
        --tags <name=value,...>    with --via: all connections in Nango that have
                                   these tags
        --source-mapping <file>    how the file's columns become customers (JSON)
        --input-format <format>    instead of guessing by name and content (choices:
                                   "jsonl", "json", "csv")
        --delimiter <character>    CSV separator, instead of guessing; "tab" for a tab
        --encoding <name>          encoding of the file, instead of guessing: utf-8,
                                   windows-1252, utf-16le, utf-16be
        --strict                   a value that cannot be read makes the customer
                                   invalid, instead of being left out
        --id <ids>                 only these customers, separated by commas; may be
                                   given several times (default: all)
        --limit <n>                only the first n customers
        --overlay <provider=file>  changes to a provider's mapping (JSON); may be
                                   given several times (default: none)
        --rate-share <part>        part of the provider's rate limit to use, above 0
                                   up to 1 (default: 0.5)
        --concurrency <n>          customers in flight at once (default: 10)
        --format <format>          how to print (choices: "text", "json", "csv",
                                   "markdown", "html", default: "text")
        --json                     same as --format json
        --show <n>                 print so many customers of each outcome as text; 0
                                   for all (default: 20)
        --verbose                  also print what stays as it is, and every note
        --offline                  show payloads without asking the providers; needs
                                   no key
        --exit-code                end with 3 when there are changes
        --job <name>               instead of a file: what a run of this job would do
        --full                     with --job: compare every customer, whatever is
                                   remembered
        --reverse <plan>           instead of a file: what would take this applied
                                   plan back
        --out <file>               with --job or --reverse: keep the plan, to be
                                   applied within 24 hours; with --format html: the
                                   page
        --show-values              with --format html: the page holds the values of
                                   customers, which it masks otherwise
        -h, --help                 display help for command

      Every request that could write is refused below the connectors.

      Examples:
        customer-sync dry-run customers.csv --to lago,autumn
        customer-sync dry-run export.csv --source-mapping columns.json --to lago --offline
        customer-sync dry-run customers.jsonl --to recharge --id acct_1042 --json
        customer-sync dry-run customers.csv --to lago --format html --out plan.html
        customer-sync dry-run --job nightly --out plan.json
        customer-sync dry-run plan.json --format html --out plan.html
      "
    `);
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('of apply', async ({ expect }) => {
    const { stdout, stderr, code } = await runCli(['apply', '--help']);
    expect(stdout).toMatchInlineSnapshot(`
      "Usage: customer-sync apply [options] [file]

      create and update customers; shows the totals and asks first

      Arguments:
        file                       customers as JSONL, JSON or CSV ("-" reads standard
                                   input), or a plan that was kept

      Options:
        --to <names>               connections of the configuration, or providers:
                                   lago,autumn
        --config <file>            the configuration (default: customer-sync.yaml,
                                   where there is one)
        --via <way>                through Nango: its proxy carries our requests, or
                                   its deployed actions do the work (key:
                                   NANGO_SECRET_KEY) (choices: "nango-proxy",
                                   "nango-action")
        --integration <key>        with --via: the integration in Nango (default: the
                                   provider's name)
        --connection-id <id>       with --via: the connection in Nango
        --tags <name=value,...>    with --via: all connections in Nango that have
                                   these tags
        --source-mapping <file>    how the file's columns become customers (JSON)
        --input-format <format>    instead of guessing by name and content (choices:
                                   "jsonl", "json", "csv")
        --delimiter <character>    CSV separator, instead of guessing; "tab" for a tab
        --encoding <name>          encoding of the file, instead of guessing: utf-8,
                                   windows-1252, utf-16le, utf-16be
        --strict                   a value that cannot be read makes the customer
                                   invalid, instead of being left out
        --id <ids>                 only these customers, separated by commas; may be
                                   given several times (default: all)
        --limit <n>                only the first n customers
        --overlay <provider=file>  changes to a provider's mapping (JSON); may be
                                   given several times (default: none)
        --rate-share <part>        part of the provider's rate limit to use, above 0
                                   up to 1 (default: 0.5)
        --concurrency <n>          customers in flight at once (default: 10)
        --format <format>          how to print (choices: "text", "json", "csv",
                                   "markdown", default: "text")
        --json                     same as --format json
        --show <n>                 print so many customers of each outcome as text; 0
                                   for all (default: 20)
        --verbose                  also print what stays as it is, and every note
        -y, --yes                  do not ask; required without a terminal
        --allow <guards>           with a plan: pass a guard on archiving this once:
                                   empty, shrunk, archived
        --rejects <file>           write the customers that failed, with the reason,
                                   ready to be mended and fed again
        -h, --help                 display help for command

      Reads every customer at the provider, writes what differs, and nothing else. Running it again is safe.

      Examples:
        customer-sync apply customers.jsonl --to lago
        customer-sync apply customers.csv --to lago,autumn --yes --rejects rejected.csv
        customer-sync apply plan.json
      "
    `);
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('of providers', async ({ expect }) => {
    const { stdout, stderr, code } = await runCli(['providers', '--help']);
    expect(stdout).toMatchInlineSnapshot(`
      "Usage: customer-sync providers [options] [provider]

      what each provider supports, cannot clear, its limits and effects

      Arguments:
        provider    only this one

      Options:
        --json      print as JSON
        -h, --help  display help for command
      "
    `);
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('of emulate', async ({ expect }) => {
    const { stdout, stderr, code } = await runCli(['emulate', '--help']);
    expect(stdout).toMatchInlineSnapshot(`
      "Usage: customer-sync emulate [options] [providers...]

      run stand-ins for the providers on this machine until Ctrl-C

      Arguments:
        providers      which ones (default: all)

      Options:
        --rate-limits  refuse what is over the rates that the providers document;
                       other commands need --rate-share
        -h, --help     display help for command

      Prints the variables that lead the other commands to the stand-ins. Nothing is kept when it ends.
      "
    `);
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('of demo', async ({ expect }) => {
    const { stdout, stderr, code } = await runCli(['demo', '--help']);
    expect(stdout).toMatchInlineSnapshot(`
      "Usage: customer-sync demo [options]

      the whole way with stand-ins for the providers: no account, no network

      Options:
        -h, --help  display help for command
      "
    `);
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('of plan is that of dry-run', async ({ expect }) => {
    const [plan, dryRun] = await Promise.all([runCli(['plan', '--help']), runCli(['dry-run', '--help'])]);
    expect(plan).toEqual(dryRun);
  });

  it('goes to stderr, with exit code 2, when no command is given', async ({ expect }) => {
    const [without, asked] = await Promise.all([runBinary([]), runBinary(['--help'])]);
    expect(without).toEqual({ stdout: '', stderr: asked.stdout, code: 2 });
  });
});

describe('--version', () => {
  it("prints the package's version", async ({ expect }) => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(await runBinary(['--version'])).toEqual({ stdout: `${version}\n`, stderr: '', code: 0 });
  });

  it.for([
    ['22.15.1', 'Node.js 22.15.1 is too old'],
    ['20.20.2', 'Node.js 20.20.2 is too old'],
  ])('of Node %s ends the program before it does anything', ([running = '', message], { expect }) => {
    expect(() => checkNode('>=22.16', running)).toThrow(
      expect.objectContaining({
        message,
        details: expect.objectContaining({ remedy: 'Install Node.js 22.16 or newer.' }),
      }),
    );
  });

  it.for(['22.16.0', '22.17.1', '24.0.0'])('of Node %s is good', (running, { expect }) => {
    expect(() => checkNode('>=22.16', running)).not.toThrow();
  });
});

describe('a command or option that is not known, or missing', () => {
  it.for([
    [['dryrun', 'in.jsonl'], "error: unknown command 'dryrun'\n(Did you mean dry-run?)\n(--help shows the options)\n"],
    [
      ['dry-run', 'in.jsonl', '--to', 'lago', '--ofline'],
      "error: unknown option '--ofline'\n(Did you mean --offline?)\n(--help shows the options)\n",
    ],
    [
      ['dry-run', 'examples/customers.jsonl'],
      errorText('config', '--to is missing', 'Say where to, for example --to lago,autumn.'),
    ],
    [
      ['apply', '--to', 'lago'],
      errorText('config', 'no file is named', 'Name a file of customers; "-" reads standard input.'),
    ],
    [
      ['dry-run', 'a.csv', 'b.csv', '--to', 'lago'],
      "error: too many arguments for 'dry-run'. Expected 1 argument but got 2: a.csv, b.csv.\n(--help shows the options)\n",
    ],
  ] as const)('%j', async ([args, stderr], { expect }) => {
    expect(await runCli(args)).toEqual({ stdout: '', stderr, code: 2 });
  });
});

describe('providers', () => {
  it('prints a card for each provider', async ({ expect }) => {
    const { stdout, stderr, code } = await runCli(['providers']);
    const titles = stdout.split('\n').filter((line) => /^\S/.test(line));
    expect(titles).toEqual(builtInProviders.map(({ definition: { id, name } }) => `${name} (${id})`));
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('prints one card: where it is, its key, and what it has no place for and why', async ({ expect }) => {
    const { stdout, stderr, code } = await runCli(['providers', 'autumn']);
    expect(stdout.split('\n').slice(0, 9)).toEqual([
      'Autumn (autumn)',
      expect.stringMatching(/^ {2}documentation {3}https:/),
      '  base URL        https://api.useautumn.com/v1 (AUTUMN_BASE_URL)',
      '  key             AUTUMN_SECRET_KEY',
      expect.stringMatching(/^ {18}In the dashboard: /),
      expect.stringMatching(/^ {2}scopes {10}\S/),
      '  found by        id; written by our id',
      '  fields          id, name, email, metadata',
      '  own fields',
    ]);
    expect(stdout).toMatch(/^ {2}not supported\n {4}\w+: .+/m);
    expect(stdout).toMatch(/^ {2}effects of a create\n {4}Autumn attaches/m);
    expect(stdout).toMatch(/^ {2}effect of archiving\n {4}customers are not archived here: no job can mirror$/m);
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('prints JSON', async ({ expect }) => {
    const { stdout, code } = await runCli(['providers', '--json']);
    const cards = JSON.parse(stdout);
    expect(cards.map(({ id }: { id: string }) => id)).toEqual(providerIds);
    expect(cards[1]).toMatchObject({
      id: 'lago',
      environment: { key: 'LAGO_API_KEY', base_url: 'LAGO_BASE_URL' },
      fields: expect.arrayContaining(['id', 'address.country', 'metadata']),
      archive: { effect: expect.stringContaining('subscriptions'), consent: 'end_subscriptions' },
    });
    expect(code).toBe(0);
  });

  it('names those it knows when asked for another', async ({ expect }) => {
    expect(await runCli(['providers', 'acme'])).toEqual({
      stdout: '',
      stderr: errorText('config', 'there is no provider "acme"', `Known providers: ${providerIds.join(', ')}.`),
      code: 2,
    });
  });
});
