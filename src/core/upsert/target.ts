import type { Provider } from '../connector.js';
import type { Client } from '../http/client.js';
import type { Host } from '../http/host.js';
import type { CompiledMapping } from '../mapping/compile-mapping.js';

/** One connection made ready: a provider's account with the client and mapping to reach it by. */
export interface Target {
  /** The connection's name. */
  readonly name: string;
  readonly provider: Provider;
  readonly mapping: CompiledMapping;
  readonly client: Client;
  readonly host: Host;
}
