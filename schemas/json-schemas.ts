import { z } from 'zod';
import { configurationSchema } from './configuration.js';
import { customerSchema } from './customer.js';
import { mappingSchema, overlaySchema, sourceMappingSchema } from './mapping.js';
import { jobPlanSchema, outcomeSchema } from './outcome.js';
import { runReportSchema } from './run-report.js';

/** The JSON Schemas that editors and other programs use, by file name. */
export function jsonSchemas(): Record<string, unknown> {
  const schemas = {
    customer: customerSchema,
    mapping: mappingSchema,
    overlay: overlaySchema,
    'source-mapping': sourceMappingSchema,
    plan: jobPlanSchema,
    outcome: outcomeSchema,
    configuration: configurationSchema,
    'run-report': runReportSchema,
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      { title: name, ...z.toJSONSchema(schema, { io: 'input' }) },
    ]),
  );
}
