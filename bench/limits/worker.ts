import { once } from 'node:events';
import process from 'node:process';
import { startEmulator as startAutumn } from '../../emulators/autumn.js';
import { startEmulator as startFlexprice } from '../../emulators/flexprice.js';
import { startEmulator as startLago } from '../../emulators/lago.js';
import { startEmulator as startRecharge } from '../../emulators/recharge.js';
import type { Emulator, EmulatorOptions } from '../../emulators/server.js';
import { startEmulator as startStripe } from '../../emulators/stripe.js';
import { builtInProviders } from '../../integrations/registry.js';
import type { RunReport } from '../../schemas/run-report.js';
import type { Host } from '../../src/core/http/host.js';
import { createLocalHost } from '../../src/hosts/local-host.js';
import { runJob } from '../../src/jobs/run-job.js';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.js';
import { createRunner } from '../../src/runner/runner.js';
import { rowOf } from '../changes/rows.js';

/** The burst at the beginning, and what a provider does about it, are left out. */
const warmUpMs = 15_000;
const measuredMs = 60_000;
/** Of whom the metadata changes, once the rate is measured. */
const withMetadata = 10;

const emulators: Readonly<Record<string, (options: EmulatorOptions) => Promise<Emulator>>> = {
  recharge: startRecharge,
  lago: startLago,
  flexprice: startFlexprice,
  autumn: startAutumn,
  stripe: startStripe,
};

const [id = '', shareText = '', ledgerPath = ''] = process.argv.slice(2);
const rateShare = Number(shareText);
const provider = builtInProviders.find(({ definition }) => definition.id === id);
const startEmulator = emulators[id];
if (provider === undefined || startEmulator === undefined) throw new Error(`there is no provider "${id}"`);
const { definition } = provider;

/** While the account is filled, a second of the provider's time passes with each request, so that no limit is met. */
let aheadMs = 0;
const emulator = await startEmulator({ rateLimits: true, now: () => Date.now() + aheadMs });
const local = createLocalHost({ definition, baseUrl: emulator.url, apiKey: emulator.apiKey });
const ledger = openLedger({ path: ledgerPath, env: {}, mode: 'write', command: 'bench' });
const runner = createRunner({ providers: [provider] });

/** Requests that change a customer, of which there is one for each here. */
const limit = definition.limits.find(({ operations }) => operations?.includes('update') ?? true);
if (limit === undefined) throw new Error(`${definition.name} has no limit to be measured at`);
const configured = limit.requests_per_second * rateShare;
const count = Math.ceil((configured * (warmUpMs + measuredMs)) / 1000) + (limit.burst ?? 1) + withMetadata;

interface Sent {
  readonly at: number;
  readonly status: number;
}

try {
  await run(rowsOf({ generation: 0, plan: 'gold' }), fillingHost(), 'unpaced');
  process.send?.('filled');
  await once(process, 'message');
  process.send?.(await measure());
} finally {
  await ledger.close();
  await emulator.close();
  process.disconnect?.();
}

async function measure() {
  const sent: Sent[] = [];
  const changed = await run(rowsOf({ generation: 1, plan: 'gold' }), recordingHost(sent), rateShare);
  const requests = [...sent];
  const metadata = await run(rowsOf({ generation: 1, plan: 'silver' }), recordingHost(sent), rateShare);
  return {
    configured,
    used: rateOf(requests),
    requests: requests.length,
    refused: sent.filter(({ status }) => status === 429).length,
    perCustomer: perUpdated(changed),
    perCustomerWithMetadata: perUpdated(metadata),
  };
}

/** @returns requests a second from the first to the last that went out in the time that is measured. */
function rateOf(sent: readonly Sent[]): number {
  const start = (sent[0]?.at ?? 0) + warmUpMs;
  const times = sent.map(({ at }) => at).filter((at) => at >= start && at < start + measuredMs);
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined || last === first) throw new Error('nothing was sent');
  return ((times.length - 1) / (last - first)) * 1000;
}

async function run(rows: readonly object[], host: Host, share: number | 'unpaced'): Promise<RunReport> {
  const connection = runner.connect({ to: id, host, rateShare: share });
  const account = { provider: id, origin: emulator.url, reported: 'bench' };
  const report = await runJob(
    {
      name: 'bench',
      mode: 'upsert',
      targets: [{ connection, account }],
      source: {
        name: 'rows',
        complete: true,
        version: '1',
        async *rows() {
          for (const value of rows) yield { value };
        },
      },
    },
    { ledger, allow: new Set(['changed']) },
  );
  if (report.ended !== 'done' || report.targets[0]?.failing !== 0) throw new Error(JSON.stringify(report));
  return report;
}

function perUpdated({ targets }: RunReport): number | undefined {
  const { requests = 0, outcomes } = targets[0] ?? {};
  return outcomes?.updated === undefined ? undefined : requests / outcomes.updated;
}

/** Customers whose last name tells the generation; the metadata of the first few tells their plan. */
function rowsOf({ generation, plan }: { readonly generation: number; readonly plan: string }): readonly object[] {
  return Array.from({ length: count }, (_, index) => {
    const row = rowOf(index, generation);
    const metadata = index < withMetadata ? { ...row.metadata, plan } : row.metadata;
    return { ...row, last_name: `Bloggs of generation ${generation}`, metadata };
  });
}

function fillingHost(): Host {
  return {
    ...local,
    send(request) {
      aheadMs += 1000;
      return local.send(request);
    },
  };
}

function recordingHost(sent: Sent[]): Host {
  return {
    ...local,
    async send(request) {
      const at = performance.now();
      const response = await local.send(request);
      sent.push({ at, status: response.status });
      return response;
    },
  };
}
