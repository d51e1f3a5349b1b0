import { z } from 'zod';

const autoTopup = z.object({
  feature_id: z.string(),
  enabled: z.boolean().default(false),
  threshold: z.number(),
  quantity: z.number().min(1),
  purchase_limit: z
    .object({
      interval: z.enum(['hour', 'day', 'week', 'month']),
      interval_count: z.number().min(1).default(1),
      limit: z.number().min(1),
      count: z.number().min(0).optional(),
    })
    .optional(),
  invoice_mode: z.boolean().optional(),
});

const spendLimit = z
  .object({
    feature_id: z.string().optional(),
    enabled: z.boolean().default(false),
    limit_type: z.enum(['absolute', 'usage_percentage']).optional(),
    overage_limit: z.number().min(0).optional(),
    skip_overage_billing: z.boolean().optional(),
  })
  .refine(
    (limit) =>
      limit.feature_id !== undefined || (limit.overage_limit === undefined && limit.skip_overage_billing === undefined),
    {
      path: ['feature_id'],
      message: 'feature_id is required when overage_limit or skip_overage_billing is provided',
    },
  );

const usageLimit = z.object({
  feature_id: z.string(),
  enabled: z.boolean().default(true),
  limit: z.number().min(0),
  interval: z.enum(['day', 'week', 'month', 'year']),
  anchor: z.enum(['billing_cycle', 'utc']).optional(),
  filter: z
    .object({
      properties: z
        .record(z.string().min(1).max(64), z.union([z.string().min(1).max(128), z.number(), z.boolean()]))
        .refine((properties) => Object.keys(properties).length >= 1 && Object.keys(properties).length <= 4, {
          message: 'filter.properties must have between 1 and 4 keys',
        })
        .transform((properties) =>
          Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, String(value)])),
        ),
    })
    .optional(),
});

const usageAlert = z
  .object({
    feature_id: z.string().optional(),
    enabled: z.boolean().default(true),
    threshold: z.number().min(0),
    threshold_type: z.enum(['usage', 'usage_percentage', 'remaining', 'remaining_percentage']),
    name: z.string().optional(),
  })
  .refine((alert) => alert.threshold_type !== 'remaining_percentage' || alert.threshold <= 100, {
    path: ['threshold'],
    message: 'Threshold must be between 0 and 100 for remaining_percentage',
  });

const overageAllowed = z.object({ feature_id: z.string(), enabled: z.boolean().default(false) });

type UsageLimit = z.output<typeof usageLimit>;

export const billingControls = z
  .object({
    auto_topups: z.array(autoTopup).optional(),
    spend_limits: z.array(spendLimit).optional(),
    usage_limits: z.array(usageLimit).optional(),
    usage_alerts: z.array(usageAlert).optional(),
    overage_allowed: z.array(overageAllowed).optional(),
  })
  .superRefine((controls, context) => {
    const repeated =
      repeat('auto_topups', controls.auto_topups, 'Only one auto top-up entry is allowed per feature_id') ??
      repeat('spend_limits', controls.spend_limits, 'Only one spend limit entry is allowed per feature_id') ??
      repeat(
        'usage_limits',
        controls.usage_limits?.map((limit) => ({ feature_id: usageLimitIdentity(limit) })),
        'Only one usage limit entry is allowed per feature_id and filter',
      ) ??
      repeat('overage_allowed', controls.overage_allowed, 'Only one overage_allowed entry is allowed per feature_id');
    if (repeated !== undefined) context.addIssue({ code: 'custom', ...repeated });
  });

export type BillingControls = z.output<typeof billingControls>;

/** The first top-up whose used-up count is above its own limit, in the server's words. */
export function topupCountProblem(controls: BillingControls | undefined): string | undefined {
  for (const { feature_id, purchase_limit: purchase } of controls?.auto_topups ?? []) {
    if (purchase?.count === undefined || purchase.count <= purchase.limit) continue;
    return `purchase_limit.count (${purchase.count}) cannot exceed purchase_limit.limit (${purchase.limit}) for feature ${feature_id}`;
  }
  return undefined;
}

/** What is kept: the count of top-ups is running state, not configuration, and does not come back. */
export function storedBillingControls(controls: BillingControls): BillingControls {
  if (controls.auto_topups === undefined) return controls;
  const topups = controls.auto_topups.map(({ purchase_limit: purchase, ...topup }) => {
    if (purchase === undefined) return topup;
    const { count: _count, ...configured } = purchase;
    return { ...topup, purchase_limit: configured };
  });
  return { ...controls, auto_topups: topups };
}

function repeat(list: string, entries: readonly { feature_id?: string | undefined }[] | undefined, message: string) {
  const seen = new Set<string>();
  for (const [index, { feature_id }] of (entries ?? []).entries()) {
    if (!feature_id) continue;
    if (seen.has(feature_id)) return { path: [list, index, 'feature_id'], message };
    seen.add(feature_id);
  }
  return undefined;
}

function usageLimitIdentity({ feature_id, filter }: UsageLimit): string {
  const conditions = Object.entries(filter?.properties ?? {}).map(([key, value]) => `${key}=${value}`);
  return `${feature_id}|${conditions.sort().join('&')}`;
}
