import { CustomerSyncError } from '../../core/errors.js';
import { jsonPointer, jsonPositions } from './json-positions.js';

/**
 * Refuses a text in which an object has a key twice: all but the last would be lost without a word.
 * @param text JSON without a fault, of a depth that was checked.
 * @throws CustomerSyncError `config`, naming the line.
 */
export function refuseDuplicateKeys(text: string, name: string): void {
  const { duplicates, lineOf } = jsonPositions(text);
  const [first] = duplicates;
  if (first === undefined) return;
  throw new CustomerSyncError('config', {
    message: `${name}: line ${lineOf(first)}: ${jsonPointer(first)} stands twice in the same object`,
    remedy: 'Remove one of the two; only the last would count.',
  });
}
