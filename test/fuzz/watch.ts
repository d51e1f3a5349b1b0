/** Nothing that is read may take longer. */
export const maxMs = 1_000;

/** CPU time of this process so far: the machine may be busy with something else. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/**
 * Runs one case and names it when it fails, with all that is needed to run it again.
 * @throws Error for a case that throws or takes longer than a second.
 */
export async function watched<T>(name: string, input: unknown, run: () => T | Promise<T>): Promise<T> {
  const startedAt = cpuMs();
  let result: T;
  try {
    result = await run();
  } catch (error) {
    throw new Error(`${name} threw for ${JSON.stringify(input)}: ${String(error)}`, { cause: error });
  }
  const ms = cpuMs() - startedAt;
  if (ms > maxMs) throw new Error(`${name} took ${ms} ms for ${JSON.stringify(input)}`);
  return result;
}
