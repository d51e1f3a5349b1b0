import { randomUUID } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { CustomerSyncError } from '../core/errors.js';
import { isRecord } from '../core/mapping/path.js';
import type { SourceRow } from '../runner/row.js';
import { formatCsvRow } from './csv/format-csv-row.js';
import { type CustomerSource, rejectPrefix } from './customer-source.js';
import { formatByName } from './detect-format.js';
import { errorCode } from './file-error.js';

/** Rows that were not taken, in a file that can be mended and fed again. */
export interface RejectsWriter {
  /** On the disk when it returns, so that an interrupted run leaves what it has. */
  write(row: SourceRow, reason: string): void;
  /** Puts the file in its place. Answers how many rows it holds; with none there is no file. */
  close(): number;
}

export interface RejectsOptions {
  /** A file that is there already is replaced, or taken away when there is nothing to write. */
  readonly path: string;
  readonly source: Pick<CustomerSource, 'format' | 'columns' | 'path'>;
}

/**
 * Writes rejects in the format of their source, as the source had them: CSV with its columns, JSONL for JSONL and JSON.
 * The file holds customers, so only its owner may read it, and it appears under its name when it is complete.
 * @throws CustomerSyncError `config` when it would replace its own source, or be read back in another format than it has;
 * `write` and `close`, when it cannot be written.
 */
export function createRejectsWriter({ path, source }: RejectsOptions): RejectsWriter {
  if (source.path !== undefined && resolve(source.path) === resolve(path)) {
    throw new CustomerSyncError('config', {
      message: `${path}: the file of rejects would replace the source`,
      remedy: 'Give the file of rejects another name.',
    });
  }
  refuseOtherFormat(path, source.format);
  const { head, format } = source.format === 'csv' ? csvRejects(source.columns ?? []) : jsonRejects;
  const temporary = `${path}.${randomUUID()}.tmp`;
  let file: number | undefined;
  let count = 0;
  return {
    write(row, reason) {
      described(path, () => {
        if (file === undefined) {
          file = openSync(temporary, 'wx', 0o600);
          writeFileSync(file, head);
        }
        writeFileSync(file, format(row, reason));
      });
      count += 1;
    },
    close() {
      described(path, () => {
        if (file === undefined) return rmSync(path, { force: true });
        closeSync(file);
        renameSync(temporary, path);
      });
      return count;
    },
  };
}

/** Fed again, a file is first judged by its name. */
function refuseOtherFormat(path: string, format: CustomerSource['format']): void {
  const named = formatByName(path);
  const own = format === 'csv' ? 'csv' : 'jsonl';
  if (named === undefined || (named === 'csv') === (own === 'csv')) return;
  throw new CustomerSyncError('config', {
    message: `${path}: rejects have the format of their source, ${own.toUpperCase()}, which this name does not fit`,
    remedy: `Name it ${basename(path, extname(path))}.${own}.`,
  });
}

function described(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new CustomerSyncError('config', {
      message: `${path}: the file of rejects cannot be written (${errorCode(error)})`,
      remedy: 'Name a file in a folder that exists and may be written to.',
    });
  }
}

interface RejectsFormat {
  readonly head: string;
  readonly format: (row: SourceRow, reason: string) => string;
}

/**
 * `_reject_text` is for rows with more cells than there are columns, as one cell. The byte order mark is for
 * spreadsheets, which take CSV without one for text in the old encoding of the machine and save it back so.
 */
function csvRejects(columns: readonly string[]): RejectsFormat {
  return {
    head: `\ufeff${formatCsvRow([...columns, `${rejectPrefix}reason`, `${rejectPrefix}text`])}`,
    format({ original }, reason) {
      const cells = Array.isArray(original) ? original.map(String) : [];
      const placed = columns.map((_, index) => cells[index] ?? '');
      const whole = cells.length > columns.length ? formatCsvRow(cells).slice(0, -2) : '';
      return formatCsvRow([...placed, reason, whole]);
    },
  };
}

const jsonRejects: RejectsFormat = {
  head: '',
  format({ original, value }, reason) {
    const text = typeof original === 'string' ? original : JSON.stringify(original ?? value ?? {});
    return `${isObjectText(text) ? withReason(text, reason) : JSON.stringify(unreadable(text, reason))}\n`;
  },
};

function unreadable(text: string, reason: string) {
  return { [`${rejectPrefix}reason`]: reason, [`${rejectPrefix}text`]: text };
}

/** The reason that an earlier run put at the end of an object. */
const earlierReason = new RegExp(`,?"${rejectPrefix}reason":"(?:[^"\\\\]|\\\\.)*"\\}$`);

/** Adds the reason to the text and leaves the rest to the letter, as parsing would round long numbers. */
function withReason(text: string, reason: string): string {
  // Line ends cannot stand inside JSON strings, so those that are there only lay the object out.
  const line = text
    .trim()
    .replace(/[\r\n]+\s*/g, ' ')
    .replace(earlierReason, '}');
  const body = line.slice(0, -1).trimEnd();
  return `${body}${body === '{' ? '' : ','}${JSON.stringify(`${rejectPrefix}reason`)}:${JSON.stringify(reason)}}`;
}

function isObjectText(text: string): boolean {
  try {
    return isRecord(JSON.parse(text));
  } catch {
    return false;
  }
}
