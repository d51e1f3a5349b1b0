import type { Provider } from '../src/core/connector.js';
import { autumn } from './autumn/connector.js';
import { flexprice } from './flexprice/connector.js';
import { lago } from './lago/connector.js';
import { recharge } from './recharge/connector.js';
import { stripe } from './stripe/connector.js';

/** The providers that come with this package, in the order they are shown. */
export const builtInProviders: readonly Provider[] = [recharge, lago, flexprice, autumn, stripe];
