import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ActionError } from '../../emulators/nango/action-error.js';
import { createScriptNango, type ScriptNango } from '../../emulators/nango/script-nango.js';
import { createState, type NangoState } from '../../emulators/nango/state.js';
import { rechargeConnection, rechargeIntegration } from '../fixtures/nango/recharge-integration.js';

let state: NangoState;
const clock = { now: 0 };

beforeEach(() => {
  state = createState({
    integrations: { recharge: rechargeIntegration('http://127.0.0.1:1') },
    connections: [{ ...rechargeConnection('sk_fake'), metadata: { plan: 'gold' } }],
    now: () => clock.now,
  });
});

afterEach(() => state.close());

describe('the nango object of a script', () => {
  it('has the names of its connection and the key in the connection itself', async () => {
    const { nango } = open();
    expect([nango.connectionId, nango.providerConfigKey]).toEqual(['conn-1', 'recharge']);
    expect(await nango.getConnection()).toMatchObject({
      provider: 'recharge',
      credentials: { type: 'API_KEY', apiKey: 'sk_fake' },
    });
  });

  it('replaces and merges metadata', async () => {
    const { nango } = open();
    await nango.updateMetadata({ nested: { x: 1 } });
    expect(await nango.getMetadata()).toEqual({ plan: 'gold', nested: { x: 1 } });
    await nango.updateMetadata({ nested: { y: 2 } });
    expect(await nango.getMetadata()).toEqual({ plan: 'gold', nested: { y: 2 } });
    await nango.setMetadata({ only: true });
    expect(await nango.getMetadata()).toEqual({ only: true });
  });

  it('keeps a checkpoint per script, flat and of plain values', async () => {
    const { nango } = open();
    expect(await nango.getCheckpoint()).toBeNull();
    await nango.saveCheckpoint({ page: 2 });
    expect(await open().nango.getCheckpoint()).toEqual({ page: 2 });
    expect(await open('other').nango.getCheckpoint()).toBeNull();
    await nango.clearCheckpoint();
    expect(await nango.getCheckpoint()).toBeNull();

    const nested: Record<string, unknown> = { at: { page: 1 } };
    await expect(Reflect.apply(nango.saveCheckpoint, nango, [nested])).rejects.toThrow('Error saving checkpoint');
  });

  it('gives a lock to one execution at a time, until it is released or has expired', async () => {
    const [one, two] = [open().nango, open().nango];
    const lock = { key: 'k', ttlMs: 1_000 };
    expect([await one.tryAcquireLock(lock), await one.tryAcquireLock(lock), await two.tryAcquireLock(lock)]).toEqual([
      true,
      true,
      false,
    ]);
    expect([await two.releaseLock(lock), await one.releaseLock(lock), await two.tryAcquireLock(lock)]).toEqual([
      false,
      true,
      true,
    ]);
    clock.now += 1_001;
    expect(await one.tryAcquireLock(lock)).toBe(true);
    await one.releaseAllLocks();
    expect(await two.tryAcquireLock(lock)).toBe(true);
  });

  it('keeps what is logged, with its level', async () => {
    const { nango, logs } = open();
    await nango.log('plain');
    await nango.log('with', { detail: 1 }, { level: 'error' });
    expect(logs).toEqual([
      { level: 'info', message: 'plain', details: [] },
      { level: 'error', message: 'with', details: [{ detail: 1 }] },
    ]);
  });

  it('throws an ActionError of a type that Nango knows', () => {
    expect(new (open().nango.ActionError)({ a: 1 })).toMatchObject({
      type: 'action_script_runtime_error',
      payload: { a: 1 },
    });
    expect(open().nango.ActionError).toBe(ActionError);
  });

  it('has no batches in an action', () => {
    expect(() => open('probe', 'action').nango.batchSave).toThrow('nango.batchSave is not emulated, or');
  });

  it.each(['paginate', 'uncontrolledFetch', 'getWebhookURL'])('says of %s that it is not emulated', (name) => {
    expect(() => Reflect.get(open().nango, name)).toThrow(`nango.${name} is not emulated`);
  });

  it('hides its constructor and prototype', () => {
    const { nango } = open();
    expect(() => nango.constructor).toThrow('Access to "constructor" is not allowed.');
    expect(Object.getPrototypeOf(nango)).toBeNull();
  });

  it('can be the value of a promise', async () => {
    const { nango } = open();
    expect((await Promise.resolve(nango)).connectionId).toBe('conn-1');
  });

  it('refuses a URL that leads out of this machine, or to another place on it', async () => {
    const { nango } = open();
    await expect(nango.get({ endpoint: '/x', baseUrlOverride: 'https://example.com' })).rejects.toThrow('not allowed');
    await expect(nango.get({ endpoint: '/x', baseUrlOverride: 'http://127.0.0.1:2' })).rejects.toThrow('not allowed');
  });
});

function open(name = 'probe', type: 'action' | 'sync' = 'sync'): { nango: ScriptNango; logs: readonly unknown[] } {
  return createScriptNango({ state, providerConfigKey: 'recharge', connectionId: 'conn-1', script: { name, type } });
}
