import { describe, expect, it } from 'vitest';
import { lago } from '../../../integrations/lago/connector.js';
import { type FieldOwnership, ownFields } from '../../../src/core/mapping/field-ownership.js';
import { providerMapping } from '../../../src/core/mapping/provider-mapping.js';
import { planUpsert } from '../../../src/core/upsert/plan-upsert.js';

const CUSTOMER = {
  id: 'acct_1',
  email: 'ann@example.test',
  name: 'Ann Able',
  phone: '+493012345678',
  address: { city: 'Berlin', country: 'DE' },
  metadata: { plan: 'gold', seats: '3' },
};

function payloadOf(ownership: FieldOwnership, mode: 'create' | 'update', customer: object = CUSTOMER) {
  const mapping = ownFields(providerMapping(lago), ownership, 'external_id');
  const stored = mode === 'create' ? ({ kind: 'absent' } as const) : ({ kind: 'unread' } as const);
  const planned = planUpsert({ to: 'lago', customer: { id: 'acct_1', ...customer }, mapping, stored });
  return planned.kind === 'plan' ? planned.plan.payload : planned;
}

describe('fields of a connection', () => {
  it('sends only what is owned', () => {
    expect(payloadOf({ own: ['email', 'address.city'] }, 'update')).toEqual({
      external_id: 'acct_1',
      email: 'ann@example.test',
      city: 'Berlin',
    });
  });

  it('never sends what is ignored', () => {
    const payload = payloadOf({ ignore: ['phone', 'metadata.seats', 'address'] }, 'create');
    expect(payload).toEqual({
      external_id: 'acct_1',
      email: 'ann@example.test',
      name: 'Ann Able',
      metadata: [{ key: 'plan', value: 'gold' }],
    });
  });

  it('sends what is set once only when the customer is created', () => {
    const ownership = { create_only: ['name'], own: ['email'] };
    expect(payloadOf(ownership, 'create')).toEqual({
      external_id: 'acct_1',
      email: 'ann@example.test',
      name: 'Ann Able',
    });
    expect(payloadOf(ownership, 'update')).toEqual({ external_id: 'acct_1', email: 'ann@example.test' });
  });

  it('clears the rest of an address that is cleared whole', () => {
    const payload = payloadOf({ ignore: ['address.city'] }, 'update', { address: null });
    expect(payload).not.toHaveProperty('city');
    expect(payload).toMatchObject({ country: null, zipcode: null });
  });

  it('creates by what the provider finds customers by, whoever owns it', () => {
    const mapping = ownFields(providerMapping(lago), { own: ['email'], ignore: ['name'] }, 'external_id');
    expect(mapping.rule('external_id')?.evaluate(CUSTOMER, 'create', {})).toBe('acct_1');
    const byEmail = ownFields(providerMapping(lago), { ignore: ['email'] }, 'email');
    expect(byEmail.rule('email')?.evaluate(CUSTOMER, 'create', {})).toBe('ann@example.test');
    expect(byEmail.rule('email')?.evaluate(CUSTOMER, 'update', {})).toBeUndefined();
  });
});
