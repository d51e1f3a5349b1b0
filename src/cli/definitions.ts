import { builtInProviders } from '../../integrations/registry.js';

/** Of the providers that the command line knows. */
export const definitions = builtInProviders.map(({ definition }) => definition);
