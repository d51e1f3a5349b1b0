import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CustomerSyncError } from '../core/errors.js';
import { isTransportError } from '../core/http/host.js';
import { createSlots, type Slots } from '../runner/slots.js';
import type { NangoAccess } from './nango-access.js';
import { askNango, type Clock, nangoIsAway } from './nango-ask.js';
import { createNangoClient } from './nango-client.js';
import { NotFound } from './nango-failure.js';
import { createNangoPace, type NangoPace } from './nango-pace.js';
import { type NangoPlace, noConnection, noIntegration, notNango } from './nango-refusal.js';

/** A connection as Nango lists it: without its credentials. */
export interface NangoConnection {
  readonly connectionId: string;
  readonly metadata: unknown;
}

type Tags = Readonly<Record<string, string>>;
type Integration = Omit<NangoPlace, 'connectionId'>;

/** One environment of Nango: its connections, and the pace that all of them share. */
export interface NangoEnvironment {
  readonly access: NangoAccess;
  /** Known once Nango has answered. Absent where it names no limit: then a refusal is waited out. */
  readonly pace: NangoPace | undefined;
  /** For asynchronous actions: what is begun while others run only waits in Nango, and is asked for in vain. */
  readonly turns: Slots;
  /** @throws CustomerSyncError naming what Nango does not have: the integration or the connection. */
  find(place: NangoPlace): Promise<NangoConnection>;
  /** Those that have all the tags, by id. @throws CustomerSyncError when there is none. */
  select(integration: Integration, tags: Tags): Promise<NangoConnection[]>;
}

const realClock: Clock = {
  now: Date.now,
  async sleep(ms) {
    await sleep(ms);
  },
};

/** Nango runs one after another; the second is there when the first ends. */
const actionsAtOnce = 2;

const listSchema = z.object({
  connections: z.array(
    z.object({
      connection_id: z.string(),
      provider_config_key: z.string(),
      tags: z.record(z.string(), z.string()).nullish(),
      metadata: z.unknown(),
    }),
  ),
});

/** Nango shows no more on one page, and whoever has more tenants picks them in smaller sets. */
const maxConnections = 2_000;

export function createNangoEnvironment(access: NangoAccess, clock: Clock = realClock): NangoEnvironment {
  let pace: NangoPace | undefined;
  const nango = createNangoClient(access, {
    raw: false,
    onLimit(limit) {
      pace ??= createNangoPace({ limit, host: clock });
    },
  });

  async function ask<T>(place: NangoPlace, request: () => Promise<T>): Promise<T> {
    try {
      return await askNango(request, { place, pace, clock });
    } catch (error) {
      throw isTransportError(error) ? nangoIsAway(place, error) : error;
    }
  }

  async function list(place: NangoPlace, filter: { connectionId?: string; tags?: Tags }) {
    const { integration, provider } = place;
    const query = { ...filter, tags: { ...filter.tags }, integrationId: integration, limit: maxConnections };
    const answer = listSchema.safeParse(await ask<unknown>(place, () => nango.listConnections(query)));
    if (!answer.success) throw notNango({ provider });
    const { connections } = answer.data;
    if (connections.length === maxConnections) throw tooMany(place);
    // A server that does not know a filter leaves it out, and its answer leads to accounts that nobody meant.
    return connections
      .filter((found) => found.provider_config_key === integration && hasTags(found.tags ?? {}, filter.tags ?? {}))
      .map(({ connection_id: connectionId, metadata }) => ({ connectionId, metadata }));
  }

  async function checkIntegration(place: NangoPlace): Promise<void> {
    try {
      await ask(place, () => nango.getIntegration({ uniqueKey: place.integration }));
    } catch (error) {
      throw error instanceof NotFound ? noIntegration(place) : error;
    }
  }

  return {
    access,
    get pace() {
      return pace;
    },
    turns: createSlots(actionsAtOnce),
    async find(place) {
      const [found] = await list(place, { connectionId: place.connectionId });
      if (found !== undefined) return found;
      await checkIntegration(place);
      throw noConnection(place);
    },
    async select(integration, tags) {
      const place = { ...integration, connectionId: '' };
      const found = await list(place, { tags });
      if (found.length > 0) return found.sort((left, right) => (left.connectionId < right.connectionId ? -1 : 1));
      await checkIntegration(place);
      throw noneWith(integration, tags);
    },
  };
}

/** Nango keeps the names of tags in lower case; its client gives two of them longer names. */
const longNames: Tags = { displayName: 'end_user_display_name', email: 'end_user_email' };

function hasTags(held: Tags, wanted: Tags): boolean {
  return Object.entries(wanted).every(([name, value]) => held[longNames[name] ?? name.toLowerCase()] === value);
}

function noneWith({ provider, integration }: Integration, tags: Tags): CustomerSyncError {
  const wanted = Object.entries(tags).map(([name, value]) => `${name}=${value}`);
  return new CustomerSyncError('config', {
    message: `Nango has no connection of the integration "${integration}"${wanted.length > 0 ? ` with the tags ${wanted.join(', ')}` : ''}`,
    remedy: 'Give the connections these tags in Nango, or correct the tags here.',
    provider,
  });
}

function tooMany({ provider, integration }: NangoPlace): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `the integration "${integration}" has ${maxConnections} connections with these tags or more`,
    remedy: 'Select fewer of them by further tags, and make several sets.',
    provider,
  });
}
