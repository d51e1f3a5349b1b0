import { type Reading, textReader } from './reading.js';

const types: ReadonlyMap<string, 'company' | 'individual'> = new Map([
  ['company', 'company'],
  ['business', 'company'],
  ['organisation', 'company'],
  ['organization', 'company'],
  ['org', 'company'],
  ['b2b', 'company'],
  ['individual', 'individual'],
  ['person', 'individual'],
  ['consumer', 'individual'],
  ['private', 'individual'],
  ['b2c', 'individual'],
]);

/** Reads the words for the two types of customer, in any case. */
export const readCustomerType = textReader((text): Reading => {
  const type = types.get(text.toLowerCase());
  if (type === undefined) return { unreadable: 'is not a word for an individual or a company' };
  return type === text ? undefined : { to: type, message: 'written in the word of the customer model' };
});
