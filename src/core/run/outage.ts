import { type Host, type HttpRequest, type HttpResponse, isTransportError } from '../http/host.js';

/** So many requests in a row without an answer of use, at an account that had answered before. */
const maxInRow = 10;
const firstPauseMs = 5_000;
const longestPauseMs = 60_000;
/** After this long the requests go out again, fail one by one, and end the run. */
const patienceMs = 15 * 60_000;

interface Outage {
  readonly since: number;
  /** When the next request may go out to see whether somebody answers. */
  readonly probeAt: number;
  readonly pauseMs: number;
  isProbing: boolean;
  /** Settles when the probe has its answer. */
  readonly changed: { readonly promise: Promise<void>; settle(): void };
}

export interface OutageGuard {
  /** Sends, once it makes sense. */
  through(request: HttpRequest, send: () => Promise<HttpResponse>): Promise<HttpResponse>;
  /** Whoever waits goes out at once and may fail; for a run that is to end. */
  stopWaiting(): void;
}

/**
 * Holds an account's requests back while its provider is away. One at a time goes through to see, after pauses that
 * grow; when it is answered, all go on.
 *
 * A provider that has not answered once is not waited for: more likely its address is wrong.
 */
export function createOutageGuard(host: Pick<Host, 'now' | 'sleep' | 'log'>, provider: string): OutageGuard {
  let outage: Outage | undefined;
  let inRow = 0;
  let hasAnswered = false;
  let isPatient = true;

  /** Answers whether this request is the probe. */
  async function turn(): Promise<boolean> {
    while (outage !== undefined) {
      const waitMs = outage.probeAt - host.now();
      if (outage.isProbing) await outage.changed.promise;
      // In short steps, since the waiting may end before its time.
      else if (waitMs > 0) await host.sleep(Math.min(waitMs, 1_000));
      else {
        outage.isProbing = true;
        return true;
      }
    }
    return false;
  }

  async function noteAnswer(request: HttpRequest): Promise<void> {
    inRow = 0;
    hasAnswered = true;
    isPatient = true;
    if (outage === undefined) return;
    outage.changed.settle();
    outage = undefined;
    await host.log({ level: 'warn', event: 'resume', provider, operation: request.operation });
  }

  async function noteSilence(request: HttpRequest, isProbe: boolean): Promise<void> {
    inRow += 1;
    const now = host.now();
    if (outage === undefined) {
      if (!hasAnswered || !isPatient || inRow < maxInRow) return;
      outage = { since: now, probeAt: now + firstPauseMs, pauseMs: firstPauseMs, isProbing: false, changed: signal() };
      return tell(request, firstPauseMs);
    }
    // Requests that were under way when it began say nothing new.
    if (!isProbe) return;
    outage.changed.settle();
    const pauseMs = Math.min(outage.pauseMs * 2, longestPauseMs);
    if (now + pauseMs - outage.since > patienceMs) return stopWaiting();
    outage = { since: outage.since, probeAt: now + pauseMs, pauseMs, isProbing: false, changed: signal() };
    return tell(request, pauseMs);
  }

  /** The probe was refused on the way: the next request takes its place. */
  function noteNothing(isProbe: boolean): void {
    if (!isProbe || outage === undefined) return;
    outage.changed.settle();
    outage = { ...outage, isProbing: false, changed: signal() };
  }

  function stopWaiting(): void {
    isPatient = false;
    outage?.changed.settle();
    outage = undefined;
  }

  async function tell({ operation }: HttpRequest, waitMs: number): Promise<void> {
    const reason = `${inRow} requests in a row without an answer of use`;
    await host.log({ level: 'warn', event: 'pause', provider, operation, reason, waitMs });
  }

  return {
    stopWaiting,
    async through(request, send) {
      const isProbe = await turn();
      try {
        const response = await send();
        await (isAway(response.status) ? noteSilence(request, isProbe) : noteAnswer(request));
        return response;
      } catch (error) {
        if (isTransportError(error) && error.waitMs === undefined) await noteSilence(request, isProbe);
        else noteNothing(isProbe);
        throw error;
      }
    },
  };
}

function isAway(status: number): boolean {
  return status === 408 || status >= 500;
}

function signal(): Outage['changed'] {
  let settle = () => {};
  const promise = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}
