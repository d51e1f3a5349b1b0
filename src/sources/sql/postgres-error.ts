import { CustomerSyncError, isCustomerSyncError } from '../../core/errors.js';
import { isObject } from '../../core/mapping/path.js';

type Explanation = readonly [what: string, remedy: string];

const unreachable = 'Check the host and the port in "url", and that the database may be reached from here.';
const credentials = 'Check the user and the password in "url".';
const query = 'Correct "query"; it must be one SELECT.';

/** By the error codes of PostgreSQL and of the network: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const explanations: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: ['nothing answers where the database should be', unreachable],
  ENOTFOUND: ['the host of the database is not known', unreachable],
  EAI_AGAIN: ['the host of the database cannot be looked up now', unreachable],
  ETIMEDOUT: ['the database does not answer', unreachable],
  ECONNRESET: ['the connection to the database broke', 'Run again; nothing is lost.'],
  '28P01': ['the database refuses the password', credentials],
  '28000': ['the database refuses the user', credentials],
  '3D000': ['there is no database of this name', 'Check the name of the database in "url".'],
  '53300': ['the database has no connection left', 'Raise its limit, or run when it is less busy.'],
  '57P01': ['the database was shut down', 'Run again when it is back.'],
  '57014': ['the database ended the query, which took too long', 'Make the query faster, or raise statement_timeout.'],
  '42501': ['the user may not read what the query names', 'GRANT SELECT on it to the user in "url".'],
  '25006': ['the query would write, and only reading is allowed', 'Use one SELECT.'],
  '0A000': ['the query does what cannot be read page by page', 'Use one SELECT, without WITH that writes.'],
  ERR_INVALID_URL: [
    'the URL of the database cannot be read',
    'Write it as postgres://user:password@host:5432/database.',
  ],
  '40001': ['the database cancelled the query, since the rows changed under it', 'Run again, or use "paging: keyset".'],
};

interface Place {
  /** Rows that came before. */
  readonly afterRow?: number;
  /** Where in the statement the user's query begins; without it, places in the statement say nothing to the user. */
  readonly queryAt?: number;
}

/** What the database says is not quoted where a customer's data could be in it. */
export function postgresError(name: string, error: unknown, { afterRow = 0, queryAt }: Place = {}): CustomerSyncError {
  if (isCustomerSyncError(error)) return error;
  const fault = isObject(error) ? error : {};
  const [what, remedy] = explain(fault);
  const position = queryAt === undefined ? Number.NaN : Number(fault['position']) - queryAt;
  const where = afterRow > 0 ? ` after row ${afterRow}` : position > 0 ? ` (character ${position})` : '';
  return new CustomerSyncError('config', { message: `${name}: ${what}${where}`, remedy });
}

function explain(error: Record<string, unknown>): Explanation {
  const { code, message, column } = error;
  const known = explanations[String(code)];
  if (known !== undefined) return known;
  const text = typeof message === 'string' ? message : '';
  if (typeof code !== 'string') {
    if (/timeout/i.test(text)) return ['the database does not answer', unreachable];
    if (/terminated|ended|closed|not queryable/i.test(text))
      return ['the connection to the database broke', 'Run again; nothing is lost.'];
    if (/SSL/i.test(text)) return ['the database does not speak TLS as "url" asks for', 'Check "sslmode" in "url".'];
    return ['the database cannot be used', 'Check "url".'];
  }
  // Class 42 is about names and syntax: what the message quotes stands in the query.
  if (code.startsWith('42')) return [`the query is refused: ${text}`, query];
  const about = typeof column === 'string' ? ` in column "${column}"` : '';
  if (code.startsWith('22'))
    return [
      `a value cannot be converted${about} (${code}: ${text.replace(/"[^"]*"/g, '"..."')})`,
      'Correct the value, or the conversion in "query".',
    ];
  return [`the database answers with error ${code}`, 'See the log of the database.'];
}

export function watermarkType(name: string, column: string): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `${name}: column "${column}" is no timestamp`,
    remedy: 'A watermark needs a column of type timestamp or timestamptz.',
  });
}
