import { z } from 'zod';
import { CustomerSyncError } from '../core/errors.js';
import { parseOverlay } from '../core/mapping/compile-mapping.js';
import type { OverlayLayer } from '../core/mapping/overlay.js';
import { isObject } from '../core/mapping/path.js';
import { describeIssues } from '../core/zod-issues.js';

const settingsSchema = z.strictObject({ mapping: z.unknown().optional() });
const place = "customer_sync.mapping in the connection's metadata";

/**
 * The mapping overlay that the metadata of a Nango connection may hold, as a list of one or none.
 * @throws CustomerSyncError `mapping`, naming what is wrong with it.
 */
export function layersOfMetadata(metadata: unknown): OverlayLayer[] {
  const given = isObject(metadata) ? metadata['customer_sync'] : undefined;
  if (given === undefined || given === null) return [];
  const settings = settingsSchema.safeParse(given);
  if (!settings.success) {
    const [problem] = describeIssues(settings.error.issues, given, ['mapping']);
    throw new CustomerSyncError('mapping', {
      message: `customer_sync in the connection's metadata: ${problem}`,
      remedy: 'Write it as {"customer_sync": {"mapping": {...}}}, or remove it.',
    });
  }
  const { mapping } = settings.data;
  return mapping === undefined || mapping === null ? [] : [{ name: place, overlay: parseOverlay(mapping, place) }];
}
