import { z } from 'zod';

/** A customer as Autumn answers; only what the connector relies on is named. The id is null for one without our id. */
export const autumnCustomer = z.looseObject({ id: z.string().nullable() });

export const listAnswer = z.looseObject({ list: z.array(autumnCustomer), has_more: z.boolean().nullish() });

const text = z.string().nullish();
const entries = z.array(z.looseObject({ feature_id: text })).nullish();
const open = z.record(z.string(), z.unknown()).nullish();

/** A customer with the fields that Autumn documents for version 2.1, for whoever reads the answer of an action. */
export const autumnResponse = autumnCustomer.extend({
  name: text,
  email: text,
  fingerprint: text,
  stripe_id: text,
  env: text,
  /** Epoch milliseconds. */
  created_at: z.number().nullish(),
  metadata: open,
  send_email_receipts: z.boolean().nullish(),
  billing_controls: z
    .looseObject({
      auto_topups: entries,
      spend_limits: entries,
      usage_limits: entries,
      usage_alerts: entries,
      overage_allowed: entries,
    })
    .nullish(),
  config: z
    .looseObject({ disable_pooled_balance: z.boolean().nullish(), disable_overage_billing: z.boolean().nullish() })
    .nullish(),
  subscriptions: z.array(z.looseObject({ plan_id: text, status: text })).nullish(),
  purchases: z.array(z.looseObject({ plan_id: text })).nullish(),
  licenses: z.array(z.looseObject({})).nullish(),
  balances: open,
  flags: open,
  processors: open,
});
