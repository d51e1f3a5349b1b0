import { customerSchema } from '../../schemas/customer.js';
import { type Reading, textReader } from './reading.js';

/** `acme.com`, `www.acme.de:8080/shop`: at least two labels, the last one of letters, as no IP address or version has. */
const bareHost = /^(?:\/\/)?((?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,}(?::\d{1,5})?)(?:[/?#]\S*)?$/u;

/** `logo.png` is a file, though it looks like a host. */
const fileName = /^[^/?#]*\.(?:png|jpe?g|gif|svg|webp|avif|bmp|ico|tiff?|pdf|html?|php)$/iu;

const unreadable: Reading = { unreadable: 'is not an http(s) URL or a host name' };

/** Reads a web address, also one without its `https://`. */
export const readWebAddress = textReader((text): Reading => {
  if (/^https?:/i.test(text)) return customerSchema.shape.url.safeParse(text).success ? undefined : unreadable;
  if (!bareHost.test(text) || fileName.test(text)) return unreadable;
  return { to: `https://${text.replace(/^\/\//, '')}`, message: 'https:// was put in front' };
});
