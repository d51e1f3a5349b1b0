import type { RechargeEmulator, RechargeSeed } from '../../../emulators/recharge.js';
import { JOE } from './flow.js';

export const OTHER = { email: 'other@test.example', first_name: 'Otto', last_name: 'Other' };

/** Joe as Recharge has him, seeded past all checks. */
export function seedJoe(emulator: RechargeEmulator, fields: Partial<RechargeSeed> = {}) {
  const { email, first_name, last_name } = JOE;
  return emulator.seed({ email, first_name, last_name, ...fields });
}
