import { type Reader, textReader } from './reading.js';

/** Words in lower case. PostgreSQL prints booleans as `t` and `f`. */
const words: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['y', true],
  ['t', true],
  ['on', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['n', false],
  ['f', false],
  ['off', false],
  ['0', false],
]);

const message = 'written as true or false';

const readWord = textReader((text) => {
  const to = words.get(text.toLowerCase());
  return to === undefined ? { unreadable: 'is not a word for true or false' } : { to, message };
});

/** Reads a boolean from text, and from the numbers 1 and 0. */
export const readTruth: Reader = (value) =>
  value === 1 || value === 0 ? { to: value === 1, message } : readWord(value);

/**
 * Reads the tombstone. What cannot be read stays, for the parser to refuse: left out, it would bring a customer back to
 * life whom the source may have deleted.
 */
export const readTombstone: Reader = (value) => {
  const reading = readTruth(value);
  return reading !== undefined && 'unreadable' in reading ? undefined : reading;
};
