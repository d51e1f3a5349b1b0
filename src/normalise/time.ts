import { customerSchema } from '../../schemas/customer.js';
import { type Reader, type Reading, textReader } from './reading.js';

/** Databases print a space for the `T`, and offsets without minutes or without the colon. */
const printedTime =
  /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))? ?(?:([+-]\d\d)(?::?(\d\d))?|Z|UTC|GMT)$/i;

/** Epoch times are read where only one of seconds and milliseconds gives a year from 2000 to 2100. */
const earliestMs = Date.UTC(2000, 0, 1);
const latestMs = Date.UTC(2100, 0, 1);

/** Reads a point in time. One without an offset from UTC could be any of many hours and is not read. */
export const readTime: Reader = (value) => {
  if (value instanceof Date) return readDate(value);
  return typeof value === 'number' ? readEpoch(value) : readTimeText(value);
};

const readTimeText = textReader((text): Reading => {
  if (/^\d{9,13}$/.test(text)) return readEpoch(Number(text));
  const to = asIso(text);
  if (to === undefined) return { unreadable: 'is not a time with Z or an offset from UTC' };
  if (!customerSchema.shape.updated_at.safeParse(to).success) return { unreadable: 'is not a day and time that exist' };
  return to === text ? undefined : { to, message: 'written as ISO 8601' };
});

function asIso(text: string): string | undefined {
  const match = printedTime.exec(text);
  if (match === null) return undefined;
  const [, date, time, fraction, hours, minutes = '00'] = match;
  const offset = hours === undefined ? 'Z' : `${hours}:${minutes}`;
  return `${date}T${time}${fraction === undefined ? '' : `.${fraction}`}${offset}`;
}

function readDate(date: Date): Reading {
  return Number.isNaN(date.getTime()) ? { unreadable: 'is not a valid date' } : { to: date.toISOString() };
}

function readEpoch(value: number): Reading {
  const ms = [value, value * 1000].find((candidate) => candidate >= earliestMs && candidate < latestMs);
  if (ms === undefined || !Number.isInteger(value)) return { unreadable: 'is not a time since 1970' };
  const unit = ms === value ? 'milliseconds' : 'seconds';
  return { to: new Date(ms).toISOString(), message: `read as ${unit} since 1970 and written as ISO 8601` };
}
