import { CustomerSyncError } from '../../core/errors.js';

const candidates = [',', ';', '\t', '|'];

/** The separator that the header line uses most; quoted text does not count. */
export function detectDelimiter(text: string): string {
  const counts = new Map(candidates.map((candidate) => [candidate, 0]));
  let quoted = false;
  let started = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (quoted) continue;
    if (started && (character === '\n' || character === '\r')) break;
    if (character.trim() !== '') started = true;
    const count = counts.get(character);
    if (count !== undefined) counts.set(character, count + 1);
  }
  return candidates.reduce((best, candidate) =>
    (counts.get(candidate) ?? 0) > (counts.get(best) ?? 0) ? candidate : best,
  );
}

/** @throws CustomerSyncError `config` for one that cannot be told from the text. */
export function checkDelimiter(delimiter: string): string {
  if (delimiter.length === 1 && !/["\r\n]/.test(delimiter)) return delimiter;
  throw new CustomerSyncError('config', {
    message: 'the CSV delimiter must be one character, and neither a quote nor a line end',
    remedy: 'Use for example "," or ";"; without the option it is read from the header.',
  });
}
