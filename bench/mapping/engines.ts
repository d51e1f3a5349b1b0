import type { Engine } from './engine.js';
import { createPlan, createSameFields, createShipped, createShippedAfterOthers } from './engines/customer-sync.js';
import { createHandWritten } from './engines/hand-written.js';
import { createJsonata } from './engines/jsonata.js';
import { createRudderstack, createRudderstackSimplePaths } from './engines/rudderstack.js';
import { createSegment } from './engines/segment.js';

/** The yardstick: every other rate is given as a part of its rate in the same run. */
export const handWritten = 'hand-written TypeScript';

export const engines: Readonly<Record<string, () => Engine>> = {
  [handWritten]: createHandWritten,
  'customer-sync, the same 20 fields': createSameFields,
  'customer-sync, shipped Lago mapping': createShipped,
  'customer-sync, shipped, after three other mappings': createShippedAfterOthers,
  'customer-sync, whole plan of a create': createPlan,
  'RudderStack json-template-engine': createRudderstack,
  'RudderStack json-template-engine, simple paths': createRudderstackSimplePaths,
  'Segment mapping-kit': createSegment,
  JSONata: createJsonata,
};
