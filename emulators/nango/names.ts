import { z } from 'zod-nango-runtime';

/** How Nango spells what it accepts; the patterns show in its error messages. */
export const providerConfigKeySchema = z
  .string()
  .regex(/^[a-zA-Z0-9~:.@ _-]+$/)
  .max(255);

export const connectionIdSchema = z
  .string()
  .regex(/^[a-zA-Z0-9,.;:=+~[\]|@${}"'\\/_ -]+$/)
  .max(255);

export const scriptNameSchema = z
  .string()
  .regex(/^[a-zA-Z0-9_-]+$/)
  .max(255);

export const modelSchema = z
  .string()
  .regex(/^[A-Z][a-zA-Z0-9_-]+$/)
  .max(255);

/** The two headers that say for whom a call is made. */
export const connectionHeaders = {
  'provider-config-key': providerConfigKeySchema,
  'connection-id': connectionIdSchema,
};
