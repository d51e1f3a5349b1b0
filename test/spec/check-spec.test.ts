import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lago } from '../../integrations/lago/connector.js';
import type { Provider } from '../../src/core/connector.js';
import { checkSpec, readSpec, type SpecReport } from '../../src/spec/check-spec.js';
import { folderWith } from '../cli/command-line.js';

const { definition } = lago;
const acme: Provider = {
  ...lago,
  definition: {
    ...definition,
    id: 'acme',
    name: 'Acme',
    operations: {
      create: { method: 'POST', path: '/clients', read: false },
      update: { method: 'PUT', path: '/clients/{id}', read: false },
    },
  },
  fields: z.strictObject({
    seats: z.int().optional(),
    balance: z.number().optional(),
    plan: z.strictObject({ code: z.string(), trial: z.boolean().optional() }).optional(),
    wrong_plan: z.strictObject({ code: z.string().optional(), trail: z.boolean().optional() }).optional(),
  }),
};
const specPath = 'test/spec/acme.openapi.yaml';

/** A mapping that agrees with the description in everything. */
const agreeing = {
  ref: { from: 'id', required: true },
  label: { from: 'name', required: true, max_length: 40, clear: 'null' },
  mail: { from: 'email', clear: 'null' },
  kind: { from: 'type', transform: [{ lookup: { table: { individual: 'person', company: 'org' } } }], clear: 'null' },
  seats: { from: 'provider_fields.acme.seats' },
  plan: { from: 'provider_fields.acme.plan' },
  'place.town': { from: 'address.city', max_length: 20 },
  'place.nation': { from: 'address.country', one_of: ['DE', 'FR'] },
  tags: { from: 'metadata', keyed: { shape: 'entries', write: 'replace', key: 'name', value: 'text' } },
  'extras.crm': { constant: 'ours' },
};
const notWritten = { parent: 'not ours to say' };

async function check(changes: object, differences?: object[], more: object = {}): Promise<SpecReport> {
  const fields = Object.fromEntries(
    Object.entries({ ...agreeing, ...changes }).filter(([, rule]) => rule !== undefined),
  );
  const examples = [{ name: 'none', customer: {}, payload: {} }];
  const mapping = { provider: 'acme', fields, not_written: notWritten, ...more, examples };
  const files = {
    mapping: { file: 'acme/mapping.json', text: JSON.stringify(mapping, null, 2) },
    ...(differences !== undefined && {
      differences: {
        file: 'acme/spec-differences.json',
        text: JSON.stringify({ spec: 'Acme 7', differences }, null, 2),
      },
    }),
  };
  return checkSpec(acme, await readSpec(specPath), files);
}

const brief = ({ findings }: SpecReport) => findings.map(({ code, message }) => `${code} ${message}`);

describe('a mapping and the description of the API', () => {
  it('agree: references, alternatives, wrappings and null are understood', async () => {
    expect(brief(await check({}))).toEqual([]);
  });

  it.each<[what: string, changes: object, findings: string[]]>([
    [
      'a field that is not there',
      { lable: { from: 'legal_name' } },
      ['spec_unknown_field lable: the description has no "lable" (did you mean "label"?)'],
    ],
    [
      'a nested field that is not there',
      { 'place.city': { from: 'address.state' } },
      ['spec_unknown_field place.city: the description has no "city"'],
    ],
    [
      'a field that is read-only',
      { balance: { from: 'provider_fields.acme.balance' } },
      ['spec_read_only balance: the description says that it cannot be written'],
    ],
    [
      'a required field without a rule',
      { label: undefined },
      [
        'spec_required label: the description requires it on create, and it is not always sent',
        'spec_not_mapped label: the description takes it, and the mapping says nothing about it',
      ],
    ],
    [
      'a required field that not every customer has',
      { label: { from: 'name', max_length: 40 } },
      ['spec_required label: the description requires it on create, and it is not always sent'],
    ],
    [
      'a required field that has a condition',
      { label: { from: 'name', required: true, max_length: 40, when: { present: 'email' } } },
      ['spec_required label: the description requires it on create, and it is not always sent'],
    ],
    [
      'a field that the mapping says nothing about',
      { seats: undefined },
      ['spec_not_mapped seats: the description takes it, and the mapping says nothing about it'],
    ],
    [
      'another type',
      { seats: { from: 'legal_number' } },
      ['spec_type seats: sends text, the description takes integer'],
    ],
    [
      'a constant of another type',
      { 'extras.crm': { constant: 7 } },
      ['spec_type extras.crm: sends number, the description takes string'],
    ],
    [
      'keys of another shape',
      { tags: { from: 'metadata', keyed: { shape: 'map', write: 'merge' } } },
      ['spec_type tags: sends object, the description takes array'],
    ],
    [
      'null where it is not taken',
      { 'place.town': { from: 'address.city', max_length: 20, clear: 'null' } },
      ['spec_null place.town: is cleared by null, which the description does not take'],
    ],
    [
      '"" where it is not a value',
      { kind: { ...agreeing.kind, clear: 'empty' } },
      ['spec_null kind: is cleared by "", which the description does not take'],
    ],
    [
      'values that are not taken, and values that are never sent',
      { kind: { from: 'type', clear: 'null' } },
      [
        'spec_values kind: may send individual, company, which the description does not take',
        'spec_values_missing kind: never sends person, org, which the description takes',
      ],
    ],
    [
      'anything where only some values are taken',
      { kind: { from: 'legal_name', clear: 'null' } },
      ['spec_values kind: may send anything, the description takes person, org'],
    ],
    [
      'text that may be too long',
      { label: { from: 'name', required: true, max_length: 41, clear: 'null' } },
      ['spec_max_length label: may send 41 characters, the description takes 40'],
    ],
    [
      'text of any length',
      { 'place.town': { from: 'address.city' } },
      ['spec_max_length place.town: may send text of any length, the description takes 20'],
    ],
    [
      'a format that the value is not known to have',
      { mail: { from: 'legal_name', clear: 'null' } },
      ['spec_format mail: the description wants the format email, which the value is not known to have'],
    ],
    [
      'entries with other names',
      { tags: { from: 'metadata', keyed: { shape: 'entries', write: 'replace', key: 'name', value: 'value' } } },
      [
        'spec_unknown_field tags.value: the description has no "value"',
        'spec_required tags.text: the description requires it, and it is not always sent',
      ],
    ],
    [
      "the inside of a provider's own object",
      { plan: { from: 'provider_fields.acme.wrong_plan' } },
      [
        'spec_unknown_field plan.trail: the description has no "trail" (did you mean "trial"?)',
        'spec_required plan.code: the description requires it, and it is not always sent',
      ],
    ],
  ])('differ in %s', async (_, changes, findings) => {
    expect(brief(await check(changes))).toEqual(findings);
  });

  it('differ only where the operation counts', async () => {
    const onUpdate = { label: { from: 'name', required: true, max_length: 40, on: 'update' } };
    expect(brief(await check(onUpdate))).toEqual([
      'spec_required label: the description requires it on create, and it is not always sent',
    ]);
  });

  it('may leave a field alone for a reason, or to overlays', async () => {
    expect(
      brief(await check({ seats: undefined }, [], { not_written: { ...notWritten, seats: 'counted by Acme' } })),
    ).toEqual([]);
    expect(brief(await check({ seats: undefined }, [], { addable: { seats: 'how many' } }))).toEqual([]);
  });
});

describe('a finding', () => {
  it('says where the rule stands and what to do', async () => {
    const { findings } = await check({ seats: { from: 'legal_number' } });
    expect(findings).toEqual([
      {
        file: 'acme/mapping.json',
        pointer: '/fields/seats',
        line: expect.any(Number),
        code: 'spec_type',
        message: 'seats: sends text, the description takes integer',
        remedy: 'Add a transform that makes the right type.',
      },
    ]);
    expect(findings[0]?.line).toBeGreaterThan(10);
  });
});

describe('a recorded difference', () => {
  const fact = 'acme/api, clients.rb: takes null as well.';
  const town = { 'place.town': { from: 'address.city', max_length: 20, clear: 'null' } };

  it('is no finding any more, and is counted', async () => {
    const report = await check(town, [{ code: 'spec_null', field: 'place.town', fact }]);
    expect(report.findings).toEqual([]);
    expect(report.known).toEqual([{ code: 'spec_null', field: 'place.town', fact }]);
  });

  it('covers exactly the values that it names', async () => {
    const kind = { kind: { from: 'type', one_of: ['person', 'org', 'club'], clear: 'null' } };
    const recorded = { code: 'spec_values', field: 'kind', fact };
    expect(brief(await check(kind, [{ ...recorded, values: ['club'] }]))).toEqual([]);
    expect(brief(await check(kind, [{ ...recorded, values: ['team'] }]))).toHaveLength(2);
    expect(brief(await check(kind, [recorded]))).toHaveLength(2);
  });

  it('that is gone is a finding, where it is recorded', async () => {
    const { findings } = await check({}, [{ code: 'spec_null', field: 'place.town', fact }]);
    expect(findings).toMatchObject([
      { file: 'acme/spec-differences.json', pointer: '/differences/0', code: 'spec_difference_gone' },
    ]);
  });

  it('needs a fact and a known code', async () => {
    await expect(check({}, [{ code: 'spec_null', field: 'x' }])).rejects.toThrow('fact');
    await expect(check({}, [{ code: 'spec_nil', field: 'x', fact }])).rejects.toThrow('code');
  });
});

describe('a description that cannot be used', () => {
  it('is refused with what is wrong', async (ending) => {
    const folder = folderWith({ 'a.yaml': 'a: [', 'b.json': '{"a":', 'c.yaml': 'info: {}' }, ending);
    await expect(readSpec(`${folder}/a.yaml`)).rejects.toThrow('a.yaml: is neither JSON nor YAML (line 1)');
    await expect(readSpec(`${folder}/b.json`)).rejects.toThrow('b.json: is neither JSON nor YAML');
    await expect(readSpec(`${folder}/c.yaml`)).rejects.toThrow('it has no paths');
    await expect(readSpec(`${folder}/d.yaml`)).rejects.toThrow('there is no such file');
  });

  it('may be of another API', async () => {
    const mapping = { file: 'm', text: JSON.stringify(lago.mapping) };
    expect(() => checkSpec(lago, { paths: { '/invoices': {} } }, { mapping })).toThrow(
      'the description has no request body for POST /customers, with which Lago creates customers',
    );
  });

  it('may lead in circles', async () => {
    const circle = { schemas: { A: { $ref: '#/schemas/B' }, B: { allOf: [{ $ref: '#/schemas/A' }] } } };
    const body = { content: { 'application/json': { schema: { $ref: '#/schemas/A' } } } };
    const document = { ...circle, paths: { '/customers': { post: { requestBody: body } } } };
    const mapping = { file: 'm', text: readFileSync('providers/lago/mapping.json', 'utf8') };
    const { findings } = checkSpec(lago, document, { mapping });
    expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['spec_unknown_field']));
  });
});
