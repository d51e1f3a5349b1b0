import type { ErrorRule, ProviderDefinition } from '../../../schemas/definition.js';
import { compileGetter, isObject } from '../mapping/path.js';
import type { HttpRequest, HttpResponse } from './host.js';
import { safeMessage } from './safe-message.js';

/** A provider's words, without what they repeat of a customer. */
interface Said {
  /** The provider's own code. */
  readonly providerCode: string | undefined;
  /** Empty when it gave none. */
  readonly message: string;
  /** Fields named in the error, in the provider's words. */
  readonly fields: readonly { readonly field: string; readonly message: string }[];
}

/** What an answer that is not a success means. */
export interface Verdict extends Said {
  readonly is: ErrorRule['is'];
  readonly status: number;
  readonly remedy: string | undefined;
  /** The same words for whoever knows more of the customer than the request did: these values are not in them. */
  readonly without: (values: readonly unknown[]) => Said;
}

/** Reads an error answer by the provider's table; where no rule fits, by its status. */
export function classify(
  definition: ProviderDefinition,
  request: HttpRequest,
  response: HttpResponse,
  body: unknown,
): Verdict {
  const { errors } = definition;
  const rawMessage = firstText(body, errors.message) ?? (isProse(body) ? body : '');
  const rawFields = [
    ...namedFields(body, errors.fields, errors.fields_in_message, rawMessage),
    ...oneField(definition, body, rawMessage),
  ].slice(0, maxFields);
  const providerCode = firstText(body, errors.code);
  const rule = errors.rules.find((candidate) =>
    fits(candidate, {
      status: response.status,
      operation: request.operation,
      providerCode,
      message: rawMessage,
      fields: rawFields,
    }),
  );
  const sent = sentValues(definition, request);
  const said = (values: readonly unknown[]): Said => {
    // Refusals of a key may repeat a part of it.
    const shown = (text: string) =>
      text.trimStart().startsWith('<') || response.status === 401 ? '' : safeMessage(text, values);
    const name = (text: string) => (isName(text) ? safeMessage(text, values) : '');
    return {
      providerCode: providerCode === undefined ? undefined : name(providerCode) || undefined,
      message: shown(rawMessage),
      // Some answers are maps by the value that is refused instead of by the name of its field.
      fields: rawFields.map(({ field, message }) => ({ field: name(field), message: shown(message) })),
    };
  };
  return {
    is: rule?.is ?? byStatus(response.status),
    status: response.status,
    ...said(sent),
    remedy: rule?.remedy,
    without: (values) => said([...sent, ...values]),
  };
}

/** Gateways answer with pages, and JSON that is cut off or damaged may be the record of a customer. */
function isProse(body: unknown): body is string {
  return typeof body === 'string' && !/^\s*[<["]|[{}]|":\s*["[\d-]/.test(body);
}

/** No provider has so many fields; an answer that names more is not about ours. */
const maxFields = 100;

/** Where a code or the name of a field should stand, a provider may as well write something about the customer. */
function isName(text: string): boolean {
  return /^[\w.:/[\]-]{1,100}$/.test(text);
}

interface Facts {
  readonly status: number;
  readonly operation: string;
  readonly providerCode: string | undefined;
  readonly message: string;
  readonly fields: readonly { readonly field: string; readonly message: string }[];
}

function fits(rule: ErrorRule, { status, operation, providerCode, message, fields }: Facts): boolean {
  if (rule.status !== undefined && ![rule.status].flat().includes(status)) return false;
  if (rule.operation !== undefined && rule.operation !== operation) return false;
  if (rule.code !== undefined && (providerCode === undefined || ![rule.code].flat().includes(providerCode)))
    return false;
  if (rule.message !== undefined && !message.toLowerCase().includes(rule.message)) return false;
  if (rule.field === undefined) return true;
  const { says } = rule;
  return fields.some(
    (named) => named.field === rule.field && (says === undefined || named.message.toLowerCase().includes(says)),
  );
}

function byStatus(status: number): Verdict['is'] {
  if (status === 401) return 'auth';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 429) return 'rate_limited';
  if (status === 423 || status === 425) return 'busy';
  if (status === 408 || status >= 500) return 'unavailable';
  // A redirect is never followed: it would carry the key to another host.
  return status >= 400 ? 'rejected' : 'protocol';
}

function firstText(body: unknown, paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const value = compileGetter(path.split('.'))(body);
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

function namedFields(body: unknown, paths: readonly string[], pattern: string | undefined, message: string) {
  for (const path of paths) {
    const value = compileGetter(path.split('.'))(body);
    if (isObject(value)) return flatten(value, '', 0);
  }
  if (pattern === undefined) return [];
  return [...message.matchAll(new RegExp(pattern, 'g'))].map((match) => ({
    field: match[1] ?? '',
    message: match[2] ?? '',
  }));
}

/** The field that an error is about as a whole. A form writes `address[city]` where mappings say `address.city`. */
function oneField({ api, errors }: ProviderDefinition, body: unknown, message: string) {
  const name = errors.field === undefined ? undefined : firstText(body, [errors.field]);
  if (name === undefined) return [];
  return [{ field: api.body === 'form' ? name.replace(/\[([^[\]]+)\]/g, '.$1') : name, message }];
}

/** Providers nest field errors as maps of lists, of text, or of further maps. */
function flatten(value: unknown, path: string, depth: number): { field: string; message: string }[] {
  if (depth > 5) return [];
  if (Array.isArray(value)) return value.flatMap((item) => flatten(item, path, depth + 1));
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, member]) =>
      flatten(member, path === '' ? key : `${path}.${key}`, depth + 1),
    );
  }
  return [{ field: path, message: String(value) }];
}

/** The customer's part of a request, without the words of the API around it. */
function sentValues({ operations }: ProviderDefinition, { operation, path, query, body }: HttpRequest): unknown[] {
  const template = operations[operation]?.path.split('/') ?? [];
  const inPath = path.split('/').filter((segment, index) => segment !== template[index]);
  return [parsedBody(body), inPath.map(decode), formValues(query ?? '')];
}

function parsedBody(body: string | undefined): unknown {
  if (body === undefined) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return formValues(body);
  }
}

function formValues(text: string): string[] {
  return text.split('&').map((pair) => decode(pair.slice(pair.indexOf('=') + 1)));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
