import type { Customer } from '../../schemas/customer.js';
import { parseCustomer } from '../../src/core/customer/parse-customer.js';

/** Fields that the sparse population leaves out now and then. */
const optionalFields = ['first_name', 'last_name', 'legal_name', 'legal_number', 'tax_id', 'phone', 'url', 'timezone'];

const cities = [
  { city: 'Berlin', state: 'Berlin', country: 'DE', currency: 'EUR', timezone: 'Europe/Berlin' },
  { city: 'São Paulo', state: 'SP', country: 'BR', currency: 'BRL', timezone: 'America/Sao_Paulo' },
  { city: 'Woodland Hills', state: 'CA', country: 'US', currency: 'USD', timezone: 'America/Los_Angeles' },
  { city: 'Kraków', state: 'małopolskie', country: 'PL', currency: 'PLN', timezone: 'Europe/Warsaw' },
  { city: '横浜市', state: '神奈川県', country: 'JP', currency: 'JPY', timezone: 'Asia/Tokyo' },
] as const;
const firstNames = ['Ada', 'Björn', 'Chidi', 'Dolores', 'Émilie', 'Fatima', 'Grace', '花子'];
const lastNames = ['Lovelace', "O'Brien", 'Nakamura', 'Ferreira', 'van Dyke', 'Szymańska', '山田'];
const companies = ['Pied Piper', 'Hooli "XYZ"', 'Initech', 'Größe & Söhne', 'Vandelay Industries'];
const plans = ['free', 'starter', 'growth', 'enterprise'];

/** A random number generator that gives the same numbers in every run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type Population = 'full' | 'sparse';

/**
 * Customers of 20 fields, the same in every run. `sparse`: some lack some of them, so that they come in many shapes,
 * as customers from a real source do.
 */
export function makeCustomers(count: number, population: Population): readonly Customer[] {
  const random = createRandom(20_261_121);
  return Array.from({ length: count }, (_, index) => {
    const full = makeCustomer(index, random);
    const row =
      population === 'full'
        ? full
        : Object.fromEntries(Object.entries(full).filter(([key]) => !optionalFields.includes(key) || random() > 0.2));
    const parsed = parseCustomer(row);
    if (!parsed.ok) throw new Error(`customer ${index} is not valid: ${JSON.stringify(parsed.problems)}`);
    return parsed.customer;
  });
}

function makeCustomer(index: number, random: () => number) {
  const pick = <T>(list: readonly [T, ...T[]] | readonly T[]): T => {
    const picked = list[Math.floor(random() * list.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  };
  const digits = (length: number) => String(Math.floor(random() * 10 ** length)).padStart(length, '1');
  const place = pick(cities);
  const firstName = pick(firstNames);
  const lastName = pick(lastNames);
  const company = `${pick(companies)} ${digits(3)}`;
  const isCompany = random() < 0.6;
  return {
    id: `acct_${100_000 + index}`,
    email: `billing+${index}@customer-${digits(5)}.example`,
    name: isCompany ? company : `${firstName} ${lastName}`,
    first_name: firstName,
    last_name: lastName,
    type: isCompany ? 'company' : 'individual',
    legal_name: `${company} Ltd`,
    legal_number: `HRB ${digits(6)}`,
    tax_id: `${place.country}${digits(9)}`,
    phone: `+4930${digits(8)}`,
    address: {
      line1: `${digits(4)} Penfield Avenue`,
      line2: `Suite ${digits(2)}`,
      city: place.city,
      state: place.state,
      postal_code: digits(5),
      country: place.country,
    },
    currency: place.currency,
    timezone: place.timezone,
    url: `https://customer-${digits(5)}.example/about`,
    metadata: { crm_id: `0015g${digits(8)}`, plan: pick(plans), seats: Number(digits(3)) },
  };
}
