import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compileProject } from '../../emulators/nango/compile.js';
import { type LoadedScript, loadScript } from '../../emulators/nango/runtime.js';
import { makeCopy } from '../../src/nango-project/make-copy.js';
import { nangoProject } from './nango-project.js';
import { providersUnderTest } from './providers-under-test.js';

const { batch } = providersUnderTest.lago.scripts;

/** The example in a project of its own beside the Lago functions, as its README says, compiled by the real CLI. */
describe('the example that sends HubSpot contacts to Lago', () => {
  let script: LoadedScript;
  let removeProject = () => {};

  beforeAll(async () => {
    const folder = nangoProject({
      onTestFinished: (task) => {
        removeProject = task;
      },
    });
    for (const [path, text] of await makeCopy(process.cwd(), 'lago')) {
      const file = join(folder, 'lago-eu', path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    cpSync('examples/nango/hubspot', join(folder, 'hubspot'), { recursive: true });
    const entries = ['lago-eu/actions/upsert-customers-batch', 'hubspot/syncs/contacts-to-lago'];
    appendFileSync(join(folder, 'index.ts'), entries.map((entry) => `import './${entry}.js';\n`).join(''));
    await compileProject(folder);
    script = await loadScript(join(folder, 'build/hubspot_syncs_contacts-to-lago.cjs'));
  });

  afterAll(() => removeProject());

  it('compiles, with a frequency and without starting by itself', () => {
    expect(script).toMatchObject({ type: 'sync', frequency: 'every 5 minutes', autoStart: false });
    expect(script.models).toEqual(['BillingReceipt']);
  });

  it('passes every page to the batch action, keeps receipts, and remembers how far it came', async () => {
    const nango = hubspot([{ contacts: [ada, jo], next: '2' }, { contacts: [nobody] }]);
    await script.exec(nango);
    expect(nango.triggerAction.mock.calls).toEqual([
      ['lago-eu', 'acme', 'upsert-customers-batch', { customers: [adaCustomer, joCustomer] }],
      ['lago-eu', 'acme', 'upsert-customers-batch', { customers: [nobodyCustomer] }],
    ]);
    for (const [, , , input] of nango.triggerAction.mock.calls) {
      expect(batch.input.safeParse(input)).toMatchObject({ success: true });
    }
    expect(nango.batchSave.mock.calls).toEqual([
      [
        [
          { id: '1', customer_id: 'hubspot-1', status: 'created', provider_id: 'lago-1' },
          { id: '2', customer_id: 'hubspot-2', status: 'created', provider_id: 'lago-2' },
        ],
        'BillingReceipt',
      ],
      [[{ id: '3', customer_id: 'hubspot-3', status: 'created', provider_id: 'lago-3' }], 'BillingReceipt'],
    ]);
    expect(nango.saveCheckpoint.mock.calls).toEqual([
      [{ modified_since: jo.properties.lastmodifieddate }],
      [{ modified_since: nobody.properties.lastmodifieddate }],
    ]);
  });

  it('asks HubSpot for what changed since, and for the minute before', async () => {
    const nango = hubspot([{ contacts: [] }]);
    nango.getCheckpoint.mockResolvedValue({ modified_since: '2026-11-20T10:00:00.000Z' });
    await script.exec(nango);
    expect(nango.post.mock.calls[0]?.[0]).toMatchObject({
      endpoint: '/crm/v3/objects/contacts/search',
      data: {
        filterGroups: [{ filters: [{ operator: 'GTE', value: String(Date.parse('2026-11-20T09:59:00.000Z')) }] }],
        limit: 100,
      },
    });
    expect(nango.triggerAction).not.toHaveBeenCalled();
  });

  it.each(['failed', 'uncertain', 'not_attempted'])(
    'begins with the same contacts again when one was %s',
    async (status) => {
      const nango = hubspot([{ contacts: [ada, jo], next: '2' }, { contacts: [nobody] }]);
      nango.triggerAction.mockResolvedValueOnce({ results: [{ status: 'created' }, { status }] });
      await script.exec(nango);
      expect(nango.triggerAction).toHaveBeenCalledTimes(1);
      expect(nango.saveCheckpoint).not.toHaveBeenCalled();
      expect(nango.batchSave.mock.calls[0]?.[0]).toMatchObject([{ status: 'created' }, { status }]);
    },
  );

  it('keeps the reason for a contact that was refused, and goes on', async () => {
    const nango = hubspot([{ contacts: [ada] }]);
    const error = { code: 'rejected', message: 'email: invalid_email_format', remedy: 'Correct it' };
    nango.triggerAction.mockResolvedValueOnce({ results: [{ status: 'rejected', error }] });
    await script.exec(nango);
    expect(nango.batchSave.mock.calls[0]?.[0]).toMatchObject([
      { status: 'rejected', error: 'email: invalid_email_format. Correct it' },
    ]);
    expect(nango.saveCheckpoint).toHaveBeenCalledTimes(1);
  });

  it('ends before HubSpot’s search does, at 10,000 contacts', async () => {
    const nango = hubspot([{ contacts: [ada], next: '9900' }, { contacts: [ada], next: '10000' }, { contacts: [jo] }]);
    await script.exec(nango);
    expect(nango.post).toHaveBeenCalledTimes(2);
  });

  it('fails without the metadata that names the Lago connection, before anything is sent', async () => {
    const nango = hubspot([{ contacts: [ada] }]);
    nango.getMetadata.mockResolvedValue({});
    await expect(script.exec(nango)).rejects.toThrow('billing');
    expect(nango.post).not.toHaveBeenCalled();
  });
});

const contact = (id: string, lastmodifieddate: string, properties: object) => ({
  id,
  properties: { lastmodifieddate, ...properties },
});

const ada = contact('1', '2026-11-20T10:00:00.000Z', {
  email: 'ada@acme.example',
  firstname: 'Ada',
  lastname: 'Byron',
  phone: '+493012345678',
});
const adaCustomer = {
  id: 'hubspot-1',
  email: 'ada@acme.example',
  name: 'Ada Byron',
  first_name: 'Ada',
  last_name: 'Byron',
  phone: '+493012345678',
  updated_at: '2026-11-20T10:00:00.000Z',
};
const jo = contact('2', '2026-11-20T11:00:00.000Z', {
  email: 'jo@acme.example',
  firstname: '',
  lastname: null,
  phone: '030 1',
});
const joCustomer = { id: 'hubspot-2', email: 'jo@acme.example', updated_at: '2026-11-20T11:00:00.000Z' };
const nobody = contact('3', '2026-11-20T12:00:00.000Z', {});
const nobodyCustomer = { id: 'hubspot-3', updated_at: '2026-11-20T12:00:00.000Z' };

interface Page {
  readonly contacts: readonly (typeof ada)[];
  readonly next?: string;
}

/** A `nango` whose HubSpot has these pages, and whose Lago takes everybody. */
function hubspot(pages: readonly Page[]) {
  const answers = pages.map(({ contacts, next }) => ({
    data: { results: contacts, ...(next !== undefined && { paging: { next: { after: next } } }) },
  }));
  return {
    post: vi.fn(async (_request: object) => answers.shift()),
    log: vi.fn(async () => {}),
    getMetadata: vi.fn(async (): Promise<object> => ({ billing: { integration: 'lago-eu', connection_id: 'acme' } })),
    getCheckpoint: vi.fn(async (): Promise<object | null> => null),
    saveCheckpoint: vi.fn(async (_checkpoint: object) => {}),
    batchSave: vi.fn(async (_records: object[], _model: string) => true),
    triggerAction: vi.fn(
      async (
        _integration: string,
        _connection: string,
        _action: string,
        input: { customers: { id: string }[] },
      ): Promise<{ results: object[] }> => ({
        results: input.customers.map(({ id }) => ({ status: 'created', provider_id: id.replace('hubspot', 'lago') })),
      }),
    ),
  };
}
