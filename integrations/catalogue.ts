import { z } from 'zod';
import { autumnResponse } from '../providers/autumn/wire.js';
import { flexpriceResponse } from '../providers/flexprice/wire.js';
import { lagoResponse } from '../providers/lago/wire.js';
import { rechargeResponse } from '../providers/recharge/wire.js';
import { stripeResponse } from '../providers/stripe/wire.js';
import { customerListSchema } from '../schemas/action-input.js';
import { batchOutputSchema, planListSchema } from '../schemas/action-output.js';
import { billingCustomerSchema } from '../schemas/billing-customer.js';
import { customerSchema } from '../schemas/customer.js';
import { failureSchema, fieldChangeSchema, outcomeSchema, planSchema, warningSchema } from '../schemas/outcome.js';
import {
  compiledProjectSchema,
  type JsonSchema,
  jsonSchema,
} from '../src/nango-project/catalogue/compiled-functions.js';
import { functionPage } from '../src/nango-project/catalogue/function-page.js';
import { manifestText } from '../src/nango-project/catalogue/manifest.js';
import { upsertBodySchema } from './recharge/upsert-body.js';

/** The names that the catalogue gives to schemas. Others are named after the function they stand in. */
const namedSchemas = {
  Customer: customerSchema,
  Address: customerSchema.shape.address.unwrap().unwrap(),
  CustomerList: customerListSchema(customerSchema),
  RechargeBody: upsertBodySchema,
  RechargeCustomerList: customerListSchema(customerSchema.or(upsertBodySchema)),
  RechargeCustomer: rechargeResponse,
  LagoCustomer: lagoResponse,
  FlexpriceCustomer: flexpriceResponse,
  AutumnCustomer: autumnResponse,
  StripeCustomer: stripeResponse,
  BillingCustomer: billingCustomerSchema,
  BatchOutput: batchOutputSchema,
  Outcome: outcomeSchema,
  Plan: planSchema,
  PlanList: planListSchema,
  FieldChange: fieldChangeSchema,
  Warning: warningSchema,
  Failure: failureSchema,
} satisfies Record<string, z.ZodType>;

/**
 * The files that describe the Nango functions, by their paths in the repository.
 * @param compiled content of `.nango/nango.json`, which `nango compile` writes.
 */
export function catalogueFiles(compiled: unknown): Map<string, string> {
  const project = compiledProjectSchema.parse(compiled);
  const known = Object.entries(namedSchemas).map(([name, schema]) => [name, asCompiled(schema)]);
  const pages = project.flatMap(({ providerConfigKey, actions, syncs }) =>
    [...actions, ...syncs].map((entry): [string, string] => [
      `docs/nango/${providerConfigKey}/${entry.type}s/${entry.name}.md`,
      functionPage(providerConfigKey, entry),
    ]),
  );
  return new Map([['nango.yaml', manifestText(project, Object.fromEntries(known))], ...pages]);
}

/** As Nango's compiler writes a schema. */
function asCompiled(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...compiled } = z.toJSONSchema(schema, { target: 'draft-7', unrepresentable: 'any' });
  return jsonSchema.parse(compiled);
}
