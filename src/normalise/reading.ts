import { trimOuter } from './trim-outer.js';

/** A value that was changed. Without a message the change is one of notation only, and nobody needs to hear of it. */
interface Changed {
  readonly to: unknown;
  readonly message?: string;
}

/** A value that cannot be read, and why. */
interface Unreadable {
  readonly unreadable: string;
}

/** What a reader made of a value; `undefined`: it stays as it is. Messages hold no value of a customer. */
export type Reading = Changed | Unreadable | undefined;

/** Looks at one value. A value of a shape that the reader does not know stays as it is, for the parser to refuse. */
export type Reader = (value: unknown) => Reading;

export const trimmed = 'white space around it was removed';

const blank: Reading = { unreadable: 'holds nothing but white space' };

/**
 * Makes a reader from one for text without white space around it. `read` answers `undefined` where that text is fine.
 * `""` stays, for the parser to refuse.
 */
export function textReader(read: (text: string) => Reading): Reader {
  return (value) => {
    if (typeof value !== 'string' || value === '') return undefined;
    const text = trimOuter(value);
    if (text === '') return blank;
    return read(text) ?? (text === value ? undefined : { to: text, message: trimmed });
  };
}

/** Far more than the countries, currencies, zones and languages that one company's customers are written with. */
const rememberedTexts = 5_000;
const rememberedLength = 100;

/** Remembers what a reader made of each text, for fields that hold few different ones. */
export function remembering(reader: Reader): Reader {
  const readings = new Map<unknown, Reading>();
  return (value) => {
    if (readings.has(value)) return readings.get(value);
    const reading = reader(value);
    const isShort = typeof value === 'string' && value.length <= rememberedLength;
    if (isShort && readings.size < rememberedTexts) readings.set(value, reading);
    return reading;
  };
}
