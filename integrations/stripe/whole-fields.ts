import type { Payload, StoredRecord } from '../../src/core/connector.js';
import { isUnset } from '../../src/core/mapping/compare.js';
import { isObject } from '../../src/core/mapping/path.js';

type Members = Readonly<Record<string, unknown>>;

/** What an update of `shipping` takes; the record shows more. */
const shippingMembers = ['name', 'phone', 'address'];

/** Whether an update holds a field of which Stripe forgets what is not sent with it. */
export function replacesWhole({ address, shipping, invoice_settings: settings }: Payload): boolean {
  return address !== undefined || shipping !== undefined || membersOf(settings)['rendering_options'] !== undefined;
}

/**
 * The update with the rest of these objects as it is stored. Stripe wants the recipient's name with every change of
 * `shipping`, and empties what is left out there; what it does to the others is not documented, and to send all of them
 * is right either way.
 */
export function withStored(payload: Payload, stored: StoredRecord): Payload {
  const { address, shipping, invoice_settings: settings } = payload;
  const rendering = membersOf(settings)['rendering_options'];
  const storedRendering = membersOf(stored['invoice_settings'])['rendering_options'];
  return {
    ...payload,
    ...(address !== undefined && { address: orEmpty(merged(stored['address'], address)) }),
    ...(shipping !== undefined && { shipping: wholeShipping(stored['shipping'], shipping) }),
    ...(rendering !== undefined && {
      invoice_settings: { ...membersOf(settings), rendering_options: orEmpty(merged(storedRendering, rendering)) },
    }),
  };
}

function wholeShipping(stored: unknown, shipping: unknown): unknown {
  const known = Object.fromEntries(
    Object.entries(membersOf(stored)).filter(([name]) => shippingMembers.includes(name)),
  );
  const address = merged(known['address'], membersOf(shipping)['address']);
  // Without an address there is nothing to ship to, and Stripe takes no name alone.
  return isEmpty(address) ? '' : { ...merged(known, shipping), address };
}

function merged(stored: unknown, sent: unknown): Members {
  const kept = Object.entries(membersOf(stored)).filter(([, value]) => !isUnset(value));
  return { ...Object.fromEntries(kept), ...membersOf(sent) };
}

/** Stripe's way to clear an object as a whole. */
function orEmpty(members: Members): Members | '' {
  return isEmpty(members) ? '' : members;
}

function isEmpty(members: Members): boolean {
  return Object.values(members).every(isUnset);
}

function membersOf(value: unknown): Members {
  return isObject(value) ? value : {};
}
