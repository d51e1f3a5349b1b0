import { describe, expect, it } from 'vitest';
import { planSchema } from '../../../schemas/outcome.js';
import { compileFields } from './mapping-under-test.js';
import { absent, planFor, planned, record } from './plan-under-test.js';

const mapping = compileFields({
  ext: { from: 'id', required: true },
  name: { from: 'name', clear: 'null' },
  mail: { from: 'email', compare: 'ignore_case', clear_reason: 'it is the identity' },
  'where.city': { from: 'address.city', clear: 'empty' },
  exempt: { from: 'tax_exempt' },
  once: { from: 'phone', on: 'create' },
  later: { from: 'url', on: 'update' },
});

describe('a plan for a customer that is not there', () => {
  it('creates it with all that it has', () => {
    const customer = {
      id: 'a',
      name: 'A',
      email: null,
      address: { city: 'Bonn' },
      phone: '+491',
      url: 'https://a.example',
    };
    expect(planFor(mapping, customer, absent)).toEqual({
      customer_id: 'a',
      to: 'test',
      action: 'create',
      compared: true,
      changes: [
        { field: 'id', target: 'ext', change: 'set', to: 'a' },
        { field: 'name', target: 'name', change: 'set', to: 'A' },
        { field: 'address.city', target: 'where.city', change: 'set', to: 'Bonn' },
        { field: 'phone', target: 'once', change: 'set', to: '+491' },
      ],
      warnings: [],
      payload: { ext: 'a', name: 'A', where: { city: 'Bonn' }, once: '+491' },
    });
  });

  it('is a create even where nothing but the id is known', () => {
    expect(planFor(mapping, { id: 'a' }, absent)).toMatchObject({ action: 'create', payload: { ext: 'a' } });
  });

  it('is invalid with every issue where a limit is broken', () => {
    const strict = compileFields({ a: { from: 'name', max_length: 1 }, b: { from: 'email', required: true } });
    expect(planned(strict, { id: 'a', name: 'AB' }, absent)).toEqual({
      kind: 'invalid',
      issues: [
        { field: 'name', message: 'has 2 characters, 1 are allowed' },
        { field: 'email', message: 'is required by this provider and has no value' },
      ],
    });
  });
});

describe('a plan for a customer that is there', () => {
  const stored = { ext: 'a', name: 'A', mail: 'A@b.example', where: { city: 'Bonn' }, exempt: true, once: '+491' };

  it('sends only what differs, with the value before and after', () => {
    const customer = { id: 'a', name: 'B', email: 'a@b.example', address: { city: 'Bonn' }, tax_exempt: false };
    const plan = planFor(mapping, customer, record(stored));
    expect(planSchema.safeParse(plan).success).toBe(true);
    expect(plan).toEqual({
      customer_id: 'a',
      to: 'test',
      action: 'update',
      provider_id: 'p1',
      compared: true,
      changes: [
        { field: 'name', target: 'name', change: 'set', from: 'A', to: 'B' },
        { field: 'tax_exempt', target: 'exempt', change: 'set', from: true, to: false },
      ],
      warnings: [],
      payload: { name: 'B', exempt: false },
    });
  });

  it('changes nothing where all is as wanted', () => {
    const customer = { id: 'a', name: 'A', email: 'a@B.example', address: { city: 'Bonn' }, tax_exempt: true };
    const plan = planFor(mapping, customer, record(stored));
    expect(plan).toMatchObject({ action: 'unchanged', changes: [], warnings: [] });
    expect(plan).not.toHaveProperty('payload');
  });

  it('leaves alone what the customer does not say', () => {
    expect(planFor(mapping, { id: 'a' }, record(stored)).action).toBe('unchanged');
  });

  it('clears in the way of each field', () => {
    const { payload, changes } = planFor(mapping, { id: 'a', name: null, address: { city: null } }, record(stored));
    expect(payload).toEqual({ name: null, where: { city: '' } });
    expect(changes).toEqual([
      { field: 'name', target: 'name', change: 'clear', from: 'A' },
      { field: 'address.city', target: 'where.city', change: 'clear', from: 'Bonn' },
    ]);
  });

  it.each([[undefined], [null], ['']])('clears nothing where %j is stored', (empty) => {
    const unset = { ext: 'a', name: empty, mail: empty, where: { city: empty } };
    const plan = planFor(mapping, { id: 'a', name: null, email: null, address: null }, record(unset));
    expect(plan).toMatchObject({ action: 'unchanged', changes: [], warnings: [] });
  });

  it('warns of what cannot be cleared, and says why', () => {
    const plan = planFor(mapping, { id: 'a', email: null, tax_exempt: null }, record(stored));
    expect(plan.action).toBe('unchanged');
    expect(plan.warnings).toEqual([
      { code: 'cannot_clear', field: 'email', message: 'was not cleared: it is the identity' },
      { code: 'cannot_clear', field: 'tax_exempt', message: 'was not cleared: this provider has no way to clear it' },
    ]);
  });

  it('sets what is new, and what counts on update only; what counts on create only is left', () => {
    const plan = planFor(
      mapping,
      { id: 'a', name: 'A', phone: '+492', url: 'https://a.example' },
      record({ ext: 'a' }),
    );
    expect(plan.payload).toEqual({ name: 'A', later: 'https://a.example' });
    expect(plan.changes[0]).toEqual({ field: 'name', target: 'name', change: 'set', to: 'A' });
  });

  it('is limited to the targets that are asked for', () => {
    const customer = { id: 'a', name: 'B', address: { city: 'Köln' } };
    const plan = planFor(mapping, customer, record(stored), { only: new Set(['where.city']) });
    expect(plan.payload).toEqual({ where: { city: 'Köln' } });
  });

  it('compares what was cut, not what was given', () => {
    const short = compileFields({ name: { from: 'name', max_length: 3, overflow: 'truncate' } });
    const plan = planFor(short, { id: 'a', name: 'abcdef' }, record({ name: 'abc' }));
    expect(plan.action).toBe('unchanged');
    expect(plan.warnings.map(({ code }) => code)).toEqual(['truncated']);
  });

  it('shows values in canonical words', () => {
    const worded = compileFields({
      kind: { from: 'type', transform: [{ lookup: { table: { individual: 'p', company: 'o' } } }] },
    });
    expect(planFor(worded, { id: 'a', type: 'company' }, record({ kind: 'p' })).changes).toEqual([
      { field: 'type', target: 'kind', change: 'set', from: 'individual', to: 'company' },
    ]);
  });
});

describe('a field that cannot be read', () => {
  const hidden = compileFields({
    name: { from: 'name', clear: 'null' },
    secret: { from: 'phone', read: false, clear: 'null' },
    fixed: { from: 'url', read: false },
  });
  const message = 'cannot be read back from this provider, so it was not sent again';

  it.each([['+491'], [null]])('is no reason to write when it is %j', (phone) => {
    const plan = planFor(hidden, { id: 'a', name: 'A', phone }, record({ name: 'A' }));
    expect(plan.action).toBe('unchanged');
    expect(plan.warnings).toEqual([{ code: 'cannot_tell', field: 'phone', message }]);
  });

  it('goes along with another change, marked as what it is', () => {
    const plan = planFor(hidden, { id: 'a', name: 'B', phone: '+491' }, record({ name: 'A' }));
    expect(plan.payload).toEqual({ name: 'B', secret: '+491' });
    expect(plan.warnings).toEqual([]);
    expect(plan.changes[1]).toEqual({ field: 'phone', target: 'secret', change: 'cannot_tell', to: '+491' });
  });

  it('is cleared along with another change where there is a way', () => {
    const plan = planFor(hidden, { id: 'a', name: 'B', phone: null, url: null }, record({ name: 'A' }));
    expect(plan.payload).toEqual({ name: 'B', secret: null });
    expect(plan.changes[1]).toEqual({ field: 'phone', target: 'secret', change: 'cannot_tell' });
  });

  it('is sent like any other on create, and where nothing was read', () => {
    const customer = { id: 'a', phone: '+491' };
    expect(planFor(hidden, customer, absent).payload).toEqual({ secret: '+491' });
    expect(planFor(hidden, customer, { kind: 'unread', providerId: 'p1' }).payload).toEqual({ secret: '+491' });
  });
});

describe('a plan made without reading', () => {
  const unread = { kind: 'unread', providerId: 'p1' } as const;

  it('lists what is sent, clears included, and says that nothing was compared', () => {
    const plan = planFor(mapping, { id: 'a', name: null, tax_exempt: false }, unread);
    expect(plan).toMatchObject({
      action: 'update',
      provider_id: 'p1',
      compared: false,
      payload: { ext: 'a', name: null, exempt: false },
    });
    expect(plan.changes).toEqual([
      { field: 'id', target: 'ext', change: 'set', to: 'a' },
      { field: 'name', target: 'name', change: 'clear' },
      { field: 'tax_exempt', target: 'exempt', change: 'set', to: false },
    ]);
  });

  it('lists the keys that it deletes', () => {
    const merging = compileFields({ meta: { from: 'metadata', keyed: { shape: 'map', write: 'merge' } } });
    const plan = planFor(merging, { id: 'a', metadata: { a: 1, b: null } }, unread);
    expect(plan.payload).toEqual({ meta: { a: 1, b: null } });
    expect(plan.changes).toEqual([
      { field: 'metadata.a', target: 'meta', change: 'set', to: 1 },
      { field: 'metadata.b', target: 'meta', change: 'clear' },
    ]);
  });
});

describe('planning', () => {
  it('gives the same plan for the same input, and leaves the input as it was', () => {
    const customer = Object.freeze({ id: 'a', name: 'B', address: Object.freeze({ city: 'Köln' }) });
    const stored = record(Object.freeze({ name: 'A', where: Object.freeze({ city: 'Bonn' }) }));
    expect(planFor(mapping, customer, stored)).toEqual(planFor(mapping, customer, stored));
  });
});
