import { expect, it } from 'vitest';
import { normalBaseUrl } from '../../../src/core/http/base-url.js';

it.each([
  'https://api.acme.test/v1',
  'https://api.acme.test/v1/',
  'https://api.acme.test/v1//',
  'https://API.Acme.test/v1',
  'HTTPS://api.acme.test:443/v1',
  'https://api.acme.test/x/../v1',
  ' https://api.acme.test/v1\n',
])('%j is one address with the others', (text) => {
  expect(normalBaseUrl(text)).toBe('https://api.acme.test/v1');
});

it.each([
  ['https://api.acme.test/', 'https://api.acme.test'],
  ['http://127.0.0.1:80/', 'http://127.0.0.1'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  // Letters of a path may tell two places apart.
  ['https://api.acme.test/V1', 'https://api.acme.test/V1'],
])('%s becomes %s', (text, expected) => {
  expect(normalBaseUrl(text)).toBe(expected);
});

it.each([
  'api.acme.test/v1/',
  'ftp://api.acme.test/',
  'https://user@api.acme.test/',
  'https://:password@api.acme.test/',
  'https://api.acme.test/?x=1',
  'https://api.acme.test/#x',
])('%s stays as it is, for whoever uses it to refuse', (text) => {
  expect(normalBaseUrl(text)).toBe(text);
});
