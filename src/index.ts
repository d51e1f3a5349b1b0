/**
 * The library: what the CLI is made of, for programs that bring their own customers, providers or hosts.
 *
 * ```ts
 * const runner = createRunner({ providers: builtInProviders });
 * const { definition } = runner.provider('lago');
 * const host = createLocalHost({ definition, apiKey });
 * const lago = runner.connect({ to: 'lago', host });
 * const [outcome] = await runner.upsert(lago, { id: 'acct_1', name: 'Acme' });
 * ```
 */
export { builtInProviders } from '../integrations/registry.js';
export { type ConnectionSettings, connectionSchema } from '../schemas/connection.js';
export { type Customer, customerSchema, type ObservedCustomer } from '../schemas/customer.js';
export { definitionSchema, type ProviderDefinition } from '../schemas/definition.js';
export { type ErrorCode, errorCodes } from '../schemas/error-codes.js';
export { type Mapping, mappingSchema, type Overlay, overlaySchema, type SourceMapping } from '../schemas/mapping.js';
export {
  type Failure,
  type FieldChange,
  type Outcome,
  outcomeStatuses,
  type Plan,
  type Warning,
} from '../schemas/outcome.js';
export { loadMapping } from './connections/load-mapping.js';
export { type OpenedConnection, type OpenOptions, openConnections } from './connections/open-connections.js';
export type {
  Connector,
  CreateRequest,
  Found,
  Key,
  ListPage,
  Payload,
  Provider,
  StoredRecord,
  UpdateRequest,
} from './core/connector.js';
export { parseCustomer } from './core/customer/parse-customer.js';
export { CustomerSyncError, isCustomerSyncError } from './core/errors.js';
export type { Client } from './core/http/client.js';
export { type Host, type HttpRequest, type HttpResponse, TransportError } from './core/http/host.js';
export { verdictOf } from './core/http/provider-error.js';
export { readAnswer } from './core/http/read-answer.js';
export { createLocalHost, type LocalHostOptions } from './hosts/local-host.js';
export { createNangoAction, type NangoActionOptions } from './hosts/nango-action.js';
export { createNangoProxyHost, type NangoProxyHostOptions } from './hosts/nango-proxy-host.js';
export { normaliseCustomer } from './normalise/normalise-customer.js';
export type { Connection, ConnectionOptions } from './runner/connection.js';
export type { Remote } from './runner/remote.js';
export type { SourceRow } from './runner/row.js';
export {
  createRunner,
  type DryRunOptions,
  type Result,
  type RowResult,
  type Runner,
  type RunOptions,
} from './runner/runner.js';
export { openSource } from './sources/open-source.js';
