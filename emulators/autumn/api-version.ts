/** Oldest first. `beta` is what the header `1.4` means. */
const VERSIONS = ['0.1.0', '0.2.0', '1.1.0', '1.2.0', 'beta', '2.0.0', '2.1.0', '2.2.0', '2.3.0'] as const;

export type ApiVersion = (typeof VERSIONS)[number];

const BY_CALENDAR = new Map<string, ApiVersion>([
  ['2025-02-01', '0.1.0'],
  ['2025-04-01', '0.2.0'],
  ['2025-04-17', '1.1.0'],
  ['2025-05-05', '1.2.0'],
  ['2026-03-16', '2.0.0'],
  ['2026-03-17', '2.1.0'],
  ['2026-03-18', '2.2.0'],
  ['2026-05-13', '2.3.0'],
]);

/** The numbers of the API's first year, compared as numbers: `1.20` is `1.2`, and plain `1` is older than both. */
const BY_NUMBER = new Map<number, ApiVersion>([
  [0.1, '0.1.0'],
  [0.2, '0.2.0'],
  [1, '0.2.0'],
  [1.1, '1.1.0'],
  [1.2, '1.2.0'],
  [1.4, 'beta'],
]);

/** Without the header an organisation keeps the version that was current when it was made. 2.0 and 2.1 never were. */
const BY_ORGANISATION_AGE: readonly (readonly [since: string, ApiVersion])[] = [
  ['2026-05-13', '2.3.0'],
  ['2026-03-18', '2.2.0'],
  ['2025-05-05', '1.2.0'],
  ['2025-04-17', '1.1.0'],
  ['2025-01-30', '0.2.0'],
];

/** The version an `x-api-version` header asks for; undefined when the server would not know it. */
export function parseApiVersion(header: string): ApiVersion | undefined {
  if (/^\d{4}-\d{2}-\d{2}(\.clover)?$/.test(header)) return BY_CALENDAR.get(header.slice(0, 10));
  return semanticVersion(header) ?? BY_NUMBER.get(Number.parseFloat(header));
}

export function versionOfOrganisation(createdAt: number): ApiVersion {
  const current = BY_ORGANISATION_AGE.find(([since]) => createdAt >= Date.parse(since));
  return current?.[1] ?? '0.1.0';
}

export function isAtMost(version: ApiVersion, bound: ApiVersion): boolean {
  return VERSIONS.indexOf(version) <= VERSIONS.indexOf(bound);
}

function semanticVersion(header: string): ApiVersion | undefined {
  const [major, minor = '0', patch = '0'] = header.split('.');
  const padded = /^\d+(\.\d+)*$/.test(header) ? `${major}.${minor}.${patch}` : header;
  return VERSIONS.find((version) => version === padded);
}
