import type { RecordedRequest } from '../server.js';

/** A request as Nango's handlers see it. */
export interface NangoRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  /** Parameters of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** `a[b]=c` is `{a: {b: 'c'}}`; a repeated name is a list. */
  readonly query: Readonly<Record<string, unknown>>;
  /** Parsed as its content type says; undefined without one. */
  readonly body: unknown;
}

export type ParsedBody =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly message: string };

/** Kinds that Nango keeps as bytes. */
const kept = /^(application|text|image|video|audio|font|model|message|chemical|x-world)\//;

export function parseBody(contentType: string | undefined, text: string): ParsedBody {
  const kind = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (kind === 'application/json') return parseJson(text);
  if (kind === 'application/x-www-form-urlencoded') {
    return { ok: true, body: Object.fromEntries(new URLSearchParams(text)) };
  }
  return { ok: true, body: kind !== undefined && kept.test(kind) ? Buffer.from(text) : undefined };
}

function parseJson(text: string): ParsedBody {
  if (text === '') return { ok: true, body: {} };
  const start = text.trimStart().slice(0, 1);
  if (start !== '' && start !== '{' && start !== '[') {
    return { ok: false, message: `Unexpected token '${start}', "${text}" is not valid JSON` };
  }
  try {
    return { ok: true, body: JSON.parse(text) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The content type that was really sent. A `Request` made with a text has one even where the sender gave none, so what
 * stood on the wire decides.
 */
export function contentTypeOf(
  request: Request,
  text: string,
  recorded: readonly RecordedRequest[],
): string | undefined {
  const contentType = request.headers.get('content-type') ?? undefined;
  if (contentType?.toLowerCase() !== 'text/plain;charset=utf-8') return contentType;
  const onWire = recorded.findLast(({ method, body }) => method === request.method && body === text);
  return onWire === undefined ? contentType : onWire.headers['content-type'];
}

export function parseQuery(parameters: URLSearchParams): Record<string, unknown> {
  const query: Record<string, unknown> = {};
  for (const name of new Set(parameters.keys())) {
    const [first = '', ...others] = parameters.getAll(name);
    const value = others.length === 0 ? first : [first, ...others];
    const nested = /^(?<outer>[^[]+)\[(?<inner>[^\]]+)\]$/.exec(name)?.groups;
    if (nested?.['outer'] === undefined || nested['inner'] === undefined) query[name] = value;
    else query[nested['outer']] = { ...Object(query[nested['outer']]), [nested['inner']]: value };
  }
  return query;
}

/** Whether every percent sign begins an encoded character. */
export function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
