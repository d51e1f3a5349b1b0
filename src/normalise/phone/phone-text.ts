/** A phone number's text taken apart: only digits, with or without a plus in front, and whether an extension followed. */
export interface PhoneText {
  readonly digits: string;
  readonly extension: boolean;
}

/** No number with its label and extension is longer, and a longer text only costs time. */
const longest = 100;

const label = /^(?:tel(?:ephone|efon)?|phone|mobile?|cell|fon)\b[.:\s]*/i;

/** `x245`, `ext. 12`, `#12`, `;ext=12`, and after a comma, which stands for a pause, a number too short to be another one. */
const extensionAtEnd =
  /\s*(?:(?:;ext=|ext(?:ension|n)?|x|poste|anexo|доб)[.:\s]*|[#~]\s*|,+\s*(?=\d{1,5}$))\d{1,7}#?$/iu;

/** Takes a text apart, or says why it is not one phone number. */
export function takeApart(text: string): PhoneText | { readonly unreadable: string } {
  if (text.length > longest) return { unreadable: notOne };
  const ascii = withAsciiDigits(text).replace(/^['’]/, '').replace(label, '');
  if (isSpreadsheetNumber(ascii))
    return { unreadable: 'is a number as spreadsheets write it, with other digits than it had' };
  const number = ascii.replace(extensionAtEnd, '');
  if (isSeveral(number)) return { unreadable: 'holds several phone numbers' };
  if (!/^[\d\s()./\p{Pd}\u2212\u00b7+]+$/u.test(number)) return { unreadable: notOne };
  const digits = withPlus(number.replace(/[^\d+]/g, ''));
  if (!/^\+?\d+$/.test(digits)) return { unreadable: notOne };
  return { digits, extension: number !== ascii };
}

const notOne = 'is not a phone number';

/** Full-width forms and Arabic digits, and no invisible marks. */
function withAsciiDigits(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0))
    .replace(/\p{Cf}/gu, '');
}

/** `4.93012E+11` and `493012345678.0`: the first has lost digits, the second would gain one. */
function isSpreadsheetNumber(text: string): boolean {
  return /^\+?\d+(?:[.,]\d+)?E[+-]?\d+$/i.test(text) || /^\+?\d{6,}[.,]0$/.test(text);
}

/** `+0049` and `++49` are slips of the pen. */
function withPlus(digits: string): string {
  return digits.replace(/^\++(?:00)?/, '+');
}

/** Between two numbers; a slash or a second plus needs a closer look. */
const between = /[;|&,\n\t]|\s(?:or|and|oder|und|ou|et|o|y)\s/i;

function isSeveral(text: string): boolean {
  if (text.split(between).filter((part) => countDigits(part) >= 6).length > 1) return true;
  if (/\d.*\+/s.test(text)) return true;
  return slashes(text).some((at) => isSecondNumber(text.slice(0, at), text.slice(at + 1)));
}

function slashes(text: string): number[] {
  return [...text.matchAll(/\//g)].map(({ index }) => index);
}

/**
 * `030/1234567` is one number, with its area code before the slash. After a whole number (7 digits without the country)
 * comes another one, or as in `030 1234567/68` the end of another one.
 */
function isSecondNumber(before: string, after: string): boolean {
  const isInternational = /^\W*(?:\+|00)/.test(before);
  const digitsAfter = countDigits(after);
  return countDigits(before) - (isInternational ? 3 : 0) >= 7 && (digitsAfter <= 3 || digitsAfter >= 6);
}

function countDigits(text: string): number {
  return text.replace(/\D/g, '').length;
}
