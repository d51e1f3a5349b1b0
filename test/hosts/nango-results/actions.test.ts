import { describe, expect, it } from 'vitest';
import { action, behind, created, customer, deploy, json, nango, targets } from './behind-nango.js';

describe('an action', () => {
  it('22: whose failure is hidden by a race is triggered again', async () => {
    let runs = 0;
    deploy(async () => {
      runs += 1;
      return { results: [created] };
    });
    const hidden = { code: 'action_script_failure', payload: { error: 'Task is in progress' } };
    nango.faults.add(
      { kind: 'respond', commit: true, status: 500, body: JSON.stringify({ error: hidden }) },
      { path: /^\/action\/trigger/, times: 2 },
    );
    expect(await action().upsert(customer)).toEqual(created);
    expect(runs).toBe(3);
  });

  it('22: whose fate stays hidden is uncertain after three times', async () => {
    deploy(async () => ({ results: [created] }));
    const hidden = { code: 'action_script_failure', payload: { error: 'Task is in progress' } };
    nango.faults.add(
      { kind: 'respond', commit: true, status: 500, body: JSON.stringify({ error: hidden }) },
      { path: /^\/action\/trigger/, times: 9 },
    );
    expect(await action().upsert(customer)).toMatchObject({
      status: 'uncertain',
      error: {
        code: 'uncertain',
        message: 'Nango did not say what became of the action (Nango lost sight of it)',
        remedy: 'Run again: every customer is read first, so nothing is written twice.',
      },
    });
    expect(targets(nango.requests)).toEqual(Array(3).fill('POST /action/trigger'));
  });

  it('23: that lets the failure of a request through (424) is not one of ours', async () => {
    behind.answer = (response) =>
      json(response, 422, { errors: { email: 'joe@example.test is taken' } }, { 'retry-after': '9' });
    deploy((script) => script.get({ endpoint: '/customers' }));
    const outcome = await action().upsert(customer);
    expect(outcome).toMatchObject({
      status: 'uncertain',
      error: { message: 'the action passed a failure of the provider on (422)' },
    });
    expect(JSON.stringify(outcome)).not.toContain('joe@example.test');
  });

  it('24: fails with our own error where it threw one', async () => {
    deploy(async (script) => {
      throw new script.ActionError({
        status: 422,
        remedy: 'Correct it.',
        message: 'Recharge refuses the values',
        fields: [{ message: 'is taken', field: 'email' }],
        code: 'rejected',
        provider_code: 'taken',
      });
    });
    expect(await action().upsert(customer)).toMatchObject({
      status: 'rejected',
      error: {
        code: 'rejected',
        message: 'Recharge refuses the values',
        remedy: 'Correct it.',
        status: 422,
        provider_code: 'taken',
        fields: [{ field: 'email', message: 'is taken' }],
      },
    });
  });

  it('24: that lost its connection is triggered again', async () => {
    let runs = 0;
    behind.answer = (response) => response.socket?.destroy();
    deploy(async (script) => {
      runs += 1;
      if (runs === 1) await script.get({ endpoint: '/customers' });
      return { results: [created] };
    });
    expect(await action().upsert(customer)).toEqual(created);
    expect(runs).toBe(2);
  });

  it('26: is not given more than Nango takes, so that no error comes back with customers in it', async () => {
    const sizes: number[] = [];
    deploy(async (_, input) => {
      const { customers } = Object(input);
      sizes.push(JSON.stringify(input).length);
      return { results: customers.map(({ id }: { id: string }) => ({ ...created, customer_id: id })) };
    });
    const remote = action();
    const large = Array.from({ length: 5 }, (_, n) => ({ id: `u-${n}`, metadata: { text: 'x'.repeat(400_000) } }));
    const outcomes = await Promise.all(large.map((one) => remote.upsert(one)));
    expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill('created'));
    expect(Math.max(...sizes)).toBeLessThan(1_000_000);
    const tooLarge = { id: 'u-9', metadata: { text: 'x'.repeat(9_000_000) } };
    expect(await remote.upsert(tooLarge)).toMatchObject({
      status: 'invalid',
      error: { code: 'invalid_customer', message: 'is larger than Nango takes (8 MB)' },
    });
    expect(sizes).toHaveLength(3);
  });

  it('27: has no result while it runs, and none for ever when it answers null', async () => {
    deploy(async () => null);
    let time = 0;
    const clock = {
      now: () => time,
      // An hour has fewer polls where they come later than asked for.
      async sleep(ms: number) {
        time += ms * 20;
        await nango.idle();
      },
    };
    const outcome = await action(clock).upsert(customer);
    expect(outcome).toMatchObject({
      status: 'uncertain',
      error: { message: 'Nango did not say what became of the action (no result came within an hour)' },
    });
  });
});
