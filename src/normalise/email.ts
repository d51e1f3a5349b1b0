import { customerSchema } from '../../schemas/customer.js';
import { type Reading, textReader } from './reading.js';

/**
 * Reads an e-mail address, also from `mailto:` and from `Name <address>`. Text that is no address stays, for the parser
 * to refuse: a provider may know a customer by the e-mail alone, so a customer is not written without a broken one.
 */
export const readEmail = textReader((text): Reading => {
  if (!isWrapped(text)) return undefined;
  const address = withoutMailto(withoutName(text));
  if (address === text || !isEmail(address)) return undefined;
  return { to: address, message: 'the address was taken out of the text around it' };
});

const scheme = /^mailto:/i;

function isWrapped(text: string): boolean {
  return text.endsWith('>') || scheme.test(text);
}

function withoutName(text: string): string {
  return /^[^<>]*<\s*([^<>\s]+)\s*>$/.exec(text)?.[1] ?? text;
}

function withoutMailto(text: string): string {
  return scheme.test(text) ? text.slice('mailto:'.length).replace(/\?.*$/s, '') : text;
}

function isEmail(text: string): boolean {
  return !scheme.test(text) && customerSchema.shape.email.safeParse(text).success;
}
