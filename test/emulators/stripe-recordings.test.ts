import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StripeEmulator, startEmulator } from '../../emulators/stripe.js';
import { definition } from '../../providers/stripe/definition.js';
import { customersAnswer, stripeResponse } from '../../providers/stripe/wire.js';
import {
  type Exchange,
  type Request,
  recordedExchanges,
  requestsOfTheConnector,
  WRONG_REQUESTS,
} from '../fixtures/stripe/exchanges.js';

/** A running stripe-mock; see test/fixtures/stripe/README.md. */
const mockUrl = process.env['STRIPE_MOCK_URL'];

const requestOf = ({ answer: _, ...request }: Exchange): Request => request;
const recorded = recordedExchanges();
const taken = recorded.filter(({ answer }) => answer.status === 200);
const refused = recorded.filter(({ answer }) => answer.status !== 200);

async function send(url: string, key: string, { method, target, contentType, body }: Request) {
  const response = await fetch(url + target, {
    method,
    headers: {
      ...definition.api.headers,
      authorization: `Bearer ${key}`,
      ...(contentType !== undefined && { 'content-type': contentType }),
    },
    ...(body !== undefined && { body }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

describe('what stripe-mock said', () => {
  it('is about the requests that the connector sends today', async () => {
    expect(taken.map(requestOf)).toEqual(await requestsOfTheConnector());
  });

  it('is a refusal of what the description forbids', () => {
    expect(refused.map(requestOf)).toEqual(WRONG_REQUESTS);
    expect(refused.map(({ answer }) => answer.status)).toEqual(WRONG_REQUESTS.map(() => 400));
  });

  it('is read by the wire schemas', () => {
    for (const { target, answer } of taken) {
      const isPage = /customers(\/search)?(\?|$)/.test(target) && 'data' in answer.body;
      expect((isPage ? customersAnswer : stripeResponse).safeParse(answer.body).error, target).toBeUndefined();
    }
  });

  it.skipIf(mockUrl === undefined)('is what it says now (STRIPE_MOCK_URL leads to one)', async () => {
    const requests = [...(await requestsOfTheConnector()), ...WRONG_REQUESTS];
    const exchanges: Exchange[] = [];
    for (const request of requests) {
      exchanges.push({ ...request, answer: await send(mockUrl ?? '', 'sk_test_123', request) });
    }
    // Its ids are random, and its refusals name places in its memory.
    const text = JSON.stringify(exchanges, null, 2)
      .replace(/cus_\w+/g, 'cus_1')
      .replace(/0x[0-9a-f]+/g, '0x0');
    await expect(`${text}\n`).toMatchFileSnapshot('../fixtures/stripe/stripe-mock.json');
  });
});

describe('the emulator', () => {
  let emulator: StripeEmulator;
  beforeAll(async () => {
    emulator = await startEmulator({ rateLimits: false });
  });
  afterAll(() => emulator.close());

  /** The recorded request, about a customer that is there. */
  async function resend(request: Request) {
    emulator.reset();
    const { body } = await send(emulator.url, emulator.apiKey, {
      name: 'somebody',
      method: 'POST',
      target: '/v1/customers',
      contentType: 'application/x-www-form-urlencoded',
      body: 'name=Acme',
    });
    return send(emulator.url, emulator.apiKey, { ...request, target: request.target.replace('cus_1', body.id) });
  }

  it.each(taken)('takes what stripe-mock takes: $name', async ({ answer, ...request }) => {
    const { status, body } = await resend(request);
    expect(status).toBe(200);
    expect(Object.keys(answer.body)).toEqual(expect.arrayContaining(keysOfAnswer(body)));
  });

  it.each(refused)('refuses what stripe-mock refuses: $name', async ({ answer, ...request }) => {
    const { status, body } = await resend(request);
    expect([status, body.error.type]).toEqual([answer.status, 'invalid_request_error']);
  });

  /** stripe-mock shows neither of the names, though its description has them, and no next page. */
  function keysOfAnswer(body: object): string[] {
    return Object.keys(body).filter((key) => !['business_name', 'individual_name', 'next_page'].includes(key));
  }
});
