import type { Operation, ProviderDefinition } from '../../../schemas/definition.js';
import { CustomerSyncError } from '../errors.js';
import type { Host, HttpRequest } from './host.js';
import { encodedSegment, hasStep } from './path-segment.js';

/**
 * A host that cannot write. It judges the request itself, by method and path, and not the operation's name, so that a
 * mistake in a connector cannot get past it.
 */
export function readOnlyHost(host: Host, definition: ProviderDefinition): Host {
  const reads = Object.values(definition.operations)
    .filter(({ read }) => read)
    .map((operation) => ({ method: operation.method, path: pathPattern(operation) }));
  return {
    ...host,
    async send(request) {
      const isRead = reads.some(({ method, path }) => method === request.method && path.test(request.path));
      if (!isRead || resolvesElsewhere(request.path)) throw refusal(request);
      return host.send(request);
    },
  };
}

function pathPattern({ path }: Operation): RegExp {
  const literal = path
    .split(/\{\w+\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join(encodedSegment);
  return new RegExp(`^${literal}$`);
}

/** A path with a step in it is another one by the time a server reads it. */
function resolvesElsewhere(path: string): boolean {
  try {
    return hasStep(decodeURIComponent(path));
  } catch {
    return true;
  }
}

function refusal({ method, operation }: HttpRequest): CustomerSyncError {
  return new CustomerSyncError('config', {
    message: `a dry run tried to send ${method} ${operation}, which is not declared as a read; it was not sent`,
    remedy: 'This is a fault of the connector: report it.',
  });
}
