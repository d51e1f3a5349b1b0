/** Lines that go into a file which all providers share. */
export interface Addition {
  readonly path: string;
  /** Go to the top; the formatter sorts them. */
  readonly imports?: readonly string[];
  /** Goes to the end of a list or an object. */
  readonly entry?: {
    /** Text that stands only where the list begins. */
    readonly after: string;
    /** Where it ends, the first one behind `after`. */
    readonly before: string;
    readonly text: string;
  };
  /** Go to the end. */
  readonly lines?: readonly string[];
}

/** The file with the addition in it, or `undefined` when the place for it is not there. */
export function withAddition(text: string, { imports = [], entry, lines = [] }: Addition): string | undefined {
  const body = entry === undefined ? text : withEntry(text, entry);
  if (body === undefined) return undefined;
  return [...imports.map((line) => `${line}\n`), body, ...lines.map((line) => `${line}\n`)].join('');
}

function withEntry(text: string, { after, before, text: entry }: NonNullable<Addition['entry']>): string | undefined {
  const start = text.indexOf(after);
  const end = start < 0 ? -1 : text.indexOf(before, start + after.length);
  if (end < 0) return undefined;
  const list = text.slice(0, end).trimEnd();
  const comma = /[,[{]$/.test(list) ? '' : ',';
  return `${list}${comma}\n${entry.trimEnd()}${text.slice(end)}`;
}

/** What a person would have to type where it could not be put in. */
export function additionText({ imports = [], entry, lines = [] }: Addition): string {
  const where = entry === undefined ? [] : [`at the end of "${entry.after}":`, entry.text.trim()];
  return [...imports, ...lines, ...where].join('\n');
}
