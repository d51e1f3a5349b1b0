import { it } from 'vitest';
import { definition } from '../../../providers/stripe/definition.js';
import { definitionSchema } from '../../../schemas/definition.js';
import { type Case, expectVerdict, GATEWAY_CASES } from './classify-table.js';

const STRIPE = definitionSchema.parse(definition);

const error = (fields: object): string => JSON.stringify({ error: { type: 'invalid_request_error', ...fields } });

const CASES: readonly Case[] = [
  {
    when: 'a field is wrong',
    operation: 'create',
    status: 400,
    body: error({ code: 'email_invalid', message: 'Invalid email address: sent@example.test', param: 'email' }),
    is: 'rejected',
    code: 'rejected',
    providerCode: 'email_invalid',
    fields: ['email'],
    message: 'Invalid email address: […]',
  },
  {
    when: 'a nested field is missing',
    operation: 'update',
    status: 400,
    body: error({
      code: 'parameter_missing',
      message: 'Missing required param: shipping[name].',
      param: 'shipping[name]',
    }),
    is: 'rejected',
    code: 'rejected',
    providerCode: 'parameter_missing',
    fields: ['shipping.name'],
  },
  {
    when: 'a field deeper down is too long',
    operation: 'update',
    status: 400,
    body: error({ message: 'Invalid string', param: 'shipping[address][line1]' }),
    is: 'rejected',
    code: 'rejected',
    providerCode: 'invalid_request_error',
    fields: ['shipping.address.line1'],
  },
  {
    when: 'the customer is gone',
    operation: 'update',
    status: 404,
    body: error({ code: 'resource_missing', message: "No such customer: 'cus_1'", param: 'id' }),
    is: 'not_found',
    code: 'not_found',
    providerCode: 'resource_missing',
    fields: ['id'],
  },
  {
    when: 'the customer is in the other mode',
    operation: 'get',
    status: 404,
    body: error({
      code: 'resource_missing',
      message:
        "No such customer: 'cus_1'; a similar object exists in test mode, but a live mode key was used to make this request.",
      param: 'id',
    }),
    is: 'config',
    code: 'config',
    providerCode: 'resource_missing',
    fields: ['id'],
    remedy: /other mode/,
  },
  {
    when: 'a payment method that is named does not exist',
    operation: 'create',
    status: 400,
    body: error({ code: 'resource_missing', message: "No such PaymentMethod: 'pm_1'", param: 'payment_method' }),
    is: 'rejected',
    code: 'rejected',
    providerCode: 'resource_missing',
    fields: ['payment_method'],
  },
  {
    when: 'the key of a create was used with other values',
    operation: 'create',
    status: 400,
    body: '{"error":{"type":"idempotency_error","message":"This idempotency key was used with other parameters."}}',
    is: 'exists',
    code: 'conflict',
    providerCode: 'idempotency_error',
  },
  {
    when: 'the key of a create is in use',
    operation: 'create',
    status: 409,
    body: '{"error":{"type":"idempotency_error","code":"idempotency_key_in_use","message":"Another request has this key."}}',
    is: 'busy',
    code: 'unavailable',
    providerCode: 'idempotency_key_in_use',
  },
  {
    when: 'the record is locked',
    operation: 'update',
    status: 429,
    body: error({ code: 'lock_timeout', message: 'This object cannot be accessed right now.' }),
    is: 'rate_limited',
    code: 'rate_limited',
    providerCode: 'lock_timeout',
  },
  {
    when: 'the key is wrong',
    operation: 'search',
    status: 401,
    body: error({ message: 'Invalid API Key provided: sk_test_********1234' }),
    is: 'auth',
    code: 'auth',
    providerCode: 'invalid_request_error',
    message: '',
  },
  {
    when: 'the key may not write customers',
    operation: 'create',
    status: 403,
    body: error({ message: 'The provided key lacks a permission.' }),
    is: 'forbidden',
    code: 'forbidden',
    providerCode: 'invalid_request_error',
    remedy: /Customers: Write/,
  },
  {
    when: 'the base URL ends in /v1',
    operation: 'create',
    status: 404,
    body: error({ message: 'Unrecognized request URL (POST: /v1/v1/customers).' }),
    is: 'config',
    code: 'config',
    providerCode: 'invalid_request_error',
    remedy: /STRIPE_BASE_URL/,
  },
  {
    when: 'a gateway does not find the path',
    operation: 'get',
    status: 404,
    body: '',
    is: 'config',
    code: 'config',
  },
  {
    when: 'Stripe fails',
    operation: 'create',
    status: 500,
    body: '{"error":{"type":"api_error","message":"An unknown error occurred"}}',
    is: 'unavailable',
    code: 'unavailable',
    providerCode: 'api_error',
  },
];

it.each(CASES)('$operation: $when', (expected) => expectVerdict(STRIPE, expected));

it.each(GATEWAY_CASES)('a gateway answers $when', (expected) =>
  expectVerdict(STRIPE, { ...expected, operation: 'search' }),
);
