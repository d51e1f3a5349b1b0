const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `15m` in milliseconds; `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit = ''] = /^([1-9]\d{0,5})(s|m|h|d)$/.exec(text) ?? [];
  const unitMs = units[unit];
  return count === undefined || unitMs === undefined ? undefined : Number(count) * unitMs;
}
