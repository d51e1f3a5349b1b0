const unitSeconds = {
  s: 1,
  sec: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3_600,
  hr: 3_600,
  hour: 3_600,
  d: 86_400,
  day: 86_400,
  week: 604_800,
  month: 2_592_000,
} as const;

const units = new Map<string, number>(Object.entries(unitSeconds));
const pattern = /^(?:every )?(?<interval>(?<amount>\d+)?\s?(?<unit>[a-z]+?)s?)$/;
const shortestSeconds = 30;

/** How often a sync runs: the interval as Nango repeats it, `5 minutes` for `every 5 minutes`. */
export interface Frequency {
  readonly interval: string;
  readonly seconds: number;
}

/** Undefined for what is no frequency, or one below 30 s. */
export function parseFrequency(text: string): Frequency | undefined {
  const parts = pattern.exec(text)?.groups;
  const unit = units.get(parts?.['unit'] ?? '') ?? (parts?.['unit'] === '' ? 1 : undefined);
  if (unit === undefined || parts?.['interval'] === undefined) return undefined;
  const seconds = Number(parts['amount'] ?? 1) * unit;
  return seconds < shortestSeconds ? undefined : { interval: parts['interval'], seconds };
}
