interface SplitList {
  /** The stored value as far as it is ours to compare. */
  readonly compared: unknown;
  /** What the provider put into the list itself, and must not lose. */
  readonly kept: readonly unknown[];
}

/**
 * A stored list as ours and the provider's own part, told by how its members begin. What we want ourselves is ours, however
 * it begins.
 */
export function splitProviderMembers(prefix: string | undefined, wanted: unknown, stored: unknown): SplitList {
  if (prefix === undefined || !Array.isArray(stored)) return { compared: stored, kept: [] };
  const isProviders = (member: unknown) =>
    typeof member === 'string' && member.startsWith(prefix) && !(Array.isArray(wanted) && wanted.includes(member));
  return { compared: stored.filter((member) => !isProviders(member)), kept: stored.filter(isProviders) };
}
