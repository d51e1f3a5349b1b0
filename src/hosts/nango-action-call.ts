import type { Nango } from '@nangohq/node';
import { CustomerSyncError } from '../core/errors.js';
import { isTransportError, type TransportError } from '../core/http/host.js';
import { ActionLost } from './nango-action-failure.js';
import { askNango, type Clock, nangoIsAway } from './nango-ask.js';
import { NotFound } from './nango-failure.js';
import type { NangoPace } from './nango-pace.js';
import type { NangoPlace } from './nango-refusal.js';

export interface ActionCaller {
  /**
   * Runs a deployed action asynchronously and waits for what it answers. A signal shortens the wait, not the action.
   * @throws CustomerSyncError: `uncertain` when nobody knows what the action has done.
   */
  call(action: string, input: unknown, signal?: AbortSignal): Promise<unknown>;
}

interface ActionCallerParts {
  readonly nango: Nango;
  readonly place: NangoPlace;
  readonly pace: NangoPace | undefined;
  readonly clock: Clock;
}

/** So often an action is triggered whose fate is unknown. It reads before it writes, so a repeat writes nothing twice. */
const maxTriggers = 3;
const firstPollMs = 100;
const longestPollMs = 10_000;
/** Nango runs the asynchronous actions of an environment one after another, each for up to 15 minutes. */
const maxWaitMs = 60 * 60_000;
/** Whoever interrupts a run waits no longer than this for an action that is at work. */
const maxWaitAfterAbortMs = 30_000;
/** A Nango that is being restarted comes back in less. */
const maxAwayMs = 5 * 60_000;

export function createActionCaller({ nango, place, pace, clock }: ActionCallerParts): ActionCaller {
  const { integration, connectionId } = place;
  const ask = <T>(request: () => Promise<T>) => askNango(request, { place, pace, clock });

  async function trigger(action: string, input: unknown): Promise<string> {
    try {
      const { id } = await ask(() => nango.triggerActionAsync(integration, connectionId, action, input));
      return id;
    } catch (error) {
      throw error instanceof NotFound ? notDeployed(action, place) : error;
    }
  }

  async function poll(id: string, signal: AbortSignal | undefined): Promise<unknown> {
    let endsAt = clock.now() + maxWaitMs;
    let answeredAt = clock.now();
    for (let waitMs = firstPollMs; clock.now() < endsAt; waitMs = Math.min(waitMs * 2, longestPollMs)) {
      if (signal?.aborted) endsAt = Math.min(endsAt, clock.now() + maxWaitAfterAbortMs);
      await clock.sleep(waitMs);
      try {
        return await ask(() => nango.getAsyncActionResult({ id }));
      } catch (error) {
        // It still runs, or it answered null, which ours never do.
        if (error instanceof NotFound) answeredAt = clock.now();
        else if (!isTransportError(error)) throw error;
        else if (clock.now() - answeredAt > maxAwayMs) throw unknownFate(place, error.reason);
      }
    }
    throw unknownFate(place, signal?.aborted ? 'the run was interrupted' : 'no result came within an hour');
  }

  return {
    async call(action, input, signal) {
      let lost: TransportError | ActionLost | undefined;
      for (let attempt = 1; attempt <= maxTriggers; attempt += 1) {
        if (attempt > 1) await clock.sleep(1_000 * 4 ** (attempt - 1));
        try {
          return await poll(await trigger(action, input), signal);
        } catch (error) {
          if (!isTransportError(error) && !(error instanceof ActionLost)) throw error;
          // What may have been carried out is not undone by a repeat that never arrived.
          if (lost === undefined || !neverArrived(error)) lost = error;
        }
      }
      throw neverArrived(lost) ? nangoIsAway(place, lost) : unknownFate(place, lost?.reason ?? '');
    },
  };
}

function neverArrived(error: unknown): error is TransportError {
  return isTransportError(error) && error.sent === 'no';
}

function notDeployed(action: string, { provider, integration }: NangoPlace): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `the action ${action} is not deployed for the integration "${integration}" in Nango`,
    remedy: "Deploy it (docs/nango.md), or go through Nango's proxy (nango-proxy), which needs no action.",
    provider,
  });
}

function unknownFate({ provider }: NangoPlace, reason: string): CustomerSyncError {
  return new CustomerSyncError('uncertain', {
    message: `Nango did not say what became of the action (${reason})`,
    remedy: 'Run again: every customer is read first, so nothing is written twice.',
    provider,
  });
}
