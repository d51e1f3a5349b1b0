import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { definition as lago } from '../../providers/lago/definition.js';
import { parseConfiguration, readConfiguration } from '../../src/config/read-configuration.js';
import { resolveSecrets } from '../../src/config/secrets.js';
import { folderWith } from '../cli/command-line.js';

const whole = `
sources:
  crm:
    type: postgres
    url: \${env:DATABASE_URL}
    query: select * from customers
    watermark: { column: updated_at, overlap: 5m }
connections:
  lago-eu:
    provider: lago
    base_url: eu
    credentials: { api_key: '\${file:/run/secrets/lago}' }
    fields: { own: [email, name] }
jobs:
  nightly:
    source: crm
    to: [lago-eu]
    schedule: 0 3 * * *
    timezone: Europe/Berlin
`;

const messageOf = (text: string) => {
  try {
    parseConfiguration(text, 'c.yaml');
  } catch (error) {
    return String(error instanceof Error ? error.message : error);
  }
  return 'accepted';
};

/** A job with what the case is about, in a configuration that is right otherwise. */
const withJob = (job: string, more = '') => `
sources: { crm: { type: file, path: a.jsonl }, live: { type: file, path: b.jsonl, complete: false } }
connections: { lago: { provider: lago }, autumn: { provider: autumn }${more} }
jobs: { ${job} }
`;

describe('a configuration', () => {
  it('is read with references left as they are', () => {
    const { jobs, connections } = parseConfiguration(whole, 'c.yaml');
    expect(jobs?.['nightly']).toEqual({
      source: 'crm',
      to: ['lago-eu'],
      schedule: '0 3 * * *',
      timezone: 'Europe/Berlin',
    });
    expect(connections?.['lago-eu']?.credentials).toEqual({ api_key: `\${file:/run/secrets/lago}` });
  });

  it('may be empty', () => {
    expect(parseConfiguration('', 'c.yaml')).toEqual({});
  });

  it.each([
    [
      'a setting that does not exist',
      whole.replace('query:', 'qurey:'),
      'c.yaml:4:5: sources.crm.query: is missing; c.yaml:6:5: sources.crm.qurey: is not a known setting (did you mean "query"?)',
    ],
    [
      'a section that does not exist',
      whole.replace('jobs:', 'job:'),
      'c.yaml:14:1: job: is not a known setting (did you mean "jobs"?)',
    ],
    [
      'a value of another kind',
      whole.replace('[lago-eu]', 'lago-eu'),
      'c.yaml:17:9: jobs.nightly.to: must be a list, not text',
    ],
    [
      'a source that does not exist',
      whole.replace('source: crm', 'source: crn'),
      'c.yaml:16:13: jobs.nightly.source: there is no source "crn" (did you mean "crm"?)',
    ],
    [
      'a connection that does not exist',
      whole.replace('[lago-eu]', '[lago-ue]'),
      'c.yaml:17:10: jobs.nightly.to.0: there is no connection "lago-ue" (did you mean "lago-eu"?)',
    ],
    [
      'a type that does not exist',
      whole.replace('postgres', 'mysql'),
      'c.yaml:4:11: sources.crm.type: must be file, postgres, sqlite, nango or command',
    ],
    ['a missing setting', whole.replace(/ {4}query.*\n/, ''), 'c.yaml:4:5: sources.crm.query: is missing'],
    [
      'a field that nobody has',
      whole.replace('[email, name]', '[emial]'),
      'c.yaml:13:21: connections.lago-eu.fields.own.0: is not a field of the canonical customer such as "email" or "address.city"',
    ],
    [
      'a number beyond its limits',
      `${whole}    guards: { max_changed_percent: 300, max_archived: -1 }\n`,
      'c.yaml:20:36: jobs.nightly.guards.max_changed_percent: must be at most 100; c.yaml:20:55: jobs.nightly.guards.max_archived: must be at least 0',
    ],
    [
      'a time zone that does not exist',
      whole.replace('Berlin', 'Brelin'),
      'c.yaml:19:15: jobs.nightly.timezone: is not a time zone such as "Europe/Berlin"',
    ],
    [
      'a cron expression that cannot be read',
      whole.replace('0 3 * * *', '0 33 * * *'),
      'c.yaml:18:15: jobs.nightly.schedule: is not a cron expression that can be read',
    ],
  ])('is refused for %s, at its line and column', (_, text, expected) => {
    expect(messageOf(text)).toBe(expected);
  });

  it.each([
    ['a tag', 'ledger: !!js/function "x"', /^c\.yaml:1:\d+: /],
    ['a tag of the core', 'ledger: !!str x', 'c.yaml:1:15: has a tag; only plain values are read'],
    ['a merge key', 'sources: {a: &a {type: file, path: x}, b: {<<: *a}}', /^c\.yaml:1:44: merges, which is not read/],
    ['a key twice', 'ledger: a\nledger: b', /^c\.yaml:2:1: stands twice in the same object$/],
    ['a tag that nobody knows', 'ledger: !!foo x', /^c\.yaml:1:9: has a tag; only plain values are read$/],
    ['two documents', 'ledger: a\n---\nledger: b', /^c\.yaml:2:1: begins a second document; a file is one$/],
    [
      'a name of JavaScript',
      'sources: {__proto__: {type: file, path: x}}',
      /^c\.yaml:1:11: is a name that is never accepted/,
    ],
    ['broken YAML', 'jobs: [\nledger: x', /^c\.yaml:2:\d+: /],
    ['deep nesting', `ledger: ${'['.repeat(50_000)}`, 'c.yaml:1:1: is nested too deeply'],
    [
      'a bomb of aliases',
      `sources:\n  a: &a [x,x,x,x,x,x,x,x,x,x]\n  b: &b [${'*a,'.repeat(60)}]\n  c: [${'*b,'.repeat(60)}]`,
      /^c\.yaml:4:\d+: uses more than 100 aliases$/,
    ],
    [
      'a few aliases that multiply',
      `sources:\n  a: &a [x,x,x,x,x]\n  b: &b [${'*a,'.repeat(30)}]\n  c: &c [${'*b,'.repeat(30)}]\n  d: [${'*c,'.repeat(30)}]`,
      'c.yaml:1:1: uses aliases that multiply',
    ],
    ['an empty value', 'ledger: ""', 'c.yaml:1:9: ledger: is empty'],
  ])('is refused for %s', (_, text, expected) => {
    expect(messageOf(text)).toMatch(expected);
  });

  it('is refused when it is larger than 1 MB', ({ onTestFinished }) => {
    const folder = folderWith({ 'c.yaml': `#${' '.repeat(1_000_000)}` }, { onTestFinished });
    expect(() => readConfiguration(join(folder, 'c.yaml'))).toThrow(/is larger than 1 MB, and no configuration is$/);
  });

  it('is refused when it is not there', () => {
    expect(() => readConfiguration('/no/such.yaml')).toThrow('/no/such.yaml: there is no such file');
  });
});

describe('two jobs', () => {
  const both = 'a: { source: crm, to: [lago] }, b: { source: live, to: [NAME] }';

  it('cannot own the same field of one connection', () => {
    expect(messageOf(withJob(both.replace('NAME', 'lago')))).toMatch(
      /^c\.yaml:4:\d+: jobs\.b\.to: email, name, first_name, \.\.\. of connection "lago" would be owned by both "a" and "b"/,
    );
  });

  it('cannot own the same field of one account under two names', () => {
    const more = ', second: { provider: lago, fields: { ignore: [email] } }';
    expect(messageOf(withJob(both.replace('NAME', 'second'), more))).toMatch(
      /jobs\.b\.to: name, first_name, .* of one account \("lago" and "second"\)/,
    );
  });

  it('cannot own it by writing the address in another way', () => {
    const more = `, one: { provider: lago, base_url: 'https://lago.test/api/v1' },
      two: { provider: lago, base_url: 'https://Lago.test:443/api/v1/' }`;
    const jobs = 'a: { source: crm, to: [one] }, b: { source: live, to: [two] }';
    expect(messageOf(withJob(jobs, more))).toMatch(/of one account \("one" and "two"\)/);
  });

  it.each([
    ['its base URL', "base_url: 'https://API.getlago.com/api/v1/'"],
    ['the variable of its key', `credentials: { api_key: '\${env:LAGO_API_KEY}' }`],
  ])('cannot own it by writing out what goes without saying: %s', (_, written) => {
    const jobs = 'a: { source: crm, to: [lago] }, b: { source: live, to: [two] }';
    const text = withJob(jobs, `, two: { provider: lago, ${written} }`);
    expect(() => parseConfiguration(text, 'c.yaml', [lago])).toThrow(/of one account \("lago" and "two"\)/);
  });

  it('may own it in two regions of a provider', () => {
    const jobs = 'a: { source: crm, to: [lago] }, b: { source: live, to: [two] }';
    const text = withJob(jobs, ', two: { provider: lago, base_url: eu }');
    expect(() => parseConfiguration(text, 'c.yaml', [lago])).not.toThrow();
  });

  it('cannot own it by a short name of the address', () => {
    const more = `, one: { provider: lago, base_url: eu }, two: { provider: lago, base_url: '${lago.api.other_base_urls?.['eu']}' }`;
    const text = withJob('a: { source: crm, to: [one] }, b: { source: live, to: [two] }', more);
    expect(() => parseConfiguration(text, 'c.yaml', [lago])).toThrow(/of one account \("one" and "two"\)/);
  });

  it('may divide the fields of an account', () => {
    const more =
      ', names: { provider: lago, fields: { own: [name] } }, mails: { provider: lago, fields: { own: [email] } }';
    const jobs = 'a: { source: crm, to: [names] }, b: { source: live, to: [mails] }';
    expect(messageOf(withJob(jobs, more))).toBe('accepted');
  });

  it('may divide an address', () => {
    const more =
      ', one: { provider: lago, fields: { own: [address.city] } }, two: { provider: lago, fields: { own: [address.line1] } }';
    const jobs = 'a: { source: crm, to: [one] }, b: { source: live, to: [two] }';
    expect(messageOf(withJob(jobs, more))).toBe('accepted');
    expect(messageOf(withJob(jobs, more.replace('address.line1', 'address')))).toMatch(/address\.city of one account/);
  });

  it('may write to accounts of different providers', () => {
    expect(messageOf(withJob(both.replace('NAME', 'autumn')))).toBe('accepted');
  });
});

describe('mirror', () => {
  it.each([
    [
      'a source that does not show everybody',
      'a: { source: live, to: [lago], mode: mirror, allow_archive: true }',
      'mirror needs a source that shows every customer at each run',
    ],
    ['no permission to archive', 'a: { source: crm, to: [lago], mode: mirror }', 'say "allow_archive: true" as well'],
  ])('is refused with %s', (_, job, expected) => {
    expect(messageOf(withJob(job))).toContain(expected);
  });

  it('is accepted with a complete source and the permission', () => {
    expect(messageOf(withJob('a: { source: crm, to: [lago], mode: mirror, allow_archive: true }'))).toBe('accepted');
  });
});

describe('a secret', () => {
  const lago = (key: string) => `connections: {lago: {provider: lago, credentials: {api_key: ${key}}}}`;

  it.each([
    ['in the file itself', lago('abc-secret'), `is a secret: write \${env:NAME} or \${file:/path} in its place`],
    [
      'in a URL of the file',
      'sources: {a: {type: postgres, url: "postgres://u:hunter2@h/d", query: select 1}}',
      'is a secret',
    ],
    ['with text around it', lago(`"x\${env:KEY}"`), 'must be one reference and nothing else'],
    ['where none may stand', `ledger: \${env:LEDGER}`, 'cannot be a reference'],
  ])('%s is refused and not printed', (_, text, expected) => {
    expect(messageOf(text)).toContain(expected);
    expect(messageOf(text)).not.toMatch(/abc-secret|hunter2/);
  });

  it('is read from the environment and from a file, without the line break at its end', ({ onTestFinished }) => {
    const directory = folderWith({}, { onTestFinished });
    writeFileSync(join(directory, 'key'), 'from-file\n');
    const value = { one: `\${env:KEY}`, two: [`\${env:KEY}`], three: { four: `\${file:key}` } };
    expect(resolveSecrets(value, 'place', { env: { KEY: 'from-env' }, directory })).toEqual({
      one: 'from-env',
      two: [`\${env:KEY}`],
      three: { four: 'from-file' },
    });
  });

  it.each([
    [`\${env:NONE}`, 'connections.x: the variable NONE is not set'],
    [`\${file:/no/such}`, 'connections.x: the file /no/such cannot be read (ENOENT)'],
  ])('that is missing is named: %s', (written, expected) => {
    expect(() => resolveSecrets(written, 'connections.x', { env: {}, directory: '/' })).toThrow(expected);
  });
});
