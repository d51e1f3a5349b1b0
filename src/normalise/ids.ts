import { type Reader, type Reading, textReader } from './reading.js';

/** Reads our own id. Text is never touched, so that an id means the same customer in every system. */
export const readId: Reader = (value) => (typeof value === 'number' ? readNumber(value) : undefined);

const readTextId = textReader(() => undefined);

/** Reads an id in another system. */
export const readExternalId: Reader = (value) => (typeof value === 'number' ? readNumber(value) : readTextId(value));

/** A number that may have lost digits already stays as it is, for the parser to refuse. */
function readNumber(value: number): Reading {
  return Number.isSafeInteger(value) ? { to: String(value), message: 'a number was written as text' } : undefined;
}
