import { expect, it } from 'vitest';
import type { Emulator, EmulatorOptions } from '../../emulators/server.js';
import { builtInProviders } from '../../integrations/registry.js';
import type { Outcome } from '../../schemas/outcome.js';
import type { Provider } from '../../src/core/connector.js';
import type { Host } from '../../src/core/http/host.js';
import { createLocalHost } from '../../src/hosts/local-host.js';
import { createRunner } from '../../src/runner/runner.js';

const rows = Array.from({ length: 60 }, (_, number) => ({
  value: { id: `c${number}`, name: `Name ${number}`, email: `c${number}@example.org` },
}));

/** Sends as ever, but pauses between attempts take no time. */
function withoutPauses(host: Host): Host {
  return { ...host, sleep: () => new Promise((done) => setImmediate(done)) };
}

async function startEmulator({ definition }: Provider): Promise<Emulator<object>> {
  const module: { startEmulator(options: EmulatorOptions): Promise<Emulator<object>> } = await import(
    `../../emulators/${definition.id}.ts`
  );
  return module.startEmulator({ rateLimits: false });
}

/** The ids that a provider holds; each has its own word for ours, and Recharge has the address only. */
function heldIds(emulator: Emulator<object>): string[] {
  return emulator.customers().map((record) => (/c\d+(?=@example\.org)/.exec(JSON.stringify(record)) ?? [''])[0]);
}

function idsOf(outcomes: readonly Outcome[]): (string | undefined)[] {
  return outcomes.map(({ customer_id }) => customer_id);
}

it.each(builtInProviders.map((provider) => [provider.definition.id, provider] as const))(
  '%s killed in the middle of a run: the outcomes say who was written, who was not and who is uncertain',
  async (id, provider) => {
    const emulator = await startEmulator(provider);
    emulator.faults.add({ kind: 'delay', ms: 5 }, { times: 1000 });
    const { definition } = provider;
    const host = createLocalHost({ definition, baseUrl: emulator.url, apiKey: emulator.apiKey });
    const runner = createRunner({ providers: [provider] });
    const connection = runner.connect({ to: id, host: withoutPauses(host), rateShare: 'unpaced' });

    const outcomes: Outcome[] = [];
    let closing: Promise<void> | undefined;
    for await (const { results } of runner.apply([connection], rows)) {
      for (const result of results) if (result.kind === 'outcome') outcomes.push(result.outcome);
      if (outcomes.length === 5) closing = emulator.close();
    }
    await closing;

    const {
      created = [],
      uncertain = [],
      failed = [],
      not_attempted: left = [],
      ...others
    } = Object.groupBy(outcomes, ({ status }) => status);
    const held = heldIds(emulator);
    expect(idsOf(outcomes)).toEqual(rows.map(({ value }) => value.id));
    expect(others).toEqual({});
    expect(held).toEqual(expect.arrayContaining(idsOf(created)));
    expect(idsOf([...created, ...uncertain])).toEqual(expect.arrayContaining(held));
    expect(created.length).toBeGreaterThanOrEqual(5);
    expect(failed.length + uncertain.length).toBeGreaterThan(0);
    expect(left.length).toBeGreaterThan(0);
  },
);
