const ownMachine = /^(127(\.\d+){3}|\[::1\]|localhost)$/;
/** Addresses that are private by their range, and names that no public server can have. */
const ownNetwork =
  /^(10(\.\d+){3}|192\.168(\.\d+){2}|172\.(1[6-9]|2\d|3[01])(\.\d+){2}|\[f[cd][\da-f]{2}:[\da-f:]+\]|[^.:]+|.+\.(internal|local))$/;

/** Whether an address leads to this machine, to which nobody else listens. */
export function isOwnMachine(address: string): boolean {
  return URL.canParse(address) && ownMachine.test(new URL(address).hostname);
}

/** Who could read what is sent to an address, if it is not encrypted. */
type Readers = 'nobody' | 'own network' | 'anybody';

function readersOf({ protocol, hostname }: URL): Readers {
  if (protocol === 'https:') return 'nobody';
  if (protocol !== 'http:') return 'anybody';
  if (ownMachine.test(hostname)) return 'nobody';
  return ownNetwork.test(hostname) ? 'own network' : 'anybody';
}

/**
 * Whether a key may be sent there: by https, by plain http that does not leave this machine, or, if that is allowed, by
 * plain http within one's own network.
 */
export function isSecureUrl(url: URL, allowHttp = false): boolean {
  const readers = readersOf(url);
  return readers === 'nobody' || (allowHttp && readers === 'own network');
}

/** What to do about an address that could be used if plain http were allowed. */
export const howToAllowHttp =
  'Plain http is accepted for this machine, and within your own network if the connection says "allow_http: true" or CUSTOMER_SYNC_ALLOW_HTTP is 1.';

/** Whether plain http within one's own network is accepted. */
export function allowsHttp(setting: boolean | undefined, env: Readonly<Record<string, string | undefined>>): boolean {
  return setting ?? env['CUSTOMER_SYNC_ALLOW_HTTP'] === '1';
}

/** What people are told each time that it is made use of. */
export function httpNotes(address: string): string[] {
  if (!URL.canParse(address) || readersOf(new URL(address)) === 'nobody') return [];
  return [`plain http to ${new URL(address).host}: who is on that network can read the key and the customers`];
}
