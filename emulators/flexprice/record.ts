/** A customer as the API answers it. Unset text is `""`; only `contact` is left out instead. */
export interface FlexpriceRecord {
  readonly id: string;
  readonly external_id: string;
  readonly name: string;
  readonly email: string;
  readonly contact?: string;
  readonly address_line1: string;
  readonly address_line2: string;
  readonly address_city: string;
  readonly address_state: string;
  readonly address_postal_code: string;
  readonly address_country: string;
  readonly timezone: string;
  /** Null for a customer created without metadata. */
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly environment_id: string;
  readonly tenant_id: string;
  readonly status: 'published' | 'archived';
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string;
  readonly updated_by: string;
}

/** Who and where the API key belongs to: a key is pinned to one environment. */
export const ACCOUNT = {
  environment_id: 'env_01K30000000000000000000001',
  tenant_id: 'tenant_01K30000000000000000000002',
};
export const USER_ID = 'user_01K30000000000000000000003';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID: ten digits of time, sixteen that a counter fills here instead of chance, so that runs repeat. */
export function ulid(epochMs: number, counter: number): string {
  return base32(epochMs, 10) + base32(counter, 16);
}

function base32(value: number, length: number): string {
  let digits = '';
  for (let rest = value; digits.length < length; rest = Math.floor(rest / 32)) digits = CROCKFORD[rest % 32] + digits;
  return digits;
}

/** RFC 3339 as Go prints it: no zeros at the end of the fraction. */
export function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.?0+Z$/, 'Z');
}
