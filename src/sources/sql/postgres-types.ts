import pg from 'pg';

/** Numbers of PostgreSQL's types. */
const int8 = 20;
const date = 1082;
const timestamp = 1114;
const timestamptz = 1184;

const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [int8]: (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text),
  [date]: (text) => text,
  [timestamp]: isoTime,
  [timestamptz]: isoTime,
};

/** The driver's own reading but for times, which it would take for local ones and cut to milliseconds. */
export const textTypes: pg.CustomTypesConfig = {
  // biome-ignore lint/suspicious/noExplicitAny: the driver's own signature
  getTypeParser(oid: number, format?: 'text' | 'binary'): any {
    return parsers[oid] ?? pg.types.getTypeParser(oid, format ?? 'text');
  },
};

/** `2026-01-31 12:00:00.123456+00`, the session's time zone being UTC. */
function isoTime(text: string): string {
  return /^\d/.test(text) ? `${text.replace(' ', 'T').replace(/[+-]00(:00)?$/, '')}Z` : text;
}
