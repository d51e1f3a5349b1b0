import type { Fault } from '../../emulators/faults.js';
import type { ErrorCode } from '../../schemas/error-codes.js';
import type { Subject } from '../core/upsert/flow.js';
import type { Attempt, Expected, Meaning, Operation } from './expected.js';
import type { Toxic } from './fault-proxy.js';

/** How a fault is made. */
export type Making =
  /** By the provider: an HTTP answer, or its connection. */
  | { readonly by: 'provider'; fault(subject: Subject, operation: Operation): Fault }
  /** On the way to it. */
  | { readonly by: 'wire'; readonly toxic: Toxic }
  | { readonly by: 'closed port' | 'name' | 'tls' }
  /** By somebody else who uses the same account. */
  | { readonly by: 'somebody'; readonly deed: 'creates' | 'deletes' };

export interface FaultCase {
  readonly name: string;
  readonly making: Making;
  readonly means: (subject: Subject, operation: Operation) => Meaning;
  /** Where the meaning alone does not say it. */
  readonly expected?: (usual: Expected, subject: Subject, operation: Operation) => Expected;
  /** Absent: all. */
  readonly operations?: readonly Operation[];
  readonly attempts: readonly Attempt[];
  /** Why only the local host runs it: what the cells of the Nango hosts say instead. Absent: a script decides, so all run it. */
  readonly transport?: TransportReason;
  /** The wait asked for, in milliseconds. */
  readonly waitMs?: number;
}

/** Why a case is Nango's own in its two hosts. */
export const transportReasons = {
  redirect:
    'Nango follows redirects itself and refuses those that lead elsewhere; a script sees neither. See decision 1.',
  size: 'Nango reads the whole answer before a script sees it. The proxy host gives up at 20 MB.',
  connection:
    "The connection to the provider is Nango's, not ours. What reaches a script is one of the rows “reset”, “no answer” and “answer cut off”, which run everywhere.",
} as const;

type TransportReason = keyof typeof transportReasons;

const PAGE = '<html><body>joe@example.test: Bad Gateway</body></html>';
const hour = 3_600_000;
const twice: readonly Attempt[] = ['first', 'last'];
const always: readonly Attempt[] = ['first', 'last', 'every'];

const fine: Meaning = { is: 'fine' };
const limited: Meaning = { is: 'passing', code: 'rate_limited' };
const busy: Meaning = { is: 'passing', code: 'unavailable' };
const lost: Meaning = { is: 'unanswered', done: false };
const landed: Meaning = { is: 'unanswered', done: true };
const refused = (code: ErrorCode): Meaning => ({ is: 'refused', code });

type Extras = Partial<Pick<FaultCase, 'expected' | 'operations' | 'attempts' | 'transport' | 'waitMs'>>;

type FaultOf = Extract<Making, { by: 'provider' }>['fault'];

function provider(name: string, fault: Fault | FaultOf, means: Meaning, extras: Extras = {}): FaultCase {
  const making: Making = { by: 'provider', fault: typeof fault === 'function' ? fault : () => fault };
  return { name, making, means: () => means, attempts: twice, ...extras };
}

function answer(status: number, headers: Record<string, string> = {}, body = '') {
  return { kind: 'respond', status, headers, body } as const;
}

function wire(name: string, toxic: Toxic, means: Meaning, extras: Extras = {}): FaultCase {
  const making: Making = { by: 'wire', toxic };
  return { name, making, means: () => means, attempts: twice, transport: 'connection', ...extras };
}

const refusals: readonly FaultCase[] = [
  provider('400', answer(400), refused('rejected')),
  provider(
    '400 or 422 with field errors',
    ({ refusal }, operation) => {
      const quoted = { create: 'Bloggs', update: 'Smith', find: 'The value', archive: 'The value' }[operation];
      const { status, body } = refusal(`${quoted} is not allowed for joe@example.test`);
      return answer(status, { 'content-type': 'application/json' }, JSON.stringify(body));
    },
    refused('rejected'),
  ),
  provider('401', answer(401, {}, '{"error":"joe@example.test"}'), { is: 'key refused' }, { attempts: always }),
  provider('403', answer(403), refused('forbidden')),
  provider('405', answer(405), refused('rejected')),
  {
    ...provider('409', answer(409), refused('rejected')),
    // A write at Recharge that regenerates charges locks the customer; at Stripe another request has the same key.
    means: ({ id }) => (id === 'recharge' || id === 'stripe' ? busy : refused('rejected')),
  },
  provider('412', answer(412), refused('rejected')),
  provider('413 as a page', answer(413, {}, PAGE), refused('rejected')),
  provider('422 with a pointer', answer(422, {}, '{"errors":[{"source":{"pointer":"/data/x"}}]}'), refused('rejected')),
  provider('302 to another host', answer(302, { location: 'http://127.0.0.1:9/' }), refused('protocol'), {
    transport: 'redirect',
  }),
  provider('307 to another host', answer(307, { location: 'http://127.0.0.1:9/' }), refused('protocol'), {
    transport: 'redirect',
  }),
];

const limits: readonly FaultCase[] = [
  provider('423', answer(423), busy),
  provider('425', answer(425), busy),
  provider('429', answer(429, {}, 'Too many'), limited, { attempts: always }),
  provider('429, Retry-After in seconds', answer(429, { 'retry-after': '7' }), limited, { waitMs: 7_000 }),
  provider(
    '429, Retry-After as a date',
    () => answer(429, { 'retry-after': new Date(Date.now() + 7_500).toUTCString() }),
    limited,
    { waitMs: 7_000 },
  ),
  provider(
    '429, Retry-After as a time in seconds',
    () => answer(429, { 'retry-after': String(Math.ceil(Date.now() / 1000) + 7) }),
    limited,
    { waitMs: 7_000 },
  ),
  provider(
    '429, Retry-After as a time in milliseconds',
    () => answer(429, { 'retry-after': String(Date.now() + 7_000) }),
    limited,
    { waitMs: 7_000 },
  ),
  provider('429, Retry-After of an hour', answer(429, { 'retry-after': '3600' }), refused('rate_limited')),
  ...[hour, -hour].map((skew) =>
    provider(
      `429, Retry-After as a date, the provider's clock an hour ${skew > 0 ? 'ahead' : 'behind'}`,
      () =>
        answer(429, {
          date: new Date(Date.now() + skew).toUTCString(),
          'retry-after': new Date(Date.now() + skew + 7_500).toUTCString(),
        }),
      limited,
      { waitMs: 7_000 },
    ),
  ),
];

const failures: readonly FaultCase[] = [
  provider('408', answer(408), lost),
  provider('500', answer(500), lost, { attempts: always }),
  provider('500, the work being done', { ...answer(500), commit: true }, landed),
  provider('501', answer(501), lost),
  provider('502 as a page', answer(502, { 'content-type': 'text/html' }, PAGE), lost),
  provider('503, Retry-After in seconds', answer(503, { 'retry-after': '7' }), lost),
  provider('504, the work being done', { ...answer(504), commit: true }, landed, { attempts: always }),
  provider('reset before the work', { kind: 'reset' }, lost, { attempts: always }),
  provider('reset after the work', { kind: 'reset', commit: true }, landed, { attempts: always }),
  provider('no answer, the work not done', { kind: 'hang' }, lost, { attempts: ['first'] }),
  provider('no answer, the work being done', { kind: 'hang', commit: true }, landed, { attempts: ['first'] }),
  provider('answer cut off', { kind: 'truncate' }, landed),
];

const oddAnswers: readonly FaultCase[] = [
  provider('200 with an error body', answer(200, {}, '{"error":"x"}'), { is: 'misread', done: false }),
  provider(
    '200 with an error body, the work being done',
    { ...answer(200, {}, '{"error":"x"}'), commit: true },
    { is: 'misread', done: true },
  ),
  provider('200 without a body', { ...answer(200), commit: true }, landed),
  provider('200 with JSON cut off', { ...answer(200, {}, '{"customer":{"id":'), commit: true }, landed),
  provider('200 as a page', { ...answer(200, { 'content-type': 'text/html' }, PAGE), commit: true }, landed),
  provider('201 that names nobody', ({ nobody }) => ({ ...answer(201, {}, nobody), commit: true }), {
    is: 'misread',
    done: true,
  }),
  {
    ...provider('207', { kind: 'alter', status: 207 }, fine),
    // Flexprice answers a delete with nothing, which says that it is done as a 204 only.
    means: ({ id }, operation) => (id === 'flexprice' && operation === 'archive' ? landed : fine),
  },
  provider('another content type', { kind: 'alter', headers: { 'content-type': 'text/html' } }, fine),
  provider('gzip', { kind: 'alter', gzip: true }, fine),
  provider('slow headers', { kind: 'delay', ms: 20 }, fine, { attempts: ['first'] }),
  provider('slow body', { kind: 'drip', ms: 20 }, fine, { attempts: ['first'] }),
  provider('an answer over the limit', { ...answer(200, {}, `{"x":"${'x'.repeat(300_000)}"}`), commit: true }, landed, {
    transport: 'size',
  }),
];

const wires: readonly FaultCase[] = [
  {
    name: 'connection refused',
    making: { by: 'closed port' },
    means: () => busy,
    expected: oneNotArrived,
    attempts: twice,
    transport: 'connection',
  },
  {
    name: 'name not resolved (EAI_AGAIN)',
    making: { by: 'name' },
    means: () => busy,
    expected: oneNotArrived,
    attempts: twice,
    transport: 'connection',
  },
  {
    name: 'TLS that the other side does not speak',
    making: { by: 'tls' },
    means: () => busy,
    expected: () => ({ steps: [], status: 'failed', code: 'unavailable', done: false }),
    attempts: ['every'],
    transport: 'connection',
  },
  wire('reset before send', { toxic: 'reset_peer', stream: 'upstream' }, lost, { expected: oneNotArrived }),
  wire('reset after send', { toxic: 'reset_peer', stream: 'downstream' }, landed),
  wire('timeout before send, on a connection half open', { toxic: 'timeout', stream: 'upstream' }, lost, {
    attempts: ['first'],
    expected: oneNotArrived,
  }),
  wire('answer cut off within its headers', { toxic: 'limit_data', bytes: 12 }, landed),
  wire('latency and jitter', { toxic: 'latency', ms: 5, jitterMs: 10 }, fine, { attempts: ['first'] }),
  wire('little bandwidth', { toxic: 'bandwidth', bytesPerMs: 100 }, fine, { attempts: ['first'] }),
  wire('answer in slices', { toxic: 'slicer', bytes: 50 }, fine, { attempts: ['first'] }),
  wire('slow close', { toxic: 'slow_close', ms: 5 }, fine, { attempts: ['first'] }),
];

/** The specification counts requests that are sent; this one never arrived. */
function oneNotArrived(usual: Expected): Expected {
  const missing = usual.steps.indexOf(usual.steps.includes('write') ? 'write' : 'read');
  return { ...usual, steps: usual.steps.toSpliced(missing, 1) };
}

/** What somebody else does between our read and our write, and what the network makes of one request. */
const others: readonly FaultCase[] = [
  {
    name: 'created by somebody else meanwhile',
    making: { by: 'somebody', deed: 'creates' },
    means: () => fine,
    operations: ['create'],
    attempts: ['first'],
    expected: (usual, { id }) => {
      if (id === 'lago') return usual;
      // Autumn answers with the one that is there, the others refuse; both are then brought up to date.
      if (id === 'autumn') return { ...usual, steps: ['read', 'write', 'write'] };
      return { ...usual, steps: ['read', 'write', 'read', 'write'], status: 'updated' };
    },
  },
  {
    name: 'deleted by somebody else meanwhile',
    making: { by: 'somebody', deed: 'deletes' },
    means: () => fine,
    operations: ['update', 'find', 'archive'],
    attempts: ['first'],
    expected: (usual, { id }, operation) => {
      if (operation === 'archive') return usual;
      if (operation === 'find') return { ...usual, steps: ['read', 'write'], status: 'created' };
      // Lago makes a new customer of an update, which then lacks what had not changed.
      if (id === 'lago') return { ...usual, steps: ['read', 'write', 'write'] };
      return { ...usual, steps: ['read', 'write', 'read', 'write'], status: 'created' };
    },
  },
  provider('404 to a customer that is there', answer(404), fine, {
    operations: ['update'],
    attempts: ['first'],
    expected: (usual) => ({ ...usual, steps: ['read', 'write', 'read', 'write'] }),
  }),
  wire('duplicate delivery', { toxic: 'duplicate' }, fine, {
    attempts: ['first'],
    expected: (usual, { id, safeCreate }, operation) => {
      const [last = 'read'] = usual.steps.slice(-1);
      const steps = [...usual.steps, last];
      // The answer to the second says that it is an old one, so the customer is looked at.
      if (operation === 'create' && id === 'stripe') return { ...usual, steps: [...steps, 'read'] };
      // The second is refused since the first one has made the customer.
      return operation === 'create' && !safeCreate
        ? { ...usual, steps: [...steps, 'read'], status: 'unchanged' }
        : { ...usual, steps };
    },
  }),
  wire('out of order: delivered after its repeat', { toxic: 'hold' }, lost, {
    attempts: ['first'],
    expected: oneNotArrived,
  }),
];

export const faultCases: readonly FaultCase[] = [
  ...refusals,
  ...limits,
  ...failures,
  ...oddAnswers,
  ...wires,
  ...others,
];
