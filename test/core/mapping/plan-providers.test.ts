import { describe, expect, it } from 'vitest';
import { absent, mappingOf, planFor, planned, record } from './plan-under-test.js';

describe('Recharge', () => {
  const recharge = mappingOf('recharge');
  const stored = record({
    id: 7,
    email: 'Ada@Example.com',
    first_name: 'Ada',
    last_name: 'Byron',
    phone: null,
    tax_exempt: false,
    external_customer_id: { ecommerce: '5' },
  });
  const ada = { id: 'a', email: 'ada@example.com', first_name: 'Ada', last_name: 'Byron' };

  it('takes two spellings of an e-mail address for one', () => {
    expect(planFor(recharge, ada, stored).action).toBe('unchanged');
  });

  it('sends an e-mail address that is another one', () => {
    expect(planFor(recharge, { ...ada, email: 'ada@other.example' }, stored).payload).toEqual({
      email: 'ada@other.example',
    });
  });

  it('keeps an absent phone and null apart from false and text', () => {
    const customer = { ...ada, phone: null, tax_exempt: false, external_ids: { shopify: '5' } };
    expect(planFor(recharge, customer, stored)).toMatchObject({ action: 'unchanged', warnings: [] });
    expect(planFor(recharge, { ...ada, tax_exempt: true }, stored).payload).toEqual({ tax_exempt: true });
  });

  it('never sends a clear, and warns only where something is stored', () => {
    const customer = { id: 'a', email: null, first_name: null, phone: null, tax_exempt: null, external_ids: null };
    const plan = planFor(recharge, customer, stored);
    expect(plan.action).toBe('unchanged');
    expect(plan.warnings.map(({ code, field }) => [code, field])).toEqual([
      ['cannot_clear', 'email'],
      ['cannot_clear', 'first_name'],
      ['cannot_clear', 'tax_exempt'],
      ['cannot_clear', 'external_ids.ecommerce'],
    ]);
  });

  it('takes a name apart, on update as on create', () => {
    const customer = { id: 'a', email: 'ada@example.com', name: 'Ada King Noel' };
    expect(planFor(recharge, customer, stored).payload).toEqual({ last_name: 'King Noel' });
    expect(planFor(recharge, customer, absent).payload).toMatchObject({ first_name: 'Ada', last_name: 'King Noel' });
  });

  it('does not replace a last name by a stand-in', () => {
    expect(planFor(recharge, { id: 'a', email: 'ada@example.com', name: 'Ada' }, stored).action).toBe('unchanged');
  });

  it('takes the names from the legal name where there is no other, and needs one of them', () => {
    const nameless = { id: 'a', email: 'a@b.example', legal_name: 'Acme Inc' };
    expect(planFor(recharge, nameless, absent).payload).toMatchObject({ first_name: 'Acme', last_name: 'Inc' });
    expect(planned(recharge, { ...nameless, legal_name: null }, absent)).toMatchObject({
      kind: 'invalid',
      issues: [{ field: 'first_name' }],
    });
  });
});

describe('Lago', () => {
  const lago = mappingOf('lago');
  const links = (...integration_customers: unknown[]) => record({ external_id: 'a', integration_customers });
  const wanted = (...integration_customers: unknown[]) => ({
    id: 'a',
    provider_fields: { lago: { integration_customers } },
  });
  const netsuite = {
    lago_id: 'link-1',
    type: 'netsuite',
    integration_code: 'ns-eu',
    external_customer_id: '42',
    sync_with_provider: false,
    subsidiary_id: '2',
  };

  it('finds a link that is as wanted, although Lago shows its type under another name', () => {
    const customer = wanted({ integration_type: 'netsuite', integration_code: 'ns-eu', external_customer_id: '42' });
    expect(planFor(lago, customer, links(netsuite)).action).toBe('unchanged');
  });

  it('sends the id of a stored link, without which Lago would make another', () => {
    const customer = wanted(
      { integration_type: 'netsuite', integration_code: 'ns-eu', external_customer_id: '43' },
      { integration_type: 'xero', integration_code: 'xe' },
    );
    expect(planFor(lago, customer, links(netsuite)).payload).toEqual({
      integration_customers: [
        { id: 'link-1', integration_type: 'netsuite', integration_code: 'ns-eu', external_customer_id: '43' },
        { integration_type: 'xero', integration_code: 'xe' },
      ],
    });
  });

  it('removes all links for an empty list', () => {
    expect(planFor(lago, wanted(), links(netsuite)).payload).toEqual({ integration_customers: [] });
    expect(planFor(lago, wanted(), links()).action).toBe('unchanged');
  });

  it('compares tax codes with the taxes that Lago shows, in any order', () => {
    const stored = record({ external_id: 'a', taxes: [{ code: 'vat', rate: 20 }, { code: 'eco' }] });
    const codes = (...tax_codes: string[]) => ({ id: 'a', provider_fields: { lago: { tax_codes } } });
    expect(planFor(lago, codes('eco', 'vat'), stored).action).toBe('unchanged');
    expect(planFor(lago, codes('vat'), stored).payload).toEqual({ tax_codes: ['vat'] });
    expect(planFor(lago, codes(), stored).payload).toEqual({ tax_codes: [] });
    expect(planFor(lago, codes(), record({ external_id: 'a', taxes: [] })).action).toBe('unchanged');
  });

  it.each([
    ['de-AT', { billing_configuration: { document_locale: 'de' } }, []],
    ['EN', { billing_configuration: { document_locale: 'en' } }, []],
    ['pt-BR', { billing_configuration: { document_locale: 'pt-BR' } }, []],
    ['ja', {}, ['dropped']],
  ])('prints documents for %s in a language that it has', (locale, payload, warnings) => {
    const plan = planFor(lago, { id: 'a', locale }, absent);
    expect(plan.payload).toEqual({ external_id: 'a', ...payload });
    expect(plan.warnings.map(({ code }) => code)).toEqual(warnings);
  });

  it.each([
    ['Europe/Berlin', { timezone: 'Europe/Berlin' }, []],
    ['America/Toronto', {}, ['dropped']],
  ])('takes the time zone %s or leaves it out', (timezone, payload, warnings) => {
    const plan = planFor(lago, { id: 'a', timezone }, absent);
    expect(plan.payload).toEqual({ external_id: 'a', ...payload });
    expect(plan.warnings.map(({ code }) => code)).toEqual(warnings);
  });

  it('takes two spellings of an e-mail address for one', () => {
    const stored = record({ external_id: 'a', email: 'Ada@Example.com' });
    expect(planFor(lago, { id: 'a', email: 'ada@example.com' }, stored).action).toBe('unchanged');
  });

  it('clears a whole address field by field', () => {
    const shipping = { address_line1: '1 Main St', address_line2: null, city: 'Bonn', zipcode: null, country: 'DE' };
    const plan = planFor(
      lago,
      { id: 'a', shipping_address: null },
      record({ external_id: 'a', shipping_address: shipping }),
    );
    expect(plan.payload).toEqual({ shipping_address: { address_line1: null, city: null, country: null } });
  });

  it('sends no setting of a payment provider that nobody asked for', () => {
    const plan = planFor(lago, { id: 'a', name: 'A' }, absent);
    expect(plan.payload).toEqual({ external_id: 'a', name: 'A' });
  });
});

describe('Flexprice', () => {
  const flexprice = mappingOf('flexprice');

  it('takes "" for unset, and writes "" to clear', () => {
    const stored = record({ external_id: 'a', contact: '+491', address_city: '', address_line1: '1 Main St' });
    const plan = planFor(flexprice, { id: 'a', phone: null, address: { city: null, line1: null } }, stored);
    expect(plan.payload).toEqual({ contact: '', address_line1: '' });
  });

  it('warns of what it cannot clear where something is stored, and sends nothing', () => {
    const customer = { id: 'a', name: null, email: null, timezone: null, address: { country: null } };
    const full = { external_id: 'a', name: 'A', email: 'a@b.example', timezone: 'UTC', address_country: 'DE' };
    const empty = { external_id: 'a', name: '', email: '', timezone: '', address_country: '' };
    expect(planFor(flexprice, customer, record(full)).action).toBe('unchanged');
    expect(planFor(flexprice, customer, record(full)).warnings.map(({ field }) => field)).toEqual([
      'name',
      'email',
      'address.country',
      'timezone',
    ]);
    expect(planFor(flexprice, customer, record(empty)).warnings).toEqual([]);
  });

  it('counts an address in bytes and a name in characters', () => {
    expect(planned(flexprice, { id: 'a', address: { line1: '漢'.repeat(85) } }, absent).kind).toBe('plan');
    expect(planned(flexprice, { id: 'a', address: { line1: '漢'.repeat(86) } }, absent).kind).toBe('invalid');
    expect(planned(flexprice, { id: 'a', name: '漢'.repeat(255) }, absent).kind).toBe('plan');
    expect(planned(flexprice, { id: 'a', name: '漢'.repeat(256) }, absent).kind).toBe('invalid');
  });

  it.each([
    [{ name: 'A', legal_name: 'B' }, 'A', 0],
    [{ legal_name: 'B', first_name: 'C' }, 'B', 0],
    [{ first_name: 'C', last_name: 'D' }, 'C D', 0],
    [{ email: 'a@b.example' }, 'a@b.example', 1],
    [{}, 'a', 1],
  ])('names a new customer of %j', (given, name, warnings) => {
    const plan = planFor(flexprice, { id: 'a', ...given }, absent);
    expect(plan.payload).toMatchObject({ name });
    expect(plan.warnings).toHaveLength(warnings);
  });

  it('sends what counts on create only for a new customer', () => {
    const own = { skip_onboarding_workflow: false, tax_rate_overrides: [] };
    const customer = { id: 'a', name: 'A', provider_fields: { flexprice: own } };
    expect(planFor(flexprice, customer, absent).payload).toMatchObject(own);
    expect(planFor(flexprice, customer, record({ external_id: 'a', name: 'B' })).payload).toEqual({ name: 'A' });
  });
});

describe('Autumn', () => {
  const autumn = mappingOf('autumn');
  const own = (fields: object) => ({ id: 'a', provider_fields: { autumn: fields } });

  it.each(['a.b', 'a@b', 'a b', 'a/b', 'ä'])('refuses the id %s and says what can be done', (id) => {
    const result = planned(autumn, { id }, absent);
    const message = result.kind === 'invalid' ? result.issues[0]?.message : '';
    expect(message).toMatch(/^has characters outside A-Za-z0-9_:-; an overlay can write such ids reversibly: /);
  });

  it('compares what is said of a list, not what Autumn adds', () => {
    const alert = { threshold: 5, threshold_type: 'usage' };
    const stored = record({ id: 'a', billing_controls: { usage_alerts: [{ ...alert, enabled: true }] } });
    expect(planFor(autumn, own({ billing_controls: { usage_alerts: [alert] } }), stored).action).toBe('unchanged');
    const other = own({ billing_controls: { usage_alerts: [{ ...alert, enabled: false }] } });
    expect(planFor(autumn, other, stored).payload).toEqual({
      billing_controls: { usage_alerts: [{ ...alert, enabled: false }] },
    });
  });

  it('sends only the list that changes', () => {
    const controls = { overage_allowed: [{ feature_id: 'f', enabled: true }], spend_limits: [{ overage_limit: 1 }] };
    const stored = record({ id: 'a', billing_controls: { spend_limits: [{ overage_limit: 1, enabled: false }] } });
    expect(planFor(autumn, own({ billing_controls: controls }), stored).payload).toEqual({
      billing_controls: { overage_allowed: controls.overage_allowed },
    });
  });

  it('keeps false apart from unset', () => {
    const customer = own({ send_email_receipts: false, config: { disable_pooled_balance: false } });
    expect(planFor(autumn, customer, record({ id: 'a', send_email_receipts: false, config: {} })).payload).toEqual({
      config: { disable_pooled_balance: false },
    });
  });

  it('tells e-mail addresses apart by case, which it keeps', () => {
    const stored = record({ id: 'a', email: 'Ada@Example.com' });
    expect(planFor(autumn, { id: 'a', email: 'ada@example.com' }, stored).payload).toEqual({
      email: 'ada@example.com',
    });
  });

  it('clears by null', () => {
    const stored = record({ id: 'a', name: 'A', email: 'a@b.example', fingerprint: 'f', stripe_id: 's' });
    const customer = { ...own({ fingerprint: null, stripe_id: null }), name: null, email: null };
    expect(planFor(autumn, customer, stored).payload).toEqual({
      name: null,
      email: null,
      fingerprint: null,
      stripe_id: null,
    });
  });
});
